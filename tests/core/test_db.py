"""Tables: lost updates, closed sets of words, instants, money, and text nobody reads in the file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine, literal, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from accounts.models import Membership, Organisation, User
from agencies.registration.lifecycle import REGISTRATION, RegistrationState
from agencies.registration.models import Agency
from core.access import MemberRole, OrgKind
from core.clock import BEIJING
from core.db import MoneyColumn
from core.errors import Conflict
from core.money import Money
from core.work import Works

PHONE = "076922830000-secret"


def organisation(works: Works, founded_at: datetime | None = None, phone: str = PHONE) -> int:
    with works.system() as work:
        row = Organisation(
            kind=OrgKind.AGENCY, name="甲", contact_phone=phone, founded_at=founded_at or work.clock.now()
        )
        work.add(row, "organisation.founded")
        return row.id


def agency(works: Works) -> int:
    org_id = organisation(works)
    with works.system() as work:
        now = work.clock.now()
        row = Agency(org_id=org_id, name="甲", credit_code="x" * 18, submitted_at=now, listed_at=now)
        work.add(row, "registration.opened")
        return row.id


def rename(works: Works, row: Organisation, name: str) -> None:
    with works.system() as work:
        work.session.add(row)
        row.name = name
        work.record(row, "organisation.renamed")


def delete(works: Works, row: Organisation) -> None:
    with works.system() as work:
        work.session.delete(row)
        work.record(row, "organisation.deleted")


def change_kind(works: Works, org_id: int, kind: str) -> None:
    with works.system() as work:
        row = work.session.get_one(Organisation, org_id)
        row.kind = kind  # what a mistake of ours would write
        work.record(row, "organisation.changed")


def join(works: Works, org_id: int, user_id: int) -> None:
    with works.system() as work:
        today = work.clock.now().date()
        work.add(Membership(user_id=user_id, org_id=org_id, role=MemberRole.READER, valid_from=today), "member.added")


def test_a_lost_update_is_refused(works: Works) -> None:
    org_id = organisation(works)
    with works.reading() as work:
        mine = work.session.get_one(Organisation, org_id)
    with works.reading() as work:
        theirs = work.session.get_one(Organisation, org_id)
    rename(works, theirs, "先改的")
    with pytest.raises(Conflict, match="changed-meanwhile"):
        rename(works, mine, "后改的")
    with works.reading() as work:
        assert work.session.get_one(Organisation, org_id).name == "先改的"


def test_a_row_somebody_else_changed_is_not_deleted_unseen(works: Works) -> None:
    org_id = organisation(works)
    with works.reading() as work:
        mine = work.session.get_one(Organisation, org_id)
    with works.reading() as work:
        theirs = work.session.get_one(Organisation, org_id)
    rename(works, theirs, "先改的")
    with pytest.raises(Conflict, match="changed-meanwhile"):
        delete(works, mine)
    with works.reading() as work:
        assert work.session.get(Organisation, org_id) is not None


def test_each_write_counts_the_version_on(works: Works) -> None:
    org_id = organisation(works)
    with works.reading() as work:
        row = work.session.get_one(Organisation, org_id)
    assert row.version == 1
    rename(works, row, "乙")
    rename(works, row, "丙")
    assert row.version == 3


def test_a_life_begins_in_its_first_state(works: Works) -> None:
    agency_id = agency(works)
    with works.reading() as work:
        assert work.session.get_one(Agency, agency_id).state is REGISTRATION.initial


@pytest.mark.parametrize("state", list(RegistrationState))
def test_the_database_takes_every_state_of_a_life(works: Works, engine: Engine, state: RegistrationState) -> None:
    agency_id = agency(works)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE agency SET state = :state"), {"state": state.value})
    with works.reading() as work:
        assert work.session.get_one(Agency, agency_id).state is state


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE agency SET state = 'vanished'", "ck__agency__registrationstate"),
        ("UPDATE agency SET state = 'DRAFT'", "ck__agency__registrationstate"),
        ("UPDATE organisation SET kind = 'bank'", "ck__organisation__orgkind"),
    ],
)
def test_a_word_outside_its_set_is_refused_by_the_database(
    works: Works, engine: Engine, statement: str, name: str
) -> None:
    agency(works)
    with (
        pytest.raises(IntegrityError, match=name),
        engine.execution_options(writes=True).begin() as connection,
    ):
        connection.execute(text(statement))


def test_a_refusal_names_the_constraint_that_broke(works: Works) -> None:
    org_id = organisation(works)
    with pytest.raises(Conflict, match="constraint") as refusal:
        change_kind(works, org_id, "bank")
    assert "ck__organisation__orgkind" in refusal.value.facts["constraint"]


def test_a_row_that_hangs_from_nothing_is_refused(works: Works) -> None:
    org_id = organisation(works)
    with pytest.raises(Conflict, match="constraint") as refusal:
        join(works, org_id, user_id=404)
    assert "foreign key" in refusal.value.facts["constraint"].lower() or "fk__" in refusal.value.facts["constraint"]


@pytest.mark.parametrize(
    "given",
    [
        datetime(2026, 3, 18, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 19, 7, 59, 59, 999_999, tzinfo=BEIJING),
        datetime(2026, 3, 18, 14, 29, 59, 999_999, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    ],
)
def test_an_instant_comes_back_the_same_aware_and_in_utc(works: Works, given: datetime) -> None:
    org_id = organisation(works, given)
    with works.reading() as work:
        found = work.session.get_one(Organisation, org_id).founded_at
        assert work.session.scalar(select(Organisation.id).where(Organisation.founded_at == given)) == org_id
    assert (found, found.utcoffset()) == (given, timedelta(0))


def test_instants_of_different_zones_are_compared_as_instants(works: Works) -> None:
    early = organisation(works, datetime(2026, 3, 18, 9, 0, tzinfo=BEIJING))
    late = organisation(works, datetime(2026, 3, 18, 2, 0, tzinfo=UTC))
    with works.reading() as work:
        order = work.session.scalars(select(Organisation.id).order_by(Organisation.founded_at)).all()
        bound = datetime(2026, 3, 18, 10, 0, tzinfo=BEIJING)
        before = work.session.scalars(select(Organisation.id).where(Organisation.founded_at < bound)).all()
    assert (order, before) == ([early, late], [early])


def test_a_naive_time_is_refused(works: Works) -> None:
    with pytest.raises(StatementError, match="naive"):
        organisation(works, datetime(2026, 3, 18, 10, 0))


@pytest.mark.parametrize("fen", [0, 1, -1, 9_300_000, 10**16 + 1])
def test_money_is_kept_to_the_fen(works: Works, fen: int) -> None:
    with works.reading() as work:
        assert work.session.scalar(select(literal(Money(fen), MoneyColumn()))) == Money(fen)


def test_no_money_is_not_nought(works: Works) -> None:
    with works.reading() as work:
        assert work.session.scalar(select(literal(None, MoneyColumn()))) is None


def test_an_encrypted_text_is_never_plain_in_the_file(works: Works, engine: Engine, tmp_path: Path) -> None:
    org_id = organisation(works)
    with engine.connect() as connection:
        raw = bytes(connection.execute(text("SELECT contact_phone FROM organisation")).scalar_one())
    assert PHONE.encode() not in raw
    if engine.dialect.name == "sqlite":
        kept = b"".join(path.read_bytes() for path in tmp_path.glob("market.sqlite3*"))
        assert "甲".encode() in kept  # the row is in these files
        assert raw in kept
        assert PHONE.encode() not in kept
    with works.reading() as work:
        assert work.session.get_one(Organisation, org_id).contact_phone == PHONE


def test_equal_texts_are_encrypted_differently_and_none_stays_none(works: Works, engine: Engine) -> None:
    organisation(works)
    organisation(works)
    with works.system() as work:
        user = User(display_name="", email_hash="h", password_hash="x", created_at=work.clock.now())
        work.add(user, "user.joined")
    with engine.connect() as connection:
        sealed = connection.execute(text("SELECT contact_phone FROM organisation")).scalars().all()
        assert connection.execute(text("SELECT mobile FROM user_account")).scalar_one() is None
    assert len({bytes(one) for one in sealed}) == 2
    with works.reading() as work:
        assert work.session.get_one(User, user.id).display_name == ""


def test_an_encrypted_text_that_was_changed_does_not_open(works: Works, engine: Engine) -> None:
    organisation(works)
    with engine.execution_options(writes=True).begin() as connection:
        sealed = bytearray(connection.execute(text("SELECT contact_phone FROM organisation")).scalar_one())
        sealed[-1] ^= 1
        connection.execute(text("UPDATE organisation SET contact_phone = :sealed"), {"sealed": bytes(sealed)})
    with works.reading() as work, pytest.raises(InvalidTag):
        work.session.scalars(select(Organisation)).all()
