"""Objections and complaints (异议、投诉): filed in time, judged once, heard, decided, appealed to another officer.

The topmost room of a purchase: it knows all the earlier ones, and acts on them through their services.
"""
