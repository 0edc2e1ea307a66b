"""Pages of needs: the list, the notice, writing one in three screens, running and changing it."""

from __future__ import annotations

from marketplace.needs import changing, notice, running, writing_pages
from marketplace.needs.pages import pages

__all__ = ["changing", "notice", "pages", "running", "writing_pages"]
