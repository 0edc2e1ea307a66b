"""Batch audits of charged fees: a table of contracts, or the deals stored here, beside the schedules of their days.

For the price regulator and the administration. An audit is a job: its rows are stored in parts when handed in, the
worker judges a part at a time, and what it found stands beside the rows until the audit's time of keeping ends.
"""
