"""Judgement of a contract's turns: kinds of change, causes of an early end, what a department may find. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from core.errors import Invalid
from core.money import Money
from marketplace.contracts.rules import SHORTEST_REASON

LEAST_FOR_SHARE: Final = 3


class AmendmentKind(StrEnum):
    """Why a signed contract is changed."""

    SCOPE_CHANGED = "scope_changed"
    EXTENSION = "extension"
    PRICE = "price"
    FORCE_MAJEURE = "force_majeure"
    DEPARTMENT_REQUIREMENT = "department_requirement"
    CORRECTION = "correction"


class EndCause(StrEnum):
    """Why a signed contract ends early."""

    AGREED = "agreed"
    ENTERPRISE_BREACH = "enterprise_breach"
    AGENCY_BREACH = "agency_breach"
    PROJECT_CANCELLED = "project_cancelled"
    FORCE_MAJEURE = "force_majeure"
    QUALIFICATION_LOST = "qualification_lost"


class Finding(StrEnum):
    """What a department found of a result."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Source(StrEnum):
    """How a department's finding came in."""

    ENTERED = "entered"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract says now of what an amendment may change."""

    amount: Money
    days: int
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far amendments may go.

    signed: the amount the contract was signed with. cap: a price binding by law. share: by what share of the signed
    amount all amendments together may raise it, None where nothing limits them.
    """

    signed: Money
    cap: Money | None = None
    share: Decimal | None = None

    @property
    def most(self) -> Money | None:
        """The most the share allows, half up to the fen."""
        return None if self.share is None else self.signed.times(Decimal(1) + self.share)


def share_of(value: object) -> Decimal | None:
    """Read a share from a rule, as frozen into a need or as the dated row holds it; none stays none."""
    return None if value is None else Decimal(str(value))


def judge_amendment(kind: AmendmentKind, before: Terms, after: Terms, limits: Limits, reason: str) -> None:
    """Refuse a change that changes nothing, goes beyond a limit, or is not what its kind says.

    An extension lengthens the time and touches no price; a price change changes the price. The share for fiscal funds
    follows 政府采购法 第四十九条. Raises Invalid naming the field.
    """
    _want_reason(reason)
    if before == after:
        raise Invalid("amendment-changes-nothing", field="kind")
    if kind is AmendmentKind.EXTENSION:
        if after.days <= before.days:
            raise Invalid("amendment-not-longer", field="days", days=before.days)
        if after.amount != before.amount:
            raise Invalid("amendment-not-its-kind", field="amount")
    if kind is AmendmentKind.PRICE and after.amount == before.amount:
        raise Invalid("amendment-price-same", field="amount")
    if limits.cap is not None and after.amount > limits.cap:
        raise Invalid("contract-above-cap", field="amount", amount=after.amount, cap=limits.cap)
    most = limits.most
    if most is not None and after.amount > max(most, before.amount):
        raise Invalid("amendment-above-share", field="amount", most=most)


def judge_payable(payable: Money, amount: Money, cap: Money | None) -> None:
    """Refuse to owe more for an unfinished service than the whole would have cost. Raises Invalid."""
    most = amount if cap is None else min(amount, cap)
    if payable > most:
        raise Invalid("payable-above-contract", field="payable", payable=payable, most=most)


def judge_outcome(
    finding: Finding, codes: Sequence[str], known: Collection[str], decided_on: date, *, since: date, today: date
) -> None:
    """Refuse a finding without its codes, with codes not known that day, or of a day before the result or to come.

    Raises Invalid naming the field.
    """
    if finding is Finding.RETURNED and not codes:
        raise Invalid("outcome-codes-missing", field="codes")
    if finding is Finding.ACCEPTED and codes:
        raise Invalid("outcome-codes-unwanted", field="codes")
    for code in codes:
        if code not in known:
            raise Invalid("outcome-code-unknown", field="codes", given=code)
    if not since <= decided_on <= today:
        raise Invalid("outcome-day", field="decided_on", since=since, today=today)


@dataclass(frozen=True, slots=True)
class FirstPass:
    """How many contracts a department has looked at, and how many of them it accepted at once."""

    passed: int
    count: int

    @property
    def percent(self) -> Decimal | None:
        """The share in percent to one decimal, half up; None below the least number, which says nothing."""
        if self.count < LEAST_FOR_SHARE:
            return None
        tenths = (2000 * self.passed + self.count) // (2 * self.count)
        return Decimal(tenths) / 10


def _want_reason(reason: str) -> None:
    given = len(reason.strip())
    if given < SHORTEST_REASON:
        raise Invalid("reason-too-short", field="reason", least=SHORTEST_REASON, given=given)
