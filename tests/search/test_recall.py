"""Nothing is missed and nothing found wrongly among a thousand listings; `python -m tests.search_recall` takes more."""

from pathlib import Path

import pytest

from tests.search import engines
from tests.search.listings import listings
from tests.search_recall import compare


@pytest.mark.parametrize("name", engines.KEPT)
def test_an_engine_finds_what_reading_everything_finds(name: str, tmp_path: Path) -> None:
    documents = list(listings(1000))
    with engines.opened(name, tmp_path) as backend:
        backend.replace_all(documents)
        found = compare(backend, documents, each=6)
    assert {one.sort for one in found} == {"term", "phrase", "piece", "filter"}
    assert [one for one in found if one.recall < 1 or one.beside or not one.facets_right] == []
