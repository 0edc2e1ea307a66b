"""What every operation of a schedule file is: a label, a clause, and one change of the working."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from agencies.fees.engine import exact
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Working


@dataclass(frozen=True, slots=True)
class Condition:
    """When an operation applies: a choice field holds one of these keys."""

    field: str
    keys: tuple[str, ...]

    def holds(self, work: Working) -> bool:
        """Tell whether the answered choice is one of the keys."""
        chosen = work.chosen(self.field)
        return chosen is not None and chosen.key in self.keys


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One step of a service. `stage` names the amount reached behind it, for those who ask."""

    label: Words
    clause: str
    stage: str = ""
    when: Condition | None = None

    def apply(self, work: Working) -> None:
        """Change the running amount and write the steps."""
        raise NotImplementedError


@lru_cache(maxsize=4096)
def written_rate(rate: Fraction, mark: str) -> str:
    """Write a rate, a fraction, with the mark of the document: 0.015 is ``1.5%`` or ``15‰``."""
    return f"{exact.text(rate / exact.RATES[mark])}{mark}"
