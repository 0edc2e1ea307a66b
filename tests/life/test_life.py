"""The whole life of a purchase against a model: any order of acts, any waiting, and planted faults are noticed.

LIFE_EXAMPLES and LIFE_STEPS set how long it is tried; a run of 1,000 times 50 steps takes minutes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

import core.audit
import core.outbox
import marketplace.contracts.pausing
import marketplace.contracts.service as contracts
import marketplace.quotes.service as quotes
import marketplace.selection.rules
import ratings.rules
from core import deadlines
from core.audit import first_break
from core.errors import DomainError
from marketplace.needs.methods import ASKED
from tests.life.choosing import METHODS
from tests.life.framework import Agreement
from tests.life.ground import Ground
from tests.life.lots import Lots
from tests.life.machine import Life
from tests.marketplace.complaints.court import court
from tests.marketplace.conftest import market
from tests.marketplace.selection.world import Market
from web.wiring import DEADLINES

__all__ = ["market"]

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "12"))
STEPS = int(os.environ.get("LIFE_STEPS", "30"))


def prepared(market: Market) -> None:
    """Let so many agencies in, some with a standing, set the offices up, and switch every method on."""
    if not market.agents:
        for standing in (None, 4000, 3500, None, 5000, 3000):
            market.agency(standing)
        market.switch_on(*(ASKED[method].catalogue for method in METHODS))
        Life.court = court(market)


def live(machine: type[Ground], market: Market, *, examples: int, steps: int) -> None:
    """Try so many lives of so many steps on one market."""
    prepared(market)
    machine.market, machine.start = market, market.clock.instant
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, phases=(Phase.generate,), database=None,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(seed(int(os.environ.get("LIFE_SEED", "20260318")))(machine), settings=chosen)


MACHINES = {"purchase": Life, "lots": Lots, "framework": Agreement}


@pytest.mark.parametrize("name", MACHINES)
def test_any_order_of_acts_goes_as_the_model_says(market: Market, name: str) -> None:
    live(MACHINES[name], market, examples=EXAMPLES, steps=STEPS)
    with market.works.reading() as work:
        assert first_break(work.session) is None


def nothing(*_words: Any, **_more: Any) -> None:
    """Do nothing."""


PLANTED: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a confirmed quote is not kept": lambda patch: patch.setattr(quotes, "confirm", nothing),
    "a pause nobody answers": lambda patch: patch.setattr(marketplace.contracts.pausing, "answer", nothing),
    "no deadline is ever done": lambda patch: patch.setattr(deadlines, "run_due", lambda *_: 0),
    "a withdrawal does nothing": lambda patch: patch.setattr(quotes, "withdraw", nothing),
    "quotes are never opened": lambda patch: patch.setitem(DEADLINES, "need.close", nothing),
    "the last in rank is chosen": lambda patch: patch.setattr(
        marketplace.selection.rules, "judge_choice", lambda _method, lines, *_more: lines[-1]
    ),
    "nobody inherits an award": lambda patch: patch.setattr(marketplace.selection.rules, "heir", nothing),
    "contracts are signed in publicity": lambda patch: patch.setattr(contracts, "_want_final_award", nothing),
    "both signatures count for one side": lambda patch: patch.setattr(contracts, "is_buyer", lambda *_: True),
    "the rating window has no length": lambda patch: patch.setattr(ratings.rules, "window_end", lambda at: at),
    "nothing follows a commit": lambda patch: patch.setattr(core.outbox, "relay", lambda *_: 0),
    "no leaf is written": lambda patch: patch.setattr(core.audit, "append", nothing),
}


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="A fault is planted once: see SQLite's run.")
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_noticed(market: Market, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    prepared(market)
    PLANTED[fault](monkeypatch)
    with pytest.raises((AssertionError, DomainError, pytest.fail.Exception)):
        live(Life, market, examples=40, steps=30)
