"""The demo world is the same at whatever hour it is made: graded questions name its agencies and its needs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from accounts.models import Organisation
from agencies.registration.models import Agency
from core.clock import FixedClock
from core.work import Works
from marketplace.needs.models import Need
from search import service as search
from web import cli
from web.app import create_app
from web.config import read_config
from web.demo import SEED
from web.demo.stage import Stage


def made(folder: Path, at: datetime) -> tuple[list[str], list[str]]:
    """Make a small world; return its agencies and the needs its people meant, those asked again left out."""
    folder.mkdir()
    app = create_app(
        read_config({"MARKET_DATA": str(folder), "SECRET_KEY": "k" * 32, "BROKER_URL": "memory://"}), FixedClock(at)
    )
    cli.upgrade_database(app)
    cli.load_reference(app)
    cli.load_demo(app, agencies=10, needs=8)
    works = app.extensions["works"]
    with works.reading() as work:
        agencies = select(Organisation.name).join(Agency, Agency.org_id == Organisation.id).order_by(Agency.id)
        needs = select(Need.title).where(Need.repeats_id.is_(None))
        found = list(work.session.scalars(agencies)), sorted(work.session.scalars(needs))
    works.engine.dispose()
    return found


def test_a_world_made_at_night_in_another_year_has_the_same_agencies_and_needs(tmp_path: Path) -> None:
    kept, folders = dict(search._configured), dict(search._folders)
    one = made(tmp_path / "one", datetime(2026, 3, 18, 2, 0, tzinfo=UTC))
    other = made(tmp_path / "other", datetime(2027, 2, 13, 21, 50, tzinfo=UTC))
    search._configured.update(kept)
    search._folders.update(folders)
    assert len(one[0]) == 10
    assert one[0] == other[0]
    assert one[1] == other[1]


def test_another_seed_gives_every_story_another_source(works: Works) -> None:
    start, end = datetime(2026, 3, 18, tzinfo=UTC), datetime(2026, 3, 19, tzinfo=UTC)
    usual, same, other = (Stage(works, start, end, seed).source("need 3").random() for seed in (SEED, SEED, 5))
    assert usual == same != other
