"""Pages of the window desk: visits and consents, filing, shipments, and the public count of visits."""

from __future__ import annotations

from admin.window import counter_pages, courier_pages, desk_pages, filing_pages, matter_pages
from admin.window.pages import pages

__all__ = ["counter_pages", "courier_pages", "desk_pages", "filing_pages", "matter_pages", "pages"]
