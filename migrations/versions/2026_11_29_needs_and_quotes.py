"""Let open notices be amended, agencies invited, low prices explained; keep what a quote holds besides its price.

Revision: 0011_needs_and_quotes, after 0010_methods.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_needs_and_quotes"
down_revision = "0010_methods"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = ("asked", "answered", "silent", "accepted", "rejected", "lapsed")
COLUMNS = {
    "need": (
        ("extensions", sa.Integer(), False),
        ("binding_amendment", sa.Integer(), False),
    ),
    "quote": (
        ("knows_amendment", sa.Integer(), False),
        ("confirmed_at", MOMENT, True),
        ("lines", sa.JSON(), True),
        ("files", sa.JSON(), True),
    ),
}


def _id() -> sa.Column[int]:
    return sa.Column("id", BIG, autoincrement=True, nullable=False)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk__{table}__{column}"))


def upgrade() -> None:
    """Go forward; notices and quotes already there have no amendment to know of."""
    for table, columns in COLUMNS.items():
        for name, kind, is_null in columns:
            op.add_column(table, sa.Column(name, kind, nullable=is_null, server_default=None if is_null else "0"))
    op.create_table(
        "need_amendment",
        sa.Column("need_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("is_material", sa.Boolean(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("closes_before", "closes_after", "amended_at")),
        _id(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck__need_amendment__reason")),
        _key("need_amendment", "need_id", "need"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__need_amendment")),
        sa.UniqueConstraint("need_id", "number", name=op.f("uq__need_amendment__need_id_number")),
    )
    op.create_index(op.f("ix__need_amendment__need_id"), "need_amendment", ["need_id"])
    op.create_table(
        "invitation",
        _id(),
        sa.Column("need_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        _key("invitation", "need_id", "need"),
        _key("invitation", "agency_id", "agency"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__invitation")),
        sa.UniqueConstraint("need_id", "agency_id", name=op.f("uq__invitation__need_id_agency_id")),
    )
    for name in ("need_id", "agency_id"):
        op.create_index(op.f(f"ix__invitation__{name}"), "invitation", [name])
    op.create_table(
        "quote_file",
        _id(),
        sa.Column("quote_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _key("quote_file", "quote_id", "quote"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__quote_file")),
        sa.UniqueConstraint("quote_id", "number", name=op.f("uq__quote_file__quote_id_number")),
    )
    _create_explanation()


def _create_explanation() -> None:
    op.create_table(
        "explanation",
        *(
            sa.Column(name, BIG, nullable=False)
            for name in ("need_id", "quote_id", "agency_id", "agency_org_id", "org_id")
        ),
        sa.Column("town_code", sa.String(20), nullable=False),
        sa.Column("test", sa.String(40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="explanationstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("asked_at", "due_at")),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("file_id", BIG, nullable=True),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("answered_at", "decide_by")),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        _id(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'answered' or text is not null", name=op.f("ck__explanation__answered")),
        sa.CheckConstraint(
            "(state in ('accepted', 'rejected')) = (reason is not null)", name=op.f("ck__explanation__decided")
        ),
        _key("explanation", "need_id", "need"),
        _key("explanation", "quote_id", "quote"),
        _key("explanation", "agency_id", "agency"),
        _key("explanation", "agency_org_id", "organisation"),
        _key("explanation", "org_id", "organisation"),
        _key("explanation", "file_id", "stored_file"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__explanation")),
        sa.UniqueConstraint("quote_id", name=op.f("uq__explanation__quote_id")),
    )
    for name in ("need_id", "agency_org_id", "org_id", "state"):
        op.create_index(op.f(f"ix__explanation__{name}"), "explanation", [name])


def downgrade() -> None:
    """Go back; amendments, invitations, attachments and explanations are lost, notices stand as last amended."""
    for table in ("explanation", "quote_file", "invitation", "need_amendment"):
        op.drop_table(table)
    for table, columns in COLUMNS.items():
        for name, _kind, _is_null in reversed(columns):
            op.drop_column(table, name)
