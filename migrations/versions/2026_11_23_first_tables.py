"""Make the first tables, and keep the audit record append-only.

Revision: 0001_first_tables, after .
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_first_tables"
down_revision = None
branch_labels = None
depends_on = None

GUARDS = {
    "sqlite": (
        "CREATE TRIGGER audit_leaf_no_UPDATE BEFORE UPDATE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'audit leaves stay'); END",
        "CREATE TRIGGER audit_leaf_no_DELETE BEFORE DELETE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'audit leaves stay'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_leaf_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'audit leaves stay'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER audit_leaf_stays BEFORE UPDATE OR DELETE ON audit_leaf FOR EACH ROW EXECUTE FUNCTION audit_leaf_stays()",
    ),
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "audit_leaf",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("state_from", sa.String(length=40), nullable=True),
        sa.Column("state_to", sa.String(length=40), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("org_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.Column("chain_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk__audit_leaf")),
    )
    op.create_index("ix__audit_leaf__kind__object_id", "audit_leaf", ["kind", "object_id"], unique=False)
    op.create_index(op.f("ix__audit_leaf__org_id"), "audit_leaf", ["org_id"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__deadline")),
        sa.UniqueConstraint("kind", "object_id", name=op.f("uq__deadline__kind_object_id")),
    )
    op.create_index("ix__deadline__open", "deadline", ["done_at", "due_at"], unique=False)
    op.create_table(
        "division",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("grid_row", sa.Integer(), nullable=False),
        sa.Column("grid_col", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__division")),
        sa.UniqueConstraint("code", name=op.f("uq__division__code")),
    )
    op.create_table(
        "handled_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("handler", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__handled_event")),
        sa.UniqueConstraint("event_id", "handler", name=op.f("uq__handled_event__event_id_handler")),
    )
    op.create_index(op.f("ix__handled_event__event_id"), "handled_event", ["event_id"], unique=False)
    op.create_table(
        "issued_paper",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__issued_paper")),
        sa.UniqueConstraint("code", name=op.f("uq__issued_paper__code")),
    )
    op.create_index("ix__issued_paper__kind__object_id", "issued_paper", ["kind", "object_id"], unique=False)
    op.create_table(
        "kept_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__kept_answer")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq__kept_answer__user_id_key")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("to", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__mail")),
    )
    op.create_table(
        "organisation",
        sa.Column(
            "kind",
            sa.Enum(
                "enterprise",
                "agency",
                "department",
                "city_operator",
                "town_operator",
                "price_regulator",
                "association",
                "evaluator",
                "administration",
                name="orgkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("department_code", sa.String(length=40), nullable=True),
        sa.Column("town_code", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("contact_phone", sa.LargeBinary(), nullable=False),
        sa.Column("is_public_body", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__organisation")),
        sa.UniqueConstraint("credit_code", name=op.f("uq__organisation__credit_code")),
    )
    op.create_index(op.f("ix__organisation__kind"), "organisation", ["kind"], unique=False)
    op.create_index(op.f("ix__organisation__town_code"), "organisation", ["town_code"], unique=False)
    op.create_table(
        "outbox_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__outbox_event")),
    )
    op.create_index(op.f("ix__outbox_event__done_at"), "outbox_event", ["done_at"], unique=False)
    op.create_index("ix__outbox_event__open", "outbox_event", ["done_at", "id"], unique=False)
    op.create_table(
        "rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("fund", sa.String(length=20), nullable=False),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column("town_code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__rule")),
        sa.UniqueConstraint(
            "key",
            "fund",
            "item_code",
            "town_code",
            "valid_from",
            name=op.f("uq__rule__key_fund_item_code_town_code_valid_from"),
        ),
    )
    op.create_table(
        "service_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("chapter", sa.String(length=4), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("approval", sa.String(length=200), nullable=False),
        sa.Column("approval_en", sa.String(length=300), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("qualifications", sa.JSON(), nullable=False),
        sa.Column(
            "qualification_match",
            sa.Enum("any", "all", name="match", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("commitment_only", sa.Boolean(), nullable=False),
        sa.Column("practitioners", sa.JSON(), nullable=False),
        sa.Column("self_prepare", sa.Boolean(), nullable=True),
        sa.Column(
            "who_pays",
            sa.Enum(
                "enterprise",
                "government",
                "unknown",
                name="payer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "price_regime",
            sa.Enum(
                "market",
                "government",
                "zero",
                "reference",
                name="priceregime",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("price_regime_alternative", sa.String(length=20), nullable=True),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("thresholds", sa.JSON(), nullable=False),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        sa.Column("schedules", sa.JSON(), nullable=False),
        sa.Column("other_documents", sa.JSON(), nullable=False),
        sa.Column("deliverable", sa.String(length=200), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("qualification_confidence", sa.String(length=20), nullable=False),
        sa.Column("price_confidence", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__service_item")),
        sa.UniqueConstraint("code", name=op.f("uq__service_item__code")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("org_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq__stored_file__key")),
    )
    op.create_index(op.f("ix__stored_file__org_id"), "stored_file", ["org_id"], unique=False)
    op.create_table(
        "throttle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__throttle")),
        sa.UniqueConstraint("key", name=op.f("uq__throttle__key")),
    )
    op.create_table(
        "user_account",
        sa.Column("display_name", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("mobile", sa.LargeBinary(), nullable=True),
        sa.Column("mobile_hash", sa.String(length=64), nullable=True),
        sa.Column("identity_number", sa.LargeBinary(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("preferences", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "email_hash is not null or mobile_hash is not null", name=op.f("ck__user_account__reachable")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__user_account")),
        sa.UniqueConstraint("email_hash", name=op.f("uq__user_account__email_hash")),
        sa.UniqueConstraint("mobile_hash", name=op.f("uq__user_account__mobile_hash")),
    )
    op.create_table(
        "waiting_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "item",
                "agency",
                "notice",
                "schedule",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__waiting_document")),
    )
    op.create_table(
        "agency",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("town_code", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "listed",
                "listed_with_gaps",
                "suspended",
                "removed",
                name="registrationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_mobile", sa.LargeBinary(), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("committed_by", sa.BigInteger(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deemed", sa.Boolean(), nullable=False),
        sa.Column("corrections_n", sa.Integer(), nullable=False),
        sa.Column("closing_reason", sa.Text(), nullable=False),
        sa.Column("standing_milli", sa.Integer(), nullable=True),
        sa.Column("standing_low_milli", sa.Integer(), nullable=True),
        sa.Column("standing_high_milli", sa.Integer(), nullable=True),
        sa.Column("ratings_n", sa.Integer(), nullable=False),
        sa.Column("star_counts", sa.JSON(), nullable=False),
        sa.Column("aspects", sa.JSON(), nullable=False),
        sa.Column("grade", sa.String(length=4), nullable=True),
        sa.Column("contracts_n", sa.Integer(), nullable=False),
        sa.Column("delivered_n", sa.Integer(), nullable=False),
        sa.Column("on_time_n", sa.Integer(), nullable=False),
        sa.Column("on_time_milli", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned') OR listed_at IS NOT NULL", name=op.f("ck__agency__listed")
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'returned') OR submitted_at IS NOT NULL", name=op.f("ck__agency__submitted")
        ),
        sa.CheckConstraint("on_time_n <= delivered_n", name=op.f("ck__agency__on_time")),
        sa.CheckConstraint(
            "standing_milli IS NULL OR standing_milli BETWEEN 0 AND 5000", name=op.f("ck__agency__standing")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk__agency__org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__agency")),
        sa.UniqueConstraint("org_id", name=op.f("uq__agency__org_id")),
    )
    op.create_index("ix__agency__shelf", "agency", ["state", "rank", "id"], unique=False)
    op.create_index(op.f("ix__agency__state"), "agency", ["state"], unique=False)
    op.create_index(op.f("ix__agency__town_code"), "agency", ["town_code"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk__api_token__org_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk__api_token__user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq__api_token__token_hash")),
    )
    op.create_index(op.f("ix__api_token__user_id"), "api_token", ["user_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk__draft__user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__draft")),
        sa.UniqueConstraint("user_id", "path", name=op.f("uq__draft__user_id_path")),
    )
    op.create_index(op.f("ix__draft__path"), "draft", ["path"], unique=False)
    op.create_table(
        "membership",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "manager", "delegate", "reader", name="memberrole", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk__membership__org_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk__membership__user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__membership")),
        sa.UniqueConstraint("user_id", "org_id", name=op.f("uq__membership__user_id_org_id")),
    )
    op.create_index(op.f("ix__membership__org_id"), "membership", ["org_id"], unique=False)
    op.create_index(op.f("ix__membership__user_id"), "membership", ["user_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("is_todo", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unique_key", sa.String(length=160), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk__message__org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__message")),
        sa.UniqueConstraint("unique_key", name=op.f("uq__message__unique_key")),
    )
    op.create_index("ix__message__org_id__done_at", "message", ["org_id", "done_at", "id"], unique=False)
    op.create_table(
        "need",
        sa.Column("number", sa.String(length=24), nullable=True),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("town_code", sa.String(length=20), nullable=False),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("project_name", sa.String(length=120), nullable=False),
        sa.Column("project_code", sa.String(length=30), nullable=True),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("fund", sa.String(length=10), nullable=False),
        sa.Column("requirements", sa.Text(), nullable=False),
        sa.Column("time_limit_days", sa.Integer(), nullable=False),
        sa.Column("time_limit_from", sa.String(length=40), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=True),
        sa.Column("no_ceiling_reason", sa.String(length=200), nullable=False),
        sa.Column("quoting", sa.String(length=10), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("method_basis", sa.String(length=200), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("schedule_id", sa.String(length=60), nullable=True),
        sa.Column("fee_inputs", sa.JSON(), nullable=False),
        sa.Column("benchmark_low", sa.BigInteger(), nullable=True),
        sa.Column("benchmark_base", sa.BigInteger(), nullable=True),
        sa.Column("benchmark_high", sa.BigInteger(), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("complaint_phone", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "selecting",
                "awarded",
                "contracted",
                "completed",
                "failed",
                "withdrawn",
                name="needstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("questions_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_reason", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=False),
        sa.Column("repeats_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("fund in ('fiscal', 'social')", name=op.f("ck__need__fund")),
        sa.CheckConstraint("method in ('direct', 'lowest', 'merit')", name=op.f("ck__need__method")),
        sa.CheckConstraint("quoting in ('amount', 'discount')", name=op.f("ck__need__quoting")),
        sa.CheckConstraint(
            "state in ('draft', 'withdrawn') or published_at is not null", name=op.f("ck__need__published")
        ),
        sa.CheckConstraint(
            "published_at is null or (number is not null and closes_at is not null)", name=op.f("ck__need__numbered")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk__need__org_id")),
        sa.ForeignKeyConstraint(["repeats_id"], ["need.id"], name=op.f("fk__need__repeats_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__need")),
        sa.UniqueConstraint("number", name=op.f("uq__need__number")),
    )
    op.create_index(op.f("ix__need__item_code"), "need", ["item_code"], unique=False)
    op.create_index(op.f("ix__need__org_id"), "need", ["org_id"], unique=False)
    op.create_index(op.f("ix__need__project_code"), "need", ["project_code"], unique=False)
    op.create_index(op.f("ix__need__state"), "need", ["state"], unique=False)
    op.create_index("ix__need__state__closes_at", "need", ["state", "closes_at"], unique=False)
    op.create_index("ix__need__state__id", "need", ["state", "id"], unique=False)
    op.create_index(op.f("ix__need__town_code"), "need", ["town_code"], unique=False)
    op.create_table(
        "reset_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk__reset_token__user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__reset_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq__reset_token__token_hash")),
    )
    op.create_index(op.f("ix__reset_token__user_id"), "reset_token", ["user_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("awaits_code", sa.Boolean(), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk__sign_in__org_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk__sign_in__user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq__sign_in__token_hash")),
    )
    op.create_index(op.f("ix__sign_in__user_id"), "sign_in", ["user_id"], unique=False)
    op.create_table(
        "avoidance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("need_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck__avoidance__reason")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__avoidance__agency_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk__avoidance__need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__avoidance")),
        sa.UniqueConstraint("need_id", "agency_id", name=op.f("uq__avoidance__need_id_agency_id")),
    )
    op.create_index(op.f("ix__avoidance__need_id"), "avoidance", ["need_id"], unique=False)
    op.create_table(
        "correction_notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.BigInteger(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("supervisor_reason", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number = 1 OR supervisor_reason <> ''", name=op.f("ck__correction_notice__supervised")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__correction_notice__agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__correction_notice")),
        sa.UniqueConstraint("agency_id", "number", name=op.f("uq__correction_notice__agency_id_number")),
    )
    op.create_index(op.f("ix__correction_notice__agency_id"), "correction_notice", ["agency_id"], unique=False)
    op.create_table(
        "fee_case",
        sa.Column(
            "kind",
            sa.Enum(
                "above_cap_attempt",
                "above_posted",
                "contract_above_quote",
                "settlement_above_contract",
                name="casekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("need_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("town_code", sa.String(length=20), nullable=False),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("compared", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "replied",
                "upheld",
                "dismissed",
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state in ('upheld', 'dismissed')) = (decision is not null)", name=op.f("ck__fee_case__decided")
        ),
        sa.CheckConstraint("state <> 'replied' or reply is not null", name=op.f("ck__fee_case__replied")),
        sa.CheckConstraint("found > compared", name=op.f("ck__fee_case__above")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__fee_case__agency_id")),
        sa.ForeignKeyConstraint(["agency_org_id"], ["organisation.id"], name=op.f("fk__fee_case__agency_org_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["organisation.id"], name=op.f("fk__fee_case__enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__fee_case")),
        sa.UniqueConstraint("kind", "object_kind", "object_id", name=op.f("uq__fee_case__kind_object_kind_object_id")),
    )
    op.create_index(op.f("ix__fee_case__agency_id"), "fee_case", ["agency_id"], unique=False)
    op.create_index(op.f("ix__fee_case__agency_org_id"), "fee_case", ["agency_org_id"], unique=False)
    op.create_index(op.f("ix__fee_case__enterprise_id"), "fee_case", ["enterprise_id"], unique=False)
    op.create_index(op.f("ix__fee_case__need_id"), "fee_case", ["need_id"], unique=False)
    op.create_index(op.f("ix__fee_case__state"), "fee_case", ["state"], unique=False)
    op.create_index(op.f("ix__fee_case__town_code"), "fee_case", ["town_code"], unique=False)
    op.create_table(
        "material",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "pending",
                "passed",
                "to_correct",
                "promised",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict <> 'promised' OR promised_on IS NOT NULL", name=op.f("ck__material__promise")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__material__agency_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk__material__file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__material")),
        sa.UniqueConstraint("agency_id", "key", name=op.f("uq__material__agency_id_key")),
    )
    op.create_table(
        "offering",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__offering__agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__offering")),
        sa.UniqueConstraint("agency_id", "item_code", name=op.f("uq__offering__agency_id_item_code")),
    )
    op.create_index(op.f("ix__offering__item_code"), "offering", ["item_code"], unique=False)
    op.create_table(
        "posted_price",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "fixed",
                "unit",
                "formula",
                "discount",
                name="pricebasis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("unit_name", sa.String(length=20), nullable=False),
        sa.Column("discount_rate", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("schedule_id", sa.String(length=60), nullable=True),
        sa.Column("included", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(amount is not null) = (basis in ('fixed', 'unit'))", name=op.f("ck__posted_price__amount")
        ),
        sa.CheckConstraint(
            "(discount_rate is not null) = (basis = 'discount')", name=op.f("ck__posted_price__discount")
        ),
        sa.CheckConstraint(
            "(schedule_id is not null) = (basis in ('formula', 'discount'))", name=op.f("ck__posted_price__schedule")
        ),
        sa.CheckConstraint("(unit_name <> '') = (basis = 'unit')", name=op.f("ck__posted_price__unit")),
        sa.CheckConstraint("amount is null or amount > 0", name=op.f("ck__posted_price__positive")),
        sa.CheckConstraint(
            "discount_rate is null or (discount_rate >= 0 and discount_rate < 1)", name=op.f("ck__posted_price__rate")
        ),
        sa.CheckConstraint("superseded_at is null or superseded_at >= valid_from", name=op.f("ck__posted_price__span")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__posted_price__agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__posted_price")),
    )
    op.create_index(
        "ix__posted_price__agency_id__item_code", "posted_price", ["agency_id", "item_code", "valid_from"], unique=False
    )
    op.create_index(
        "ix__posted_price__item_code__valid_from", "posted_price", ["item_code", "valid_from"], unique=False
    )
    op.create_table(
        "practitioner",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("identity_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("certificate", sa.String(length=80), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__practitioner__agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__practitioner")),
    )
    op.create_index(op.f("ix__practitioner__agency_id"), "practitioner", ["agency_id"], unique=False)
    op.create_index(
        "uq__practitioner__identity_hash",
        "practitioner",
        ["identity_hash"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "qualification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("issued_by", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__qualification__agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__qualification")),
    )
    op.create_index(op.f("ix__qualification__agency_id"), "qualification", ["agency_id"], unique=False)
    op.create_table(
        "question",
        sa.Column("need_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk__question__need_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk__question__org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__question")),
    )
    op.create_index(op.f("ix__question__need_id"), "question", ["need_id"], unique=False)
    op.create_table(
        "quote",
        sa.Column("need_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sealed",
                "replaced",
                "withdrawn",
                "opened",
                "won",
                "lost",
                "invalid",
                "declined",
                name="quotestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("receipt_code", sa.String(length=24), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("discount_rate", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invalid_reason", sa.String(length=300), nullable=False),
        sa.Column("flags", sa.String(length=120), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('sealed', 'replaced', 'withdrawn') or opened_at is not null", name=op.f("ck__quote__opened")
        ),
        sa.CheckConstraint(
            "state not in ('sealed', 'replaced', 'withdrawn') or (amount is null and days is null)",
            name=op.f("ck__quote__sealed"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__quote__agency_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk__quote__need_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk__quote__org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__quote")),
        sa.UniqueConstraint("receipt_code", name=op.f("uq__quote__receipt_code")),
    )
    op.create_index(op.f("ix__quote__agency_id"), "quote", ["agency_id"], unique=False)
    op.create_index(op.f("ix__quote__need_id"), "quote", ["need_id"], unique=False)
    op.create_index(op.f("ix__quote__org_id"), "quote", ["org_id"], unique=False)
    op.create_index(op.f("ix__quote__state"), "quote", ["state"], unique=False)
    op.create_index(
        "uq__quote__live",
        "quote",
        ["need_id", "agency_id"],
        unique=True,
        sqlite_where=sa.text("state in ('sealed', 'opened', 'won', 'lost', 'invalid', 'declined')"),
        postgresql_where=sa.text("state in ('sealed', 'opened', 'won', 'lost', 'invalid', 'declined')"),
    )
    op.create_table(
        "selection",
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("town_code", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "committed",
                "weighing",
                "decided",
                "failed",
                name="selectionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("draw_name", sa.String(length=60), nullable=False),
        sa.Column("draw_commitment", sa.String(length=64), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entrants", sa.JSON(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("protocol", sa.JSON(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'decided' OR (decided_at IS NOT NULL AND protocol IS NOT NULL)",
            name=op.f("ck__selection__decided"),
        ),
        sa.CheckConstraint("state = 'committed' OR frozen_at IS NOT NULL", name=op.f("ck__selection__frozen")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk__selection__need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__selection")),
        sa.UniqueConstraint("need_id", name=op.f("uq__selection__need_id")),
    )
    op.create_index(op.f("ix__selection__org_id"), "selection", ["org_id"], unique=False)
    op.create_index(op.f("ix__selection__state"), "selection", ["state"], unique=False)
    op.create_table(
        "award",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("selection_id", sa.BigInteger(), nullable=False),
        sa.Column("quote_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_org_id", sa.BigInteger(), nullable=False),
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("town_code", sa.String(length=20), nullable=False),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("given", "declined", name="awardstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("losers", sa.JSON(), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publicity_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sign_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'declined' OR declined_at IS NOT NULL", name=op.f("ck__award__declined")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck__award__amount")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__award__agency_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk__award__need_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk__award__quote_id")),
        sa.ForeignKeyConstraint(["selection_id"], ["selection.id"], name=op.f("fk__award__selection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__award")),
        sa.UniqueConstraint("number", name=op.f("uq__award__number")),
        sa.UniqueConstraint("quote_id", name=op.f("uq__award__quote_id")),
    )
    op.create_index(op.f("ix__award__agency_id"), "award", ["agency_id"], unique=False)
    op.create_index(op.f("ix__award__agency_org_id"), "award", ["agency_org_id"], unique=False)
    op.create_index("ix__award__item_code__amount", "award", ["item_code", "amount"], unique=False)
    op.create_index(op.f("ix__award__org_id"), "award", ["org_id"], unique=False)
    op.create_index(op.f("ix__award__selection_id"), "award", ["selection_id"], unique=False)
    op.create_index(op.f("ix__award__state"), "award", ["state"], unique=False)
    op.create_index(
        "uq__award__need_id",
        "award",
        ["need_id"],
        unique=True,
        sqlite_where=sa.text("state = 'given'"),
        postgresql_where=sa.text("state = 'given'"),
    )
    op.create_table(
        "score",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("selection_id", sa.BigInteger(), nullable=False),
        sa.Column("quote_id", sa.BigInteger(), nullable=False),
        sa.Column("criterion", sa.String(length=80), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f("ck__score__points")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk__score__quote_id")),
        sa.ForeignKeyConstraint(["selection_id"], ["selection.id"], name=op.f("fk__score__selection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__score")),
        sa.UniqueConstraint(
            "selection_id", "quote_id", "criterion", name=op.f("uq__score__selection_id_quote_id_criterion")
        ),
    )
    op.create_table(
        "contract",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("need_id", sa.BigInteger(), nullable=False),
        sa.Column("award_id", sa.BigInteger(), nullable=False),
        sa.Column("enterprise_org_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_org_id", sa.BigInteger(), nullable=False),
        sa.Column("town_code", sa.String(length=20), nullable=False),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "in_service",
                "delivered",
                "accepted",
                "settled",
                "terminated",
                name="contractstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("quote_amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_reason", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column(
            "day_kind",
            sa.Enum("working", "calendar", name="daykind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("model_version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sign_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enterprise_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enterprise_signed_by", sa.BigInteger(), nullable=True),
        sa.Column("agency_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agency_signed_by", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=True),
        sa.Column("late_days", sa.Integer(), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("terminated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terminated_by_org_id", sa.BigInteger(), nullable=True),
        sa.Column("termination_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'settled' OR (settled_at IS NOT NULL AND paid IS NOT NULL)", name=op.f("ck__contract__settled")
        ),
        sa.CheckConstraint("state <> 'terminated' OR terminated_at IS NOT NULL", name=op.f("ck__contract__terminated")),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'settled') OR (accepted_at IS NOT NULL AND late_days IS NOT NULL)",
            name=op.f("ck__contract__accepted"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_service', 'delivered', 'accepted', 'settled') OR (enterprise_signed_at IS NOT NULL AND agency_signed_at IS NOT NULL AND starts_at IS NOT NULL AND due_at IS NOT NULL)",
            name=op.f("ck__contract__signed_by_both"),
        ),
        sa.CheckConstraint("amount > 0 AND days > 0", name=op.f("ck__contract__amount_and_days")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__contract__agency_id")),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk__contract__award_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk__contract__need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__contract")),
        sa.UniqueConstraint("award_id", name=op.f("uq__contract__award_id")),
        sa.UniqueConstraint("number", name=op.f("uq__contract__number")),
    )
    op.create_index(op.f("ix__contract__accepted_at"), "contract", ["accepted_at"], unique=False)
    op.create_index(op.f("ix__contract__agency_id"), "contract", ["agency_id"], unique=False)
    op.create_index(op.f("ix__contract__agency_org_id"), "contract", ["agency_org_id"], unique=False)
    op.create_index(op.f("ix__contract__due_at"), "contract", ["due_at"], unique=False)
    op.create_index(op.f("ix__contract__enterprise_org_id"), "contract", ["enterprise_org_id"], unique=False)
    op.create_index(op.f("ix__contract__item_code"), "contract", ["item_code"], unique=False)
    op.create_index(op.f("ix__contract__state"), "contract", ["state"], unique=False)
    op.create_index(op.f("ix__contract__town_code"), "contract", ["town_code"], unique=False)
    op.create_index(
        "uq__contract__need_id",
        "contract",
        ["need_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'terminated'"),
        postgresql_where=sa.text("state <> 'terminated'"),
    )
    op.create_table(
        "deliverable",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "accepted",
                "returned",
                name="deliverablestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'returned' OR reasons <> ''", name=op.f("ck__deliverable__reasons")),
        sa.CheckConstraint("state = 'submitted' OR decided_at IS NOT NULL", name=op.f("ck__deliverable__decided")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk__deliverable__contract_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk__deliverable__file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__deliverable")),
        sa.UniqueConstraint("contract_id", "no", name=op.f("uq__deliverable__contract_id_no")),
    )
    op.create_index(op.f("ix__deliverable__state"), "deliverable", ["state"], unique=False)
    op.create_table(
        "rating",
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("enterprise", "agency", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("rater_org_id", sa.BigInteger(), nullable=False),
        sa.Column("rated_org_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("town_code", sa.String(length=20), nullable=True),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "hidden",
                "published",
                "removed",
                name="ratingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("d1", sa.Integer(), nullable=True),
        sa.Column("d2", sa.Integer(), nullable=True),
        sa.Column("d3", sa.Integer(), nullable=True),
        sa.Column("d4", sa.Integer(), nullable=True),
        sa.Column("d5", sa.Integer(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "removal_reason",
            sa.Enum(
                "personal_data",
                "abuse",
                "other_contract",
                "related_parties",
                "ruling",
                name="removalreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("removal_note", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'removed' OR (removed_at IS NOT NULL AND removal_reason IS NOT NULL)",
            name=op.f("ck__rating__removed"),
        ),
        sa.CheckConstraint(
            "state = 'hidden' AND sealed IS NOT NULL AND d1 IS NULL AND d2 IS NULL AND d3 IS NULL AND d4 IS NULL AND d5 IS NULL AND text = '' AND reason = '' OR state <> 'hidden' AND sealed IS NULL AND published_at IS NOT NULL AND d1 BETWEEN 1 AND 5 AND d2 BETWEEN 1 AND 5 AND d3 BETWEEN 1 AND 5 AND d4 BETWEEN 1 AND 5 AND d5 BETWEEN 1 AND 5",
            name=op.f("ck__rating__sealed_or_shown"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk__rating__agency_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk__rating__contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__rating")),
        sa.UniqueConstraint("contract_id", "side", name=op.f("uq__rating__contract_id_side")),
    )
    op.create_index("ix__rating__agency", "rating", ["agency_id", "side", "state", "id"], unique=False)
    op.create_index(op.f("ix__rating__rated_org_id"), "rating", ["rated_org_id"], unique=False)
    op.create_index(op.f("ix__rating__rater_org_id"), "rating", ["rater_org_id"], unique=False)
    op.create_index(op.f("ix__rating__state"), "rating", ["state"], unique=False)
    op.create_table(
        "settlement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk__settlement__contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__settlement")),
        sa.UniqueConstraint("contract_id", name=op.f("uq__settlement__contract_id")),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    op.drop_table("settlement")
    op.drop_index(op.f("ix__rating__state"), table_name="rating")
    op.drop_index(op.f("ix__rating__rater_org_id"), table_name="rating")
    op.drop_index(op.f("ix__rating__rated_org_id"), table_name="rating")
    op.drop_index("ix__rating__agency", table_name="rating")
    op.drop_table("rating")
    op.drop_index(op.f("ix__deliverable__state"), table_name="deliverable")
    op.drop_table("deliverable")
    op.drop_index(
        "uq__contract__need_id",
        table_name="contract",
        sqlite_where=sa.text("state <> 'terminated'"),
        postgresql_where=sa.text("state <> 'terminated'"),
    )
    op.drop_index(op.f("ix__contract__town_code"), table_name="contract")
    op.drop_index(op.f("ix__contract__state"), table_name="contract")
    op.drop_index(op.f("ix__contract__item_code"), table_name="contract")
    op.drop_index(op.f("ix__contract__enterprise_org_id"), table_name="contract")
    op.drop_index(op.f("ix__contract__due_at"), table_name="contract")
    op.drop_index(op.f("ix__contract__agency_org_id"), table_name="contract")
    op.drop_index(op.f("ix__contract__agency_id"), table_name="contract")
    op.drop_index(op.f("ix__contract__accepted_at"), table_name="contract")
    op.drop_table("contract")
    op.drop_table("score")
    op.drop_index(
        "uq__award__need_id",
        table_name="award",
        sqlite_where=sa.text("state = 'given'"),
        postgresql_where=sa.text("state = 'given'"),
    )
    op.drop_index(op.f("ix__award__state"), table_name="award")
    op.drop_index(op.f("ix__award__selection_id"), table_name="award")
    op.drop_index(op.f("ix__award__org_id"), table_name="award")
    op.drop_index("ix__award__item_code__amount", table_name="award")
    op.drop_index(op.f("ix__award__agency_org_id"), table_name="award")
    op.drop_index(op.f("ix__award__agency_id"), table_name="award")
    op.drop_table("award")
    op.drop_index(op.f("ix__selection__state"), table_name="selection")
    op.drop_index(op.f("ix__selection__org_id"), table_name="selection")
    op.drop_table("selection")
    op.drop_index(
        "uq__quote__live",
        table_name="quote",
        sqlite_where=sa.text("state in ('sealed', 'opened', 'won', 'lost', 'invalid', 'declined')"),
        postgresql_where=sa.text("state in ('sealed', 'opened', 'won', 'lost', 'invalid', 'declined')"),
    )
    op.drop_index(op.f("ix__quote__state"), table_name="quote")
    op.drop_index(op.f("ix__quote__org_id"), table_name="quote")
    op.drop_index(op.f("ix__quote__need_id"), table_name="quote")
    op.drop_index(op.f("ix__quote__agency_id"), table_name="quote")
    op.drop_table("quote")
    op.drop_index(op.f("ix__question__need_id"), table_name="question")
    op.drop_table("question")
    op.drop_index(op.f("ix__qualification__agency_id"), table_name="qualification")
    op.drop_table("qualification")
    op.drop_index(
        "uq__practitioner__identity_hash",
        table_name="practitioner",
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.drop_index(op.f("ix__practitioner__agency_id"), table_name="practitioner")
    op.drop_table("practitioner")
    op.drop_index("ix__posted_price__item_code__valid_from", table_name="posted_price")
    op.drop_index("ix__posted_price__agency_id__item_code", table_name="posted_price")
    op.drop_table("posted_price")
    op.drop_index(op.f("ix__offering__item_code"), table_name="offering")
    op.drop_table("offering")
    op.drop_table("material")
    op.drop_index(op.f("ix__fee_case__town_code"), table_name="fee_case")
    op.drop_index(op.f("ix__fee_case__state"), table_name="fee_case")
    op.drop_index(op.f("ix__fee_case__need_id"), table_name="fee_case")
    op.drop_index(op.f("ix__fee_case__enterprise_id"), table_name="fee_case")
    op.drop_index(op.f("ix__fee_case__agency_org_id"), table_name="fee_case")
    op.drop_index(op.f("ix__fee_case__agency_id"), table_name="fee_case")
    op.drop_table("fee_case")
    op.drop_index(op.f("ix__correction_notice__agency_id"), table_name="correction_notice")
    op.drop_table("correction_notice")
    op.drop_index(op.f("ix__avoidance__need_id"), table_name="avoidance")
    op.drop_table("avoidance")
    op.drop_index(op.f("ix__sign_in__user_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix__reset_token__user_id"), table_name="reset_token")
    op.drop_table("reset_token")
    op.drop_index(op.f("ix__need__town_code"), table_name="need")
    op.drop_index("ix__need__state__id", table_name="need")
    op.drop_index("ix__need__state__closes_at", table_name="need")
    op.drop_index(op.f("ix__need__state"), table_name="need")
    op.drop_index(op.f("ix__need__project_code"), table_name="need")
    op.drop_index(op.f("ix__need__org_id"), table_name="need")
    op.drop_index(op.f("ix__need__item_code"), table_name="need")
    op.drop_table("need")
    op.drop_index("ix__message__org_id__done_at", table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix__membership__user_id"), table_name="membership")
    op.drop_index(op.f("ix__membership__org_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix__draft__path"), table_name="draft")
    op.drop_table("draft")
    op.drop_index(op.f("ix__api_token__user_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_index(op.f("ix__agency__town_code"), table_name="agency")
    op.drop_index(op.f("ix__agency__state"), table_name="agency")
    op.drop_index("ix__agency__shelf", table_name="agency")
    op.drop_table("agency")
    op.drop_table("waiting_document")
    op.drop_table("user_account")
    op.drop_table("throttle")
    op.drop_index(op.f("ix__stored_file__org_id"), table_name="stored_file")
    op.drop_table("stored_file")
    op.drop_table("service_item")
    op.drop_table("rule")
    op.drop_index("ix__outbox_event__open", table_name="outbox_event")
    op.drop_index(op.f("ix__outbox_event__done_at"), table_name="outbox_event")
    op.drop_table("outbox_event")
    op.drop_index(op.f("ix__organisation__town_code"), table_name="organisation")
    op.drop_index(op.f("ix__organisation__kind"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_table("mail")
    op.drop_table("kept_answer")
    op.drop_index("ix__issued_paper__kind__object_id", table_name="issued_paper")
    op.drop_table("issued_paper")
    op.drop_index(op.f("ix__handled_event__event_id"), table_name="handled_event")
    op.drop_table("handled_event")
    op.drop_table("division")
    op.drop_index("ix__deadline__open", table_name="deadline")
    op.drop_table("deadline")
    op.drop_index(op.f("ix__audit_leaf__org_id"), table_name="audit_leaf")
    op.drop_index("ix__audit_leaf__kind__object_id", table_name="audit_leaf")
    op.drop_table("audit_leaf")
