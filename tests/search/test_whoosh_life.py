"""The index as files: changes, threads, deaths, damage."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import Unavailable
from search.backend import Query, Relaxed
from search.documents import Document, Kind
from search.whoosh_backend import WhooshBackend

WRITER = """
import sys
from search.documents import Document, Kind
from search.whoosh_backend import WhooshBackend
backend = WhooshBackend(sys.argv[1])
for number in range(int(sys.argv[2]), 100000):
    backend.put([Document(Kind.NOTICE, str(number), f"第{number}号监理公告", f"/{number}", codes=(f"n{number}",))])
    print(number, flush=True)
"""
BUILDER = """
import sys
from search.documents import Document, Kind
from search.whoosh_backend import WhooshBackend
def documents():
    for number in range(100000):
        print(number, flush=True)
        yield Document(Kind.NOTICE, f"new{number}", "新建的监理公告", "/n")
WhooshBackend(sys.argv[1]).replace_all(documents())
"""


def notice(number: int, title: str = "监理公告", **facts: object) -> Document:
    return Document(Kind.NOTICE, str(number), f"{title}{number}", f"/{number}", codes=(f"n{number}",), **facts)  # type: ignore[arg-type]


def titles(backend: WhooshBackend, text: str = "监理") -> set[str]:
    results = backend.search(Query(text, size=100))
    return {hit.document.title for hit in results.hits} if results.relaxed is Relaxed.NOTHING else set()


@pytest.fixture
def backend(tmp_path: Path) -> WhooshBackend:
    made = WhooshBackend(tmp_path / "index")
    made.replace_all(notice(number) for number in range(10))
    return made


def test_a_change_is_found_and_the_former_self_is_not(backend: WhooshBackend) -> None:
    backend.put([notice(3, "勘察公告")])
    assert titles(backend, "勘察") == {"勘察公告3"}
    assert "监理公告3" not in titles(backend)
    assert backend.health().documents == 10


def test_what_is_removed_or_made_private_is_gone(backend: WhooshBackend) -> None:
    backend.remove(["notice:1", "notice:77"])
    backend.put([replace(notice(2), public=False), replace(notice(50), public=False)])
    assert titles(backend) == {f"监理公告{number}" for number in (0, 3, 4, 5, 6, 7, 8, 9)}


def test_a_rebuild_swaps_all_documents_at_once(backend: WhooshBackend) -> None:
    seen: list[int] = []

    def watching() -> Iterator[Document]:
        for number in range(100, 105):
            seen.append(backend.search(Query("监理")).total)
            yield notice(number)
        yield notice(104)

    assert backend.replace_all(watching()) == 5
    assert set(seen) == {10}
    assert titles(backend) == {f"监理公告{number}" for number in range(100, 105)}


def test_old_generations_do_not_pile_up(backend: WhooshBackend) -> None:
    for _ in range(4):
        backend.replace_all([notice(1)])
    assert len([one for one in backend.folder.path.iterdir() if one.is_dir()]) == 2


def test_a_failing_rebuild_leaves_the_old_index(backend: WhooshBackend) -> None:
    def broken() -> Iterator[Document]:
        yield notice(500)
        raise ValueError("the tables went away")

    with pytest.raises(Unavailable):
        backend.replace_all(broken())
    assert backend.search(Query("监理")).total == 10
    assert backend.replace_all([notice(1)]) == 1
    assert titles(backend) == {"监理公告1"}


def test_an_index_never_built_says_so(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "nowhere")
    assert (backend.health().ok, backend.health().reason) == (False, "none-built")
    with pytest.raises(Unavailable) as refusal:
        backend.search(Query("监理"))
    assert refusal.value.code == "search-index-lost"
    with pytest.raises(Unavailable):
        backend.put([notice(1)])


def test_a_vanished_index_is_lost_and_comes_back(backend: WhooshBackend) -> None:
    assert backend.search(Query("监理")).total == 10
    (folder,) = (one for one in backend.folder.path.iterdir() if one.is_dir())
    folder.rename(folder.with_name("elsewhere"))
    assert (backend.health().ok, backend.health().reason) == (False, "lost")
    with pytest.raises(Unavailable):
        backend.search(Query("监理"))
    backend.replace_all([notice(1)])
    assert backend.health().ok
    assert titles(backend) == {"监理公告1"}


@pytest.fixture
def dropped_files(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Let go of the files Whoosh drops here and now, so that no later test hears of them; the log holds them too."""
    yield
    caplog.get_records("call").clear()
    gc.collect()


@pytest.mark.usefixtures("dropped_files")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh drops files it fails to open
@pytest.mark.parametrize("damage", ["empty", "cut", "noise", "gone"])
def test_a_damaged_index_is_noticed(backend: WhooshBackend, damage: str) -> None:
    (folder,) = (one for one in backend.folder.path.iterdir() if one.is_dir())
    for file in folder.iterdir():
        if file.suffix == ".seg":
            content = file.read_bytes()
            spoiled = {"empty": b"", "cut": content[: len(content) // 3], "noise": os.urandom(len(content))}
            if damage == "gone":
                file.unlink()
            else:
                file.write_bytes(spoiled[damage])
    fresh = WhooshBackend(backend.folder.path)
    assert (fresh.health().ok, fresh.health().reason) == (False, "corrupt")
    with pytest.raises(Unavailable):
        fresh.search(Query("监理"))
    fresh.replace_all([notice(1)])
    assert titles(fresh) == {"监理公告1"}


def test_readers_in_threads_agree_while_a_writer_works(backend: WhooshBackend) -> None:
    backend.put([Document(Kind.ITEM, "fixed", "环境影响评价", "/fixed")])
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            results = backend.search(Query("环评"))
            if [hit.document.key for hit in results.hits] != ["item:fixed"]:
                wrong.append(str([hit.document.key for hit in results.hits]))
            found = backend.search(Query("监理", size=50)).hits
            wrong.extend(hit.document.title for hit in found if "监理" not in hit.document.title)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for number in range(100, 125):
        backend.put([notice(number), notice(number % 10)])
    backend.replace_all([Document(Kind.ITEM, "fixed", "环境影响评价", "/fixed"), *(notice(n) for n in range(10))])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert titles(backend) == {f"监理公告{number}" for number in range(10)}


def test_two_writers_take_turns(backend: WhooshBackend) -> None:
    def write(start: int) -> None:
        for number in range(start, start + 5):
            backend.put([notice(number)])

    threads = [threading.Thread(target=write, args=(start,)) for start in (200, 300, 400)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert backend.health().documents == 25


def test_a_writer_waits_no_longer_than_told(backend: WhooshBackend) -> None:
    other = WhooshBackend(backend.folder.path)
    with backend.folder.writing(), pytest.raises(Unavailable) as refusal, other.folder.writing(patience=0.1):
        pass
    assert refusal.value.code == "search-index-busy"


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_had_acknowledged(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    WhooshBackend(folder).replace_all([])
    acknowledged = -1
    for round_ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(acknowledged + 1)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(4):
            acknowledged = int(process.stdout.readline())
        time.sleep(0.013 * round_)
        process.send_signal(signal.SIGKILL)
        acknowledged = max([acknowledged, *(int(line) for line in process.stdout.read().split())])
        process.wait()
        process.stdout.close()
        backend = WhooshBackend(folder)
        for number in range(acknowledged + 1):
            assert backend.search(Query(f"第{number}号监理公告")).total >= 1, number
        assert backend.health().documents in {acknowledged + 1, acknowledged + 2}
        backend.put([Document(Kind.ITEM, "after", "死后的一条", "/after")])
        assert backend.search(Query("死后的一条")).hits[0].document.key == "item:after"
        backend.remove(["item:after"])


@pytest.mark.slow
def test_a_killed_rebuild_leaves_the_old_index(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    backend = WhooshBackend(folder)
    backend.replace_all([notice(1), notice(2)])
    process = subprocess.Popen([sys.executable, "-c", BUILDER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(60):
        process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    assert titles(backend) == {"监理公告1", "监理公告2"}
    assert backend.replace_all([notice(3)]) == 1
    assert titles(WhooshBackend(folder)) == {"监理公告3"}
