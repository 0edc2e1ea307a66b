"""Ratings: both sides judge a finished contract, and an agency's standing follows from what enterprises said.

Words: rating (评价), standing (信用), the window (评价期). A rating is sealed until both are in or the window ends.
"""
