"""Faults planted in the market, each a real weakening of what it does; the models must notice every one.

Some show in any life at once; to the others the model is walked, because a random life comes there late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

import core.audit
import core.outbox
import marketplace.complaints.awards as outcomes
import marketplace.contracts.service as contracts
import marketplace.frameworks.queries as frameworks
import marketplace.quotes.service as quotes
import ratings.rules
from agencies.registration.rules import Eligibility
from core import deadlines
from core.access import may_act
from marketplace.complaints import permissions as complaints
from marketplace.complaints.rules import Window
from marketplace.contracts import amending, pausing
from marketplace.contracts import permissions as deals
from marketplace.frameworks import publicity as panels
from marketplace.frameworks import rules as framework_rules
from marketplace.needs import questions
from marketplace.quotes import eligibility
from marketplace.selection import lotting, merit, panel, publicity, rounds, rules
from marketplace.selection import queries as selections
from marketplace.selection.methods import METHODS
from tests.life import walks
from tests.life.framework import Agreement
from tests.life.ground import QUIET, Ground
from tests.life.lots import Lots
from tests.life.machine import Life
from web.wiring import DEADLINES

Patch = pytest.MonkeyPatch
FIT = Eligibility((), ())


def nothing(*_words: Any, **_more: Any) -> None:
    """Do nothing."""


def without_declines(session: Any, framework_id: int, real: Callable[..., Any] = frameworks.turns_of) -> Any:
    """Count only the turns that were served."""
    return list({one.award_id: one for one in reversed(real(session, framework_id))}.values())


def ends_hard(_course: Any, current: rounds.Round, _at: Any) -> rounds.Round:
    """Count an offer and leave the end where it is."""
    return replace(current, offers=current.offers + 1)


def price_alone(points: Any, _criteria: Any) -> Any:
    """Weigh a quote by its price and nothing else."""
    return points["价格"]


@dataclass(frozen=True)
class Plant:
    """One fault: how it is planted, the machine that must notice it, the way there, or none for lives at random."""

    patch: Callable[[Patch], None]
    walk: walks.Step | None = None
    machine: type[Ground] = Life


def taken(kind: str) -> Callable[[Patch], None]:
    """Let a kind of deadline do nothing."""
    return lambda patch: patch.setitem(DEADLINES, kind, nothing)


def weakened(target: Any, name: str, deed: Any = nothing) -> Callable[[Patch], None]:
    """Let one function do less."""
    return lambda patch: patch.setattr(target, name, deed)


PLANTED: Final[dict[str, Plant]] = {
    "a confirmed quote is not kept": Plant(weakened(quotes, "confirm"), walks.CONFIRMED),
    "a pause nobody answers": Plant(weakened(pausing, "answer"), walks.PAUSED),
    "no deadline is ever done": Plant(weakened(deadlines, "run_due", lambda *_: 0)),
    "a withdrawal does nothing": Plant(weakened(quotes, "withdraw"), walks.TAKEN_BACK),
    "quotes are never opened": Plant(taken("need.close")),
    "the last in rank is chosen": Plant(weakened(rules, "judge_choice", lambda _method, lines, *_: lines[-1])),
    "nobody inherits an award": Plant(weakened(rules, "heir"), walks.DECLINED),
    "contracts are signed in publicity": Plant(weakened(contracts, "_want_final_award"), walks.TOO_EARLY),
    "both signatures count for one side": Plant(weakened(contracts, "is_buyer", lambda *_: True)),
    "the rating window has no length": Plant(weakened(ratings.rules, "window_end", lambda at: at), walks.RATED),
    "nothing follows a commit": Plant(weakened(core.outbox, "relay", lambda *_: 0)),
    "no leaf is written": Plant(weakened(core.audit, "append")),
    "merit is weighed by the price alone": Plant(weakened(merit, "total_of", price_alone), walks.MERIT),
    "a bid need not go down by a step": Plant(weakened(rounds, "most_allowed", lambda own, _: own), walks.bids_by(5)),
    "rounds end hard": Plant(weakened(rounds, "with_offer", ends_hard), walks.bids_by(10)),
    "a complaint suspends nothing": Plant(weakened(publicity, "suspend"), walks.SUSPENDED),
    "a suspension never ends": Plant(taken("award.suspension"), walks.SUSPENDED),
    "an office is never late": Plant(taken("complaint.accept"), walks.UNJUDGED),
    "who was right appeals all the same": Plant(
        lambda patch: patch.setitem(complaints.POLICY, "complaint:appeal", complaints.POLICY["complaint:withdraw"]),
        walks.APPEALED,
    ),
    "an upheld complaint changes nothing": Plant(weakened(outcomes, "carry_out"), walks.CARRIED_OUT),
    "a complaint is never too late": Plant(weakened(Window, "fault", lambda *_: ""), walks.TOO_LATE),
    "one signature changes a contract": Plant(
        lambda patch: patch.setitem(deals.POLICY, "amendment:sign", [[deals.is_party, may_act]]),
        walks.SIGNED_ALONE,
    ),
    "a change outlives the settlement": Plant(weakened(amending, "end_open"), walks.LEFT_OPEN),
    "silence on a settlement says nothing": Plant(taken("settlement.answer"), walks.UNANSWERED),
    "questions outlive their notice": Plant(weakened(questions, "lapse_all"), walks.ASKED),
    "who is suspended is ranked": Plant(weakened(selections, "eligible", lambda *_, **__: FIT), walks.NOT_FIT),
    "a result needs no certificate": Plant(weakened(contracts, "require_fit"), walks.ran_out),
    "who is suspended signs": Plant(weakened(eligibility, "binding_at", lambda *_: ()), walks.UNSIGNED),
    "the limit of lots is forgotten": Plant(weakened(lotting, "limit_of"), walks.LIMITED, Lots),
    "a lot is decided before its turn": Plant(weakened(lotting, "earlier_undecided"), walks.OUT_OF_TURN, Lots),
    "nobody is left out of a panel": Plant(weakened(panel, "left_out", lambda *_: 0), walks.SMALL, Agreement),
    "who steps back keeps the turn": Plant(weakened(frameworks, "turns_of", without_declines), walks.TURNS, Agreement),
    "who left a panel is still chosen": Plant(
        weakened(frameworks, "open_admissions", lambda *_: []), walks.LEAVERS, Agreement
    ),
    "newcomers get no place in a panel": Plant(weakened(panel, "reserved", lambda *_: 0), walks.NEWCOMERS, Agreement),
    "nobody inherits a second competition": Plant(
        lambda patch: patch.setitem(METHODS, "call-merit", replace(METHODS["call-merit"], passes_on=False)),
        walks.PROPOSALS,
        Agreement,
    ),
    "a complaint suspends no panel": Plant(weakened(panels, "suspend"), walks.NO_CAP, Agreement),
    "a panel's suspension never ends": Plant(taken("framework.suspension"), walks.NO_CAP, Agreement),
    "what falls away leaves a panel detained": Plant(
        weakened(panels, "detain_no_longer"), walks.FALLEN_AWAY, Agreement
    ),
    "an upheld complaint leaves the panel": Plant(weakened(panels, "annul"), walks.FALLS, Agreement),
    "a new panel is free of old complaints": Plant(
        lambda patch: patch.setitem(QUIET, "framework.admitted", []), walks.NOTICE_FIRST, Agreement
    ),
    "calls pass the agreed total": Plant(weakened(framework_rules, "judge_total"), walks.TOTAL, Agreement),
}
