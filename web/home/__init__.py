"""The front door: home page, guides, privacy and accessibility statements. Reads across rooms, owns nothing."""
