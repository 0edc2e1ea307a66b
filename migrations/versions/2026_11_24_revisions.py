"""Keep revisions of fee schedules, the register's number, and the findings a correction changes.

Revision: 0003_revisions, after 0002_published_needs.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_revisions"
down_revision = "0002_published_needs"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = sa.Enum(
    "draft", "proposed", "approved", "in_force", "rejected", "withdrawn",
    name="revisionstate", native_enum=False, create_constraint=True, length=40,
)  # fmt: skip


def moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "fee_register",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__fee_register")),
    )
    op.create_table(
        "fee_revision",
        sa.Column("schedule_id", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("base_text", sa.Text(), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("state", STATES, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("author_org_id", BIG, nullable=False),
        sa.Column("approver_id", BIG, nullable=True),
        sa.Column("approver_org_id", BIG, nullable=True),
        sa.Column("approved_no", sa.Integer(), nullable=True),
        moment("drafted_at", nullable=False),
        moment("proposed_at"),
        moment("decided_at"),
        sa.Column("decision", sa.Text(), nullable=True),
        moment("in_force_at"),
        moment("recomputed_at"),
        sa.Column("recomputed", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approver_id is null or approver_id <> author_id", name=op.f("ck__fee_revision__two_persons")
        ),
        sa.CheckConstraint(
            "(state in ('approved', 'in_force')) = (approved_no is not null)", name=op.f("ck__fee_revision__numbered")
        ),
        sa.CheckConstraint(
            "state not in ('approved', 'in_force', 'rejected') or approver_id is not null",
            name=op.f("ck__fee_revision__judged"),
        ),
        sa.CheckConstraint(
            "state not in ('approved', 'in_force', 'rejected') or decision is not null",
            name=op.f("ck__fee_revision__decided"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'withdrawn') or proposed_at is not null", name=op.f("ck__fee_revision__proposed")
        ),
        sa.CheckConstraint("(state = 'in_force') = (in_force_at is not null)", name=op.f("ck__fee_revision__in_force")),
        sa.CheckConstraint("text_sha256 <> base_sha256", name=op.f("ck__fee_revision__different")),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk__fee_revision__author_id")),
        sa.ForeignKeyConstraint(["author_org_id"], ["organisation.id"], name=op.f("fk__fee_revision__author_org_id")),
        sa.ForeignKeyConstraint(["approver_id"], ["user_account.id"], name=op.f("fk__fee_revision__approver_id")),
        sa.ForeignKeyConstraint(
            ["approver_org_id"], ["organisation.id"], name=op.f("fk__fee_revision__approver_org_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__fee_revision")),
        sa.UniqueConstraint("approved_no", name=op.f("uq__fee_revision__approved_no")),
    )
    op.create_index(op.f("ix__fee_revision__schedule_id"), "fee_revision", ["schedule_id"])
    op.create_index(op.f("ix__fee_revision__state"), "fee_revision", ["state"])
    op.create_table(
        "revised_finding",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("old_base", sa.BigInteger(), nullable=True),
        sa.Column("new_base", sa.BigInteger(), nullable=True),
        sa.Column("old_limit", sa.BigInteger(), nullable=True),
        sa.Column("new_limit", sa.BigInteger(), nullable=True),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["fee_revision.id"], name=op.f("fk__revised_finding__revision_id")),
        sa.ForeignKeyConstraint(["case_id"], ["fee_case.id"], name=op.f("fk__revised_finding__case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__revised_finding")),
        sa.UniqueConstraint("revision_id", "case_id", name=op.f("uq__revised_finding__revision_id_case_id")),
    )
    op.create_index(op.f("ix__revised_finding__case_id"), "revised_finding", ["case_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("revised_finding")
    op.drop_table("fee_revision")
    op.drop_table("fee_register")
