"""The file broker: a message is read whole or not at all, whoever writes while another polls."""

import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu.connection import Connection

from web import broker

MESSAGES = 400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("queue", "control", "done"):
        (tmp_path / name).mkdir()
    broker.install()
    return tmp_path


def channel(folder: Path) -> Any:
    options = {
        "data_folder_in": str(folder / "queue"), "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"), "processed_folder": str(folder / "done"),
    }  # fmt: skip
    return Connection("filesystem://", transport_options=options).channel()  # type: ignore[no-untyped-call]  # half typed


def test_a_reader_that_polls_all_the_time_gets_every_message_whole(folder: Path) -> None:
    writer, reader, read = channel(folder), channel(folder), []
    assert isinstance(writer, broker.Channel)

    def write() -> None:
        for number in range(MESSAGES):
            writer._put("market", {"number": number, "body": "x" * 5000})

    writing = threading.Thread(target=write)
    writing.start()
    while writing.is_alive() or list((folder / "queue").glob("*.msg")):
        try:
            read.append(reader._get("market")["number"])
        except Empty:
            continue
    writing.join()
    assert sorted(read) == list(range(MESSAGES))
    assert list((folder / "queue").iterdir()) == []


def test_a_half_written_message_is_passed_over(folder: Path) -> None:
    (folder / "queue" / "0_a.market.msg").write_text("", encoding="utf-8")
    found = channel(folder)
    found._put("market", {"number": 1})
    with pytest.raises(Empty):
        found._get("market")
    assert found._get("market") == {"number": 1}


def test_a_table_of_queues_that_is_not_written_yet_is_waited_for(folder: Path) -> None:
    table = folder / "control" / "market.exchange"
    table.write_text("", encoding="utf-8")
    timer = threading.Timer(0.08, lambda: table.write_text("[]", encoding="utf-8"))
    timer.start()
    channel(folder)._queue_bind("market", "market", "", "market")
    timer.join()
    assert '"market"' in table.read_text(encoding="utf-8")
