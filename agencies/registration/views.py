"""Pages of registration: the shelf everybody sees, an agency's way onto it, and the operator's desk."""

from __future__ import annotations

from agencies.registration import change_pages, desk, join, shelf, staff_pages
from agencies.registration.pages import pages

__all__ = ["change_pages", "desk", "join", "pages", "shelf", "staff_pages"]
