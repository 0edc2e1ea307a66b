"""What the engine says when it won't calculate: stable codes and facts, no sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one input.

    name: the field's canonical name, or the name as given when it is not a field.
    code: missing, not-an-amount, negative, not-positive, too-large, not-a-number,
        not-whole, unknown-choice, unknown-input, not-applicable, given-twice, value-needed,
        value-not-of-choice, total-differs, too-many; of a line of a price list: line-unknown-item,
        line-grade, line-quantity, line-count, line-unit, line-coefficient, line-unread.
    facts: what a sentence about it needs (`given`, `choices`, `low`, `high`, `known`).
    """

    name: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


def shown(given: object) -> str:
    """Return what was given, short enough to be shown back; never fails on a hostile value."""
    try:
        return str(given)[:60]
    except (ValueError, RecursionError):  # an int of thousands of digits has no decimal text
        return "?"


class InputRefused(Invalid):
    """Inputs that can't be calculated with; `problems` names each one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("fee-inputs-refused", problems=problems)
        self.problems = problems

    def __str__(self) -> str:
        """Return names and codes, for a log or a shell."""
        return "; ".join(f"{problem.name}: {problem.code}" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why no single amount came out.

    code: not-in-force-yet, choice-required, outside-table, open-bracket, negotiated,
        coefficient-not-positive.
    facts: `field` with its `choices`, or `amount`, `edge`, `unit`, `clause`.
    """

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
