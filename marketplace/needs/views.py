"""Pages of needs: the list, the notice, writing one in three screens, and running it."""

from __future__ import annotations

from marketplace.needs import notice, running, writing_pages
from marketplace.needs.pages import pages

__all__ = ["notice", "pages", "running", "writing_pages"]
