"""The whole life of a purchase against models: any order of acts, any waiting, and planted faults are noticed.

LIFE_EXAMPLES, LIFE_STEPS and LIFE_SEED set how long it is tried and in which order; 1,000 times 50 steps of all three
models take about an hour.
"""

from __future__ import annotations

import hashlib
import os
import secrets

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

import marketplace.quotes.service as quotes
from core.errors import DomainError
from core.work import Works
from marketplace.needs.methods import ASKED
from tests.life.choosing import METHODS
from tests.life.framework import Agreement
from tests.life.ground import Ground
from tests.life.lots import Lots
from tests.life.machine import Life
from tests.life.planted import PLANTED
from tests.life.walks import Step
from tests.marketplace.complaints.court import court
from tests.marketplace.conftest import market
from tests.marketplace.selection.world import Market
from tests.worlds import Worlds

__all__ = ["market"]

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "4"))
STEPS = int(os.environ.get("LIFE_STEPS", "30"))
SEED = int(os.environ.get("LIFE_SEED", "20260318"))
STANDINGS = (None, 4000, 3500, None, 5000, 3000)
MACHINES: dict[str, type[Ground]] = {"purchase": Life, "lots": Lots, "framework": Agreement}


class Nonces:
    """What seals a quote, by count in place of chance: a life told again in the same order draws the same lots."""

    choice = staticmethod(secrets.choice)

    def __init__(self) -> None:
        self.given = 0

    def token_hex(self, size: int) -> str:
        """Return the next one; size in bytes."""
        self.given += 1
        return hashlib.sha256(str(self.given).encode()).hexdigest()[: 2 * size]


@pytest.fixture
def prepared(market: Market, worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> Market:
    """Let agencies in, some with a standing, set the offices up, and switch every method on."""
    for standing in STANDINGS:
        market.agency(standing)
    market.switch_on(*(ASKED[method].catalogue for method in METHODS))
    Life.court = Agreement.court = court(market)
    for machine in MACHINES.values():
        machine.market, machine.start = market, market.clock.instant
    nonces = Nonces()
    monkeypatch.setattr(quotes, "secrets", nonces)
    worlds.keep("life", market.works)

    def beginning(works: Works) -> None:
        nonces.given = 0
        worlds.again("life", works)

    Ground.beginning = beginning
    return market


def live(machine: type[Ground], *, examples: int, steps: int, first: int = SEED) -> None:
    """Try so many lives of so many steps on a market that is prepared."""
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, phases=(Phase.generate,), database=None,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(seed(first)(machine), settings=chosen)


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.usefixtures("prepared")
def test_any_order_of_acts_goes_as_the_model_says(name: str) -> None:
    live(MACHINES[name], examples=EXAMPLES, steps=STEPS)


def is_noticed(fault: str) -> bool:
    """Say whether a model falls over a fault planted while it runs."""
    plant = PLANTED[fault]
    with pytest.MonkeyPatch.context() as patch:
        plant.patch(patch)
        try:
            walked(plant.machine, plant.walk) if plant.walk else live(plant.machine, examples=10, steps=20)
        except (AssertionError, DomainError, pytest.fail.Exception):
            return True
    return False


def walked(machine: type[Ground], walk: Step) -> None:
    """Walk a model step by step from a market's first morning."""
    life = machine()
    life.market.clock.instant = life.start
    try:
        walk(life)
    finally:
        life.teardown()


ONCE = pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="A fault is planted once: see SQLite's run.")


@ONCE
@pytest.mark.parametrize("part", range(3))
@pytest.mark.usefixtures("prepared")
def test_planted_faults_are_noticed(part: int) -> None:
    assert [fault for fault in list(PLANTED)[part::3] if not is_noticed(fault)] == []


@ONCE
@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
@pytest.mark.usefixtures("prepared")
def test_without_a_fault_every_way_is_walked_to_its_end(machine: type[Ground]) -> None:
    ways = dict.fromkeys(plant.walk for plant in PLANTED.values() if plant.walk and plant.machine is machine)
    for walk in ways:
        walked(machine, walk)
