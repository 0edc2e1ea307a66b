"""Give every need its lot, and keep projects with their plans.

Revision: 0017_projects_and_lots, after 0016_frameworks.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_projects_and_lots"
down_revision = "0016_frameworks"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DAY = sa.Date()
AT = sa.DateTime(timezone=True)
LOT, PROJECT, ENTRY, EDGE = "lot", "project", "plan_entry", "plan_edge"
IN_PLAN = sa.text("state <> 'removed'")
CHECKS = {
    LOT: {
        "number": "number >= 1",
        "leads": "(number = 1) = (notice_id = need_id)",
        "most_wins": "most_wins is null or (number = 1 and most_wins >= 1)",
    },
    PROJECT: {
        "projectstate": "state IN ('running', 'done', 'cancelled')",
        "fund": "fund in ('fiscal', 'social')",
        "ended": "(state = 'running') = (ended_at is null)",
        "reason": "state <> 'cancelled' or end_reason <> ''",
    },
    ENTRY: {
        "entrystate": "state IN ('planned', 'own', 'own_done', 'not_needed', 'removed')",
        "days": "days > 0",
        "reason": "state not in ('own', 'own_done', 'not_needed') or reason <> ''",
    },
    EDGE: {"two": "before_id <> after_id"},
}
KEYS = {
    LOT: {"need_id": "need", "notice_id": "need"},
    PROJECT: {"org_id": "organisation"},
    ENTRY: {"project_id": PROJECT, "org_id": "organisation"},
    EDGE: {"project_id": PROJECT, "before_id": ENTRY, "after_id": ENTRY},
}
INDEXES = {
    LOT: (),
    PROJECT: ("code", "org_id", "state"),
    ENTRY: ("project_id", "state"),
    EDGE: ("after_id", "project_id"),
}
FILL = "INSERT INTO lot (need_id, notice_id, number, name, title, version) SELECT id, id, 1, '', '', 1 FROM need ORDER BY id"


def upgrade() -> None:
    """Go forward."""
    _make(
        LOT,
        _version(),
        sa.Column("need_id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("most_wins", sa.Integer(), nullable=True),
        sa.UniqueConstraint("need_id", name=op.f("uq__lot__need_id")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq__lot__notice_id_number")),
    )
    op.execute(FILL)
    _make_plans()


def _make_plans() -> None:
    _make(
        PROJECT,
        _version(),
        sa.Column("org_id", ID, nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("town_code", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("fund", sa.String(10), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("investment", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("starts_on", DAY, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("end_reason", sa.String(200), nullable=False),
        sa.UniqueConstraint("org_id", "code", name=op.f("uq__project__org_id_code")),
    )
    _make(
        ENTRY,
        _version(),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("org_id", ID, nullable=False),
        sa.Column("item_code", sa.String(20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("by_rule", sa.Boolean(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
    )
    op.create_index(
        "uq__plan_entry__project_id_item_code", ENTRY, ["project_id", "item_code"], unique=True,
        sqlite_where=IN_PLAN, postgresql_where=IN_PLAN,
    )  # fmt: skip
    _make(
        EDGE,
        sa.Column("project_id", ID, nullable=False),
        sa.Column("before_id", ID, nullable=False),
        sa.Column("after_id", ID, nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("before_id", "after_id", name=op.f("uq__plan_edge__before_id_after_id")),
    )


def downgrade() -> None:
    """Go back; the needs of a notice's lots stay, each as a notice of its own."""
    for table in (EDGE, ENTRY, PROJECT, LOT):
        op.drop_table(table)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), nullable=False)


def _make(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", ID, autoincrement=True, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk__{table}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk__{table}__{column}"))
            for column, target in KEYS[table].items()
        ),
        *(sa.CheckConstraint(text, name=op.f(f"ck__{table}__{name}")) for name, text in CHECKS[table].items()),
    )
    for column in INDEXES[table]:
        op.create_index(op.f(f"ix__{table}__{column}"), table, [column])
