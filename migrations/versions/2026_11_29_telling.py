"""Keep how people are told: preferences, deliveries, systems that are called, calendars, searches that are followed.

Revision: 0013_telling, after 0012_contract_turns.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_telling"
down_revision = "0012_contract_turns"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CHANNELS = ("mail", "sms", "webhook")
STATES = ("waiting", "sent", "failed", "stopped")


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _aggregate(name: str, *parts: sa.schema.SchemaItem) -> None:
    columns = (
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(name, *parts, *columns, sa.PrimaryKeyConstraint("id", name=op.f(f"pk__{name}")))


def _owner(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk__{table}__{column}"))


def _message_columns() -> None:
    """Let a message be for one person, with its own pace and way to stop; no row is rewritten."""
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("user_id", BIG, nullable=True))
        table.add_column(sa.Column("pace", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("stop_url", sa.String(length=200), nullable=True))
        table.create_foreign_key(op.f("fk__message__user_id"), "user_account", ["user_id"], ["id"])


def _preference() -> None:
    _aggregate(
        "telling_preference",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("todo_channels", sa.JSON(), nullable=False),
        sa.Column("know_channels", sa.JSON(), nullable=False),
        sa.Column("todo_pace", sa.String(length=10), nullable=False),
        sa.Column("know_pace", sa.String(length=10), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_to", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "todo_pace in ('instant', 'daily') and know_pace in ('instant', 'daily')",
            name=op.f("ck__telling_preference__pace"),
        ),
        sa.CheckConstraint(
            "quiet_from between 0 and 1439 and quiet_to between 0 and 1439", name=op.f("ck__telling_preference__quiet")
        ),
        _owner("telling_preference", "user_id", "user_account"),
        sa.UniqueConstraint("user_id", name=op.f("uq__telling_preference__user_id")),
    )


def _webhook() -> None:
    _aggregate(
        "webhook",
        sa.Column("org_id", BIG, nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        _owner("webhook", "org_id", "organisation"),
        sa.UniqueConstraint("org_id", name=op.f("uq__webhook__org_id")),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("channel", _words("channel", CHANNELS), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("state", _words("deliverystate", STATES), nullable=False),
        sa.Column("is_digest", sa.Boolean(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=60), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        _owner("delivery", "message_id", "message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__delivery")),
        sa.UniqueConstraint(
            "message_id", "channel", "recipient", name=op.f("uq__delivery__message_id_channel_recipient")
        ),
    )
    op.create_index("ix__delivery__state__not_before", "delivery", ["state", "not_before"])
    op.create_index(op.f("ix__delivery__recipient"), "delivery", ["recipient"])


def _calendar() -> None:
    _aggregate(
        "calendar_address",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("org_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        _owner("calendar_address", "user_id", "user_account"),
        _owner("calendar_address", "org_id", "organisation"),
        sa.UniqueConstraint("token_hash", name=op.f("uq__calendar_address__token_hash")),
    )
    op.create_index(op.f("ix__calendar_address__user_id"), "calendar_address", ["user_id"])


def _search() -> None:
    _aggregate(
        "saved_search",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("org_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("town", sa.String(length=400), nullable=False),
        sa.Column("item", sa.String(length=400), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=True),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("pace", sa.String(length=10), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.CheckConstraint("pace in ('instant', 'daily')", name=op.f("ck__saved_search__pace")),
        sa.CheckConstraint("least is null or most is null or least <= most", name=op.f("ck__saved_search__amounts")),
        _owner("saved_search", "user_id", "user_account"),
        _owner("saved_search", "org_id", "organisation"),
    )
    op.create_index(op.f("ix__saved_search__user_id"), "saved_search", ["user_id"])
    op.create_index(op.f("ix__saved_search__stopped_at"), "saved_search", ["stopped_at"])


def upgrade() -> None:
    """Go forward."""
    _message_columns()
    for make in (_preference, _webhook, _delivery, _calendar, _search):
        make()


def downgrade() -> None:
    """Go back; what was meant for one person alone is told to nobody."""
    for name in ("saved_search", "calendar_address", "delivery", "webhook", "telling_preference"):
        op.drop_table(name)
    op.execute("DELETE FROM message WHERE user_id IS NOT NULL")
    with op.batch_alter_table("message") as table:
        table.drop_constraint(op.f("fk__message__user_id"), type_="foreignkey")
        for name in ("stop_url", "pace", "user_id"):
            table.drop_column(name)
