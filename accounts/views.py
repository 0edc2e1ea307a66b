"""The pages of accounts, gathered from the modules that draw them."""

from __future__ import annotations

from accounts import entrance, members, notices, outward, own, workbench
from accounts.pages import pages

__all__ = ["entrance", "members", "notices", "outward", "own", "pages", "workbench"]
