"""Quotes: priced answers to a need (报价), sealed until the deadline and opened all at once.

Words: quote, seal, receipt (回执), commitment (承诺值: the salted hash that binds a quote), opening (开启).
"""
