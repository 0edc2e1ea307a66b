"""Pages of contracts: the deal from draft to settlement, its turns, the public list, and the check of papers."""

from __future__ import annotations

from marketplace.contracts import deal, outcome_pages, turn_pages, verify
from marketplace.contracts.pages import pages

__all__ = ["deal", "outcome_pages", "pages", "turn_pages", "verify"]
