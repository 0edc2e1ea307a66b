"""Keep changes of rules with their two persons.

Revision: 0007_rulebook, after 0006_guide.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_rulebook"
down_revision = "0006_guide"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "rule_change"
STATES = "state IN ('proposed', 'approved', 'rejected', 'withdrawn')"
CHECKS = {
    "changestate": STATES,
    "two_persons": "approver_id is null or approver_id <> author_id",
    "row": "(state = 'approved') = (rule_id is not null)",
    "judged": "state not in ('approved', 'rejected') or approver_id is not null",
    "decided": "state not in ('approved', 'rejected') or decision is not null",
    "days": "ends_on is null or ends_on > effective_on",
}
PEOPLE = {
    "author_id": "user_account",
    "approver_id": "user_account",
    "author_org_id": "organisation",
    "approver_org_id": "organisation",
    "rule_id": "rule",
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("fund", sa.String(20), nullable=False),
        sa.Column("item_code", sa.String(20), nullable=False),
        sa.Column("town_code", sa.String(20), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("self_check", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("author_org_id", ID, nullable=False),
        sa.Column("approver_id", ID, nullable=True),
        sa.Column("approver_org_id", ID, nullable=True),
        sa.Column("rule_id", ID, nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk__{TABLE}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk__{TABLE}__{column}"))
            for column, table in PEOPLE.items()
        ),
        sa.UniqueConstraint("rule_id", name=op.f(f"uq__{TABLE}__rule_id")),
        *(sa.CheckConstraint(text, name=op.f(f"ck__{TABLE}__{name}")) for name, text in CHECKS.items()),
    )
    op.create_index(op.f(f"ix__{TABLE}__key"), TABLE, ["key"])
    op.create_index(op.f(f"ix__{TABLE}__state"), TABLE, ["state"])


def downgrade() -> None:
    """Go back."""
    op.drop_table(TABLE)
