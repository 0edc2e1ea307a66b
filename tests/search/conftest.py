"""The tables the search room reads in its tests, and an index of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.work import Works
from search import service
from search.backend import SearchBackend
from tests.search import corpus, engines
from tests.search.world import Shop, lay_out
from tests.worlds import Worlds


@pytest.fixture(scope="module", params=engines.ALL)
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchBackend]:
    """Fill each engine with the small city."""
    city = corpus.city()
    with engines.opened(request.param, tmp_path_factory.mktemp("index")) as made:
        assert made.replace_all(city) == len(city)
        yield made


@pytest.fixture
def shop(works: Works, worlds: Worlds) -> Shop:
    """Lay out the catalogue, operators and one enterprise."""
    return worlds.begin("shop", works, lay_out)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Path]:
    """Give this test an index folder of its own."""
    kept, folders = dict(service._configured), dict(service._folders)
    service.configure(tmp_path / "index")
    yield tmp_path / "index"
    service._configured.clear()
    service._configured.update(kept)
    service._folders.update(folders)
