"""A worker killed with -9 in the middle of openings and awards loses nothing it acknowledged and doubles nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from core import files, secrets
from core.clock import FixedClock
from core.db import make_engine
from core.work import Works
from marketplace.needs.models import Need
from marketplace.quotes.models import Quote
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.models import Award
from tests.conftest import KEY, load_models
from tests.crash.ending import NEEDS, check_end, prepare

KILLS = 50
SEED = 20260318
ROOT = Path(__file__).parents[2]


@dataclass
class Kitchen:
    """The forking process, and what its workers acknowledged in this world."""

    process: subprocess.Popen[str]
    file: Path
    template: Path
    instant: datetime
    opened: set[int] = field(default_factory=set)
    awarded: dict[int, tuple[int, int]] = field(default_factory=dict)
    kills: int = 0
    inside: int = 0

    def run(self, number: int = 0, seconds: float = 0.0) -> bool:
        """Start a worker and kill it this long after it began that step; return whether it had finished before."""
        self.instant += timedelta(minutes=10)  # past every lease a dead worker holds
        print(self.instant.isoformat(), number, f"{seconds:.4f}", file=self.process.stdin, flush=True)
        began = finished = False
        for line in self.process.stdout or ():
            match line.split():
                case ["begin", *_rest]:
                    began = True
                case ["opened", need]:
                    self.opened.add(int(need))
                    began = False
                case ["awarded", need, award, quote]:
                    assert int(need) not in self.awarded, "acknowledged twice"
                    self.awarded[int(need)] = (int(award), int(quote))
                    began = False
                case ["idle"]:
                    finished = True
                case ["gone", how]:
                    assert finished or how == "killed", line
                    break
        self.kills += not finished
        self.inside += began and not finished
        return finished

    def renew(self) -> None:
        """Put the untouched world back."""
        for path in (self.file, *self.file.parent.glob(self.file.name + "-*")):
            path.unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)
        self.opened.clear()
        self.awarded.clear()


@pytest.fixture(scope="module")
def _forking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kitchen]:
    """Lay out the world and start the forking process, once for the module."""
    tmp_path = tmp_path_factory.mktemp("crash")
    secrets.configure(KEY)
    load_models()
    files.configure(tmp_path / "uploads")
    template, file = tmp_path / "template.sqlite3", tmp_path / "market.sqlite3"
    closes_at = prepare(template)
    command = [sys.executable, "-m", "tests.crash.worker", f"sqlite:///{file}", str(tmp_path / "uploads")]
    command.append((closes_at + timedelta(minutes=1)).isoformat())
    shutil.copyfile(template, file)
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    for line in process.stdout:
        if line == "ready\n":
            break
    yield Kitchen(process, file, template, closes_at)
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def kitchen(_forking: Kitchen) -> Kitchen:
    """Give the untouched world."""
    _forking.renew()
    _forking.kills = _forking.inside = 0
    return _forking


def check_promises(kitchen: Kitchen) -> None:
    """Whatever was acknowledged is there, whole, whether or not the work is done."""
    engine = make_engine(f"sqlite:///{kitchen.file}")
    with Works(engine, FixedClock(kitchen.instant)).reading() as work:
        for need_id in kitchen.opened:
            assert work.session.get_one(Need, need_id).opened_at is not None
            amounts = list(work.session.scalars(select(Quote.amount).where(Quote.need_id == need_id)))
            assert all(amounts)
        for need_id, (award_id, quote_id) in kitchen.awarded.items():
            given = work.session.get_one(Award, award_id)
            assert (given.need_id, given.quote_id, given.state) == (need_id, quote_id, AwardState.PROVISIONAL)
    engine.dispose()


@pytest.mark.timeout(240)
def test_fifty_kills_lose_nothing_acknowledged_and_award_nothing_twice(kitchen: Kitchen) -> None:
    rng, worlds = Random(SEED), 1
    while kitchen.kills < KILLS:
        finished = kitchen.run(rng.randint(1, 4), rng.uniform(0, 0.02))
        check_promises(kitchen)
        if finished:
            check_end(kitchen.file, kitchen.instant)
            kitchen.renew()
            worlds += 1
    kills = kitchen.kills
    assert kitchen.run()
    check_end(kitchen.file, kitchen.instant)
    print(f"\n{kills} kills, {kitchen.inside} of them inside an opening or an award, {worlds} worlds")
    assert kitchen.inside >= KILLS // 3


def test_the_worker_that_nobody_kills_finishes_at_once(kitchen: Kitchen) -> None:
    assert kitchen.run()
    assert len(kitchen.opened) == len(kitchen.awarded) == NEEDS
    check_end(kitchen.file, kitchen.instant)
