"""What the gates of selection's routes judge: the need or the award an address names."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from agencies.registration.models import Agency
from core.errors import NotFound
from core.work import Work
from marketplace.needs.models import Need
from marketplace.selection import queries
from marketplace.selection.models import Award, Selection


@dataclass(frozen=True, slots=True)
class Bidding:
    """Who may look at the rounds of a need, and who may bid in them: the agencies whose quotes were opened."""

    org_id: int
    town_code: str
    bidders: frozenset[int]

    @classmethod
    def of(cls, work: Work, need: Need, selection: Selection | None) -> Bidding:
        """Gather them; nobody bids before the quotes are opened."""
        ids = [entry["agency_id"] for entry in selection.entrants] if selection is not None else []
        orgs = work.session.scalars(select(Agency.org_id).where(Agency.id.in_(ids)))
        return cls(need.org_id, need.town_code, frozenset(orgs))


def bidding_loader(work: Work, need_id: int) -> Bidding:
    """Return who takes part in a need's rounds. Raises NotFound."""
    need = need_loader(work, need_id)
    return Bidding.of(work, need, queries.selection_of(work.session, need_id))


def need_loader(work: Work, need_id: int) -> Need:
    """Return the need a page is about. Raises NotFound."""
    need = work.session.get(Need, need_id)
    if need is None or need.published_at is None:
        raise NotFound("need-not-found", id=need_id)
    return need


def award_loader(work: Work, award_id: int) -> Award:
    """Return the award a page is about. Raises NotFound."""
    return queries.award_by_id(work.session, award_id)
