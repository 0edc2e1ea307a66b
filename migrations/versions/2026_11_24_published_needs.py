"""Index published needs, so that the list's filters are counted without reading the notices.

Revision: 0002_published_needs, after 0001_first_tables.
"""

from __future__ import annotations

from alembic import op

revision = "0002_published_needs"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None

NEW = {
    "ix__need__state__published": "state",
    "ix__need__town__published": "town_code",
    "ix__need__item__published": "item_code",
}
OLD = {"ix__need__town_code": "town_code", "ix__need__item_code": "item_code"}


def upgrade() -> None:
    """Go forward."""
    for name, column in NEW.items():
        op.create_index(name, "need", [column, "published_at"])
    for name in OLD:
        op.drop_index(name, table_name="need")


def downgrade() -> None:
    """Go back."""
    for name, column in OLD.items():
        op.create_index(name, "need", [column])
    for name in NEW:
        op.drop_index(name, table_name="need")
