"""Keep questions to the offices, their answers, and whether these helped.

Revision: 0008_consultation, after 0007_rulebook.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_consultation"
down_revision = "0007_rulebook"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "consultation"
HELPED = "consultation_helped"
CHECKS = {
    "consultationstate": "state IN ('asked', 'answered', 'published', 'retired', 'closed')",
    "answered": "state in ('asked', 'closed') or (answer <> '' and answered_by is not null)",
    "published": "state not in ('published', 'retired') or published_by is not null",
    "two_persons": "published_by is null or published_by <> answered_by",
    "review": "state <> 'published' or review_on is not null",
    "ended": "(state in ('retired', 'closed')) = (ended_at is not null)",
}
KEYS = {
    "org_id": "organisation",
    "answered_by": "user_account",
    "owner_org_id": "organisation",
    "published_by": "user_account",
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("item_code", sa.String(20), nullable=False),
        sa.Column("life", sa.String(60), nullable=False),
        sa.Column("town_code", sa.String(20), nullable=True),
        sa.Column("cites", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("org_id", ID, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_org_id", ID, nullable=True),
        sa.Column("published_by", ID, nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk__{TABLE}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk__{TABLE}__{column}"))
            for column, table in KEYS.items()
        ),
        *(sa.CheckConstraint(text, name=op.f(f"ck__{TABLE}__{name}")) for name, text in CHECKS.items()),
    )
    for column in ("org_id", "item_code", "state"):
        op.create_index(op.f(f"ix__{TABLE}__{column}"), TABLE, [column])
    op.create_index(op.f(f"ix__{TABLE}__state__due_at"), TABLE, ["state", "due_at"])
    op.create_table(
        HELPED,
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("consultation_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk__{HELPED}")),
        sa.ForeignKeyConstraint(["consultation_id"], [f"{TABLE}.id"], name=op.f(f"fk__{HELPED}__consultation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk__{HELPED}__user_id")),
        sa.UniqueConstraint("consultation_id", "user_id", name=op.f(f"uq__{HELPED}__consultation_id_user_id")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table(HELPED)
    op.drop_table(TABLE)
