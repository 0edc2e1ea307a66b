"""Keep visits to the towns' windows, consents to file, and shipments.

Revision: 0014_window, after 0013_telling.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_window"
down_revision = "0013_telling"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
VISIT, CONSENT, SHIPMENT = "window_visit", "window_consent", "window_shipment"
LIVE = sa.text("state in ('asked', 'given')")
TRACKED = sa.text("tracking <> ''")
CHECKS = {
    VISIT: {
        "visitstate": "state IN ('open', 'done', 'cancelled')",
        "ended": "(state = 'open') = (ended_at is null)",
        "reason": "state <> 'cancelled' or end_reason <> ''",
    },
    CONSENT: {
        "consentkind": "kind IN ('paper', 'code')",
        "consentstate": "state IN ('asked', 'given', 'used_up', 'expired', 'withdrawn')",
        "paper": "kind <> 'paper' or file_id is not null",
        "given": "state not in ('given', 'used_up') or (given_at is not null and given_by is not null)",
        "used": "(state = 'used_up') = (need_id is not null)",
        "ended": "(state in ('asked', 'given')) = (ended_at is null)",
    },
    SHIPMENT: {
        "shipmentstate": "state IN ('announced', 'sent', 'signed', 'returned', 'lost')",
        "signer": "signed_by IN ('recipient', 'colleague', 'reception', 'locker')",
        "two_sides": "from_org_id <> to_org_id",
        "sender": "sender in ('enterprise', 'agency', 'window')",
        "receiver": "receiver in ('enterprise', 'agency', 'window') and receiver <> sender",
        "sent": "state in ('announced', 'returned') or (sent_at is not null and tracking <> '')",
        "signed": "(state = 'signed') = (signed_at is not null and signed_by is not null)",
        "ended": "(state in ('announced', 'sent')) = (ended_at is null)",
        "reason": "state not in ('returned', 'lost') or end_reason <> ''",
    },
}
KEYS = {
    VISIT: {"org_id": "organisation", "window_org_id": "organisation", "clerk_id": "user_account", "need_id": "need"},
    CONSENT: {
        "visit_id": VISIT, "org_id": "organisation", "file_id": "stored_file", "given_by": "user_account",
        "need_id": "need",
    },
    SHIPMENT: {
        "need_id": "need", "contract_id": "contract", "from_org_id": "organisation", "to_org_id": "organisation",
        "announced_by": "user_account", "recorded_by": "user_account",
    },
}  # fmt: skip
INDEXES = {
    VISIT: ("need_id", "org_id", "state", "town_code"),
    CONSENT: ("org_id", "state", "visit_id"),
    SHIPMENT: ("contract_id", "from_org_id", "need_id", "state", "to_org_id", "town_code"),
}


def upgrade() -> None:
    """Go forward."""
    _make(
        VISIT,
        sa.Column("org_id", ID, nullable=False),
        sa.Column("town_code", sa.String(20), nullable=False),
        sa.Column("window_org_id", ID, nullable=False),
        sa.Column("clerk_id", ID, nullable=False),
        sa.Column("visitor_name", sa.LargeBinary(), nullable=False),
        sa.Column("matter", sa.String(200), nullable=False),
        sa.Column("need_id", ID, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
    )
    _make(
        CONSENT,
        sa.Column("visit_id", ID, nullable=False),
        sa.Column("org_id", ID, nullable=False),
        sa.Column("town_code", sa.String(20), nullable=False),
        sa.Column("item_code", sa.String(20), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("until", AT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("given_at", AT, nullable=True),
        sa.Column("given_by", ID, nullable=True),
        sa.Column("need_id", ID, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.UniqueConstraint("need_id", name=op.f(f"uq__{CONSENT}__need_id")),
    )
    _make(
        SHIPMENT,
        sa.Column("need_id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=True),
        sa.Column("town_code", sa.String(20), nullable=False),
        sa.Column("sender", sa.String(20), nullable=False),
        sa.Column("receiver", sa.String(20), nullable=False),
        sa.Column("from_org_id", ID, nullable=False),
        sa.Column("to_org_id", ID, nullable=False),
        sa.Column("carrier", sa.String(20), nullable=False),
        sa.Column("tracking", sa.String(40), nullable=False),
        sa.Column("content", sa.String(200), nullable=False),
        sa.Column("is_originals", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("announced_at", AT, nullable=False),
        sa.Column("announced_by", ID, nullable=False),
        sa.Column("sent_at", AT, nullable=True),
        sa.Column("signed_at", AT, nullable=True),
        sa.Column("signed_by", sa.String(40), nullable=True),
        sa.Column("recorded_by", ID, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
    )
    _unique(f"uq__{CONSENT}__visit_id", CONSENT, ["visit_id"], LIVE)
    _unique(f"uq__{SHIPMENT}__carrier_tracking", SHIPMENT, ["carrier", "tracking"], TRACKED)


def downgrade() -> None:
    """Go back."""
    for table in (SHIPMENT, CONSENT, VISIT):
        op.drop_table(table)


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
    for column in INDEXES[table]:
        op.create_index(op.f(f"ix__{table}__{column}"), table, [column])


def _unique(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
