"""The rulebook: the market's dated parameters and switches of methods, read by everybody, changed by two persons.

A change is a new row of the catalogue's rules from its own day on; what a need froze when it was published stays.
"""
