"""Dossiers: one download with all the papers and facts of a finished purchase, every file of it with its hash."""
