"""Projects: one investment project, the plan of what it needs, and what of the plan can be bought now.

Its words: project (a unified code and what is known of the project), plan (its entries with what waits for what), entry
(one service item of the plan), lane (entries that follow one another while other lanes go on), progress (how far an
entry is, read from its needs and contracts).
"""
