"""Keep framework agreements, their members, what is called off from them, and who is admitted to a need.

Revision: 0016_frameworks, after 0015_answers.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_frameworks"
down_revision = "0015_answers"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
FRAMEWORK, MEMBER, CALL, ADMISSION = "framework", "framework_member", "call_off", "admission"
OLD_METHODS = ("best-price", "credit", "direct", "lowest", "mean", "merit", "random", "rounds")
NEW_METHODS = (
    "best-price", "call-low", "call-merit", "call-pick", "call-turn", "credit", "direct", "framework", "lowest", "mean",
    "merit", "random", "rounds",
)  # fmt: skip
CHECKS = {
    FRAMEWORK: {
        "entry": "entry IN ('price', 'credit')",
        "way": "way IN ('direct', 'rotation', 'price', 'merit')",
        "frameworkstate": (
            "state IN ('draft', 'inviting', 'provisional', 'suspended', 'in_force', 'expired', 'closed', 'failed', "
            "'withdrawn')"
        ),
        "fund": "fund in ('fiscal', 'social')",
        "quoting": "quoting in ('amount', 'discount')",
        "published": "state in ('draft', 'withdrawn') or need_id is not null",
        "publicity": "state not in ('provisional', 'suspended') or confirm_at is not null",
        "suspended": "state <> 'suspended' or suspended_until is not null",
        "term": "state not in ('in_force', 'expired', 'closed') or ends_at is not null",
        "ended": "(state in ('expired', 'closed', 'failed', 'withdrawn')) = (ended_at is not null)",
        "numbers": "months > 0 and wanted > 0 and share between 1 and 90",
    },
    MEMBER: {
        "memberstate": "state IN ('member', 'withdrawn', 'removed')",
        "price": "(price is null) <> (discount_rate is null)",
        "left": "(state = 'member') = (left_at is null)",
        "cause": "state = 'member' or (cause <> '' and reason <> '')",
    },
    CALL: {
        "way": "way IN ('direct', 'rotation', 'price', 'merit')",
        "quantity": "quantity > 0",
        "ceiling": "ceiling > 0",
    },
    ADMISSION: {},
}
KEYS = {
    FRAMEWORK: {"org_id": "organisation", "need_id": "need"},
    MEMBER: {
        "framework_id": FRAMEWORK, "agency_id": "agency", "agency_org_id": "organisation", "org_id": "organisation",
        "quote_id": "quote",
    },
    CALL: {"framework_id": FRAMEWORK, "need_id": "need"},
    ADMISSION: {"need_id": "need", "agency_id": "agency"},
}  # fmt: skip
INDEXES = {
    FRAMEWORK: ("item_code", "org_id", "state"),
    MEMBER: ("agency_id", "agency_org_id", "state"),
    CALL: ("framework_id",),
    ADMISSION: ("agency_id", "need_id"),
}
UNIQUE = {
    FRAMEWORK: (("need_id",),),
    MEMBER: (("framework_id", "agency_id"), ("framework_id", "place"), ("quote_id",)),
    CALL: (("framework_id", "number"), ("need_id",)),
    ADMISSION: (("need_id", "agency_id"),),
}


def upgrade() -> None:
    """Go forward; a need written before is open to everybody who fits."""
    _change_methods(OLD_METHODS, NEW_METHODS)
    _framework()
    _member()
    _make(
        CALL,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("framework_id", ID, nullable=False),
        sa.Column("need_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("turn_order", sa.JSON(), nullable=False),
        sa.Column("called_at", AT, nullable=False),
    )
    _make(
        ADMISSION,
        sa.Column("need_id", ID, nullable=False),
        sa.Column("agency_id", ID, nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    """Go back: a need of a framework becomes a direct choice, as one by any method the older table does not know."""
    for table in (ADMISSION, CALL, MEMBER, FRAMEWORK):
        op.drop_table(table)
    listed = ", ".join(f"'{word}'" for word in OLD_METHODS)
    for table in ("need", "selection"):
        op.execute(f"UPDATE {table} SET method = 'direct' WHERE method NOT IN ({listed})")  # noqa: S608 - our own words
    _change_methods(NEW_METHODS, OLD_METHODS)


def _framework() -> None:
    _make(
        FRAMEWORK,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("org_id", ID, nullable=False),
        sa.Column("need_id", ID, nullable=True),
        sa.Column("town_code", sa.String(20), nullable=False),
        sa.Column("item_code", sa.String(20), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("fund", sa.String(10), nullable=False),
        sa.Column("requirements", sa.Text(), nullable=False),
        sa.Column("time_limit_days", sa.Integer(), nullable=False),
        sa.Column("quoting", sa.String(10), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("months", "wanted", "share")),
        sa.Column("entry", sa.String(40), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("towns", sa.JSON(), nullable=False),
        sa.Column("fee_inputs", sa.JSON(), nullable=False),
        sa.Column("contact_phone", sa.String(40), nullable=False),
        sa.Column("closes_at", AT, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        *(
            sa.Column(name, AT, nullable=True)
            for name in (
                "published_at", "publicity_until", "confirm_at", "suspended_until", "starts_at", "ends_at", "ended_at",
            )
        ),
        sa.Column("end_reason", sa.Text(), nullable=False),
    )  # fmt: skip


def _member() -> None:
    _make(
        MEMBER,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("framework_id", ID, nullable=False),
        sa.Column("agency_id", ID, nullable=False),
        sa.Column("agency_org_id", ID, nullable=False),
        sa.Column("org_id", ID, nullable=False),
        sa.Column("quote_id", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("discount_rate", sa.Numeric(9, 6), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("admitted_at", AT, nullable=False),
        sa.Column("left_at", AT, nullable=True),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )


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
        *(sa.UniqueConstraint(*names, name=op.f(f"uq__{table}__{'_'.join(names)}")) for names in UNIQUE[table]),
    )
    for column in INDEXES[table]:
        op.create_index(op.f(f"ix__{table}__{column}"), table, [column])


def _change_methods(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Exchange the methods a need may have in its CHECK; SQLite keeps it in the table's text, edited there."""
    name, connection = "ck__need__method", op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f(name), "need", type_="check")
        op.create_check_constraint(op.f(name), "need", _listed(new))
        return
    found = connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'need'"))
    text = str(found.scalar_one())
    start = text.lower().index("method in (", text.index(f"CONSTRAINT {name} CHECK"))
    end = text.index(")", start) + 1
    known = {word.strip().strip("'") for word in text[text.index("(", start) + 1 : end - 1].split(",")}
    if known != set(old):
        message = f"{name} lists {sorted(known)}"
        raise ValueError(message)
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :text WHERE type = 'table' AND name = 'need'"),
        {"text": text[:start] + _listed(new) + text[end:]},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _listed(words: tuple[str, ...]) -> str:
    quoted = ", ".join(f"'{word}'" for word in words)
    return f"method in ({quoted})"
