"""What every room stands on: money, time, lives, rights, refusals, the unit of work, audit and outbox.

It knows no feature: nothing here speaks of needs, quotes or agencies.
"""
