"""Keep the turns of contracts: pauses, amendments, early ends, departments' findings, the amount first signed.

Revision: 0012_contract_turns, after 0011_needs_and_quotes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_contract_turns"
down_revision = "0011_needs_and_quotes"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _big(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _whole(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)


def _root(table: str, checks: dict[str, str]) -> tuple[sa.Column[object] | sa.schema.Constraint, ...]:
    """Return what every table that hangs from a contract and lives its own life has."""
    return (
        _big("contract_id"),
        _big("enterprise_org_id"),
        _big("agency_org_id"),
        _big("asked_by_org_id"),
        _moment("asked_at"),
        _moment("answer_by"),
        _text("reason"),
        _text("answer"),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        _whole("version"),
        *(sa.CheckConstraint(text, name=op.f(f"ck__{table}__{name}")) for name, text in checks.items()),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f(f"fk__{table}__contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk__{table}")),
    )


def _one_open(table: str, condition: str) -> None:
    op.create_index(
        f"uq__{table}__open",
        table,
        ["contract_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
    op.create_index(op.f(f"ix__{table}__state"), table, ["state"])


def _pauses() -> None:
    checks = {
        "running": "(state IN ('running', 'ended')) = (running_at IS NOT NULL)",
        "ended": "(state IN ('refused', 'withdrawn', 'ended')) = (ended_at IS NOT NULL)",
        "refused": "state <> 'refused' OR answer <> ''",
        "forward": "ended_at IS NULL OR ended_at >= asked_at",
    }
    op.create_table(
        "contract_pause",
        *_root("contract_pause", checks),
        _whole("no"),
        sa.Column("state", _words("pausestate", "asked", "running", "refused", "withdrawn", "ended"), nullable=False),
        sa.Column("cause", _words("cause", "enterprise", "department", "force_majeure", "agency"), nullable=False),
        _moment("running_at", nullable=True),
        sa.Column("was_deemed", sa.Boolean(), nullable=False),
        _moment("ended_at", nullable=True),
        _big("ended_by_org_id", nullable=True),
        _whole("put_off_days"),
        sa.UniqueConstraint("contract_id", "no", name=op.f("uq__contract_pause__contract_id_no")),
    )
    _one_open("contract_pause", "state IN ('asked', 'running')")


def _amendments() -> None:
    kinds = ("scope_changed", "extension", "price", "force_majeure", "department_requirement", "correction")
    states = ("proposed", "in_force", "refused", "withdrawn", "lapsed")
    checks = {
        "signed": "(state = 'in_force') = (signed_at IS NOT NULL)",
        "ended": "(state = 'proposed') = (ended_at IS NULL)",
        "amount_and_days": "amount_after > 0 AND days_after > 0",
        "different": ("amount_after <> amount_before OR days_after <> days_before OR clause_after <> clause_before"),
    }
    op.create_table(
        "contract_amendment",
        *_root("contract_amendment", checks),
        _whole("no"),
        sa.Column("number", sa.String(50), nullable=False),
        sa.Column("state", _words("amendmentstate", *states), nullable=False),
        sa.Column("kind", _words("amendmentkind", *kinds), nullable=False),
        _big("amount_before"),
        _big("amount_after"),
        _whole("days_before"),
        _whole("days_after"),
        sa.Column("clause_heading", sa.String(80), nullable=False),
        _text("clause_before"),
        _text("clause_after"),
        sa.Column("content_hash", sa.String(64), nullable=False),
        _big("asked_by", nullable=True),
        _moment("signed_at", nullable=True),
        _big("signed_by", nullable=True),
        _moment("ended_at", nullable=True),
        sa.UniqueConstraint("contract_id", "no", name=op.f("uq__contract_amendment__contract_id_no")),
        sa.UniqueConstraint("number", name=op.f("uq__contract_amendment__number")),
    )
    _one_open("contract_amendment", "state = 'proposed'")


def _terminations() -> None:
    causes = (
        "agreed", "enterprise_breach", "agency_breach", "project_cancelled", "force_majeure", "qualification_lost",
    )  # fmt: skip
    checks = {
        "answered": "(state = 'answered') = (answered_at IS NOT NULL)",
        "view": "state <> 'answered' OR agrees IS NOT NULL",
        "payable": "payable >= 0",
    }
    op.create_table(
        "contract_termination",
        *_root("contract_termination", checks),
        sa.Column("state", _words("terminationstate", "notified", "answered", "unanswered"), nullable=False),
        sa.Column("cause", _words("endcause", *causes), nullable=False),
        _text("delivered"),
        _whole("versions"),
        _big("payable"),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        _moment("answered_at", nullable=True),
        sa.UniqueConstraint("contract_id", name=op.f("uq__contract_termination__contract_id")),
    )
    op.create_index(op.f("ix__contract_termination__state"), "contract_termination", ["state"])


def _outcomes() -> None:
    op.create_table(
        "department_outcome",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        _big("contract_id"),
        _whole("no"),
        _big("agency_id"),
        _big("deliverable_id"),
        sa.Column("finding", _words("finding", "accepted", "returned"), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        _text("note"),
        sa.Column("department_code", sa.String(40), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("source", _words("source", "entered", "imported"), nullable=False),
        _big("entered_by_org_id"),
        _moment("entered_at"),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk__department_outcome__contract_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__department_outcome__agency_id")),
        sa.ForeignKeyConstraint(
            ["deliverable_id"], ["deliverable.id"], name=op.f("fk__department_outcome__deliverable_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__department_outcome")),
        sa.UniqueConstraint("contract_id", "no", name=op.f("uq__department_outcome__contract_id_no")),
    )
    op.create_index(op.f("ix__department_outcome__agency_id"), "department_outcome", ["agency_id"])


def upgrade() -> None:
    """Go forward; contracts signed already keep the amount they were signed with."""
    op.add_column("contract", sa.Column("signed_amount", sa.BigInteger(), nullable=True))
    op.execute("UPDATE contract SET signed_amount = amount WHERE starts_at IS NOT NULL")
    _pauses()
    _amendments()
    _terminations()
    _outcomes()


def downgrade() -> None:
    """Go back; turns are lost, and a contract keeps the amount it has now."""
    for table in ("department_outcome", "contract_termination", "contract_amendment", "contract_pause"):
        op.drop_table(table)
    op.drop_column("contract", "signed_amount")
