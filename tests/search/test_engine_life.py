"""What holds for every engine that keeps an index: changes, rebuilds, loss, damage, and mending itself."""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from core.errors import Unavailable
from core.work import Works
from search import formats, service
from search.backend import Query, Relaxed, SearchBackend
from search.documents import Document, Kind
from search.opensearch_backend import OpenSearchBackend
from search.postgres_backend import PostgresBackend
from tests.search import engines
from tests.search.world import Shop


@dataclass
class Kept:
    """An engine, and how to break what it keeps."""

    name: str
    backend: SearchBackend
    folder: Path

    def age(self) -> None:
        """Let go of what was looked at, as a reader of the next release has never looked."""
        if isinstance(self.backend, OpenSearchBackend):
            self.backend._look_again = 0.0
        if self.name == "tantivy":
            self.backend._held = None  # type: ignore[attr-defined]

    def spoil(self) -> None:
        """Break the middle of the index."""
        if isinstance(self.backend, PostgresBackend):
            with psycopg.connect(self.backend._url, autocommit=True) as connection:
                connection.execute("ALTER TABLE search.document DROP COLUMN tokens")
        elif isinstance(self.backend, OpenSearchBackend):
            self.backend._call("DELETE", f"/_all/_alias/{self.backend._alias}")
        else:
            files = [one for one in self.folder.rglob("g-*/*") if one.is_file() and one.suffix not in {".toc", ".json"}]
            for file in files:
                file.write_bytes(os.urandom(file.stat().st_size))

    def lose(self) -> None:
        """Take the whole index away."""
        if isinstance(self.backend, PostgresBackend):
            with psycopg.connect(self.backend._url, autocommit=True) as connection:
                connection.execute("DROP SCHEMA search CASCADE")
        elif isinstance(self.backend, OpenSearchBackend):
            self.backend._call("DELETE", f"/{self.backend._alias}-*")
        else:
            for file in [one for one in self.folder.rglob("*") if one.is_file()]:
                file.unlink()


BREAKS: dict[str, Callable[[Kept], None]] = {"spoiled": Kept.spoil, "lost": Kept.lose}


@pytest.fixture(params=engines.KEPT)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    with engines.opened(request.param, tmp_path / "index") as backend:
        yield Kept(request.param, backend, tmp_path / "index")
    gc.collect()


@pytest.fixture
def built(kept: Kept) -> SearchBackend:
    kept.backend.replace_all(notice(number) for number in range(10))
    return kept.backend


def notice(number: int, title: str = "监理公告") -> Document:
    return Document(Kind.NOTICE, str(number), f"{title}{number}", f"/{number}", codes=(f"n{number}",))


def titles(backend: SearchBackend, text: str = "监理") -> set[str]:
    results = backend.search(Query(text, size=100))
    return {hit.document.title for hit in results.hits} if results.relaxed is Relaxed.NOTHING else set()


def test_a_change_replaces_what_was_there(built: SearchBackend) -> None:
    built.put([notice(3, "勘察公告"), Document(Kind.NOTICE, "4", "监理公告4", "/4", public=False)])
    built.remove(["notice:5", "notice:77"])
    built.put([])
    assert titles(built, "勘察") == {"勘察公告3"}
    assert titles(built) == {f"监理公告{number}" for number in (0, 1, 2, 6, 7, 8, 9)}
    assert built.health().documents == 8


def test_readers_keep_the_old_index_until_the_new_one_stands(built: SearchBackend) -> None:
    seen: list[int] = []

    def drawn() -> Iterator[Document]:
        for number in range(100, 103):
            seen.append(built.search(Query("监理")).total)
            yield notice(number)
        yield notice(102)

    assert built.replace_all(drawn()) == 3
    assert seen == [10, 10, 10]
    assert titles(built) == {f"监理公告{number}" for number in (100, 101, 102)}


def test_a_rebuild_that_fails_changes_nothing(built: SearchBackend) -> None:
    def drawn() -> Iterator[Document]:
        yield notice(500)
        raise ValueError("the tables went away")

    with pytest.raises(Unavailable):
        built.replace_all(drawn())
    assert built.search(Query("监理")).total == 10
    built.put([notice(10)])
    assert built.replace_all([notice(1)]) == 1
    assert titles(built) == {"监理公告1"}


@pytest.mark.parametrize("kept", [one for one in engines.KEPT if one != "whoosh"], indirect=True)
def test_threads_read_whole_answers_while_a_writer_works(kept: Kept, built: SearchBackend) -> None:
    built.put([Document(Kind.ITEM, "fixed", "环境影响评价", "/fixed")])
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                found = [hit.document.key for hit in built.search(Query("环评")).hits]
                wrong.extend(found if found != ["item:fixed"] else ())
                known = built.search(Query("监理", size=50)).hits
                wrong.extend(hit.document.title for hit in known if "监理" not in hit.document.title)
        except Unavailable as refusal:
            wrong.append(refusal)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(100, 108):
        built.put([notice(number), notice(number % 10)])
    built.replace_all([Document(Kind.ITEM, "fixed", "环境影响评价", "/fixed"), *(notice(n) for n in range(10))])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert titles(built) == {f"监理公告{number}" for number in range(10)}


def test_an_index_of_another_format_is_noticed_answered_for_and_made_anew(
    kept: Kept, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with configured(kept):
        agency, works = shop.agency("东莞粤诚环境科技有限公司", "DG-B-25"), shop.works
        with monkeypatch.context() as other:
            other.setattr("search.formats.ANALYSIS", 0)
            formats.mark.cache_clear()
            assert service.mend(works) > 72
            assert (service.health(), first(works, "粤诚")) == ("ok", (f"agency:{agency}", False))
            kept.age()
        formats.mark.cache_clear()
        assert service.health() == "outdated"
        assert first(works, "粤诚") == (f"agency:{agency}", True)
        with pytest.raises(Unavailable) as refusal:
            kept.backend.put([notice(1)])
        assert refusal.value.code == "search-index-lost"
        assert service.mend(works) > 72
        assert service.health() == "ok"
        assert first(works, "粤诚") == (f"agency:{agency}", False)
        assert service.mend(works) == 0


def test_an_engine_without_an_index_says_so(kept: Kept) -> None:
    assert (kept.backend.health().ok, kept.backend.health().reason) == (False, "none-built")
    for ask in (lambda: kept.backend.search(Query("监理")), lambda: kept.backend.put([notice(1)])):
        with pytest.raises(Unavailable) as refusal:
            ask()
        assert refusal.value.code == "search-index-lost"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh drops files it fails to open
@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_index_is_noticed_answered_for_and_mended(kept: Kept, shop: Shop, broken: str) -> None:
    with configured(kept):
        agency, works = shop.agency("东莞粤诚环境科技有限公司", "DG-B-25"), shop.works
        assert service.mend(works) > 72
        assert service.mend(works) == 0
        assert first(works, "粤诚") == (f"agency:{agency}", False)
        BREAKS[broken](kept)
        assert service.health() in {"none-built", "lost", "corrupt"}
        assert first(works, "粤诚") == (f"agency:{agency}", True)
        newer = shop.agency("东莞鼎正环境科技有限公司", "DG-B-25")
        assert service.mend(works) > 72
        assert service.health() == "ok"
        assert first(works, "鼎正") == (f"agency:{newer}", False)


def test_a_reader_who_meets_a_broken_part_leaves_word(kept: Kept, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with configured(kept):
        shop.agency("东莞粤诚环境科技有限公司", "DG-B-25")
        assert service.mend(shop.works) > 72
        (kept.folder / service.BROKEN).parent.mkdir(exist_ok=True)
        service._note_broken(Unavailable("search-index-busy"))
        assert service.health() == "ok"
        service._note_broken(Unavailable("search-index-lost"))
        assert service.health() == "corrupt"
        assert service.mend(shop.works) > 72
        assert service.health() == "ok"


@contextmanager
def configured(kept: Kept) -> Iterator[None]:
    """Make an engine the one the room uses, and put the former back."""
    engine, folder = dict(service._configured), dict(service._folders)
    service._configured["engine"], service._folders["index"] = kept.backend, kept.folder
    yield
    service._configured.clear()
    service._configured.update(engine)
    service._folders.clear()
    service._folders.update(folder)


def first(works: Works, text: str) -> tuple[str, bool]:
    with works.reading() as work:
        found = service.search(work, Query(text, Kind.AGENCY))
    return found.results.hits[0].document.key, found.degraded
