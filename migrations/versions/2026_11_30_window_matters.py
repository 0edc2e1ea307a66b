"""Let a window file questions, results' acceptances, registrations and prices, too.

Revision: 0019_window_matters, after 0018_lives. The table of filings is made anew on both databases: what is checked
of a matter names every matter there is. Nothing hangs on it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_window_matters"
down_revision = "0018_lives"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
TABLE = "window_filing"
FORMER = ("need", "complaint", "qualification")
MORE = ("question", "receipt", "registration", "price")
KEYS = {
    "consent_id": "window_consent", "visit_id": "window_visit", "need_id": "need", "complaint_id": "complaint",
    "qualification_id": "qualification",
}  # fmt: skip
NEW_KEYS = {"question_id": "question", "contract_id": "contract", "price_id": "posted_price"}
CHECKS = {
    "need": "matter <> 'need' or need_id is not null",
    "complaint": "(matter = 'complaint') = (complaint_id is not null)",
    "qualification": "(matter = 'qualification') = (qualification_id is not null)",
}
NEW_CHECKS = {
    "question": "(matter = 'question') = (question_id is not null)",
    "receipt": "(matter = 'receipt') = (contract_id is not null)",
    "price": "(matter = 'price') = (price_id is not null)",
}
FREE = ("need_id", "complaint_id", "qualification_id", *NEW_KEYS)
NAMES = f"id, matter, filed_at, {', '.join(KEYS)}"
# What a consent covers that the former words have no name for; one still alive is over then.
UNKNOWN = " OR ".join(f"CAST(covers AS TEXT) LIKE '%{word}%'" for word in MORE)


def upgrade() -> None:
    """Go forward: the filings there are stay as they are."""
    _remake(KEYS | NEW_KEYS, CHECKS | NEW_CHECKS, (*FORMER, *MORE))


def downgrade() -> None:
    """Go back; what the former words cannot name is lost, and a consent for it is over."""
    op.execute(f"DELETE FROM {TABLE} WHERE matter NOT IN {FORMER}")  # noqa: S608 - our own words
    for done in ("state = 'expired', ended_at = asked_at WHERE ended_at IS NULL AND", "covers = '[\"need\"]' WHERE"):
        op.execute(f"UPDATE window_consent SET {done} ({UNKNOWN})")  # noqa: S608 - our own words
    _remake(KEYS, CHECKS, FORMER)


def _remake(keys: dict[str, str], checks: dict[str, str], matters: tuple[str, ...]) -> None:
    op.execute(f"CREATE TABLE filing_former AS SELECT {NAMES} FROM {TABLE}")  # noqa: S608 - our own names
    op.drop_table(TABLE)
    op.create_table(
        TABLE,
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column(
            "matter", sa.Enum(*matters, name="matter", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        *(sa.Column(name, BIG, nullable=name in FREE) for name in keys),
        sa.Column("filed_at", AT, nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck__{TABLE}__{name}")) for name, text in checks.items()),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk__{TABLE}__{name}"))
            for name, target in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk__{TABLE}")),
        sa.UniqueConstraint("consent_id", "matter", name=op.f(f"uq__{TABLE}__consent_id_matter")),
    )  # fmt: skip
    op.execute(f"INSERT INTO {TABLE} ({NAMES}) SELECT {NAMES} FROM filing_former")  # noqa: S608 - our own names
    op.execute("DROP TABLE filing_former")
    op.create_index(op.f(f"ix__{TABLE}__visit_id"), TABLE, ["visit_id"])
    if op.get_bind().dialect.name != "sqlite":
        following = f"(SELECT coalesce(max(id), 0) + 1 FROM {TABLE})"  # noqa: S608 - our own names
        op.execute(f"SELECT setval(pg_get_serial_sequence('{TABLE}', 'id'), {following}, false)")
