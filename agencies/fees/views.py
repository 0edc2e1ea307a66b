"""Pages of fees: the schedules and calculators everybody sees, an agency's prices, and the fee cases."""

from __future__ import annotations

from agencies.fees import browse, cases, document, prices, results, versions
from agencies.fees.pages import pages

__all__ = ["browse", "cases", "document", "pages", "prices", "results", "versions"]
