"""What the gates of selection's routes judge: the need or the award an address names."""

from __future__ import annotations

from core.errors import NotFound
from core.work import Work
from marketplace.needs.models import Need
from marketplace.selection import queries
from marketplace.selection.models import Award


def need_loader(work: Work, need_id: int) -> Need:
    """Return the need a page is about. Raises NotFound."""
    need = work.session.get(Need, need_id)
    if need is None or need.published_at is None:
        raise NotFound("need-not-found", id=need_id)
    return need


def award_loader(work: Work, award_id: int) -> Award:
    """Return the award a page is about. Raises NotFound."""
    return queries.award_by_id(work.session, award_id)
