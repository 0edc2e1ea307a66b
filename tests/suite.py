"""What `make test` runs: the suite on SQLite, then on a PostgreSQL of its own where the machine has one.

What the machine lacks is said aloud. With `--strict`, as in continuous integration, it is a failure instead.
Words after `--` go to pytest: `python -m tests.suite --only sqlite -- -k fees`.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from types import FrameType

from tests import machine, servers

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
USUAL_WORKERS = 4  # more browsers than this starve one another on the machines we know


def main(arguments: Sequence[str]) -> int:
    """Run the suite on each database asked for; return 0 when all passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.suite", description="Run the suite.")
    parser.add_argument("--only", choices=sorted(NAMES), help="one database instead of both")
    parser.add_argument("--strict", action="store_true", help="fail where a browser or PostgreSQL is missing")
    parser.add_argument("--workers", default=str(min(os.cpu_count() or 1, USUAL_WORKERS)))
    parser.add_argument("pytest", nargs="*", help="words for pytest, after --")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _leave)
    lacking = _lacking(asked.only)
    for sentence in lacking:
        _say_aloud(sentence)
    if lacking and asked.strict:
        return 1
    databases = [asked.only] if asked.only else ["sqlite", *(["postgresql"] if machine.postgresql() else [])]
    if asked.only == "postgresql" and not machine.postgresql():
        return 1
    results = {name: _run(name, asked.workers, asked.pytest) for name in databases}
    for name, code in results.items():
        print(f"The suite on {NAMES[name]}: {'passed' if code == 0 else f'failed, code {code}'}.", flush=True)
    return max(results.values())


def _lacking(only: str | None) -> list[str]:
    """Say in sentences what this machine lacks for the tests that were asked for."""
    sentences = []
    if machine.chromium() is None:
        sentences.append(
            "NO CHROMIUM: the pages were NOT tried in a browser. Install chromium, or name one in CHROMIUM."
        )
    if only != "sqlite" and machine.postgresql() is None:
        sentences.append("NO POSTGRESQL: the suite was NOT run on PostgreSQL. Install postgresql.")
    return sentences


def _say_aloud(sentence: str) -> None:
    print(f"\n!!! {sentence}\n", file=sys.stderr, flush=True)


def _run(database: str, workers: str, words: Sequence[str]) -> int:
    """Run pytest once on a database, with the servers it needs; return its exit code."""
    with ExitStack() as running:
        environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "BROKER_URL"}}
        environment.pop("TEST_DATABASE_URL", None)
        if database == "postgresql":
            environment["TEST_DATABASE_URL"] = running.enter_context(servers.postgresql())
        if machine.redis():
            environment["TEST_REDIS_URL"] = running.enter_context(servers.redis())
        left = ", without what asks for no database: it would come out as on SQLite" if database == "postgresql" else ""
        print(f"\nThe suite on {NAMES[database]}{left}", flush=True)
        command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "worksteal", *words]
        return subprocess.run(command, env=environment, check=False).returncode


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
