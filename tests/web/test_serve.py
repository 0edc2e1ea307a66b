"""`make run` starts the site and the jobs together, says what is wrong in a sentence, and leaves nothing running."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.db import make_engine
from tests.servers import free_port
from web.config import read_config
from web.preparation import fingerprint, is_prepared

pytestmark = pytest.mark.own_database

ROOT = Path(__file__).parents[2]
UP_SECONDS = 90
DOWN_SECONDS = 30
SERVE = [sys.executable, "-m", "web.serve"]


@dataclass
class Running:
    """A market on a port and data folder of its own."""

    process: subprocess.Popen[str]
    folder: Path
    port: int

    def health(self) -> dict[str, Any] | None:
        """Ask the site how it is; None while it does not answer. Fails the test when the market has ended."""
        if self.process.poll() is not None:
            pytest.fail(f"the market ended with code {self.process.returncode}: see what it said")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return dict(json.load(answer))
        except (urllib.error.URLError, OSError):
            return None

    def left(self) -> list[str]:
        """List the processes of this market that still run, by the data folder in their environment."""
        return [line for pid, line in self.processes() if pid != self.process.pid]

    def processes(self) -> list[tuple[int, str]]:
        """List every process of this market with its command."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
                command = (entry / "cmdline").read_text().replace("\0", " ")
                ended = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            except OSError:
                continue
            if f"MARKET_DATA={self.folder}".encode() in environment and not ended:
                found.append((int(entry.name), command))
        return found

    def one(self, word: str) -> int:
        """Return the process whose command holds a word, the oldest of them."""
        return min(pid for pid, command in self.processes() if word in command)


def wait_for(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait until a condition holds, and return what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    pytest.fail(f"not within {seconds:.0f} s: {what}")


Start = Callable[..., Running]


def _environment(folder: Path, port: int, more: dict[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in {"MAKELEVEL", "MAKEFLAGS", "BROKER_URL"}}
    # A library that names processes would write over the environment they are told apart by.
    return {**kept, "MARKET_DATA": str(folder), "PORT": str(port), "MARKET_DEMO": "0", "SPT_NOENV": "1", **more}


def _database() -> dict[str, str]:
    """Name an empty database of our own where the suite runs on PostgreSQL."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        return {}
    name = f"market_serve_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    engine = make_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return {"DATABASE_URL": url.rpartition("/")[0] + f"/{name}"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare a data folder once, in a process of its own; each test starts from a copy."""
    folder = tmp_path_factory.mktemp("prepared")
    code = "from web.config import read_config; from web.preparation import prepare; prepare(read_config())"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=_environment(folder, 0, {}), check=True)
    return folder


@pytest.fixture
def start(tmp_path: Path, prepared: Path) -> Iterator[Start]:
    """Start a market; whatever is left of it after the test is killed."""
    started: list[Running] = []

    def begin(command: list[str] = SERVE, **more: str) -> Running:
        folder = tmp_path / f"data{len(started)}"
        port = int(more.pop("PORT", free_port()))
        shutil.copytree(prepared, folder)
        with (tmp_path / "said").open("a") as said:
            process = subprocess.Popen(
                ["/usr/bin/env", "--default-signal=INT", *command],  # a script's background job starts with it ignored
                cwd=ROOT,
                env=_environment(folder, port, more),
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        started.append(Running(process, folder, port))
        return started[-1]

    yield begin
    print((tmp_path / "said").read_text())
    for running in started:
        for pid, _command in running.processes():
            os.kill(pid, signal.SIGKILL)
        running.process.wait()


@pytest.fixture
def said(tmp_path: Path) -> Callable[[], str]:
    """Read what the market printed so far."""
    return (tmp_path / "said").read_text


def _up(running: Running) -> None:
    wait_for(running.health, UP_SECONDS, "the site answers")


def _all_gone(running: Running) -> None:
    running.process.wait(DOWN_SECONDS)
    wait_for(lambda: not running.left(), DOWN_SECONDS, f"nothing left running: {running.left()}")


@pytest.mark.slow
def test_an_interrupt_stops_the_site_and_the_jobs(start: Start, said: Callable[[], str]) -> None:
    """On the database the suite runs on; the others stop a market on SQLite."""
    running = start(**_database())
    wait_for(lambda: (running.health() or {}).get("worker") == "ok", UP_SECONDS, "the jobs give a sign of life")
    assert (running.health() or {})["database"] == "ok"
    assert f"http://127.0.0.1:{running.port}" in said()
    second = start(PORT=str(running.port))
    assert second.process.wait(DOWN_SECONDS) == 1
    assert f"Port {running.port} is taken" in said()
    assert second.left() == []
    os.killpg(running.process.pid, signal.SIGINT)
    _all_gone(running)
    assert running.process.returncode == 0
    assert "The market is stopped." in said()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_signal_to_make_alone_stops_all(number: signal.Signals, start: Start, tmp_path: Path) -> None:
    make = shutil.which("make")
    assert make, "make is how the market is run"
    (tmp_path / "Makefile").write_text(f"run:\n\t@exec {sys.executable} -m web.serve\n")
    running = start([make, "-f", str(tmp_path / "Makefile"), "run"])
    _up(running)
    running.process.send_signal(number)
    _all_gone(running)


@pytest.mark.slow
def test_killing_the_parent_ends_the_children(start: Start) -> None:
    running = start()
    _up(running)
    assert len(running.processes()) > 2
    running.process.kill()
    _all_gone(running)


@pytest.mark.slow
@pytest.mark.parametrize(("word", "name"), [("gunicorn", "site"), ("celery", "jobs")])
def test_when_one_child_dies_all_stop_and_a_sentence_says_why(
    word: str, name: str, start: Start, said: Callable[[], str]
) -> None:
    running = start()
    _up(running)
    os.kill(running.one(word), signal.SIGKILL)
    _all_gone(running)
    assert running.process.returncode == 1
    assert f"The {name} ended with code -9, so the market was stopped." in said()


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_a_port_that_is_none_is_refused(port: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PORT": port, "MARKET_DATA": str(tmp_path)}
    ended = subprocess.run(SERVE, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"PORT is '{port}'.")
    assert "Traceback" not in ended.stderr


def test_a_setting_unsafe_for_production_is_refused_in_a_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "MARKET_DATA": str(tmp_path), "MARKET_ENV": "production", "PORT": str(free_port())}
    environment.pop("SECRET_KEY", None)
    ended = subprocess.run(SERVE, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("SECRET_KEY is not set")
    assert "Traceback" not in ended.stderr


def test_a_prepared_folder_is_trusted_only_while_nothing_changed(prepared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    config = read_config({"MARKET_DATA": str(folder), "MARKET_DEMO": "0"})
    assert is_prepared(config)
    assert not is_prepared(read_config({"MARKET_DATA": str(folder), "MARKET_DEMO": "1"}))
    (folder / "prepared").write_text("of other migrations")
    assert not is_prepared(config)
    (folder / "prepared").write_text(fingerprint(config))
    shutil.rmtree(config.index)
    assert not is_prepared(config)
