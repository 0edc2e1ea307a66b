"""Publish an award before it is final, and keep complaints with what they need, their lists and files.

Revision: 0009_complaints, after 0008_consultation.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_complaints"
down_revision = "0008_consultation"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
HOLDS = "state IN ('provisional', 'suspended', 'confirmed')"
OLD_HOLDS = "state = 'given'"
OLD_STATES = ("given", "declined")
NEW_STATES = ("provisional", "suspended", "confirmed", "declined", "annulled")
OLD_CHECKS = {"declined": "state <> 'declined' OR declined_at IS NOT NULL", "amount": "amount >= 0"}
NEW_CHECKS = {
    **OLD_CHECKS,
    "confirmed": "state <> 'confirmed' OR confirmed_at IS NOT NULL",
    "suspended": "state <> 'suspended' OR suspended_until IS NOT NULL",
    "annulled": "state <> 'annulled' OR (annulled_at IS NOT NULL AND annul_reason <> '')",
}
OLD_NAMES = (
    "number, need_id, selection_id, quote_id, agency_id, agency_org_id, org_id, town_code, item_code, amount, rank, "
    "state, reason, losers, awarded_at, publicity_until, sign_by, declined_at, decline_reason, id, version"
)
ADDED = ("confirm_at", "confirmed_at", "suspended_until", "annulled_at")
FORWARD = {
    "state": "CASE WHEN state <> 'given' THEN state WHEN contracted THEN 'confirmed' ELSE 'provisional' END",
    "confirm_at": "publicity_until",
    "confirmed_at": "CASE WHEN state = 'given' AND contracted THEN publicity_until END",
    "annul_reason": "''",
}


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _award(states: tuple[str, ...], checks: dict[str, str], *, newer: bool) -> list[sa.Column[object] | sa.Constraint]:
    ids = ("need_id", "selection_id", "quote_id", "agency_id", "agency_org_id", "org_id")
    more: list[sa.Column[object]] = []
    if newer:
        more = [sa.Column(name, MOMENT, nullable=name != "confirm_at") for name in ADDED]
        more.append(sa.Column("annul_reason", sa.Text(), nullable=False))
    keys = ("agency", "need", "quote", "selection")
    return [
        sa.Column("number", sa.String(40), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ids),
        *(sa.Column(name, sa.String(20), nullable=False) for name in ("town_code", "item_code")),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", _words("awardstate", states), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("losers", sa.JSON(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("awarded_at", "publicity_until", "sign_by")),
        *more,
        sa.Column("declined_at", MOMENT),
        sa.Column("decline_reason", sa.Text(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck__award__{name}")) for name, text in checks.items()),
        *(sa.ForeignKeyConstraint([f"{one}_id"], [f"{one}.id"], name=op.f(f"fk__award__{one}_id")) for one in keys),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__award")),
        sa.UniqueConstraint("number", name=op.f("uq__award__number")),
        sa.UniqueConstraint("quote_id", name=op.f("uq__award__quote_id")),
    ]


def _index_award(holds: str) -> None:
    for name in ("agency_id", "agency_org_id", "org_id", "selection_id", "state"):
        op.create_index(op.f(f"ix__award__{name}"), "award", [name])
    op.create_index("ix__award__item_code__amount", "award", ["item_code", "amount"])
    _index_holding(holds)


def _index_holding(holds: str) -> None:
    where = sa.text(holds)
    op.create_index("uq__award__need_id", "award", ["need_id"], unique=True, sqlite_where=where, postgresql_where=where)


def _rebuild(states: tuple[str, ...], checks: dict[str, str], holds: str, filled: dict[str, str], former: str) -> None:
    """Make the table anew, as SQLite must to change a CHECK, and carry its rows over; it is never renamed."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE award_former AS {former}")
    op.drop_table("award")
    op.create_table("award", *_award(states, checks, newer=states is NEW_STATES))
    names = OLD_NAMES.split(", ")
    taken = [*names, *(name for name in filled if name not in names)]
    told = ", ".join(filled.get(name, name) for name in taken)
    op.execute(f"INSERT INTO award ({', '.join(taken)}) SELECT {told} FROM award_former")  # noqa: S608 - our own names
    op.drop_table("award_former")
    _index_award(holds)


def _swap(old: dict[str, str], new: dict[str, str], states: tuple[str, ...], holds: str, moves: list[str]) -> None:
    """Exchange states, CHECKs and the index of what holds in place, as PostgreSQL can."""
    op.drop_index("uq__award__need_id", table_name="award")
    for name in ("awardstate", *(f"ck__award__{one}" for one in old)):
        op.drop_constraint(op.f(name), "award", type_="check")
    for move in moves:
        op.execute(move)
    listed = ", ".join(f"'{word}'" for word in states)
    op.create_check_constraint(op.f("awardstate"), "award", f"state in ({listed})")
    for name, text in new.items():
        op.create_check_constraint(op.f(f"ck__award__{name}"), "award", text)
    _index_holding(holds)


def upgrade() -> None:
    """Go forward: an award with a signed contract is final, any other is public until its time is over."""
    contracted = (
        "SELECT award.*, EXISTS (SELECT 1 FROM contract WHERE contract.award_id = award.id "
        "AND contract.starts_at IS NOT NULL) AS contracted FROM award"
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(NEW_STATES, NEW_CHECKS, HOLDS, FORWARD, contracted)
    else:
        for name in ADDED:
            op.add_column("award", sa.Column(name, MOMENT, nullable=True))
        op.add_column("award", sa.Column("annul_reason", sa.Text(), nullable=False, server_default=""))
        op.alter_column("award", "annul_reason", server_default=None)
        signed = "EXISTS (SELECT 1 FROM contract WHERE contract.award_id = award.id AND contract.starts_at IS NOT NULL)"
        moves = [
            "UPDATE award SET confirm_at = publicity_until",
            f"UPDATE award SET state = 'confirmed', confirmed_at = publicity_until WHERE state = 'given' AND {signed}",  # noqa: S608 - our own words
            "UPDATE award SET state = 'provisional' WHERE state = 'given'",
        ]
        _swap(OLD_CHECKS, NEW_CHECKS, NEW_STATES, HOLDS, moves)
        op.alter_column("award", "confirm_at", nullable=False)
    op.execute(
        "INSERT INTO deadline (kind, object_id, due_at, tries) "
        "SELECT 'award.publicity', id, confirm_at, 0 FROM award WHERE state = 'provisional'"
    )
    _complaints()


def _complaints() -> None:
    op.create_table("complaint", *_complaint())
    for name in ("award_id", "need_id", "office_org_id", "org_id", "respondent_org_id", "state"):
        op.create_index(op.f(f"ix__complaint__{name}"), "complaint", [name])
    verdicts = ("pending", "passed", "to_correct", "promised", "missed")
    _part(
        "complaint_item", sa.Column("key", sa.String(20), nullable=False),
        sa.Column("verdict", _words("itemverdict", verdicts), nullable=False),
        sa.Column("note", sa.Text(), nullable=False), sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date()), sa.Column("judged_at", MOMENT),
        sa.CheckConstraint(
            "verdict <> 'promised' OR promised_on IS NOT NULL", name=op.f("ck__complaint_item__promise")
        ),
        sa.UniqueConstraint("complaint_id", "key", name=op.f("uq__complaint_item__complaint_id_key")),
    )  # fmt: skip
    _part(
        "complaint_notice", sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False), sa.Column("sent_by", sa.BigInteger()),
        sa.Column("items", sa.JSON(), nullable=False), sa.Column("answered_at", MOMENT),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck__complaint_notice__number")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq__complaint_notice__complaint_id_number")),
    )  # fmt: skip
    _part(
        "complaint_file", sa.Column("file_id", BIG, nullable=False), sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(20), nullable=False), sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk__complaint_file__file_id")),
    )  # fmt: skip
    op.create_index(op.f("ix__complaint_file__complaint_id"), "complaint_file", ["complaint_id"])


def _part(table: str, *columns: sa.Column[object] | sa.Constraint) -> None:
    """Make a table that hangs on complaints."""
    op.create_table(
        table, sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("complaint_id", BIG, nullable=False), *columns,
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f(f"fk__{table}__complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk__{table}")),
    )  # fmt: skip


REMEDIES = ("none", "annul", "next", "rerun", "correct_notice")
ASPECTS = ("process", "result", "notice", "participant", "qualification", "quality", "speed")
STATES = (
    "filed", "returned", "accepted", "heard", "upheld", "partly", "dismissed", "appealed", "confirmed", "overturned",
    "refused", "withdrawn", "lapsed",
)  # fmt: skip
SETTLED = "'upheld', 'partly', 'dismissed', 'appealed', 'confirmed', 'overturned'"
CHECKS = {
    "need": "subject <> 'selection' OR need_id IS NOT NULL",
    "accepted": f"state NOT IN ('accepted', 'heard', {SETTLED}) OR accepted_at IS NOT NULL",
    "decided": (
        f"state NOT IN ({SETTLED}) OR (outcome IS NOT NULL AND remedy IS NOT NULL AND decision <> '' "
        "AND decided_at IS NOT NULL AND decided_by IS NOT NULL)"
    ),
    "dismissed": "outcome <> 'dismissed' OR remedy = 'none' OR reviewed_at IS NOT NULL",
    "another_decides": "decided_by IS NULL OR handled_by IS NULL OR decided_by <> handled_by",
    "another_reviews": (
        "reviewed_by IS NULL OR (reviewed_by <> decided_by AND (handled_by IS NULL OR reviewed_by <> handled_by))"
    ),
    "appealed": "state NOT IN ('appealed', 'confirmed', 'overturned') OR appeal IS NOT NULL",
    "reviewed": "state NOT IN ('confirmed', 'overturned') OR reviewed_at IS NOT NULL",
    "ended": (
        "state NOT IN ('refused', 'withdrawn', 'lapsed') OR (ended_at IS NOT NULL AND ended_reason <> '')"
    ),
    "corrections": "corrections_n BETWEEN 0 AND 2",
}  # fmt: skip
KEYS = {
    "org_id": "organisation", "respondent_org_id": "organisation", "office_org_id": "organisation",
    "interested_org_id": "organisation", "need_id": "need", "award_id": "award", "agency_id": "agency",
    "earlier_id": "complaint",
}  # fmt: skip


def _complaint() -> list[sa.Column[object] | sa.Constraint]:
    required = ("org_id", "respondent_org_id", "office_org_id")
    moments = (
        "window_closes_at", "correct_by", "accepted_at", "reply_by", "replied_at", "decide_by", "decided_at",
        "appeal_by", "appealed_at", "review_by", "reviewed_at", "final_at", "ended_at",
    )  # fmt: skip
    people = ("handled_by", "accepted_by", "decided_by", "appellant_org_id", "reviewed_by", "ended_by")
    return [
        sa.Column("number", sa.String(24)),
        sa.Column("subject", _words("subject", ("entry", "selection", "operator")), nullable=False),
        sa.Column("aspect", _words("aspect", ASPECTS), nullable=False),
        sa.Column("state", _words("complaintstate", STATES), nullable=False),
        *(sa.Column(name, BIG, nullable=name not in required) for name in KEYS),
        *(sa.Column(name, sa.BigInteger()) for name in people),
        sa.Column("involved", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("matter", "wish", "decision", "ended_reason")),
        *(sa.Column(name, sa.String(300), nullable=False) for name in ("clause", "decision_clause")),
        sa.Column("remedy_note", sa.String(60), nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("contact_name", "contact_phone")),
        sa.Column("clocks", sa.JSON(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("filed_at", "judge_by")),
        *(sa.Column(name, MOMENT) for name in moments),
        *(sa.Column(name, sa.Text()) for name in ("reply", "appeal", "review")),
        sa.Column("corrections_n", sa.Integer(), nullable=False),
        sa.Column("deemed", sa.Boolean(), nullable=False),
        sa.Column("outcome", _words("outcome", ("upheld", "partly", "dismissed"))),
        sa.Column("remedy", _words("remedy", REMEDIES)),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck__complaint__{name}")) for name, text in CHECKS.items()),
        *(sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk__complaint__{name}"))
          for name, table in KEYS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__complaint")),
        sa.UniqueConstraint("number", name=op.f("uq__complaint__number")),
    ]  # fmt: skip


def downgrade() -> None:
    """Go back; complaints are lost, and an award that fell with one counts as declined."""
    for table in ("complaint_file", "complaint_notice", "complaint_item", "complaint"):
        op.drop_table(table)
    op.execute("DELETE FROM deadline WHERE kind LIKE 'complaint.%' OR kind IN ('award.publicity', 'award.suspension')")
    op.execute("UPDATE award SET declined_at = annulled_at, decline_reason = annul_reason WHERE state = 'annulled'")
    if op.get_bind().dialect.name == "sqlite":
        back = {"state": "CASE WHEN state IN ('declined', 'annulled') THEN 'declined' ELSE 'given' END"}
        _rebuild(OLD_STATES, OLD_CHECKS, OLD_HOLDS, back, "SELECT * FROM award")
        return
    moves = [
        "UPDATE award SET state = 'given' WHERE state IN ('provisional', 'suspended', 'confirmed')",
        "UPDATE award SET state = 'declined' WHERE state = 'annulled'",
    ]
    _swap(NEW_CHECKS, OLD_CHECKS, OLD_STATES, OLD_HOLDS, moves)
    for name in ("annul_reason", *reversed(ADDED)):
        op.drop_column("award", name)
