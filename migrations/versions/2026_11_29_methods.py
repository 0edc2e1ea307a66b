"""Let a need name every method of selection with its terms, and a selection run rounds of bidding.

Revision: 0010_methods, after 0009_complaints.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_methods"
down_revision = "0009_complaints"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD_METHODS = ("direct", "lowest", "merit")
NEW_METHODS = (*OLD_METHODS, "best-price", "credit", "mean", "random", "rounds")
OLD_STATES = ("committed", "weighing", "decided", "failed")
NEW_STATES = ("committed", "bidding", "weighing", "decided", "failed")
BIDDING = "state <> 'bidding' OR (round_number IS NOT NULL AND round_ends_at IS NOT NULL)"


def _listed(column: str, words: tuple[str, ...]) -> str:
    quoted = ", ".join(f"'{word}'" for word in words)
    return f"{column} in ({quoted})"


def _change_check(table: str, name: str, column: str, old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Exchange a closed set of words in a CHECK.

    SQLite keeps a table's CHECK in its text alone, and its own manual lets one be edited there where the rows need no
    change; so no table that others point at is made anew, and what another migration added to it stays.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, _listed(column, new))
        return
    text = _schema(table)
    start = text.index("(", text.index(f"CONSTRAINT {name} CHECK") + len(name))
    start = text.lower().index(f"{column} in (", start)
    end = text.index(")", start) + 1
    found = {word.strip().strip("'") for word in text[text.index("(", start) + 1 : end - 1].split(",")}
    if found != set(old):
        message = f"{name} lists {sorted(found)}"
        raise ValueError(message)
    _write_schema(table, text[:start] + _listed(column, new) + text[end:])


def _add_check(table: str, name: str, condition: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.create_check_constraint(op.f(name), table, condition)
        return
    body = _schema(table).rstrip().removesuffix(")")
    _write_schema(table, f"{body}, CONSTRAINT {name} CHECK ({condition}))")


def _drop_check(table: str, name: str, condition: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        return
    _write_schema(table, _schema(table).replace(f", CONSTRAINT {name} CHECK ({condition})", ""))


def _schema(table: str) -> str:
    found = op.get_bind().execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"), {"table": table}
    )
    return str(found.scalar_one())


def _write_schema(table: str, text: str) -> None:
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :text WHERE type = 'table' AND name = :table"),
        {"text": text, "table": table},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def upgrade() -> None:
    """Go forward; a need written before has no terms."""
    op.add_column("need", sa.Column("terms", sa.JSON(), nullable=False, server_default="{}"))
    _change_check("need", "ck__need__method", "method", OLD_METHODS, NEW_METHODS)
    _change_check("selection", "selectionstate", "state", OLD_STATES, NEW_STATES)
    moment = sa.DateTime(timezone=True)
    op.add_column("selection", sa.Column("round_number", sa.Integer(), nullable=True))
    op.add_column("selection", sa.Column("round_starts_at", moment, nullable=True))
    op.add_column("selection", sa.Column("round_ends_at", moment, nullable=True))
    op.add_column("selection", sa.Column("round_extensions", sa.Integer(), nullable=False, server_default="0"))
    _add_check("selection", "ck__selection__bidding", BIDDING)
    op.create_table(
        "bid",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("selection_id", sa.BigInteger(), nullable=False),
        sa.Column("quote_id", sa.BigInteger(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", moment, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck__bid__amount")),
        sa.ForeignKeyConstraint(["selection_id"], ["selection.id"], name=op.f("fk__bid__selection_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk__bid__quote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__bid")),
        sa.UniqueConstraint("quote_id", "amount", name=op.f("uq__bid__quote_id_amount")),
    )
    op.create_index(op.f("ix__bid__selection_id"), "bid", ["selection_id"])


def downgrade() -> None:
    """Go back: a need by a method only the newer table knows becomes a direct choice, rounds end where they stand."""
    op.drop_table("bid")
    op.execute("UPDATE selection SET state = 'weighing' WHERE state = 'bidding'")
    listed = ", ".join(f"'{word}'" for word in OLD_METHODS)
    for table in ("need", "selection"):
        op.execute(f"UPDATE {table} SET method = 'direct' WHERE method NOT IN ({listed})")  # noqa: S608 - our own words
    _drop_check("selection", "ck__selection__bidding", BIDDING)
    _change_check("selection", "selectionstate", "state", NEW_STATES, OLD_STATES)
    _change_check("need", "ck__need__method", "method", NEW_METHODS, OLD_METHODS)
    for column in ("round_extensions", "round_ends_at", "round_starts_at", "round_number"):
        op.drop_column("selection", column)
    op.drop_column("need", "terms")
