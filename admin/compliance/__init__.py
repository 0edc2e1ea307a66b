"""The price regulator's monthly bulletin: what was signed, found, upheld and given back, by town, item and agency.

Words: bulletin (价格监管月报), finding (fee case), amount at stake (found and compared apart), amount returned.
Owns no facts: the figures come from contracts and fee cases, and an issued bulletin is an issued paper.
"""
