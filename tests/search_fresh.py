"""Measure how soon a change is searchable, with the processes of `make run`: `python -m tests.search_fresh --times 30`.

A city operator suspends an agency, which must be gone from the very next search, and puts it back: the time until a
search over HTTP gives it again is what is measured, outbox, relay and index included.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import select

from accounts.models import Membership, Organisation
from agencies.registration import review
from agencies.registration.lifecycle import ON_SHELF
from agencies.registration.models import Agency
from core.access import Actor, MemberRole, OrgKind
from core.work import Works
from tests import servers
from tests.search import engines
from web.app import create_app, works_of
from web.config import read_config

UP_SECONDS = 180.0
PATIENCE = 30.0
PAUSE = 0.02
UNTIL_DROPPED = 3.0


@contextmanager
def running(environment: dict[str, str]) -> Iterator[str]:
    """Start the market as `make run` does, give its address, and stop it."""
    process = subprocess.Popen([sys.executable, "-m", "web.serve"], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{environment['PORT']}"
    try:
        until = time.monotonic() + UP_SECONDS
        while time.monotonic() < until and process.poll() is None:
            try:
                if get(f"{address}/healthz")["worker"] == "ok":
                    break
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.2)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(40)


def get(address: str) -> dict[str, object]:
    """Read an answer in JSON."""
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - a loopback address of our own
        return dict(json.load(answer))


def measure(address: str, works: Works, times: int) -> tuple[list[float], int]:
    """Return the seconds until each change was found, and how often a suspended agency was still shown."""
    with works.reading() as work:
        operator = Actor(*_operator(work.session), OrgKind.CITY_OPERATOR, MemberRole.MANAGER, second_factor=True)
        query = select(Agency.id, Agency.name).where(Agency.state.in_(ON_SHELF)).order_by(Agency.id)
        agencies = [(row.id, row.name) for row in work.session.execute(query.limit(times))]
    seconds, shown = [], 0
    for turn in range(times):
        number, name = agencies[turn % len(agencies)]
        asked = f"{address}/api/v1/search?kind=agency&q={urllib.parse.quote(name)}"
        with works.writing(operator) as work:
            review.suspend(work, number, "核对资料")
        shown += _gives(asked, number)
        time.sleep(UNTIL_DROPPED)  # the index has let it go by now
        began = time.monotonic()
        with works.writing(operator) as work:
            review.resume(work, number, "资料无误")
        until = began + PATIENCE
        while not _gives(asked, number) and time.monotonic() < until:
            time.sleep(PAUSE)
        seconds.append(time.monotonic() - began)
    return seconds, shown


def _operator(session: object) -> tuple[int, int]:
    query = select(Membership.user_id, Membership.org_id).join(Organisation, Organisation.id == Membership.org_id)
    found = session.execute(query.where(Organisation.kind == OrgKind.CITY_OPERATOR)).first()  # type: ignore[attr-defined]  # a session
    return found.user_id, found.org_id


def _gives(asked: str, number: int) -> bool:
    answer = get(asked)
    if answer["degraded"]:
        raise SystemExit("The database answered in place of the index.")
    items = answer["items"]
    return isinstance(items, list) and any(one["kind"] == "agency" and one["id"] == str(number) for one in items)


def main() -> int:
    """Start, measure, print; return 1 when the median is over two seconds or a suspended agency was shown."""
    parser = argparse.ArgumentParser(prog="python -m tests.search_fresh")
    parser.add_argument("--engine", choices=engines.NAMES, default="whoosh")
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--port", default=str(servers.free_port()))
    parser.add_argument("--postgresql", action="store_true", help="the market's own tables there too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environment = {**os.environ, "MARKET_DATA": folder, "PORT": asked.port, "SEARCH_BACKEND": asked.engine}
        environment["SEARCH_URL"] = stack.enter_context(engines.address_of(asked.engine))
        if asked.postgresql:
            environment["DATABASE_URL"] = stack.enter_context(servers.postgresql())
        with running(environment) as address:
            seconds, shown = measure(address, works_of(create_app(read_config(environment))), asked.times)
    print(
        f"{asked.engine}: {len(seconds)} changes, searchable after {statistics.median(seconds):.2f} s (median), "
        f"{max(seconds):.2f} s at most; {shown} times a suspended agency was shown"
    )
    return 1 if shown or statistics.median(seconds) > 2 else 0


if __name__ == "__main__":
    sys.exit(main())
