"""Worlds that services laid out once, put back for every test that begins with them."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, MetaData, exists, inspect, literal, select, text, union_all

from core.db import Base
from core.work import Works

W = TypeVar("W")


def written(connection: Connection) -> list[str]:
    """Name the tables that hold a row, parents before children."""
    tables = Base.metadata.sorted_tables
    asked = union_all(*(select(literal(table.name)).where(exists(select(1).select_from(table))) for table in tables))
    names = set(connection.execute(asked).scalars())
    return [table.name for table in tables if table.name in names]


def empty(engine: Engine) -> None:
    """Take every row out of a PostgreSQL database and count anew; a table nobody wrote to is left alone."""
    with engine.begin() as connection:
        names = [f'"{name}"' for name in written(connection)]
        if names:
            connection.execute(text(f"TRUNCATE {', '.join(names)} CASCADE"))
        connection.execute(
            text(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences "
                "WHERE schemaname = 'public' AND last_value IS NOT NULL"
            )
        )


@dataclass(frozen=True)
class Kept:
    """A world's name, what its layer-out returned, and on PostgreSQL its tables and where their numbers stood."""

    name: str
    works: Works
    value: Any
    tables: Sequence[str] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Worlds:
    """The worlds laid out so far; their rows are files in the folder on SQLite, schemas beside ours on PostgreSQL."""

    folder: Path
    kept: dict[str, Kept] = field(default_factory=dict)

    def begin(self, name: str, works: Works, lay_out: Callable[[Works], W]) -> W:
        """Lay a world out in a test's empty database, or put its rows back there; return what stands in it.

        A database that migrations made is laid out anew each time: the rows kept lie in one made without them.
        """
        if inspect(works.engine).has_table("alembic_version"):
            return lay_out(works)
        if name not in self.kept:
            first = lay_out(works)
            self.keep(name, works, copy.deepcopy(first, {id(works): works}))
            return first
        kept = self.kept[name]
        self._put_back(kept, works.engine)
        return cast("W", copy.deepcopy(kept.value, {id(kept.works): works}))

    def keep(self, name: str, works: Works, value: Any = None) -> None:
        """Keep the rows that a database holds now."""
        keep = _keep_file if works.engine.dialect.name == "sqlite" else _keep_schema
        self.kept[name] = keep(Kept(name, works, value), self.folder, works.engine)

    def again(self, name: str, works: Works) -> None:
        """Put the rows kept back in place of all that were written since."""
        if works.engine.dialect.name != "sqlite":
            empty(works.engine)
        self._put_back(self.kept[name], works.engine)

    def _put_back(self, kept: Kept, engine: Engine) -> None:
        put_back = _put_file_back if engine.dialect.name == "sqlite" else _put_schema_back
        put_back(kept, self.folder, engine)


def _keep_file(kept: Kept, folder: Path, engine: Engine) -> Kept:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(str(engine.url.database), folder / kept.name)
    return kept


def _put_file_back(kept: Kept, folder: Path, engine: Engine) -> None:
    engine.dispose()
    shutil.copyfile(folder / kept.name, str(engine.url.database))


def _keep_schema(kept: Kept, _folder: Path, engine: Engine) -> Kept:
    with engine.begin() as connection:
        tables = written(connection)
        connection.execute(text(f"DROP SCHEMA IF EXISTS kept_{kept.name} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA kept_{kept.name}"))
        for table in tables:
            connection.execute(text(f'CREATE TABLE kept_{kept.name}."{table}" AS TABLE public."{table}"'))
        counted = text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        numbers = {str(one): int(last) for one, last in connection.execute(counted) if last is not None}
    return Kept(kept.name, kept.works, kept.value, tables, numbers)


def _put_schema_back(kept: Kept, _folder: Path, engine: Engine) -> None:
    with engine.begin() as connection:
        for name in kept.tables:
            table = Base.metadata.tables[name]
            copied = table.to_metadata(MetaData(), schema=f"kept_{kept.name}")
            connection.execute(table.insert().from_select(list(table.columns), select(*copied.columns)))
        for name, last in kept.numbers.items():
            connection.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": name, "last": last})
