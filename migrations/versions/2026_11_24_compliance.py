"""Let fee cases be appealed and reviewed, know more kinds of findings, and keep what was given back.

Revision: 0005_compliance, after 0004_audits.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_compliance"
down_revision = "0004_audits"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD_KINDS = ("above_cap_attempt", "above_posted", "contract_above_quote", "settlement_above_contract")
NEW_KINDS = (*OLD_KINDS, "zero_charge", "unknown_extra", "fee_split", "unusual_price", "abnormally_low")
OLD_STATES = ("open", "replied", "upheld", "dismissed")
NEW_STATES = (*OLD_STATES, "appealed", "confirmed", "overturned")
REPLIED = {"replied": "state <> 'replied' or reply is not null"}
OLD_CHECKS = {
    **REPLIED,
    "above": "found > compared",
    "decided": "(state in ('upheld', 'dismissed')) = (decision is not null)",
}
NEW_CHECKS = {
    **REPLIED,
    "above": "found > compared or (kind in ('unusual_price', 'abnormally_low') and found < compared)",
    "decided": "(state not in ('open', 'replied')) = (decision is not null)",
    "appealed": "(state in ('appealed', 'confirmed', 'overturned')) = (appeal is not null)",
    "reviewed": "(state in ('confirmed', 'overturned')) = (review is not null)",
    "returned": "returned is null or returned >= 0",
}
INDEXES = ("agency_id", "agency_org_id", "enterprise_id", "need_id", "state", "town_code")


def _new_columns() -> list[sa.Column[object]]:
    moment = sa.DateTime(timezone=True)
    kinds: dict[str, sa.types.TypeEngine[object]] = {
        "decided_by": sa.BigInteger(), "was_upheld": sa.Boolean(), "appeal_by": moment, "appeal": sa.Text(),
        "appealed_at": moment, "review_by": moment, "review": sa.Text(), "reviewed_at": moment,
        "returned": sa.BigInteger(), "returned_at": moment,
    }  # fmt: skip
    return [sa.Column(name, kind, nullable=True) for name, kind in kinds.items()]


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _table(
    kinds: tuple[str, ...], states: tuple[str, ...], checks: dict[str, str], *, appealable: bool
) -> tuple[sa.Column[object] | sa.schema.Constraint, ...]:
    moment = sa.DateTime(timezone=True)
    return (
        sa.Column("kind", _words("casekind", kinds), nullable=False),
        sa.Column("object_kind", sa.String(40), nullable=False),
        sa.Column("object_id", BIG, nullable=False),
        sa.Column("need_id", BIG),
        *(sa.Column(name, BIG, nullable=False) for name in ("agency_id", "agency_org_id", "enterprise_id")),
        *(sa.Column(name, sa.String(20), nullable=False) for name in ("town_code", "item_code")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("found", "compared")),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("state", _words("casestate", states), nullable=False),
        *(sa.Column(name, moment, nullable=False) for name in ("opened_at", "due_at")),
        sa.Column("reply", sa.Text()),
        sa.Column("replied_at", moment),
        sa.Column("decision", sa.Text()),
        sa.Column("decided_at", moment),
        *(_new_columns() if appealable else ()),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck__fee_case__{name}")) for name, text in checks.items()),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__fee_case__agency_id")),
        sa.ForeignKeyConstraint(["agency_org_id"], ["organisation.id"], name=op.f("fk__fee_case__agency_org_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["organisation.id"], name=op.f("fk__fee_case__enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__fee_case")),
        sa.UniqueConstraint("kind", "object_kind", "object_id", name=op.f("uq__fee_case__kind_object_kind_object_id")),
    )


OLD_NAMES = (
    "kind, object_kind, object_id, need_id, agency_id, agency_org_id, enterprise_id, town_code, item_code, found, "
    "compared, evidence, state, opened_at, due_at, reply, replied_at, decision, decided_at, id, version"
)


def _rebuild(kinds: tuple[str, ...], states: tuple[str, ...], checks: dict[str, str], *, appealable: bool) -> None:
    """Make the table anew, as SQLite must to change a CHECK, and carry its rows over.

    The table is dropped, never renamed: a rename would turn the foreign keys of other tables with it. Those keys are
    looked at when all is done.
    """
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE fee_case_former AS SELECT * FROM fee_case")
    op.drop_table("fee_case")
    op.create_table("fee_case", *_table(kinds, states, checks, appealable=appealable))
    op.execute(f"INSERT INTO fee_case ({OLD_NAMES}) SELECT {OLD_NAMES} FROM fee_case_former")  # noqa: S608 - our own names
    op.drop_table("fee_case_former")
    for name in INDEXES:
        op.create_index(op.f(f"ix__fee_case__{name}"), "fee_case", [name])


def _swap_checks(old: dict[str, str], new: dict[str, str], kinds: tuple[str, ...], states: tuple[str, ...]) -> None:
    """Exchange the CHECKs in place, as PostgreSQL can.

    Those of closed sets of words are named for the set alone, as the first migration made them.
    """
    lists = {"casekind": ("kind", kinds), "casestate": ("state", states)}
    for name in (*lists, *(op.f(f"ck__fee_case__{name}") for name in old)):
        op.drop_constraint(op.f(name), "fee_case", type_="check")
    for name, (column, words) in lists.items():
        listed = ", ".join(f"'{word}'" for word in words)
        op.create_check_constraint(op.f(name), "fee_case", f"{column} in ({listed})")
    for name, text in new.items():
        op.create_check_constraint(op.f(f"ck__fee_case__{name}"), "fee_case", text)


def upgrade() -> None:
    """Go forward; a decision already made keeps what it was."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(NEW_KINDS, NEW_STATES, NEW_CHECKS, appealable=True)
    else:
        for column in _new_columns():
            op.add_column("fee_case", column)
        _swap_checks(OLD_CHECKS, NEW_CHECKS, NEW_KINDS, NEW_STATES)
    op.execute("UPDATE fee_case SET was_upheld = (state = 'upheld') WHERE decision IS NOT NULL")


def downgrade() -> None:
    """Go back; cases only the newer table knows are lost, an appealed one returns to its first decision."""
    listed = ", ".join(f"'{word}'" for word in OLD_KINDS)
    op.execute(f"DELETE FROM fee_case WHERE kind NOT IN ({listed})")  # noqa: S608 - our own words
    op.execute(
        "UPDATE fee_case SET appeal = NULL, review = NULL, state = CASE WHEN was_upheld THEN 'upheld' "
        "ELSE 'dismissed' END WHERE state IN ('appealed', 'confirmed', 'overturned')"
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(OLD_KINDS, OLD_STATES, OLD_CHECKS, appealable=False)
        return
    _swap_checks(NEW_CHECKS, OLD_CHECKS, OLD_KINDS, OLD_STATES)
    for column in reversed(_new_columns()):
        op.drop_column("fee_case", column.name)
