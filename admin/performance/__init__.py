"""Performance: how agencies, towns and items do, read across rooms; it owns no facts.

Words: on time (准时), ratio (成交价／基准价), slice (a period, and perhaps one town, item or agency), row set (明细).
"""
