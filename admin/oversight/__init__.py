"""Oversight: the record of every change, whether it still fits, organisations, and how operators keep their clocks.

Words: leaf (审计条目), chain (校验链). Leaves hold ids and states only, so these pages show no personal data.
"""
