"""The world the crash tests lay out, and how it must look when all is done."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from agencies.catalogue.service import load_catalogue
from core import audit, outbox
from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.db import Base, make_engine
from core.deadlines import Deadline
from core.outbox import OutboxEvent
from core.work import Works
from marketplace.contracts.models import Contract
from marketplace.needs.models import Need
from marketplace.quotes.models import Quote
from marketplace.selection.models import Award
from tests.agencies.registration.world import World
from tests.conftest import MORNING
from tests.crash.worker import WIRING
from tests.marketplace.selection.world import Market

NEEDS = 12


def prepare(path: Path) -> datetime:
    """Publish some needs with three sealed quotes each; return when all of them close."""
    engine, clock = make_engine(f"sqlite:///{path}"), FixedClock(MORNING)
    Base.metadata.create_all(engine)
    works = Works(engine, clock)
    with works.system() as work:
        load_catalogue(work)
    world = World(works, Actor(), Actor(), Actor(), Actor())
    world.town = world.actor(OrgKind.TOWN_OPERATOR, "南城街道运营机构")
    market = Market(world, works, clock, world.actor(OrgKind.ENTERPRISE, "东莞市乙实业有限公司"))
    for number in range(NEEDS):
        need_id = market.publish()
        for place in range(3):
            market.quote(need_id, place, 100 + 10 * ((place + number) % 3))
    while outbox.relay(works, WIRING):
        pass
    with works.reading() as work:
        closes_at = work.session.scalar(select(func.max(Need.closes_at)))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    assert isinstance(closes_at, datetime)
    return closes_at


def check_end(file: Path, instant: datetime) -> None:
    """All is opened and awarded once, told and recorded, and nothing waits."""
    engine = make_engine(f"sqlite:///{file}")
    works = Works(engine, FixedClock(instant))
    with works.reading() as work:
        awards = list(work.session.scalars(select(Award)))
        assert len(awards) == len({one.need_id for one in awards}) == NEEDS
        assert work.session.scalar(select(func.count()).select_from(Contract)) == NEEDS
        states = sorted(work.session.scalars(select(Quote.state)))
        assert states == ["lost"] * 2 * NEEDS + ["won"] * NEEDS
        leaves = select(audit.AuditLeaf.object_id).where(audit.AuditLeaf.verb == "award.given")
        assert len(list(work.session.scalars(leaves))) == NEEDS
        due = select(Deadline.id).where(Deadline.kind == "need.close", Deadline.done_at.is_(None))
        assert list(work.session.scalars(due)) == []
        assert audit.first_break(work.session) is None
        given_up = select(OutboxEvent.id).where(OutboxEvent.last_error.is_not(None))
        assert list(work.session.scalars(given_up)) == []
    assert outbox.lag(works) == (0, 0.0)
    engine.dispose()
