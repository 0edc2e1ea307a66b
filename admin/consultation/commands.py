"""What the use cases of consultation are asked with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, the page it was asked on, and perhaps the service item and the step it is about."""

    question: str
    about: str = ""
    item_code: str = ""
    life: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; ``rule_key`` and ``life`` name what it rests on, whose version of the day is kept with it."""

    answer: str
    rule_key: str = ""
    life: str = ""


@dataclass(frozen=True, slots=True)
class Approve:
    """Approval for everybody: the day by which the office looks at the answer again."""

    review_on: date


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something ends."""

    reason: str
