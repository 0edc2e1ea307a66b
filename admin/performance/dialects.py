"""The two expressions whose SQL differs between databases: seconds since 1970, and the month in 北京时间."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class epoch(FunctionElement[int]):  # noqa: N801 - reads as the SQL function it is
    """Whole seconds since 1970 of a UTC time column."""

    type = BigInteger()
    inherit_cache = True


class beijing_month(FunctionElement[str]):  # noqa: N801 - reads as the SQL function it is
    """The month of a UTC time column in 北京时间, as ``2026-03``."""

    type = String()
    inherit_cache = True


@compiles(epoch, "sqlite")
def _epoch_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(epoch)
def _epoch_postgres(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **options)}) AS BIGINT)"


@compiles(beijing_month, "sqlite")
def _month_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **options)}, '+8 hours')"


@compiles(beijing_month)
def _month_postgres(element: Any, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
