"""Contracts: from the award to the signed text, the delivery, the acceptance and the money paid.

Its words: contract (the deal both sides signed), deliverable (one numbered version of the result), acceptance (the
enterprise's yes to a version), settlement (what was paid in the end, by lines).
"""
