"""The command line: a new site's first administration, and a refusal in words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from accounts import queries
from accounts.models import Mail, Organisation, User
from agencies.catalogue.service import load_catalogue
from core import outbox
from core.access import MemberRole, OrgKind
from core.outbox import MOST_TRIES, OutboxEvent, lag
from core.work import Works
from search import service as search
from search.queries import how_many
from web.app import create_app
from web.cli import NO_DEMO, NO_TABLES
from web.config import read_config
from web.wiring import EVENTS

ADMINISTRATION = [
    "accounts", "found", "administration", "市中介服务超市管理中心",
    "--manager", "李敏", "--mobile", "13711112222", "--email", "admin@example.com",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _search_put_back() -> Iterator[None]:
    """Leave the engine in use to the tests that follow."""
    kept, folders = dict(search._configured), dict(search._folders)
    yield
    search._configured.update(kept)
    search._folders.update(folders)


def test_a_new_site_gets_its_administration_from_the_command_line(app: Flask, works: Works) -> None:
    done = app.test_cli_runner().invoke(args=ADMINISTRATION)
    assert done.exit_code == 0, done.output
    with works.reading() as work:
        office = work.session.scalars(select(Organisation).where(Organisation.kind == OrgKind.ADMINISTRATION)).one()
        seat = queries.seats_of_organisation(work.session, office.id)[0]
        assert f"Organisation {office.id}." in done.output
        assert (seat.membership.role, seat.user.mobile) == (MemberRole.MANAGER, "13711112222")
    with app.app_context():
        outbox.relay(works, EVENTS)
    with works.reading() as work:
        assert [mail.to for mail in work.session.scalars(select(Mail))] == ["admin@example.com"]


def test_an_operator_without_its_town_is_refused_in_words(app: Flask, works: Works) -> None:
    refused = app.test_cli_runner().invoke(args=["accounts", "found", "town_operator", "某镇窗口", *ADMINISTRATION[4:]])
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert "Traceback" not in refused.output
    with works.reading() as work:
        assert work.session.scalars(select(User)).all() == []


def test_what_was_given_up_is_taken_up_again_from_the_command_line(app: Flask, works: Works) -> None:
    with works.system() as work:
        work.emit("told", id=1)
    with works.system() as work:
        row = work.session.scalars(select(OutboxEvent)).one()
        row.tries, row.last_error, row.done_at = MOST_TRIES, "LookupError", work.clock.now()
    again = ["outbox", "again"]
    runner = app.test_cli_runner()
    assert [runner.invoke(args=again).output.strip() for _turn in range(2)] == ["1", "0"]
    assert lag(works)[0] == 1


def test_the_index_is_rebuilt_and_looked_over_from_the_command_line(app: Flask, works: Works, tmp_path: Path) -> None:
    with works.system() as work:
        load_catalogue(work)
    search.configure(tmp_path / "index")
    runner = app.test_cli_runner()
    before = runner.invoke(args=["search", "check"])
    assert (before.output.strip(), before.exit_code) == ("none-built", 1)
    done = runner.invoke(args=["search", "rebuild"])
    with works.reading() as work:
        assert done.output.splitlines()[-1] == f"{how_many(work.session)} documents are indexed."
    assert runner.invoke(args=["search", "check"]).output.strip() == "ok"


def test_the_judge_leaves_out_what_this_world_has_not(app: Flask, works: Works, tmp_path: Path) -> None:
    with works.system() as work:
        load_catalogue(work)
    search.configure(tmp_path / "index")
    runner = app.test_cli_runner()
    assert runner.invoke(args=["search", "rebuild"]).exit_code == 0
    judged = runner.invoke(args=["search", "judge"])
    assert judged.exit_code == 0, judged.output
    assert "which name nothing of this world: 信岳" in judged.output
    assert float(judged.output.splitlines()[-1].removeprefix("nDCG@10 ")) > 0.8
    file = tmp_path / "theirs.tsv"
    file.write_text("机构\t信岳\tagency:横沥信岳=3\n", encoding="utf-8")
    other = runner.invoke(args=["search", "judge", str(file)])
    assert (other.exit_code, "is this the world they were written for" in other.output) == (1, True)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """Give an application whose data folder is empty."""
    folder = tmp_path / "bare"
    folder.mkdir()
    made = create_app(read_config({"MARKET_DATA": str(folder), "SECRET_KEY": "k" * 32, "BROKER_URL": "memory://"}))
    yield made
    made.extensions["works"].engine.dispose()


@pytest.mark.parametrize(
    "verb", [["reference", "load"], ["search", "rebuild"], ["search", "judge"], ["outbox", "again"], ["demo", "wipe"]]
)
def test_a_verb_without_its_tables_says_how_to_make_them(bare: Flask, verb: list[str]) -> None:
    done = bare.test_cli_runner().invoke(args=verb)
    assert (done.exit_code, done.output.strip()) == (1, f"Error: {NO_TABLES}")
    assert bare.test_cli_runner().invoke(args=[*verb, "--help"]).exit_code == 0


def test_a_demo_world_is_made_from_nothing_and_not_twice(bare: Flask) -> None:
    small = ["demo", "load", "--agencies", "2", "--needs", "2"]
    runner = bare.test_cli_runner()
    done = runner.invoke(args=small)
    assert done.exit_code == 0, done.output
    again = runner.invoke(args=small)
    assert (again.exit_code, "demo wipe" in again.output) == (1, True)
    assert runner.invoke(args=["demo", "wipe"]).exit_code == 0
    bare.extensions["config"] = replace(bare.extensions["config"], demo=False)
    for verb in (small, ["demo", "live"], ["demo", "wipe"]):
        refused = runner.invoke(args=verb)
        assert (refused.exit_code, refused.output.strip()) == (1, f"Error: {NO_DEMO}")
