"""Last year's contracts whose needs rest on a schedule, worked under two texts, in chunks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from admin.impact.rules import Worked
from agencies.fees import register
from agencies.fees.engine.calculation import Calculation
from agencies.fees.engine.schedule import Schedule
from agencies.revisions.recomputation import worked
from core.clock import beijing_day
from core.errors import NotFound
from core.money import Money
from marketplace.contracts.models import Contract
from marketplace.needs.models import Need

YEAR: Final = timedelta(days=365)
CHUNK: Final = 500
MOST: Final = 5000
Pair = tuple[Calculation | None, Calculation | None]


def contracts_under(
    session: Session,
    schedule_id: str,
    texts: tuple[Schedule | None, Schedule | None],
    effective_on: date,
    now: datetime,
) -> Iterator[Worked]:
    """Yield last year's contracts on a schedule, each worked under the old and the new text, the newest first.

    Each is worked for the day its need was published, or for the effective day where that came later: a text of
    tomorrow is tried on yesterday's contracts as if it were in force. At most ``MOST`` are worked. Equal inputs of
    one day are worked once.
    """
    names, before, looked = _names(session, schedule_id), None, 0
    known: dict[tuple[date, str], Pair] = {}
    while names and looked < MOST:
        rows = _chunk(session, names, now - YEAR, before)
        for row in rows:
            day = max(beijing_day(row.published_at or now), effective_on)
            inputs = {**row.fee_inputs, "funding": "government" if row.fund == "fiscal" else "social"}
            key = (day, json.dumps(inputs, sort_keys=True, default=str))
            if key not in known:
                known[key] = (worked(texts[0], day, inputs), worked(texts[1], day, inputs))
            yield _worked(row, known[key])
        looked += len(rows)
        if len(rows) < CHUNK:
            return
        before = rows[-1].id


def _names(session: Session, schedule_id: str) -> list[str]:
    """Return every spelling by which needs name a schedule."""
    found = []
    for name in session.scalars(select(Need.schedule_id).where(Need.schedule_id.is_not(None)).distinct()):
        try:
            if register.find(str(name)).id == schedule_id:
                found.append(str(name))
        except NotFound:
            continue
    return found


def _chunk(session: Session, names: Sequence[str], since: datetime, before: int | None) -> Sequence[Row[Any]]:
    query = (
        select(
            Contract.id, Contract.number, Contract.title, Contract.amount, Need.fee_inputs, Need.fund, Need.published_at
        )
        .join(Need, Need.id == Contract.need_id)
        .where(Need.schedule_id.in_(names), Contract.starts_at >= since)
    )
    if before is not None:
        query = query.where(Contract.id < before)
    return session.execute(query.order_by(Contract.id.desc()).limit(CHUNK)).all()


def _worked(row: Row[Any], pair: Pair) -> Worked:
    return Worked(row.id, row.number, row.title, row.amount, _base(pair[0]), _base(pair[1]), *map(_cap, pair))


def _base(found: Calculation | None) -> Money | None:
    return found.base if found is not None else None


def _cap(found: Calculation | None) -> Money | None:
    return found.binding_cap() if found is not None else None
