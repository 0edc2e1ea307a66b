"""A killed writer loses no update; `python -m tests.search_crash` kills a hundred times, OpenSearch's too."""

from pathlib import Path

import pytest

from tests.search import engines
from tests.search_crash import run


@pytest.mark.slow
@pytest.mark.parametrize("name", [one for one in engines.KEPT if one != "opensearch"])
def test_a_writer_killed_on_its_way_loses_no_update(name: str, tmp_path: Path) -> None:
    if sentence := engines.lacking(name):
        pytest.skip(sentence)
    with engines.address_of(name) as address:
        found = run(name, address, tmp_path, times=2)
    assert found.killed + found.ended_before == 2
    assert found.lost == []
