"""The record of changes: chained, checked whole, and closed to whoever would change it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from accounts.models import Division
from core import audit
from core.access import Actor, OrgKind
from core.audit import GENESIS, AuditLeaf
from core.clock import BEIJING, FixedClock
from core.work import Works
from tests.conftest import MORNING

LATER = MORNING + timedelta(seconds=1)
NAMES = ("东城街道", "莞城街道", "南城街道", "万江街道")


@pytest.fixture
def record(works: Works, clock: FixedClock) -> Works:
    """Give a record of four leaves, the last two written by one unit of work."""
    for number in (1, 2):
        with works.writing(Actor(7, 9, OrgKind.AGENCY), f"r{number}") as work:
            work.add(town(number), "division.added", name=NAMES[number - 1], n=number)
        clock.advance(timedelta(microseconds=1_500_001))
    with works.system() as work:
        work.add(town(3), "division.added", name=NAMES[2], parts=[1, {"乙": None}])
        work.add(town(4), "division.added")
    return works


def town(number: int) -> Division:
    return Division(
        code=f"44190000{number}", name=NAMES[number - 1], name_en="T", kind="street", grid_row=1, grid_col=number
    )


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """Open the table as somebody may who rules the database itself."""
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER audit_leaf_no_{verb}"))
        else:
            connection.execute(text("ALTER TABLE audit_leaf DISABLE TRIGGER audit_leaf_stays"))
        yield connection
        if engine.dialect.name == "sqlite":
            for statement in audit.guards("sqlite"):
                connection.execute(text(statement))
        else:
            connection.execute(text("ALTER TABLE audit_leaf ENABLE TRIGGER audit_leaf_stays"))


def first_break(works: Works) -> int | None:
    with works.reading() as work:
        return audit.first_break(work.session)


def copy_of(connection: Connection, seq: int) -> dict[str, Any]:
    return dict(connection.execute(select(AuditLeaf.__table__).where(AuditLeaf.seq == seq)).mappings().one())


def test_an_untouched_record_is_whole(record: Works) -> None:
    assert first_break(record) is None


def test_an_empty_record_is_whole(works: Works) -> None:
    assert first_break(works) is None


def test_leaves_are_numbered_without_gaps_and_each_is_chained_to_the_one_before(record: Works) -> None:
    with record.reading() as work:
        leaves = work.session.scalars(select(AuditLeaf).order_by(AuditLeaf.seq)).all()
    assert [leaf.seq for leaf in leaves] == [1, 2, 3, 4]
    chain = GENESIS
    for leaf in leaves:
        chain = hashlib.sha256((chain + leaf.leaf_hash).encode()).hexdigest()
        assert leaf.chain_hash == chain
    assert len({leaf.leaf_hash for leaf in leaves}) == 4


def test_a_leafs_hash_is_over_a_zero_byte_and_its_sorted_body(record: Works) -> None:
    with record.reading() as work:
        leaf = work.session.get_one(AuditLeaf, 2)
    body = (
        '{"at":"2026-03-18T02:00:01.500001+00:00","facts":{"n":2,"name":"莞城街道"},"from":null,"kind":"division",'
        f'"object":{leaf.object_id},"org":9,"request":"r2","role":"agency","seq":2,"to":null,"user":7,'
        '"verb":"division.added"}'
    )
    assert leaf.leaf_hash == hashlib.sha256(b"\x00" + body.encode()).hexdigest()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", LATER), ("verb", "division.left"), ("kind", "agency"), ("object_id", 99), ("state_from", "draft"),
        ("state_to", "listed"), ("user_id", 8), ("user_id", None), ("org_id", 10), ("role", "system"),
        ("request_id", "r3"), ("facts", {"name": "莞城街道", "n": 3}), ("facts", {}), ("leaf_hash", "0" * 64),
        ("chain_hash", "0" * 64),
    ],
)  # fmt: skip
def test_a_changed_leaf_is_found(record: Works, engine: Engine, column: str, value: object) -> None:
    with unguarded(engine) as connection:
        connection.execute(update(AuditLeaf).where(AuditLeaf.seq == 2).values({column: value}))
    assert first_break(record) == 2


def test_a_leaf_changed_with_its_own_hashes_breaks_the_next(record: Works, engine: Engine) -> None:
    with record.reading() as work:
        leaf, before = work.session.get_one(AuditLeaf, 2), work.session.get_one(AuditLeaf, 1).chain_hash
        leaf.verb = "division.left"
        own = audit.leaf_hash(audit.body_of(leaf))
    forged = {
        "verb": leaf.verb,
        "leaf_hash": own,
        "chain_hash": hashlib.sha256((before + own).encode()).hexdigest(),
    }
    with unguarded(engine) as connection:
        connection.execute(update(AuditLeaf).where(AuditLeaf.seq == 2).values(forged))
    assert first_break(record) == 3


@pytest.mark.parametrize(("removed", "found"), [(1, 2), (2, 3), (3, 4)])
def test_a_removed_leaf_is_found(record: Works, engine: Engine, removed: int, found: int) -> None:
    with unguarded(engine) as connection:
        connection.execute(delete(AuditLeaf).where(AuditLeaf.seq == removed))
    assert first_break(record) == found


def test_a_removed_leaf_is_found_when_those_behind_it_move_up(record: Works, engine: Engine) -> None:
    with unguarded(engine) as connection:
        connection.execute(delete(AuditLeaf).where(AuditLeaf.seq == 2))
        for seq in (3, 4):
            connection.execute(update(AuditLeaf).where(AuditLeaf.seq == seq).values(seq=seq - 1))
    assert first_break(record) == 2


def test_a_leaf_put_in_between_is_found(record: Works, engine: Engine) -> None:
    with unguarded(engine) as connection:
        for seq in (4, 3, 2):
            connection.execute(update(AuditLeaf).where(AuditLeaf.seq == seq).values(seq=seq + 1))
        connection.execute(insert(AuditLeaf).values({**copy_of(connection, 3), "seq": 2, "object_id": 99}))
    assert first_break(record) == 2


def test_a_leaf_put_at_the_end_without_the_chain_is_found(record: Works, engine: Engine) -> None:
    with engine.execution_options(writes=True).begin() as connection:  # no trigger refuses a new leaf
        connection.execute(insert(AuditLeaf).values({**copy_of(connection, 4), "seq": 5}))
    assert first_break(record) == 5


def test_two_leaves_that_changed_places_are_found(record: Works, engine: Engine) -> None:
    with unguarded(engine) as connection:
        for old, new in ((2, 20), (3, 2), (20, 3)):
            connection.execute(update(AuditLeaf).where(AuditLeaf.seq == old).values(seq=new))
    assert first_break(record) == 2


def change(engine: Engine, statement: str) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_leaf SET verb = 'x' WHERE seq = 2",
        "UPDATE audit_leaf SET verb = verb",
        "DELETE FROM audit_leaf WHERE seq = 4",
        "DELETE FROM audit_leaf",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_leaf(record: Works, engine: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError, match="audit leaves stay"):
        change(engine, statement)
    with record.reading() as work:
        assert work.session.scalars(select(AuditLeaf.seq).order_by(AuditLeaf.seq)).all() == [1, 2, 3, 4]
    assert first_break(record) is None


def test_the_same_json_is_written_in_one_form() -> None:
    assert audit.canonical({"b": 1, "a": ["乙", None]}) == '{"a":["乙",null],"b":1}'.encode()
    assert audit.canonical({"b": 1, "a": 2}) == audit.canonical({"a": 2, "b": 1})


def test_a_clock_of_another_zone_leaves_the_record_whole(works: Works, clock: FixedClock) -> None:
    clock.instant = MORNING.astimezone(BEIJING)
    with works.system() as work:
        work.add(town(1), "division.added")
    with works.reading() as work:
        assert audit.first_break(work.session) is None
