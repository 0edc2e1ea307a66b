"""Keyset pages: never an offset, so that the thousandth page costs what the first does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")
MOST: Final = 100
USUAL: Final = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and the key after which the next page begins, or None at the end."""

    items: Sequence[T]
    after: int | None


def clamp(limit: int | None) -> int:
    """Keep a page's length between 1 and MOST rows; none or 0 asked for is USUAL."""
    return max(1, min(limit or USUAL, MOST))


def keyset(
    fetch: Callable[[Select[Any]], Sequence[T]], query: Select[Any], column: Any, *,
    after: int | None, limit: int | None = None, key: Callable[[T], int],
) -> Page[T]:  # fmt: skip
    """Fetch one page in descending order of a unique column; ``key`` reads the column from a row."""
    size = clamp(limit)
    if after is not None:
        query = query.where(column < after)
    rows = list(fetch(query.order_by(column.desc()).limit(size + 1)))
    return Page(rows[:size], key(rows[size - 1]) if len(rows) > size else None)


def newest(
    session: Session,
    query: Select[T],
    column: InstrumentedAttribute[int],
    *,
    after: int | None,
    limit: int | None = None,
) -> Page[T]:
    """Fetch one page of whole rows in descending order of a unique column of theirs."""
    return keyset(
        lambda wanted: session.scalars(wanted).all(), query, column, after=after, limit=limit,
        key=lambda row: int(getattr(row, column.key)),
    )  # fmt: skip
