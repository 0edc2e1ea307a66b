"""Let approved answers and guides wait for the index too.

Revision: 0015_answers, after 0014_window.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0015_answers"
down_revision = "0014_window"
branch_labels = None
depends_on = None

TABLE = "waiting_document"
BEFORE = ("item", "agency", "notice", "schedule")
AFTER = (*BEFORE, "guide", "answer")


def _rewrite(kinds: Sequence[str]) -> None:
    """Make the queue anew with these kinds; what waits is put back, but for a kind no longer known."""
    bind = op.get_bind()
    waiting = bind.execute(sa.text("SELECT kind, object_id, at FROM waiting_document ORDER BY id"))
    kept = [dict(row) for row in waiting.mappings()]
    op.drop_table(TABLE)
    words = sa.Enum(*kinds, name="kind", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", words, nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__waiting_document")),
    )
    for row in kept:
        if row["kind"] in kinds:
            bind.execute(
                sa.text("INSERT INTO waiting_document (kind, object_id, at) VALUES (:kind, :object_id, :at)"), row
            )


def upgrade() -> None:
    """Apply."""
    _rewrite(AFTER)


def downgrade() -> None:
    """Take back."""
    _rewrite(BEFORE)
