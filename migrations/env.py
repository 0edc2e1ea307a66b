"""Run migrations on the application's engine; on PostgreSQL with time limits and one at a time."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import text
from sqlalchemy.types import TypeDecorator

LOCK = 7_011_702


def render_item(kind: str, thing: Any, _autogen: Any) -> Any:
    """Write column types of our own as the database's, so that a migration imports none of our code."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        timezone = getattr(thing.impl, "timezone", None)
        return f"sa.{type(thing.impl).__name__}({'timezone=True' if timezone else ''})"
    return False


engine = context.config.attributes["engine"]
with engine.execution_options(writes=True).connect() as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text("SET statement_timeout = '120s'"))
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
