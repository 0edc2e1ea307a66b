"""Finding things: an index over items, agencies, notices and fee schedules that can be thrown away and rebuilt."""
