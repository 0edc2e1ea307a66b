"""Tables: base class, names of constraints, column types, engines, and what a broken constraint means."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Engine,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    String,
    create_engine,
    event,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from core import secrets
from core.errors import Conflict
from core.lifecycle import Lifecycle
from core.money import Money

NAMES: Final = {
    "ix": "ix__%(table_name)s__%(column_0_N_name)s",
    "uq": "uq__%(table_name)s__%(column_0_N_name)s",
    "ck": "ck__%(table_name)s__%(constraint_name)s",
    "fk": "fk__%(table_name)s__%(column_0_N_name)s",
    "pk": "pk__%(table_name)s",
}
BIG_ID: Final = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC. A naive one is refused."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn into UTC, without zone where the database keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class MoneyColumn(TypeDecorator[Money]):
    """Whole fen in a BIGINT."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        """Store the fen."""
        return None if value is None else value.fen

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        """Give money back."""
        return None if value is None else Money(int(value))


class EncryptedText(TypeDecorator[str]):
    """Text encrypted at rest: personal numbers, addresses of people, second-factor secrets."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        return None if value is None else secrets.seal("column", value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt."""
        return None if value is None else secrets.unseal("column", bytes(value)).decode()


class Base(DeclarativeBase):
    """Every table. ``__audited__`` false marks bookkeeping whose writes need no audit leaf."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime, Money: MoneyColumn, int: BIG_ID}  # noqa: RUF012 - SQLAlchemy reads it
    __audited__ = True


class Aggregate:
    """A row that is the root of what hangs from it: an id, and a version that turns a lost update into a refusal."""

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it with the class
        """Count versions, so that a stale write is refused."""
        return {"version_id_col": cls.version}


def enum_column(states: type[StrEnum], **options: Any) -> Any:
    """Map a closed set of words to text with a CHECK named for the set."""
    words = Enum(
        states,
        native_enum=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        create_constraint=True,
        name=states.__name__.lower(),
    )
    return mapped_column(words, **options)


def state_column(lifecycle: Lifecycle[Any]) -> Any:
    """Map a life's state: text, CHECKed, indexed, born in the initial state; only ``Work.move`` writes it later."""
    return enum_column(lifecycle.states, default=lifecycle.initial, index=True)


def check(condition: str, name: str) -> CheckConstraint:
    """Write a table CHECK with its short name."""
    return CheckConstraint(condition, name=name)


def text(length: int, **options: Any) -> Any:
    """Map a text column of at most so many characters."""
    return mapped_column(String(length), **options)


def make_engine(url: str) -> Engine:
    """Open the database: SQLite with WAL, FULL sync and foreign keys, or PostgreSQL.

    A connection taken with the execution option ``writes`` true begins with a write lock on SQLite.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10)


def _sqlite_settings(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def explain(error: IntegrityError) -> Conflict:
    """Turn a broken constraint into a refusal with the constraint's name where the database tells it."""
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or str(error.orig)
    return Conflict("constraint", constraint=str(name)[:200])
