"""Servers of the tests' own: a PostgreSQL and a Redis in temporary folders, on loopback ports, stopped by their ids."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import machine

START_SECONDS = 60
# A test's database may be lost with the machine, so nothing waits for the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")


def free_port() -> int:
    """Ask the machine for a loopback port that nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL, give the address of its `market` database, and stop and forget it afterwards.

    PostgreSQL refuses to run as root; then it runs as the user `postgres`, else `nobody`.
    """
    programs = machine.postgresql()
    if programs is None:
        raise RuntimeError("No PostgreSQL on this machine.")
    folder, user, port = Path(tempfile.mkdtemp(prefix="market-pg-")), _unprivileged(), free_port()
    if user:
        shutil.chown(folder, user)
    data, log = folder / "data", (folder / "log").open("w+b")
    try:
        command = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "market",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run([*command, "--no-sync"], check=True, stdout=log, stderr=log, user=user, cwd=folder)
        settings = [part for line in FAST for part in ("-c", line)]
        listen = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *listen, *settings],
            stdout=log,
            stderr=log,
            user=user,
            cwd=folder,
        )
        with _stopped(server, signal.SIGINT):
            address = f"postgresql+psycopg://market@127.0.0.1:{port}/"
            _create_database(server, address, folder / "log")
            yield address + "market"
    finally:
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """Start a Redis that keeps nothing, give its address, and stop it afterwards."""
    program = machine.redis()
    if program is None:
        raise RuntimeError("No Redis on this machine.")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="market-redis-") as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        server = subprocess.Popen([*command, "--dir", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with _stopped(server, signal.SIGTERM):
            _wait_for_port(server, port)
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def opensearch() -> Iterator[str]:
    """Start a stand-in for OpenSearch that keeps nothing, give its address, and stop it afterwards."""
    program = machine.opensearch()
    if program is None:
        raise RuntimeError("No stand-in for OpenSearch on this machine.")
    port = free_port()
    command = [program, "-addr", f"127.0.0.1:{port}", "-no-stdin-watch", "-no-ja", "-parent-pid", str(os.getpid())]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with _stopped(server, signal.SIGTERM):
        _wait_for_port(server, port)
        yield f"http://127.0.0.1:{port}"


def _unprivileged() -> str | None:
    """Name the user a server of ours runs as, or None when we are not root ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def _stopped(server: subprocess.Popen[bytes], how: signal.Signals) -> Iterator[None]:
    """Stop a server at the end of the block, by its own process id."""
    try:
        yield
    finally:
        server.send_signal(how)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _create_database(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until the server answers, and create the database `market`."""
    import psycopg  # noqa: PLC0415 - only where a PostgreSQL is started

    plain = address.replace("+psycopg", "") + "postgres"
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(plain, autocommit=True, connect_timeout=5) as connection:
                connection.execute("CREATE DATABASE market")
                return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start:\n" + log.read_text(errors="replace")[-2000:]) from None
            time.sleep(0.05)


def _wait_for_port(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"The server on port {port} did not start.")
