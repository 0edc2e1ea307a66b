"""The composition root: reads the configuration, joins the rooms, draws the pages, starts the processes."""
