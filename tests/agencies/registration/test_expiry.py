"""An agency hears of papers that end soon, 60, 30 and 7 days before, once each."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts.models import Message
from agencies.registration import expiry, queries, service
from agencies.registration.models import Practitioner, Qualification
from core.clock import FixedClock, beijing_day
from core.work import Works
from tests.agencies.registration.world import World, person

TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("left", "step"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, None)],
)  # fmt: skip
def test_a_paper_stands_at_the_nearest_step(left: int, step: int | None) -> None:
    assert expiry.step_of(TODAY + timedelta(days=left), TODAY) == step


def told(works: Works, org_id: int | None) -> list[tuple[str, str]]:
    with works.reading() as work:
        query = select(Message).where(Message.org_id == org_id, Message.code.endswith("-expires")).order_by(Message.id)
        return [(row.code, row.url) for row in work.session.scalars(query)]


def test_each_step_is_told_once_and_the_former_is_done_with(world: World, works: Works, clock: FixedClock) -> None:
    actor, agency_id = world.listed()
    today = beijing_day(clock.now())
    with works.system() as work:
        work.add(
            Practitioner(
                agency_id=agency_id, org_id=actor.org_id, name="李文", identity="x", identity_hash="x",
                certificate="咨00001", kind="consulting-engineer-investment",
            ),
            "test.practitioner",
        )  # fmt: skip
        for model in (Qualification, Practitioner):
            for row in work.session.scalars(select(model).where(model.agency_id == agency_id)):
                row.valid_to = today + timedelta(days=50 if model is Qualification else 6)
                work.record(row, "test.ends")
    for _ in range(2):
        with works.system() as work:
            assert expiry.remind(work) > 0
    first = told(works, actor.org_id)
    assert sorted({code for code, _url in first}) == ["practitioner-expires", "qualification-expires"]
    assert len(first) == len(set(first))
    clock.advance(timedelta(days=25))
    for _ in range(2):
        with works.system() as work:
            expiry.remind(work)
    both = told(works, actor.org_id)
    assert [one for one in both[len(first) :] if one[0] == "practitioner-expires"] == []
    again = [one for one in both if one[0] == "qualification-expires"]
    assert len(again) == 2 * len(set(again))
    with works.reading() as work:
        rows = list(work.session.scalars(select(Message).where(Message.code == "qualification-expires")))
        assert {row.is_todo for row in rows} == {True}
        assert sum(row.done_at is None for row in rows) == len(rows) // 2
        assert all(row.url.startswith("/join/qualifications#") and row.due_at is not None for row in rows)


def test_what_was_withdrawn_or_left_is_not_told(world: World, works: Works, clock: FixedClock) -> None:
    actor, agency_id = world.listed()
    with works.writing(actor) as work:
        one = service.add_practitioner(work, agency_id, person(1, valid_to=beijing_day(clock.now())))
        service.release_practitioner(work, agency_id, one.id)
        for row in list(queries.qualifications_of(work.session, agency_id)):
            row.valid_to = beijing_day(clock.now())
            service.withdraw_qualification(work, agency_id, row.id)
    with works.system() as work:
        assert expiry.remind(work) == 0
    assert told(works, actor.org_id) == []
