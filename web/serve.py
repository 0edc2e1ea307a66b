"""What `make run` executes: prepare the data folder, then run the site and the jobs until told to stop.

Both children lead process groups of their own and are told to stop when this process dies, however it dies, so that
nothing is left running. When one of them dies the other is stopped, and one sentence says why.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from web.config import Config, UnsafeConfigError, read_config
from web.demo import cast
from web.preparation import prepare

HEALTHY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 12.0
TICK_SECONDS: Final = 0.1
LOOK_SECONDS: Final = 0.5
PR_SET_PDEATHSIG: Final = 1


class StopError(Exception):
    """The market cannot start, or cannot go on; the text is the sentence to print."""


@dataclass(slots=True)
class Child:
    """A process of ours, leading a process group of its own."""

    name: str
    process: subprocess.Popen[bytes]


@dataclass(slots=True)
class Market:
    """The running children, and whether somebody asked us to stop."""

    children: list[Child] = field(default_factory=list)
    asked: str = ""

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """Note the signal that asks us to stop; while the data is prepared, leave that at once."""
        if not self.children:
            raise KeyboardInterrupt
        self.asked = signal.Signals(number).name

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a child that is told to stop when this process dies."""
        process = subprocess.Popen(  # noqa: S603 - our own commands, no word of them from outside
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 - one system call, and this process has one thread
        )
        self.children.append(Child(name, process))

    def check(self) -> None:
        """Raise StopError when a child has died."""
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                raise StopError(f"The {child.name} ended with code {code}, so the market was stopped.")

    def stop(self) -> None:
        """Ask every child to finish what it has in hand, and end whatever is left of their groups."""
        for child in self.children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            _end_group(child.process.pid)


def main() -> int:
    """Run the market; return the exit code of `make run`."""
    market = Market()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, market.ask)
    _heed_make()
    try:
        with _children_stopped(market):
            _run(market)
    except StopError as why:
        print(why, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("Stopped before the market was up.", flush=True)
        return 130
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    print("The market is stopped.", flush=True)
    return 0


def _run(market: Market) -> None:
    started = time.monotonic()
    folder, port = _folder(), _port()
    config = _settings()
    prepare(config)
    market.start("site", [sys.executable, "-m", "gunicorn", "-c", "python:web.gunicorn", "wsgi:app"])
    market.start("jobs", _worker_command(folder))
    address = f"http://127.0.0.1:{port}"
    _until_healthy(market, f"{address}/healthz")
    if not market.asked:
        _greet(address, time.monotonic() - started, demo=config.demo)
    while not market.asked:
        market.check()
        time.sleep(TICK_SECONDS)
    print("\nStopping the site and the jobs", flush=True)


def _folder() -> Path:
    """Make the folder for database, index, uploads, keys and broker files, and name it to the children."""
    folder = Path(os.environ.get("MARKET_DATA") or "var").resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StopError(
            f"The data folder {folder} cannot be made: {error.strerror}. Name another in MARKET_DATA."
        ) from None
    os.environ["MARKET_DATA"] = str(folder)
    return folder


def _port() -> int:
    """Read PORT and see that nobody holds it."""
    written = os.environ.get("PORT") or "8000"
    if not written.isdecimal() or not 0 < int(written) < 65536:  # noqa: PLR2004 - the ports there are
        raise StopError(f"PORT is {written!r}. Give a number from 1 to 65535, such as PORT=8080.")
    os.environ["PORT"] = written
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(written)))
        except OSError:
            raise StopError(f"Port {written} is taken. Start with another: make run PORT=8080") from None
    return int(written)


def _settings() -> Config:
    """Read the settings. Raises StopError when they are unsafe."""
    try:
        return read_config()
    except UnsafeConfigError as unsafe:
        raise StopError(str(unsafe)) from None


def _worker_command(folder: Path) -> list[str]:
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    celery = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "-q", "-A", "web.celery:celery"]
    return [
        *celery,
        "worker",
        "-B",
        "-P",
        "threads",
        "-c",
        "1",
        "-l",
        "WARNING",
        "-s",
        str(folder / "beat-schedule"),
        *quiet,
    ]


def _until_healthy(market: Market, address: str) -> None:
    """Wait for the site to say that it is well; raise StopError when a child dies or the time is up."""
    deadline = time.monotonic() + HEALTHY_SECONDS
    while not market.asked:
        market.check()
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - a loopback address of our own making
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise StopError(f"{address} did not answer well within {HEALTHY_SECONDS:.0f} s.") from None
        time.sleep(TICK_SECONDS)


def _greet(address: str, seconds: float, *, demo: bool) -> None:
    """Print where the market is and who may sign in."""
    print(f"\n投资建设审批中介网上超市  {address}  ({seconds:.1f} s)")
    if demo:
        print(f"\nDemo accounts (演示账号), password {cast.PASSWORD}")
        for role, name in cast.ACCOUNTS:
            print(f"  {name}  {role}")
        print(f"Where a code is asked for (动态口令), the authenticator's key is {cast.TOTP_SECRET}")
    print("\nCtrl-C stops everything.", flush=True)


@contextmanager
def _children_stopped(market: Market) -> Iterator[None]:
    try:
        yield
    finally:
        market.stop()


def _end_group(group: int) -> None:
    """End what a child left behind in its process group: first asked, soon after killed."""
    for number, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 2.0)):
        deadline = time.monotonic() + patience
        try:
            os.killpg(group, number)
            while time.monotonic() < deadline:
                os.killpg(group, 0)
                time.sleep(TICK_SECONDS)
        except ProcessLookupError:
            return


def _die_with_parent() -> Callable[[], None] | None:
    """Make what a child runs before its program: ask Linux to stop it when this process dies, even by kill -9."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _heed_make() -> None:
    """Stop when the `make` above us is told to.

    When make is killed outright, Linux asks this process to stop. Make passes SIGTERM on, but a SIGINT sent to make
    alone it keeps, and waits for us. It then no longer catches SIGINT, which Linux shows; a timer looks. A make in
    the background of a script never caught it, and is not interrupted either.
    """
    make = os.getppid()
    if not os.environ.get("MAKELEVEL") or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if not _catches_interrupt(make):
        return

    def look(_number: int, _frame: FrameType | None) -> None:
        if not _catches_interrupt(make):
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)


def _catches_interrupt(process: int) -> bool:
    """Say whether a process handles SIGINT itself."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)


if __name__ == "__main__":
    sys.exit(main())
