"""Give questions, qualifications, practitioners, posted prices and settlements a life of their own.

Revision: 0018_lives, after 0017_projects_and_lots. A column is added with its CHECKs in one statement, which both databases take
without making a table anew. The last column of a table carries what is checked of several, once the rows fit it.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0018_lives"
down_revision = "0017_projects_and_lots"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
ORG = "BIGINT NOT NULL DEFAULT 0"
WORDS = "TEXT NOT NULL DEFAULT ''"
MOMENT = "moment"
STATES = {
    "question": ("questionstate", ("asked", "answered", "lapsed")),
    "qualification": (
        "qualificationstate",
        ("entered", "submitted", "returned", "valid", "valid_with_gaps", "lapsed", "expired", "withdrawn"),
    ),
    "practitioner": ("practitionerstate", ("registered", "expired", "left")),
    "posted_price": ("pricestate", ("posted", "in_force", "superseded")),
    "settlement": ("settlementstate", ("recorded", "disputed", "confirmed", "kept")),
}
COLUMNS = {
    "question": (("lapsed_at", MOMENT), ("enterprise_org_id", ORG)),
    "qualification": (
        ("org_id", ORG), ("town_code", "VARCHAR(20)"), ("clocks", "JSON NOT NULL DEFAULT '{}'"),
        ("submitted_at", MOMENT), ("review_by", MOMENT), ("correct_by", MOMENT),
        ("corrections_n", "INTEGER NOT NULL DEFAULT 0"), ("deemed", "BOOLEAN NOT NULL DEFAULT false"),
        ("lapsed_reason", "VARCHAR(40) NOT NULL DEFAULT ''"),
    ),
    "practitioner": (("org_id", ORG),),
    "posted_price": (("org_id", ORG),),
    "settlement": (
        ("enterprise_org_id", ORG), ("agency_org_id", ORG), ("answer_by", MOMENT), ("answered_at", MOMENT),
        ("objection", WORDS), ("kept_reason", WORDS),
    ),
}  # fmt: skip
CHECKS = {
    "question": {
        "answered": "(state = 'answered') = (answer is not null and answered_at is not null)",
        "lapsed": "(state = 'lapsed') = (lapsed_at is not null)",
    },
    "qualification": {
        "withdrawn": "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
        "verified": "state NOT IN ('valid', 'valid_with_gaps', 'expired') OR verified_at IS NOT NULL",
        "submitted": "state NOT IN ('submitted', 'returned') OR submitted_at IS NOT NULL",
        "lapsed": "state <> 'lapsed' OR lapsed_reason <> ''",
        "corrections": "corrections_n BETWEEN 0 AND 2",
    },
    "practitioner": {"left": "(state = 'left') = (left_at IS NOT NULL)"},
    "posted_price": {"superseded": "state <> 'superseded' or superseded_at is not null"},
    "settlement": {
        "disputed": "state <> 'disputed' OR objection <> ''",
        "answer": "(state IN ('recorded', 'disputed')) = (answer_by IS NOT NULL)",
    },
}
NOTICE_CHECKS = {
    "two_persons": "approver_id is null or approver_id <> author_id",
    "judged": "state not in ('approved', 'rejected') or approver_id is not null",
    "decided": "state not in ('approved', 'rejected') or decision is not null",
}
CONSENT = "window_consent"
CONSENT_STATES = ("asked", "given", "used_up", "expired", "withdrawn")
CONSENT_KEYS = {
    "visit_id": "window_visit", "org_id": "organisation", "file_id": "stored_file", "given_by": "user_account",
    "need_id": "need",
}  # fmt: skip
CONSENT_FREE = ("file_id", "given_by", "need_id", "given_at", "ended_at")
CONSENT_TEXTS = {"town_code": 20, "item_code": 20, "purpose": 200, "kind": 40, "state": 40}
CONSENT_CHECKS = {
    "consentkind": "kind IN ('paper', 'code')",
    "consentstate": f"state IN ({', '.join(repr(state) for state in CONSENT_STATES)})",
    "paper": "kind <> 'paper' or file_id is not null",
    "given": "state not in ('given', 'used_up') or (given_at is not null and given_by is not null)",
    "ended": "(state in ('asked', 'given')) = (ended_at is null)",
}
USED = {"used": "(state = 'used_up') = (need_id is not null)"}
CONSENT_NAMES = (
    "visit_id, org_id, town_code, item_code, purpose, kind, file_id, until, tries, state, asked_at, given_at, given_by, "
    "need_id, ended_at, id, version"
)
FILED = """
INSERT INTO window_filing (consent_id, visit_id, matter, need_id, filed_at)
    SELECT id, visit_id, 'need', need_id, ended_at FROM window_consent WHERE state = 'used_up'
"""
NARROWED = "UPDATE window_consent SET need_id = NULL WHERE state <> 'used_up'"
LOST = "UPDATE window_consent SET state = 'expired' WHERE state = 'used_up' AND need_id IS NULL"
ITEMS = ("certificate", "holder", "grade", "term", "issuer", "people", "original")
WAITING = """
INSERT INTO qualification_item (qualification_id, key, verdict, note, answer)
    SELECT id, '{key}', 'pending', '', '' FROM qualification WHERE state = 'submitted'
"""
VERDICTS = ("pending", "passed", "to_correct", "promised", "missed")
# What a statement says of the row it hangs on: AGENCY(name) is a column of its agency, and so on.
OF = {
    "AGENCY": "(SELECT {0} FROM agency WHERE agency.id = {1}.agency_id)",
    "NEED": "(SELECT {0} FROM need WHERE need.id = {1}.need_id)",
    "DEAL": "(SELECT {0} FROM contract WHERE contract.id = {1}.contract_id)",
}
# Where the rows that are there stand, written before what is checked of several columns.
FILLED = """
UPDATE question SET state = 'answered' WHERE answered_at IS NOT NULL;
UPDATE question SET state = 'lapsed', lapsed_at = coalesce(NEED(closes_at), asked_at)
    WHERE answered_at IS NULL AND NEED(state) <> 'open';
UPDATE qualification SET org_id = AGENCY(org_id), town_code = AGENCY(town_code);
UPDATE qualification SET state = 'withdrawn' WHERE withdrawn_at IS NOT NULL;
UPDATE qualification SET state = 'valid' WHERE withdrawn_at IS NULL AND verified_at IS NOT NULL;
UPDATE qualification SET state = 'submitted', submitted_at = {now}, review_by = {week},
    clocks = '{"qualification-review-days": 5, "qualification-correct-days": 10, "qualification-promise-days": 20}'
    WHERE state = 'entered' AND AGENCY(state) IN ('listed', 'listed_with_gaps');
UPDATE practitioner SET state = 'left' WHERE left_at IS NOT NULL;
UPDATE posted_price SET state = 'in_force' WHERE valid_from <= {now};
UPDATE posted_price SET state = 'superseded'
    WHERE superseded_at IS NOT NULL AND (superseded_at <= {now} OR superseded_at <= valid_from);
UPDATE settlement SET state = 'confirmed', enterprise_org_id = DEAL(enterprise_org_id),
    agency_org_id = DEAL(agency_org_id);
"""
AFTERWARDS = """
UPDATE question SET enterprise_org_id = NEED(org_id);
UPDATE practitioner SET org_id = AGENCY(org_id);
UPDATE posted_price SET org_id = AGENCY(org_id);
"""
CLOCKS = (
    ("question.answer", "NEED(closes_at)", "question WHERE state = 'asked'"),
    ("qualification.end", "{after_term}", "qualification WHERE state = 'valid' AND valid_to IS NOT NULL"),
    ("qualification.review", "review_by", "qualification WHERE state = 'submitted'"),
    ("practitioner.end", "{after_term}", "practitioner WHERE state = 'registered' AND valid_to IS NOT NULL"),
    ("price.begin", "valid_from", "posted_price WHERE state = 'posted'"),
    ("consent.scan", "{after_keeping}", "window_consent WHERE file_id IS NOT NULL AND ended_at IS NOT NULL"),
    ("shipment.unsigned", "{week}", "window_shipment WHERE state = 'sent'"),
)
SQLITE = {
    "now": "strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'",
    "week": "strftime('%Y-%m-%d %H:%M:%f', 'now', '+7 days') || '000'",
    "after_term": "valid_to || ' 16:00:00.000000'",  # midnight in Beijing after the last day
    "after_keeping": "strftime('%Y-%m-%d %H:%M:%f', ended_at, '+180 days') || '000'",
    "moment": "DATETIME",
}
POSTGRESQL = {
    "now": "now()",
    "week": "now() + interval '7 days'",
    "after_term": "(valid_to + time '16:00') AT TIME ZONE 'UTC'",
    "after_keeping": "ended_at + interval '180 days'",
    "moment": "TIMESTAMP WITH TIME ZONE",
}


def _words() -> dict[str, str]:
    return SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL


def _run(text: str, table: str = "") -> None:
    for name, word in _words().items():
        text = text.replace(f"{{{name}}}", word)
    for name, select in OF.items():
        text = re.sub(rf"{name}\((\w+)\)", lambda found, select=select: select.format(found[1], table), text)  # type: ignore[misc]  # the loop's own select
    op.execute(sa.text(text.replace(":", r"\:")))


def _run_all(text: str, table: str) -> None:
    """Run those of several statements that write this table."""
    for statement in text.strip().split(";"):
        if statement.strip().startswith(f"UPDATE {table} "):
            _run(statement, table)


def upgrade() -> None:
    """Go forward: every row begins where it stands, with the clocks that still run."""
    for table, (name, states) in STATES.items():
        listed = ", ".join(f"'{state}'" for state in states)
        _run(
            f"ALTER TABLE {table} ADD COLUMN state VARCHAR(40) NOT NULL DEFAULT '{states[0]}' "
            f"CONSTRAINT {name} CHECK (state IN ({listed}))"
        )
        *first, last = COLUMNS[table]
        for column, kind in first:
            _add(table, column, kind)
        _run_all(FILLED, table)
        _add_checked(table, *last)
        op.create_index(op.f(f"ix__{table}__state"), table, ["state"])
        _run_all(AFTERWARDS, table)
    _make_judging()
    _make_calendar()
    _widen_consents()
    for kind, due_at, rows in CLOCKS:
        table = rows.partition(" ")[0]
        said = f"SELECT '{kind}', id, {due_at}, 0 FROM {rows}"  # noqa: S608 - our own words
        _run(f"INSERT INTO deadline (kind, object_id, due_at, tries) {said}", table)


def _add(table: str, column: str, kind: str) -> None:
    _run(f"ALTER TABLE {table} ADD COLUMN {column} {_words()['moment'] if kind == MOMENT else kind}")


def _add_checked(table: str, column: str, kind: str) -> None:
    checks = [f"CONSTRAINT ck__{table}__{name} CHECK ({text})" for name, text in CHECKS[table].items()]
    if op.get_bind().dialect.name == "sqlite":
        _run(f"ALTER TABLE {table} ADD COLUMN {column} {kind} {' '.join(checks)}")
        return
    _add(table, column, kind)
    for check in checks:
        _run(f"ALTER TABLE {table} ADD {check}")


def _make_judging() -> None:
    """Make the tables of what is judged of a qualification; what waits on the shelf is laid out whole."""
    op.create_table(
        "qualification_item",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("qualification_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column(
            "verdict", sa.Enum(*VERDICTS, name="itemverdict", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("judged_at", AT, nullable=True),
        sa.CheckConstraint(
            "verdict <> 'promised' OR promised_on IS NOT NULL", name=op.f("ck__qualification_item__promise")
        ),
        _key("qualification_item", "qualification_id", "qualification"),
        _key("qualification_item", "file_id", "stored_file"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__qualification_item")),
        sa.UniqueConstraint("qualification_id", "key", name=op.f("uq__qualification_item__qualification_id_key")),
    )  # fmt: skip
    op.create_table(
        "qualification_notice",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("qualification_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_at", AT, nullable=False),
        sa.Column("sent_by", sa.BigInteger(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("supervisor_reason", sa.Text(), nullable=False),
        sa.Column("answered_at", AT, nullable=True),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck__qualification_notice__number")),
        sa.CheckConstraint(
            "number = 1 OR supervisor_reason <> ''", name=op.f("ck__qualification_notice__supervised")
        ),
        _key("qualification_notice", "qualification_id", "qualification"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__qualification_notice")),
        sa.UniqueConstraint(
            "qualification_id", "number", name=op.f("uq__qualification_notice__qualification_id_number")
        ),
    )  # fmt: skip
    for key in ITEMS:
        _run(WAITING.replace("{key}", key))


def _make_calendar() -> None:
    people = {"author": False, "approver": True}
    op.create_table(
        "calendar_notice",
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("proposed", "approved", "rejected", "withdrawn", name="noticestate", native_enum=False,
                    create_constraint=True, length=40),
            nullable=False,
        ),
        *(sa.Column(f"{one}_id", BIG, nullable=is_null) for one, is_null in people.items()),
        *(sa.Column(f"{one}_org_id", BIG, nullable=is_null) for one, is_null in people.items()),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("affected", sa.JSON(), nullable=False),
        sa.Column("affected_n", sa.Integer(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(text, name=op.f(f"ck__calendar_notice__{name}")) for name, text in NOTICE_CHECKS.items()),
        *(_key("calendar_notice", f"{one}_id", "user_account") for one in people),
        *(_key("calendar_notice", f"{one}_org_id", "organisation") for one in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__calendar_notice")),
    )  # fmt: skip
    op.create_index(op.f("ix__calendar_notice__state"), "calendar_notice", ["state"])


def _widen_consents() -> None:
    """Let one consent cover several filings, and note each filing in a row of its own."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_consents(CONSENT_CHECKS, f"{CONSENT_NAMES}, covers", f"{CONSENT_NAMES}, '[\"need\"]'", newer=True)
    else:
        op.drop_constraint(op.f("ck__window_consent__used"), CONSENT, type_="check")
        _run("ALTER TABLE window_consent ADD COLUMN covers JSON NOT NULL DEFAULT '[\"need\"]'")
        _add(CONSENT, "scan_deleted_at", MOMENT)
    op.create_table(
        "window_filing",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("consent_id", "visit_id")),
        sa.Column(
            "matter", sa.Enum("need", "complaint", "qualification", name="matter", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        *(sa.Column(name, BIG, nullable=True) for name in ("need_id", "complaint_id", "qualification_id")),
        sa.Column("filed_at", AT, nullable=False),
        sa.CheckConstraint("matter <> 'need' or need_id is not null", name=op.f("ck__window_filing__need")),
        *(
            sa.CheckConstraint(f"(matter = '{one}') = ({one}_id is not null)", name=op.f(f"ck__window_filing__{one}"))
            for one in ("complaint", "qualification")
        ),
        _key("window_filing", "qualification_id", "qualification"),
        _key("window_filing", "consent_id", CONSENT),
        _key("window_filing", "visit_id", "window_visit"),
        _key("window_filing", "need_id", "need"),
        _key("window_filing", "complaint_id", "complaint"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__window_filing")),
        sa.UniqueConstraint("consent_id", "matter", name=op.f("uq__window_filing__consent_id_matter")),
    )  # fmt: skip
    op.create_index(op.f("ix__window_filing__visit_id"), "window_filing", ["visit_id"])
    _run(FILED)


def _rebuild_consents(checks: dict[str, str], taken: str, told: str, *, newer: bool) -> None:
    """Make the table of consents anew, as SQLite must to drop a CHECK, and carry its rows over."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE consent_former AS SELECT * FROM window_consent")
    op.drop_table(CONSENT)
    more: list[sa.Column[object]] = []
    if newer:
        more = [sa.Column("covers", sa.JSON(), nullable=False), sa.Column("scan_deleted_at", AT, nullable=True)]
    op.create_table(
        CONSENT,
        *(sa.Column(name, BIG, nullable=name in CONSENT_FREE) for name in CONSENT_KEYS),
        *(sa.Column(name, sa.String(size), nullable=False) for name, size in CONSENT_TEXTS.items()),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(sa.Column(name, AT, nullable=name in CONSENT_FREE) for name in ("until", "asked_at", "given_at", "ended_at")),
        *more,
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__window_consent")),
        sa.UniqueConstraint("need_id", name=op.f("uq__window_consent__need_id")),
        *(_key(CONSENT, column, target) for column, target in CONSENT_KEYS.items()),
        *(sa.CheckConstraint(text, name=op.f(f"ck__window_consent__{name}")) for name, text in checks.items()),
    )
    op.execute(sa.text(f"INSERT INTO window_consent ({taken}) SELECT {told} FROM consent_former"))  # noqa: S608 - our own names
    op.drop_table("consent_former")
    for column in ("org_id", "state", "visit_id"):
        op.create_index(op.f(f"ix__window_consent__{column}"), CONSENT, [column])
    live = sa.text("state in ('asked', 'given')")
    name = "uq__window_consent__visit_id"
    op.create_index(name, CONSENT, ["visit_id"], unique=True, sqlite_where=live, postgresql_where=live)


def _narrow_consents() -> None:
    """Let a consent cover one need again; one that covered a complaint alone counts as expired."""
    op.drop_table("window_filing")
    _run(NARROWED)
    _run(LOST)
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_consents({**CONSENT_CHECKS, **USED}, CONSENT_NAMES, CONSENT_NAMES, newer=False)
        return
    op.drop_column(CONSENT, "covers")
    op.drop_column(CONSENT, "scan_deleted_at")
    op.create_check_constraint(op.f("ck__window_consent__used"), CONSENT, USED["used"])


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk__{table}__{column}"))


def downgrade() -> None:
    """Go back; states, what was judged of qualifications and what agencies said of settlements are lost."""
    _narrow_consents()
    op.drop_table("calendar_notice")
    op.drop_table("qualification_notice")
    op.drop_table("qualification_item")
    _run("DELETE FROM deadline WHERE kind IN ('qualification.correct', 'qualification.promise', 'settlement.answer')")
    for kind, _due_at, _rows in CLOCKS:
        _run(f"DELETE FROM deadline WHERE kind = '{kind}'")  # noqa: S608 - our own words
    for table in reversed(STATES):
        op.drop_index(op.f(f"ix__{table}__state"), table_name=table)
        if op.get_bind().dialect.name != "sqlite":
            for name in CHECKS[table]:
                op.drop_constraint(op.f(f"ck__{table}__{name}"), table, type_="check")
        for column, _kind in reversed(COLUMNS[table]):
            op.drop_column(table, column)
        op.drop_column(table, "state")
