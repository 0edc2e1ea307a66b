"""What the front page counts: three figures of the city, each with its rows behind it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agencies.registration.lifecycle import RegistrationState
from agencies.registration.models import Agency
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need


@dataclass(frozen=True, slots=True)
class Figures:
    """Agencies on the shelf, open notices, purchases completed, and deliveries in time of all delivered."""

    agencies: int
    open_needs: int
    completed: int
    on_time: int
    delivered: int


def figures(session: Session) -> Figures:
    """Count for the front page, each in one indexed query."""
    listed = (RegistrationState.LISTED, RegistrationState.LISTED_WITH_GAPS)
    shelf = session.execute(
        select(func.count(), func.sum(Agency.on_time_n), func.sum(Agency.delivered_n)).where(Agency.state.in_(listed))
    ).one()
    counted = session.execute(select(Need.state, func.count()).group_by(Need.state))
    states = {row[0]: int(row[1]) for row in counted}
    return Figures(
        int(shelf[0]),
        states.get(NeedState.OPEN, 0),
        states.get(NeedState.COMPLETED, 0),
        int(shelf[1] or 0),
        int(shelf[2] or 0),
    )
