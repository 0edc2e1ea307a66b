"""Run migrations on the application's engine; on PostgreSQL with time limits and one at a time."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

LOCK = 7_011_702

engine = context.config.attributes["engine"]
with engine.execution_options(writes=True).connect() as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text("SET statement_timeout = '120s'"))
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        connection.commit()
    target = context.config.attributes.get("metadata")
    context.configure(connection=connection, target_metadata=target, render_as_batch=False, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
