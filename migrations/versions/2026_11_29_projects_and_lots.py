"""Give every need its lot.

Revision: 0015_projects_and_lots, after 0014_window.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_projects_and_lots"
down_revision = "0014_window"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LOT = "lot"
CHECKS = {
    LOT: {
        "number": "number >= 1",
        "leads": "(number = 1) = (notice_id = need_id)",
        "most_wins": "most_wins is null or (number = 1 and most_wins >= 1)",
    },
}
KEYS = {
    LOT: {"need_id": "need", "notice_id": "need"},
}
FILL = "INSERT INTO lot (need_id, notice_id, number, name, title, version) SELECT id, id, 1, '', '', 1 FROM need ORDER BY id"


def upgrade() -> None:
    """Go forward."""
    _make(
        LOT,
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


def downgrade() -> None:
    """Go back; the needs of a notice's lots stay, each as a notice of its own."""
    op.drop_table(LOT)


def _make(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk__{table}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk__{table}__{column}"))
            for column, target in KEYS[table].items()
        ),
        *(sa.CheckConstraint(text, name=op.f(f"ck__{table}__{name}")) for name, text in CHECKS[table].items()),
    )
