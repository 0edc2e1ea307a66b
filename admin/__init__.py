"""What administrators see: reads across the rooms, owns no facts."""
