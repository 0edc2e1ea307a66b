"""A few agencies, an enterprise and its notices, as the search room finds them in the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from agencies.catalogue.queries import item_by_code
from agencies.registration.lifecycle import RegistrationState as R
from agencies.registration.models import Agency, Offering
from core import files, secrets
from core.access import OrgKind
from core.clock import SystemClock
from core.db import Base, make_engine
from core.money import Money
from core.work import Works
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from tests.agencies.registration.world import TOWN, World, with_reader
from tests.conftest import KEY, load_models


@dataclass
class Shop:
    """The tables, and hands to fill them."""

    world: World
    count: int = 0

    @property
    def works(self) -> Works:
        """The opener of units of work."""
        return self.world.works

    def agency(self, name: str, *items: str, state: R = R.LISTED, **facts: Any) -> int:
        """Enter an agency that offers these items, on the shelf unless told otherwise; return its id."""
        org_id = self.world.organisation(OrgKind.AGENCY, name)
        with self.works.system() as work:
            now = work.clock.now()
            row = Agency(org_id=org_id, name=name, credit_code="91441900MA5000001X", state=state, listed_at=now)
            row.submitted_at, row.town_code = now, TOWN
            for key, value in facts.items():
                setattr(row, key, value)
            work.add(row, "test.agency")
            for code in items:
                assert item_by_code(work.session, code)
                work.add(Offering(agency_id=row.id, item_code=code, since=now), "test.offering")
            return row.id

    def notice(self, title: str, item: str, *, state: NeedState = NeedState.OPEN, **facts: Any) -> int:
        """Enter a need for an item, open unless told otherwise; return its id."""
        with self.works.system() as work:
            now = work.clock.now()
            row = Need(org_id=self.world.reader.org_id, town_code=TOWN, item_code=item, title=title, scale="一期")
            row.fund, row.method, row.time_limit_days, row.state, row.created_at = "social", "merit", 20, state, now
            row.ceiling = Money(5_000_000)
            if state is not NeedState.DRAFT:
                self.count += 1
                row.number = f"DG-2026-{self.count:06d}"
                row.published_at, row.closes_at = now, now + timedelta(days=5)
            for key, value in facts.items():
                setattr(row, key, value)
            work.add(row, "test.need")
            return row.id


def lay_out(works: Works) -> Shop:
    """Load the catalogue, and enter operators and one enterprise."""
    return Shop(with_reader(works))


@contextmanager
def market(folder: Path) -> Iterator[Shop]:
    """Make a market of a script's own on SQLite in a folder."""
    secrets.configure(KEY)
    load_models()
    files.configure(folder / "uploads")
    engine = make_engine(f"sqlite:///{folder / 'market.sqlite3'}")
    Base.metadata.create_all(engine)
    try:
        yield lay_out(Works(engine, SystemClock()))
    finally:
        engine.dispose()
