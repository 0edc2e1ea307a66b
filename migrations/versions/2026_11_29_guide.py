"""Keep each version of how things live.

Revision: 0006_guide, after 0005_compliance.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_guide"
down_revision = "0005_compliance"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "guide_version",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("life", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("table", sa.JSON(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__guide_version")),
        sa.UniqueConstraint("life", "number", name=op.f("uq__guide_version__life_number")),
        sa.CheckConstraint("number >= 1", name=op.f("ck__guide_version__number")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("guide_version")
