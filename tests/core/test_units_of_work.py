"""One unit of work: the change, its leaf and its event are kept together or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, select, update

from accounts.models import Division, Organisation
from agencies.registration.lifecycle import REGISTRATION, RegistrationState
from agencies.registration.models import Agency
from core.access import ANONYMOUS, SYSTEM, Actor, MemberRole, OrgKind, Policy, is_agency, is_system
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.db import Base
from core.deadlines import Deadline
from core.errors import Conflict, Forbidden, SignInRequired
from core.outbox import OutboxEvent
from core.work import UnauditedWriteError, Work, Works, facts_of

AGENT = Actor(7, 9, OrgKind.AGENCY, MemberRole.MANAGER)
BUYER = Actor(8, 10, OrgKind.ENTERPRISE, MemberRole.MANAGER)
POLICY: Policy = {"registration:submit": [[is_agency], [is_system]], "registration:accept": [[is_system]]}


def town(code: str = "441900003", name: str = "东城街道") -> Division:
    return Division(code=code, name=name, name_en="Dongcheng", kind="street", grid_row=1, grid_col=2)


def stored_town(works: Works) -> int:
    with works.system() as work:
        row = town()
        work.add(row, "division.added")
        return row.id


def stored_agency(works: Works) -> int:
    with works.system() as work:
        now = work.clock.now()
        org = Organisation(kind=OrgKind.AGENCY, name="东莞市甲咨询有限公司", founded_at=now)
        work.add(org, "organisation.founded")
        row = Agency(org_id=org.id, name=org.name, credit_code="x" * 18, submitted_at=now)
        work.add(row, "registration.opened")
        return row.id


def fail_late(works: Works) -> None:
    with works.system() as work:
        work.add(town("441900009"), "division.added")
        work.emit("division.added", id=1)
        raise KeyError("late")


def add_twice(works: Works) -> None:
    with works.system() as work:
        work.add(town("441900004", "莞城街道"), "division.added")
        work.add(town(), "division.added")


def write_unrecorded(works: Works, write: Callable[[Work], None]) -> None:
    with works.system() as work:
        write(work)
        work.emit("division.changed", id=1)


def kept(works: Works, table: type[Base]) -> int:
    with works.reading() as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def leaves(works: Works) -> list[AuditLeaf]:
    with works.reading() as work:
        return list(work.session.scalars(select(AuditLeaf).order_by(AuditLeaf.seq)))


def events(works: Works) -> list[tuple[str, dict[str, Any]]]:
    with works.reading() as work:
        rows = work.session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))
        return [(row.name, row.facts) for row in rows]


def test_a_change_its_leaf_and_its_event_are_kept_together(works: Works, clock: FixedClock) -> None:
    with works.writing(AGENT, "r1") as work:
        row = town()
        work.add(row, "division.added", code=row.code)
        work.emit("division.added", id=row.id)
    (leaf,) = leaves(works)
    assert kept(works, Division) == 1
    assert (leaf.seq, leaf.verb, leaf.kind, leaf.object_id) == (1, "division.added", "division", row.id)
    assert (leaf.user_id, leaf.org_id, leaf.role, leaf.request_id) == (7, 9, "agency", "r1")
    assert (leaf.at, leaf.facts) == (clock.now(), {"code": "441900003"})
    assert events(works) == [("division.added", {"id": row.id})]


def test_a_block_that_fails_keeps_neither_change_nor_leaf_nor_event(works: Works) -> None:
    with pytest.raises(KeyError):
        fail_late(works)
    assert (kept(works, Division), leaves(works), events(works)) == (0, [], [])
    stored_town(works)
    assert [leaf.seq for leaf in leaves(works)] == [1]


def test_a_broken_constraint_is_a_refusal_and_keeps_nothing(works: Works) -> None:
    stored_town(works)
    with pytest.raises(Conflict) as refusal:
        add_twice(works)
    assert refusal.value.code == "constraint"
    assert "code" in refusal.value.facts["constraint"]
    assert (kept(works, Division), len(leaves(works))) == (1, 1)


def by_adding(work: Work) -> None:
    work.session.add(town("441900004", "莞城街道"))


def by_changing(work: Work) -> None:
    work.session.scalars(select(Division)).one().name = "别的"


def by_changing_and_asking(work: Work) -> None:
    by_changing(work)
    work.session.scalars(select(Division)).all()  # writes what waits, long before the end


def by_deleting(work: Work) -> None:
    work.session.delete(work.session.scalars(select(Division)).one())


def by_an_update_of_many(work: Work) -> None:
    work.session.execute(update(Division).values(name="别的"))


def by_a_delete_of_many(work: Work) -> None:
    work.session.execute(delete(Division))


def by_an_insert_of_many(work: Work) -> None:
    row = {"code": "9", "name": "别的", "name_en": "Other", "kind": "town", "grid_row": 1, "grid_col": 1}
    work.session.execute(insert(Division), [row])


@pytest.mark.parametrize(
    "write",
    [
        by_adding, by_changing, by_changing_and_asking, by_deleting, by_an_update_of_many, by_a_delete_of_many,
        by_an_insert_of_many,
    ],
)  # fmt: skip
def test_a_write_without_a_leaf_is_refused_whole(works: Works, write: Callable[[Work], None]) -> None:
    stored_town(works)
    with pytest.raises(UnauditedWriteError, match="division"):
        write_unrecorded(works, write)
    with works.reading() as work:
        assert work.session.scalars(select(Division.name)).all() == ["东城街道"]
    assert (len(leaves(works)), events(works)) == (1, [])


def test_a_recorded_change_is_kept(works: Works) -> None:
    town_id = stored_town(works)
    with works.writing(BUYER) as work:
        row = work.session.get_one(Division, town_id)
        row.name = "东城"
        work.record(row, "division.renamed", name="东城")
    last = leaves(works)[-1]
    assert (last.seq, last.verb, last.state_from, last.state_to) == (2, "division.renamed", None, None)
    with works.reading() as work:
        assert work.session.get_one(Division, town_id).name == "东城"


def test_bookkeeping_and_a_write_that_changes_nothing_need_no_leaf(works: Works, clock: FixedClock) -> None:
    town_id = stored_town(works)
    with works.system() as work:
        work.session.add(Deadline(kind="x", object_id=1, due_at=clock.now()))
        row = work.session.get_one(Division, town_id)
        row.name = str(row.name)
    assert (kept(works, Deadline), len(leaves(works))) == (1, 1)


def test_a_move_changes_records_and_tells(works: Works) -> None:
    agency_id = stored_agency(works)
    with works.writing(AGENT) as work:
        work.move(REGISTRATION, POLICY, work.session.get_one(Agency, agency_id), "submit", items=3)
    last = leaves(works)[-1]
    assert (last.verb, last.kind, last.object_id) == ("registration.submit", "agency", agency_id)
    assert (last.state_from, last.state_to, last.facts) == ("draft", "submitted", {"items": 3})
    assert events(works) == [("registration.submitted", {"id": agency_id, "items": 3})]
    with works.reading() as work:
        assert work.session.get_one(Agency, agency_id).state is RegistrationState.SUBMITTED


@pytest.mark.parametrize(
    ("actor", "verb", "refusal", "code"),
    [
        (BUYER, "submit", Forbidden, "not-allowed"),
        (ANONYMOUS, "submit", SignInRequired, "sign-in-required"),
        (SYSTEM, "accept", Conflict, "wrong-state"),
    ],
)
def test_a_refused_move_leaves_all_as_it_was(
    works: Works, actor: Actor, verb: str, refusal: type[Exception], code: str
) -> None:
    agency_id, before = stored_agency(works), len(leaves(works))
    with pytest.raises(refusal, match=code), works.writing(actor) as work:
        work.move(REGISTRATION, POLICY, work.session.get_one(Agency, agency_id), verb)
    with works.reading() as work:
        assert work.session.get_one(Agency, agency_id).state is RegistrationState.DRAFT
    assert (len(leaves(works)), events(works)) == (before, [])


def test_a_new_row_with_a_life_is_recorded_in_its_first_state(works: Works) -> None:
    stored_agency(works)
    assert [(leaf.verb, leaf.state_to) for leaf in leaves(works)] == [
        ("organisation.founded", None),
        ("registration.opened", "draft"),
    ]


@pytest.mark.parametrize(
    ("actor", "role"), [(SYSTEM, "system"), (ANONYMOUS, "anonymous"), (AGENT, "agency"), (BUYER, "enterprise")]
)
def test_a_leaf_names_whoever_acted(works: Works, actor: Actor, role: str) -> None:
    with works.writing(actor) as work:
        work.add(town(), "division.added")
    assert leaves(works)[0].role == role


def test_a_unit_of_work_without_a_request_gets_an_id_of_its_own(works: Works) -> None:
    with works.system() as one, works.reading(SYSTEM, "r9") as other:
        assert (len(one.request_id), other.request_id) == (32, "r9")
    with works.system() as two:
        assert two.request_id != one.request_id


def test_the_relay_is_woken_after_the_commit_and_only_for_events(engine: Engine, clock: FixedClock) -> None:
    seen: list[int] = []
    works = Works(engine, clock, lambda: seen.append(kept(works, OutboxEvent)))
    stored_town(works)
    assert seen == []
    with works.system() as work:
        work.emit("division.added", id=1)
        assert seen == []
    assert seen == [1]
    with pytest.raises(KeyError):
        fail_late(works)
    assert seen == [1]


def test_what_a_reading_changes_is_thrown_away(works: Works) -> None:
    town_id = stored_town(works)
    with works.reading(BUYER) as work:
        work.session.get_one(Division, town_id).name = "别的"
        work.emit("division.changed", id=town_id)
        work.session.flush()
    with works.reading() as work:
        assert work.session.get_one(Division, town_id).name == "东城街道"
    assert events(works) == []


def test_rows_may_still_be_shown_when_the_work_is_over(works: Works) -> None:
    town_id = stored_town(works)
    with works.system() as work:
        written = work.session.get_one(Division, town_id)
        written.name = "东城"
        work.record(written, "division.renamed")
    with works.reading() as work:
        read = work.session.get_one(Division, town_id)
    assert (written.name, read.name) == ("东城", "东城")


def test_a_permission_is_asked_as_the_actor_of_the_work(works: Works) -> None:
    with works.reading(AGENT) as work:
        assert work.allows(POLICY, "registration:submit")
        assert not work.allows(POLICY, "registration:accept")
        work.require(POLICY, "registration:submit")
        with pytest.raises(Forbidden):
            work.require(POLICY, "registration:accept")


def test_an_id_is_read_from_an_events_facts_by_its_name() -> None:
    assert (facts_of({"id": "5", "need_id": 6}), facts_of({"id": "5", "need_id": 6}, "need_id")) == (5, 6)
