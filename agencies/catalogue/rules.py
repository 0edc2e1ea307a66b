"""Whether a service is needed at all, from the catalogue's thresholds and flags and a few answers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import ge, gt, le, lt
from typing import Any, Final

COMPARE: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {">=": ge, ">": gt, "<": lt, "<=": le}


class Needed(StrEnum):
    """What the answers come to."""

    DEPARTMENT = "department"
    REQUIRED = "required"
    BELOW = "below"
    NOT_ASKED = "not-asked"
    UNKNOWN = "unknown"


class NextStep(StrEnum):
    """What the enterprise does next."""

    PUBLISH = "publish"
    PREPARE = "prepare"
    LEAVE_TO_DEPARTMENT = "leave-to-department"
    NOTHING = "nothing"
    ANSWER = "answer"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the reader said. numbers: by a threshold's variable. asked: yes, no, or empty; own: likewise."""

    numbers: Mapping[str, Decimal]
    asked: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """What the catalogue knows of an item: its thresholds strictest first, and its three-valued flags."""

    thresholds: Sequence[Mapping[str, Any]]
    self_prepare: bool | None
    who_pays: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows, from which clauses; outcome names what is to be prepared where a threshold says it."""

    needed: Needed
    step: NextStep
    clauses: tuple[Mapping[str, Any], ...] = ()
    outcome: str = ""


def is_met(threshold: Mapping[str, Any], numbers: Mapping[str, Decimal]) -> bool | None:
    """Say whether a threshold is met; None where its number was not given."""
    given = numbers.get(str(threshold["variable"]))
    if given is None:
        return None
    return COMPARE[str(threshold["operator"])](given, Decimal(str(threshold["value"])))


def judge(service: Service, answers: Answers) -> Verdict:
    """Say whether a service is needed and what to do next.

    What the department must commission and pay for is never bought by the enterprise. A threshold met makes it needed;
    none met with every number given makes it not needed; the catalogue alone never says more than it knows.
    """
    if service.who_pays == "government":
        return Verdict(Needed.DEPARTMENT, NextStep.LEAVE_TO_DEPARTMENT)
    if service.thresholds:
        return _by_thresholds(service, answers)
    if answers.asked == "no":
        return Verdict(Needed.NOT_ASKED, NextStep.NOTHING)
    if answers.asked == "yes":
        return Verdict(Needed.REQUIRED, _how(service, answers) if service.legal_basis else NextStep.ASK)
    return Verdict(Needed.UNKNOWN, NextStep.ANSWER)


def _by_thresholds(service: Service, answers: Answers) -> Verdict:
    met = [one for one in service.thresholds if is_met(one, answers.numbers)]
    if met:
        outcome = met[0]["outcome"]
        clauses = tuple(one for one in met if one["outcome"] == outcome)
        return Verdict(Needed.REQUIRED, _how(service, answers), clauses, str(met[0]["outcome_name"]))
    if any(is_met(one, answers.numbers) is None for one in service.thresholds):
        return Verdict(Needed.UNKNOWN, NextStep.ANSWER)
    return Verdict(Needed.BELOW, NextStep.NOTHING, tuple(service.thresholds))


def _how(service: Service, answers: Answers) -> NextStep:
    """Say whether the enterprise prepares it itself, buys it, or first asks who pays."""
    if service.self_prepare and answers.own == "yes":
        return NextStep.PREPARE
    return NextStep.ASK if service.who_pays == "unknown" else NextStep.PUBLISH
