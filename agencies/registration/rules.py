"""Judgements of registration: which papers are asked for, whether a qualification serves, who may be chosen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from accounts.reference import Importance, MaterialData, MaterialNeed

REVIEW_WORKDAYS: Final = 5
TAIL: Final = 4
"""How many last characters of a certificate's number a message names it by."""
ITEMS: Final = ("certificate", "holder", "grade", "term", "issuer", "people", "original")
"""What is judged of a qualification that is entered or renewed on the shelf."""
MINOR: Final = ("people", "original")
"""Items that may follow on a day promised."""
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "grade": ("grade",), "term": ("number", "valid_from", "valid_to"), "issuer": ("issued_by",),
}  # fmt: skip
"""What of a qualification may be put right when an item was found wrong."""
CHANGE_DAYS: Final[Mapping[str, int]] = {
    "qualification-review-days": 5, "qualification-correct-days": 10, "qualification-promise-days": 20,
}  # fmt: skip
"""The dated rules a change freezes when it is handed in, with what holds where no row does."""
PRIOR_LOW_MILLI: Final = 3500
PRIOR_ON_TIME: Final = (9, 10)
GRADED_FROM: Final = 3
BINDING_MARKS: Final = ("M-high", "F ")


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands between an agency and a choice: a stable code and the facts its sentence needs."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether an agency may quote for an item on a day; ``advice`` is shown and never refuses."""

    details: tuple[Missing, ...] = ()
    advice: tuple[Missing, ...] = ()

    @property
    def ok(self) -> bool:
        """Say whether nothing is missing."""
        return not self.details

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of what is missing, in the order an agency would put it right."""
        return tuple(one.code for one in self.details)


@dataclass(frozen=True, slots=True)
class Demand:
    """What an item asks for: qualifications as (category, grade), any or all of them; an empty grade accepts any.

    ``confidence`` is the mark of the catalogue: what stands under M-high may bind nobody.
    """

    wanted: tuple[tuple[str, str], ...]
    match_all: bool = False
    confidence: str = "M-high"

    @property
    def binds(self) -> bool:
        """Say whether the demand is known well enough to refuse somebody."""
        return self.confidence.startswith(BINDING_MARKS)


@dataclass(frozen=True, slots=True)
class Held:
    """A qualification an agency holds; the last valid day counts as valid."""

    category: str
    grade: str
    valid_from: date | None
    valid_to: date | None
    verified: bool = True

    def ended(self, on: date) -> bool:
        """Say whether its last day is over."""
        return self.valid_to is not None and self.valid_to < on

    def runs(self, on: date) -> bool:
        """Say whether it is valid on a day."""
        return not self.ended(on) and (self.valid_from is None or self.valid_from <= on)


@dataclass(frozen=True, slots=True)
class Standing:
    """What ratings say of an agency: thousandths of a star, None under three rated contracts (暂无等级).

    ``counts`` are the ratings of one to five stars, ``aspects`` the five dimensions in thousandths.
    """

    mean_milli: int | None
    low_milli: int | None
    high_milli: int | None
    ratings_n: int
    grade: str | None
    counts: tuple[int, ...] = ()
    aspects: tuple[int, ...] = ()


def grade_serves(held: str, wanted: str, ladder: Sequence[str]) -> bool:
    """Say whether a grade is the one wanted or a higher one; grades run from the highest down."""
    if not wanted:
        return True
    if held not in ladder or wanted not in ladder:
        return held == wanted
    return ladder.index(held) <= ladder.index(wanted)


def qualification_gaps(
    demand: Demand, held: Sequence[Held], on: date, ladders: Mapping[str, Sequence[str]]
) -> tuple[tuple[Missing, ...], tuple[Missing, ...]]:
    """Return what is missing and binds, and what is missing and is only said.

    A certificate of the category that has run out always binds: using it is misconduct. That none is held binds only
    where the catalogue is sure of its demand.
    """
    gaps = [gap for wanted in demand.wanted if (gap := _gap(wanted, held, on, ladders)) is not None]
    if not gaps or (not demand.match_all and len(gaps) < len(demand.wanted)):
        return (), ()
    binding = tuple(gap for gap in gaps if demand.binds or gap.code == "qualification-expired")
    return binding, tuple(gap for gap in gaps if gap not in binding)


def _gap(
    wanted: tuple[str, str], held: Sequence[Held], on: date, ladders: Mapping[str, Sequence[str]]
) -> Missing | None:
    category, grade = wanted
    own = [one for one in held if one.category == category]
    fit = [one for one in own if grade_serves(one.grade, grade, ladders.get(category, ()))]
    if any(one.runs(on) and one.verified for one in fit):
        return None
    if any(one.runs(on) for one in fit):
        return Missing("qualification-unverified", {"category": category})
    ended = [one.valid_to for one in fit if one.valid_to is not None and one.ended(on)]
    if ended:
        return Missing("qualification-expired", {"category": category, "ended": max(ended)})
    if fit:
        return Missing("qualification-not-yet", {"category": category})
    if own:
        return Missing("qualification-grade", {"category": category, "grade": grade})
    return Missing("qualification-missing", {"category": category, "grade": grade})


@dataclass(frozen=True, slots=True)
class Certified:
    """A person's certificate as the rules see it: its kind, and its last valid day where it has one."""

    kind: str
    valid_to: date | None


def practitioner_gaps(wanted: Sequence[str], held: Sequence[Certified], on: date) -> tuple[Missing, ...]:
    """Return the kinds of practitioner nobody of the agency holds on a day, or whose certificates have all run out.

    The catalogue is not sure enough of these demands to bind anybody: they are said, and refuse nobody.
    """
    gaps = []
    for kind in wanted:
        own = [one for one in held if one.kind == kind]
        if any(one.valid_to is None or one.valid_to >= on for one in own):
            continue
        ended = [one.valid_to for one in own if one.valid_to is not None]
        expired = Missing("practitioner-expired", {"kind": kind, "ended": max(ended)}) if ended else None
        gaps.append(expired or Missing("practitioner-missing", {"kind": kind}))
    return tuple(gaps)


class Stage(StrEnum):
    """When in a purchase an agency's standing is judged anew."""

    QUOTE = "quote"
    AWARD = "award"
    SIGN = "sign"
    DELIVER = "deliver"


def binding_at(stage: Stage, details: Sequence[Missing]) -> tuple[Missing, ...]:
    """Return what of all that is missing stands in the way at a stage.

    Until the contract everything does. At the delivery only a qualification that is gone or has run out: a shelf closed
    meanwhile frees nobody from work already agreed.
    """
    if stage is not Stage.DELIVER:
        return tuple(details)
    return tuple(one for one in details if one.code.startswith("qualification-"))


def asked_for(
    materials: Iterable[MaterialData],
    *,
    with_qualification: bool,
    without_qualification: bool,
    with_practitioners: bool,
) -> tuple[MaterialData, ...]:
    """Return the papers asked for, in the order an agency meets them."""
    asked = {
        MaterialNeed.ALWAYS: True,
        MaterialNeed.WITH_QUALIFICATION: with_qualification,
        MaterialNeed.WITHOUT_QUALIFICATION: without_qualification,
        MaterialNeed.WITH_PRACTITIONERS: with_practitioners,
    }
    return tuple(material for material in materials if asked[material.needed])


def is_given(material: MaterialData, *, has_file: bool, committed: bool) -> bool:
    """Say whether a paper is there: uploaded, looked up by the operator, or covered by the commitment made online."""
    return has_file or material.checkable or committed


def may_be_promised(material: MaterialData) -> bool:
    """Say whether a paper may follow later (容缺受理): only a secondary one."""
    return material.importance is Importance.SECONDARY


def on_time_milli(delivered_n: int, on_time_n: int) -> int | None:
    """Return the on-time share in thousandths, rounded down; None under three deliveries, which say nothing yet."""
    return on_time_n * 1000 // delivered_n if delivered_n >= GRADED_FROM else None


def shelf_rank(low_milli: int | None, delivered_n: int, on_time_n: int) -> int:
    """Return the place on the shelf, 0 to 1000: half the rating's lower bound, half the on-time share.

    An agency without a grade stands where the average one would, so that a newcomer is neither first nor last; the
    on-time share starts from nine in ten and moves with every delivery.
    """
    low = PRIOR_LOW_MILLI if low_milli is None else low_milli
    good, all_of = PRIOR_ON_TIME
    return (low * 500) // 5000 + ((on_time_n + good) * 500) // (delivered_n + all_of)
