"""Why an agency's standing is what it is: every event with what it adds, and the parts of the grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from agencies.registration.rules import Standing
from core.work import Work
from ratings import queries, rules
from ratings.queries import Counted, Kept
from ratings.rules import Aggregate, Event, Facts, Part


@dataclass(frozen=True, slots=True)
class Why:
    """A standing and everything it is made of, as of a moment; lines pair each event but the prior with its rating."""

    as_of: datetime
    standing: Standing
    aggregate: Aggregate
    prior: Event
    lines: tuple[tuple[Event, Counted], ...]
    facts: Facts
    parts: tuple[Part, ...]
    contracts: tuple[Kept, ...]

    @property
    def points(self) -> Decimal:
        """The points out of 100."""
        return sum((part.points for part in self.parts), Decimal(0))


def explain(work: Work, agency_id: int) -> Why:
    """Return an agency's standing as of now with the events that add up to it."""
    now = work.clock.now()
    found = queries.counted(work.session, agency_id, now)
    facts = queries.facts_of(work.session, agency_id)
    givens = [one.given for one in found]
    aggregate = rules.aggregate(givens)
    return Why(
        now,
        rules.standing_of(givens, facts),
        aggregate,
        aggregate.events[0],
        tuple(zip(aggregate.events[1:], found, strict=True)),
        facts,
        rules.parts_of(aggregate.mean, facts),
        tuple(queries.accepted_contracts(work.session, agency_id)),
    )
