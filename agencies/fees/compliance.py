"""What the price regulator's room looks for: dated rules read from a data file, and the judgements they make. Pure.

Only the rule about a binding cap blocks. All others open a case to be explained, or mark what is unusual; a price is
never called illegal on the strength of statistics. Percentiles are inclusive nearest-rank: of n values in order, the
one at place ceil(p × n ÷ 100), counted from one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from agencies.fees.lifecycle import CaseKind
from core.datafile import Row, read_datafile
from core.money import Money

FILE: Final = Path(__file__).parent / "data" / "compliance_rules.toml"
CLOCKS: Final = ("reply_workdays", "appeal_workdays", "review_workdays")
WHOLE: Final = ("threshold_fen", "window_days", "least", "low_percent", "high_percent")
SHARES: Final = ("near_share", "base_low_share", "base_high_share", "mean_share", "next_share", "ceiling_share")
HUNDRED: Final = 100


class Does(StrEnum):
    """What a finding does: block the price, open a case, or mark it as unusual."""

    BLOCK = "block"
    CASE = "case"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it stands from ``since`` until just before ``until``; clocks in working days.

    numbers: thresholds by name; fen and days are whole, shares are fractions.
    words: usual names of settled lines.
    """

    kind: CaseKind
    since: date
    until: date | None
    does: Does
    citation: str
    confidence: str
    reply_workdays: int
    appeal_workdays: int
    review_workdays: int
    numbers: Mapping[str, Decimal]
    words: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Say whether the rule is in force on a day."""
        return self.since <= day and (self.until is None or day < self.until)

    def whole(self, name: str) -> int:
        """Return a threshold that is a whole number. Raises KeyError."""
        return int(self.numbers[name])

    def told(self) -> dict[str, Any]:
        """Return what a case keeps of the rule it rests on."""
        return {"key": str(self.kind), "since": self.since.isoformat(), "does": str(self.does),
                "citation": self.citation, "confidence": self.confidence,
                "numbers": {name: str(value) for name, value in self.numbers.items()}}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Low:
    """Why a price is abnormally low: the line it lies under, and by which test (mean, next, ceiling)."""

    line: Money
    test: str


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Read the rules of a file. Raises DataFileError, also for two rows of a key in force together."""
    rows = read_datafile(path).rows("rules")
    rules = tuple(_rule(row) for row in rows)
    for at, (rule, row) in enumerate(zip(rules, rows, strict=True)):
        for other in rules[:at]:
            apart = (other.until or date.max) <= rule.since or (rule.until or date.max) <= other.since
            if other.kind is rule.kind and not apart:
                raise row.refuse("since", "two rows of this key hold on the same day")
    return rules


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules kept here, read once."""
    return read_rules(FILE)


def rule_on(kind: CaseKind, day: date, known: Sequence[Rule] | None = None) -> Rule | None:
    """Return the rule of a kind in force on a day, or None. known: those of our file, if none."""
    return next((one for one in (rules() if known is None else known) if one.kind is kind and one.holds_on(day)), None)


def place_of(percent: int, count: int) -> int:
    """Return the place, counted from one, of a percentile among ``count`` values: inclusive nearest-rank."""
    return max(1, -(-percent * count // HUNDRED))


def percentile(values: Sequence[int], percent: int) -> int:
    """Return the inclusive nearest-rank percentile of values, in any order. Raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[place_of(percent, len(values)) - 1]


def beyond(amount: Money, low: Money, high: Money) -> Money | None:
    """Return the end of a usual span that an amount lies beyond; None inside it, ends included."""
    if amount < low:
        return low
    return high if amount > high else None


def abnormally_low(amount: Money, valid: Sequence[Money], ceiling: Money | None, rule: Rule) -> Low | None:
    """Return the first line a price lies under: half the mean of valid quotes, half the next, a share of the ceiling.

    valid: the amounts of all valid quotes of the need, this one among them. One quote is held against the ceiling only.
    Source: domain parameters of the rule's own citation.
    """
    tests: list[tuple[str, Decimal]] = []
    if len(valid) > 1:
        total = Decimal(sum(one.fen for one in valid))
        tests.append(("mean", total / len(valid) * rule.numbers["mean_share"]))
        above = [one.fen for one in valid if one > amount]
        if above:
            tests.append(("next", Decimal(min(above)) * rule.numbers["next_share"]))
    if ceiling is not None:
        tests.append(("ceiling", Decimal(ceiling.fen) * rule.numbers["ceiling_share"]))
    for name, line in tests:
        if Decimal(amount.fen) < line:
            return Low(Money(-int(-line // 1)), name)
    return None


def split_total(amounts: Sequence[Money], rule: Rule) -> Money | None:
    """Return what contracts come to together when each stays just under the threshold and together they reach it.

    amounts: contracts of the same parties and item signed within the rule's window, in any order.
    """
    threshold = rule.whole("threshold_fen")
    near = [one.fen for one in amounts if threshold * rule.numbers["near_share"] <= one.fen < threshold]
    total = sum(near)
    return Money(total) if len(near) > 1 and total > threshold else None


def unknown_lines(lines: Sequence[tuple[str, Money]], known: str, rule: Rule) -> list[tuple[str, Money]]:
    """Return the lines of a settlement, beyond the first, that neither posted price, contract nor usage knows of.

    known: the texts of the posted price and the contract together.
    """
    return [
        (name, amount)
        for name, amount in lines[1:]
        if name.strip() not in known and not any(word in name for word in rule.words)
    ]


def _rule(row: Row) -> Rule:
    row.only("key", "since", "until", "does", "citation", "confidence", "words", *CLOCKS, *WHOLE, *SHARES)
    kind, does = row.choice("key", CaseKind), row.choice("does", Does)
    if (does is Does.BLOCK) != (kind is CaseKind.ABOVE_CAP_ATTEMPT):
        raise row.refuse("does", "only a cap binding on the day blocks")
    since, until = row.day("since"), row.day_or_none("until")
    if until is not None and until <= since:
        raise row.refuse("until", "is not after since")
    clocks = [row.integer(name) for name in CLOCKS]
    if min(clocks) < 1:
        raise row.refuse("reply_workdays", "a clock is at least one working day")
    numbers = {name: Decimal(row.integer(name)) for name in WHOLE if row.has(name)}
    numbers |= {name: row.decimal(name) for name in SHARES if row.has(name)}
    return Rule(
        kind, since, until, does, row.text("citation"), row.text("confidence"),
        reply_workdays=clocks[0], appeal_workdays=clocks[1], review_workdays=clocks[2],
        numbers=numbers, words=row.texts("words"),
    )  # fmt: skip
