"""Hostile lines end in an answer or a sentence; `python -m tests.search_hostile` asks ten thousand."""

from pathlib import Path

import pytest

from search.backend import Query
from tests.search import engines
from tests.search.world import Shop
from tests.search_hostile import ask, lay_trap


@pytest.mark.parametrize("name", engines.ALL)
def test_no_line_breaks_an_engine_or_shows_what_is_hidden(name: str, shop: Shop, index: Path) -> None:
    with engines.opened(name, index) as backend:
        hidden = lay_trap(shop, backend, index, extra=100)
        assert hidden <= {hit.document.key for hit in backend.search(Query("监理", size=100)).hits}
        found = ask(shop.works, hidden, times=300)
    assert (found.failed, found.shown, found.degraded) == ([], [], 0)
    assert found.refused > 20
    assert found.worst < 1, found.slowest
