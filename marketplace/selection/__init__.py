"""Selection: one of the quotes that were opened is chosen, by the method the notice named, with reasons for every line.

Its words: selection (the choosing itself and its protocol), score (points of one quote on one criterion), award (the
choice made), draw (what separates quotes that are equal in everything the rules weigh).
"""
