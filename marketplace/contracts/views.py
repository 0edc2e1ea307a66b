"""Pages of contracts: the deal from draft to settlement, the public list, and the check of papers."""

from __future__ import annotations

from marketplace.contracts import deal, verify
from marketplace.contracts.pages import pages

__all__ = ["deal", "pages", "verify"]
