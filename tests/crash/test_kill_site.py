"""The web process killed with -9 in the middle of openings and awards: what it answered stays, nothing is doubled."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import ApiToken, Membership
from core import deadlines, files, outbox, secrets
from core.clock import FixedClock
from core.db import make_engine
from core.secrets import token_hash
from core.work import Works
from marketplace.needs.models import Need
from marketplace.selection.models import Award
from tests.conftest import KEY, load_models
from tests.crash.ending import check_end, prepare
from tests.crash.worker import WIRING
from tests.servers import free_port
from web.wiring import DEADLINES

ROOT = Path(__file__).parents[2]
BEARER = "the-owner"
KILLS_A_CALL = 3
LONGEST = 0.12
SEED = 20260319


@dataclass
class Site:
    """A Gunicorn that starts a new worker for each one killed, and the time it believes in."""

    port: int
    file: Path
    told: Path
    instant: datetime
    master: subprocess.Popen[bytes]
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    kills: int = 0
    inside: int = 0

    def pass_time(self) -> None:
        """Let two minutes go by: longer than the lease of a key, or of a deadline."""
        self.instant += timedelta(minutes=2)
        self.told.with_suffix(".new").write_text(self.instant.isoformat(), encoding="ascii")
        self.told.with_suffix(".new").replace(self.told)

    def call(self, method: str, path: str, sent: Any = None, key: str = "") -> tuple[int, Any]:
        """Call once. Raises OSError or HTTPException when the process dies before it has answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {BEARER}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            connection.request(method, f"/api/v1{path}", json.dumps(sent) if sent is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def worker(self) -> int:
        """Return the process that serves."""
        for _try in range(400):
            told = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text(encoding="ascii").split()
            if told:
                return int(told[0])
            time.sleep(0.025)
        raise AssertionError("no worker")

    def killed(self, delay: float, *call: Any) -> tuple[int, Any] | None:
        """Call, and kill the worker this long after; return the answer where it came before."""
        worker = self.worker()
        calling = self.pool.submit(self.call, *call)
        time.sleep(delay)
        os.kill(worker, signal.SIGKILL)
        self.kills += 1
        while self.worker() == worker:
            time.sleep(0.005)
        try:
            answer = calling.result(30)
        except (OSError, http.client.HTTPException):
            self.inside += 1
            answer = None
        self.pass_time()
        return answer


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    secrets.configure(KEY)
    load_models()
    files.configure(tmp_path / "uploads")
    file, told, port = tmp_path / "market.sqlite3", tmp_path / "time", free_port()
    instant = prepare(file) + timedelta(minutes=1)
    _give_token(file, instant)
    told.write_text(instant.isoformat(), encoding="ascii")
    environment = {
        **os.environ, "MARKET_DATA": str(tmp_path), "DATABASE_URL": f"sqlite:///{file}", "SECRET_KEY": KEY.decode(),
        "MARKET_DEMO": "0", "BROKER_URL": "memory://", "TOLD_TIME": str(told), "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", "python:web.gunicorn", "--preload", "--log-level", "critical"]
    master = subprocess.Popen([*command, "tests.crash.site:app"], cwd=ROOT, env=environment)
    found = Site(port, file, told, instant, master)
    try:
        _until_up(found)
        yield found
    finally:
        master.terminate()
        master.wait(20)
        found.pool.shutdown()


def _give_token(file: Path, instant: datetime) -> None:
    engine = make_engine(f"sqlite:///{file}")
    with Works(engine, FixedClock(instant)).system() as work:
        org_id = work.session.scalars(select(Need.org_id).limit(1)).one()
        user_id = work.session.scalars(select(Membership.user_id).where(Membership.org_id == org_id)).one()
        row = ApiToken(token_hash=token_hash(BEARER), user_id=user_id, org_id=org_id, label="t", second_factor=True)
        row.scopes, row.created_at, row.ends_at = ["read", "write"], instant, instant + timedelta(days=30)
        work.add(row, "test.token")
    engine.dispose()


def _until_up(site: Site) -> None:
    for _try in range(600):
        try:
            site.call("GET", "/needs?limit=1")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the site did not come up")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_web_process_loses_no_answer_and_awards_nothing_twice(site: Site) -> None:
    rng, answered = Random(SEED), {}
    with Works(make_engine(f"sqlite:///{site.file}"), FixedClock(site.instant)).reading() as work:
        needs = list(work.session.scalars(select(Need.id).order_by(Need.id)))
    for need_id in needs:
        board = f"/needs/{need_id}/selection"
        for _kill in range(KILLS_A_CALL):
            site.killed(rng.uniform(0, LONGEST), "GET", board)
        status, weighed = site.call("GET", board)
        assert status == 200, weighed
        chosen = next(line["quote_id"] for line in weighed["lines"] if line["rank"] == 1)
        award = ("POST", f"/needs/{need_id}/award", {"quote_id": chosen}, f"award-{need_id}")
        answers = [site.killed(rng.uniform(0, LONGEST), *award) for _kill in range(KILLS_A_CALL)]
        answers.append(site.call(*award))
        given = [body for status, body in filter(None, answers) if status == 201]
        assert len({one["id"] for one in given}) <= 1
        refused = [body["code"] for status, body in filter(None, answers) if status != 201]
        assert set(refused) <= {"wrong-state", "idempotency-in-flight", "already-awarded"}, refused
        if given:
            answered[need_id] = given[0]["id"]
    _finish(site)
    engine = make_engine(f"sqlite:///{site.file}")
    with Works(engine, FixedClock(site.instant)).reading() as work:
        awards = {one.need_id: one.id for one in work.session.scalars(select(Award))}
    engine.dispose()
    assert answered.items() <= awards.items()
    check_end(site.file, site.instant)
    print(f"\n{site.kills} kills of the web process, {site.inside} of them with a call in hand")
    assert site.kills >= 50
    assert site.inside >= 50 // 3


def _finish(site: Site) -> None:
    """Stop the site and do what the worker would after a restart."""
    site.master.terminate()
    site.master.wait(20)
    works = Works(make_engine(f"sqlite:///{site.file}"), FixedClock(site.instant))
    while deadlines.run_due(works, DEADLINES) + outbox.relay(works, WIRING):
        pass
    works.engine.dispose()
