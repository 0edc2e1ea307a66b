"""A lean tree finds what the whole tree finds."""

import typing
from collections.abc import Callable

import pytest

from search import native_asking
from search.native_asking import (
    All,
    Any,
    Best,
    Even,
    Everything,
    Holds,
    Lifted,
    Narrowed,
    Nothing,
    Reads,
    Starts,
    Wanted,
    Weighed,
)
from search.native_rows import Row, row
from search.native_sets import members, narrowed
from search.postgres_language import where
from search.query import read
from tests.search import corpus

ROWS = [row(document) for document in corpus.city(15, 30)]
ASKED = (
    "环评",
    "监理 报告",
    "huanping",
    "EIA",
    "评",
    "20",
    "3.5 检测",
    "sur*",
    "办环评找谁",
    "国有资产评估",
    "“按期交付” 监理",
)


HOLDS: dict[type[Wanted], Callable[[typing.Any, Row], bool]] = {
    Everything: lambda _asked, _one: True,
    Nothing: lambda _asked, _one: False,
    Holds: lambda asked, one: asked.token in one.tokens[asked.field],
    Starts: lambda asked, one: any(token.startswith(asked.prefix) for token in one.tokens[asked.field]),
    Reads: lambda asked, one: asked.text in one.reads[asked.field],
    Even: lambda asked, one: holds(asked.part, one),
    Weighed: lambda asked, one: holds(asked.part, one),
    Lifted: lambda asked, one: holds(asked.needed, one),
    Narrowed: lambda asked, one: all(holds(each, one) for each in (asked.part, *asked.filters)),
    All: lambda asked, one: all(holds(part, one) for part in asked.parts),
    Any: lambda asked, one: any(holds(part, one) for part in asked.parts),
    Best: lambda asked, one: any(holds(part, one) for part in asked.parts),
}


def holds(wanted: Wanted, one: Row) -> bool:
    """Say by plain reading whether a document lies in a set."""
    return HOLDS[type(wanted)](wanted, one)


def leaves(wanted: Wanted) -> int:
    return sum(map(leaves, native_asking.inner(wanted))) or 1


@pytest.mark.parametrize("typed", ASKED)
def test_a_lean_tree_finds_the_same_documents(typed: str) -> None:
    whole = native_asking.strict(read(typed))
    lean = members(whole)
    assert [holds(lean, one) for one in ROWS] == [holds(whole, one) for one in ROWS]
    assert leaves(lean) < leaves(whole)
    assert members(lean) == lean


def test_what_narrows_nothing_is_left_out() -> None:
    word, other = Holds("name_grams", "环评"), Holds("exact", "环评")
    assert narrowed(Everything(), ()) == Everything()
    assert narrowed(word, (Everything(), word)) == word
    assert narrowed(word, (Nothing(),)) == Nothing()
    assert narrowed(All((word, other)), (other,)) == All((word, other))
    assert members(Any((All((word, other)), word))) == word


def test_a_choice_of_long_parts_is_counted_and_not_written_out_for_postgresql() -> None:
    long = tuple(native_asking.any_of([Holds("title", f"{word}{at}") for at in range(300)]) for word in "环评监理")
    short = (Holds("title", "长安"), Holds("title", "虎门"))
    text, given = where(native_asking.Most((*long, *short), 3))
    assert sum(len(str(one)) for one in given) < 6 * 300 * 10
    assert text.endswith(">= 3)")
    assert given[0].count("|") == 2 * 300 - 1 + 2  # the two long parts that are left out would find the most
    assert where(native_asking.Most(short, 1)) == ("tokens @@ %s::tsquery", ("('t长安') | ('t虎门')",))
