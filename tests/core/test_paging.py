"""Pages by key: every row once, newest first, and a page is as long as asked within limits."""

from collections.abc import Sequence
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Select, Table, create_engine, insert, select

from core.paging import MOST, USUAL, Page, clamp, keyset

THINGS = Table("thing", MetaData(), Column("id", Integer, primary_key=True), Column("shade", Integer))
IDS = st.sets(st.integers(-50, 1000), max_size=40)


class Shelf:
    """A table in memory, with what is asked of it."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.engine = create_engine("sqlite://")
        self.connection: Connection = self.engine.connect()
        THINGS.create(self.connection)
        self.fetched: list[int] = []
        self.put(ids)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()
        self.engine.dispose()

    def put(self, ids: Sequence[int]) -> None:
        for one in ids:
            self.connection.execute(insert(THINGS).values(id=one, shade=one % 2))

    def fetch(self, query: Select[Any]) -> Sequence[Any]:
        rows = self.connection.execute(query).all()
        self.fetched.append(len(rows))
        return rows

    def page(self, after: int | None, limit: int | None, query: Select[Any] | None = None) -> Page[Any]:
        chosen = select(THINGS) if query is None else query
        return keyset(self.fetch, chosen, THINGS.c.id, after=after, limit=limit, key=lambda row: int(row.id))

    def walk(self, limit: int | None) -> list[list[int]]:
        pages, after, more = [], None, True
        while more:
            page = self.page(after, limit)
            pages.append([row.id for row in page.items])
            after, more = page.after, page.after is not None
        return pages


@given(IDS, st.integers(1, 12))
def test_a_walk_through_the_pages_meets_every_row_once_newest_first(ids: set[int], limit: int) -> None:
    with Shelf(sorted(ids)) as shelf:
        pages = shelf.walk(limit)
    assert [one for page in pages for one in page] == sorted(ids, reverse=True)
    assert all(len(page) == limit for page in pages[:-1])
    assert len(pages) == max(1, -(-len(ids) // limit))  # the last page is never an empty one


def test_what_is_added_while_somebody_reads_neither_repeats_nor_hides_a_row() -> None:
    with Shelf([1, 2, 3, 4, 5]) as shelf:
        first = shelf.page(None, 2)
        shelf.put([6, 7])
        second = shelf.page(first.after, 2)
    assert [row.id for row in first.items] == [5, 4]
    assert [row.id for row in second.items] == [3, 2]


@pytest.mark.parametrize(("count", "after"), [(0, None), (2, None), (3, None), (4, 2)])
def test_there_is_a_next_page_only_when_something_stands_on_it(count: int, after: int | None) -> None:
    with Shelf(range(1, count + 1)) as shelf:
        assert shelf.page(None, 3).after == after


def test_the_key_nought_is_a_place_and_not_the_beginning() -> None:
    with Shelf([-1, 0, 1]) as shelf:
        assert [row.id for row in shelf.page(0, 5).items] == [-1]


def test_the_conditions_of_the_list_hold_on_every_page() -> None:
    with Shelf(range(10)) as shelf:
        odd = select(THINGS).where(THINGS.c.shade == 1)
        first = shelf.page(None, 2, odd)
        assert [row.id for row in first.items] == [9, 7]
        assert [row.id for row in shelf.page(first.after, 2, odd).items] == [5, 3]


def test_no_more_than_one_row_too_many_is_fetched() -> None:
    with Shelf(range(150)) as shelf:
        shelf.page(None, 7)
        shelf.page(None, None)
        shelf.page(None, 10_000)
    assert shelf.fetched == [8, USUAL + 1, MOST + 1]


@pytest.mark.parametrize(
    ("asked", "length"), [(None, 20), (1, 1), (20, 20), (100, 100), (101, 100), (10**9, 100), (-1, 1), (-(10**9), 1)]
)
def test_a_pages_length_is_kept_within_its_limits(asked: int | None, length: int) -> None:
    assert clamp(asked) == length


@given(st.integers())
def test_no_length_asked_for_leaves_the_limits(asked: int) -> None:
    assert 1 <= clamp(asked) <= 100
    assert clamp(asked) == asked or not 1 <= asked <= 100
