"""Consultation (咨询): a question box on every page, answers approved by a second person, each with an owner and a day.

An answer cites the version of the rule or the guide it rests on, and says so when a newer one is in force.
"""
