"""The guide: how each thing lives, told from the same tables the code runs by; each version is kept with its day."""
