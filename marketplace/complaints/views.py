"""Pages of complaints: filing, lists, and the case with whatever this reader may do to it."""

from __future__ import annotations

from marketplace.complaints import acts, case, filing
from marketplace.complaints.pages import pages

__all__ = ["acts", "case", "filing", "pages"]
