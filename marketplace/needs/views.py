"""Pages of needs: the list, the notice, writing one in three screens, running and changing it."""

from __future__ import annotations

from typing import Any

from marketplace.needs import changing, lot_pages, notice, running, writing_pages
from marketplace.needs.methods import ASKED
from marketplace.needs.pages import pages


@pages.record
def _name_methods(state: Any) -> None:
    """Let the catalogue, which knows nothing of needs, list the methods a notice can name."""
    state.app.extensions["methods_in_use"] = frozenset(asked.catalogue for asked in ASKED.values())


__all__ = ["changing", "lot_pages", "notice", "pages", "running", "writing_pages"]
