"""The migrations: they end where the models are, and rows stay whole when a table is made anew."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text

from agencies.fees import appeals, service
from agencies.fees.lifecycle import CaseState
from agencies.fees.models import FeeCase
from agencies.revisions import service as revisions
from agencies.revisions.commands import WriteRevision
from agencies.revisions.models import RevisedFinding
from core.access import OrgKind
from core.clock import FixedClock
from core.db import Base, make_engine
from core.deadlines import Deadline
from core.work import Works
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.models import Award
from tests.agencies.fees.conftest import Market, market
from tests.agencies.registration.world import operators
from tests.agencies.revisions.conftest import TEXT
from tests.conftest import load_models
from tests.marketplace.contracts.deal import signed
from tests.marketplace.selection.world import Market as Purchases
from tests.marketplace.selection.world import market as lay_out

__all__ = ["market"]

ROOT = Path(__file__).parents[2]
BEFORE_APPEALS = "0004_audits"
BEFORE_COMPLAINTS = "0005_compliance"
WORDS = "超出部分是业主追加的范围"


def settings(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = engine
    return config


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a database made by the migrations alone, on whichever kind the tests run."""
    load_models()
    url = os.environ.get("TEST_DATABASE_URL", "")
    target = f"sqlite:///{tmp_path / 'migrated.sqlite3'}"
    if url:
        name = f"migrated_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        admin = make_engine(url)
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        target = url.rpartition("/")[0] + f"/{name}"
    engine = make_engine(target)
    command.upgrade(settings(engine), "head")
    yield engine
    engine.dispose()


def test_the_migrations_end_where_the_models_are(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_fee_cases_and_what_hangs_on_them_outlive_a_table_made_anew(market: Market, engine: Engine) -> None:
    first, second = market.case(1), market.case(2)
    with market.works.writing(market.agency) as work:
        service.reply(work, first.id, WORDS)
    with market.works.writing(market.regulator) as work:
        service.uphold(work, first.id, WORDS)
        written = WriteRevision("demo-fee", TEXT, date(2020, 1, 1), "收录演示标准", "演示价[2020]1号")
        revision = revisions.draft(work, written)
        work.session.add(RevisedFinding(revision_id=revision.id, case_id=first.id, stands=False))
    with market.works.writing(market.agency) as work:
        appeals.appeal(work, first.id, WORDS)
    command.downgrade(settings(engine), BEFORE_APPEALS)
    command.upgrade(settings(engine), "head")
    with market.works.reading() as work:
        kept = {one.id: one for one in work.session.scalars(select(FeeCase))}
        hanging = work.session.scalars(select(RevisedFinding.case_id)).all()
    assert {one.state for one in kept.values()} == {CaseState.UPHELD, CaseState.OPEN}
    assert kept[first.id].was_upheld
    assert kept[second.id].deviation == second.deviation
    assert hanging == [first.id]
    found = inspect(engine).get_foreign_keys("revised_finding")
    assert {one["referred_table"] for one in found} == {"fee_case", "fee_revision"}
    fresh = market.world.actor(OrgKind.PRICE_REGULATOR, "价格监督检查处", None)
    with market.works.writing(fresh) as work:
        service.dismiss(work, second.id, WORDS)


def lay_out_market(works: Works, clock: FixedClock) -> Purchases:
    return lay_out(operators(works), works, clock)


def test_an_award_outlives_the_table_made_anew_and_what_was_signed_stays_final(works: Works, clock: FixedClock) -> None:
    market = lay_out_market(works, clock)
    contract = signed(market)
    need_id, ids = market.opened(100, 200)
    market.award(need_id, ids[0])
    assert works.engine is not None
    command.downgrade(settings(works.engine), BEFORE_COMPLAINTS)
    with works.engine.connect() as connection:
        told = connection.execute(text("SELECT state FROM award ORDER BY id")).scalars().all()
    assert told == ["given", "given"]
    command.upgrade(settings(works.engine), "head")
    with works.reading() as work:
        awards = work.session.scalars(select(Award).order_by(Award.id)).all()
        kinds = work.session.scalars(select(Deadline.kind).where(Deadline.done_at.is_(None))).all()
    assert [one.state for one in awards] == [AwardState.CONFIRMED, AwardState.PROVISIONAL]
    assert awards[0].id == contract.award_id
    assert list(kinds).count("award.publicity") == 1
    market.final(need_id)
