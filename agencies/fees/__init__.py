"""Fees: the regulated schedules, what they say a service costs, and how that was worked out.

A *schedule* (收费标准) is one published document; a *version* is its text on a day; a
*service* is one row or part of it. Schedules are data files in `schedules/`; `engine/`
reads and computes them; `register.py` finds one by its document number.
"""
