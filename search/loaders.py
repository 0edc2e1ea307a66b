"""What both faces of the search room load for their gates."""

from __future__ import annotations

from core.work import Work
from search import saved
from search.models import SavedSearch


def saved_loader(work: Work, search_id: int) -> SavedSearch:
    """Load the followed search of an address for its gate. Raises NotFound."""
    return saved.saved_by_id(work, search_id)
