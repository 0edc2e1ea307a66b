"""Keep batch audits of fees and their rows in parts.

Revision: 0004_audits, after 0003_revisions.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_audits"
down_revision = "0003_revisions"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "state IN ('draft', 'running', 'done', 'cancelled')"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "fee_audit",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("one_by_one", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("top", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__fee_audit")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk__fee_audit__org_id")),
        sa.CheckConstraint(STATES, name=op.f("ck__fee_audit__auditstate")),
        sa.CheckConstraint("rows_done >= 0 and rows_done <= rows_total", name=op.f("ck__fee_audit__progress")),
        sa.CheckConstraint(
            "state = 'draft' or state = 'cancelled' or started_at is not null", name=op.f("ck__fee_audit__started")
        ),
        sa.CheckConstraint(
            "(state in ('done', 'cancelled')) = (ended_at is not null)", name=op.f("ck__fee_audit__ended")
        ),
        sa.CheckConstraint("state <> 'done' or rows_done = rows_total", name=op.f("ck__fee_audit__whole")),
    )
    op.create_index(op.f("ix__fee_audit__org_id"), "fee_audit", ["org_id"])
    op.create_index(op.f("ix__fee_audit__state"), "fee_audit", ["state"])
    op.create_table(
        "fee_audit_part",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("audit_id", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("given", sa.LargeBinary(), nullable=False),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__fee_audit_part")),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["fee_audit.id"], name=op.f("fk__fee_audit_part__audit_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("audit_id", "no", name=op.f("uq__fee_audit_part__audit_id_no")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("fee_audit_part")
    op.drop_table("fee_audit")
