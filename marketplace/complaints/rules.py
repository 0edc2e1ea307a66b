"""What a complaint must have, when it is in time, and what may be asked of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from core import corrections
from core.clock import beijing_day
from core.corrections import ItemVerdict
from marketplace.complaints.lifecycle import ASPECTS, Aspect, Outcome, Remedy, Subject

SHORTEST_MATTER: Final = 20
SHORTEST_TEXT: Final = 10
LONGEST_TEXT: Final = 3000
SHORTEST_CLAUSE: Final = 4
ITEMS: Final = ("parties", "standing", "matter", "clause", "evidence", "seal", "time", "new")
CORRECTABLE: Final = ("parties", "matter", "clause", "evidence", "seal")
MINOR: Final = ("evidence", "seal")
LAPSES_WITHOUT: Final = ("seal",)
AGAINST_AGENCY: Final = (Aspect.PARTICIPANT, Aspect.QUALIFICATION)
USUAL_DAYS: Final[Mapping[str, int]] = {
    "complaint-window-days": 5, "complaint-accept-days": 5, "complaint-correct-days": 5, "complaint-promise-days": 10,
    "complaint-reply-days": 5, "complaint-decide-days": 30, "complaint-appeal-days": 10, "complaint-review-days": 10,
}  # fmt: skip

Fault = tuple[str, str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which something may be complained of, half open; no end while it is not known yet."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def fault(self, now: datetime) -> str:
        """Say by a code why now is not inside; nothing when it is."""
        if self.opens_at is None or now < self.opens_at:
            return "complaint-not-yet"
        return "complaint-too-late" if self.closes_at is not None and now >= self.closes_at else ""


@dataclass(frozen=True, slots=True)
class Filing:
    """What is judged before a complaint is sent. against: the agency complained of; promised_on: evidence follows."""

    subject: Subject
    aspect: Aspect
    matter: str
    clause: str
    contact_name: str
    contact_phone: str
    sealed: bool
    files: int
    promised_on: date | None = None
    against: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a filing is judged against: its window, the agencies that took part, standing, an earlier decision."""

    window: Window
    standing: str = ""
    participants: frozenset[int] = field(default_factory=frozenset)
    own_agency: int | None = None
    decided_before: bool = False
    promise_days: int = 10


def judge_filing(filing: Filing, ground: Ground, now: datetime) -> tuple[Fault, ...]:
    """Return everything that keeps a complaint from being filed, as (code, field, facts); empty when it may be."""
    faults: list[Fault] = []

    def wrong(when: object, code: str, name: str, **facts: Any) -> None:
        if when:
            faults.append((code, name, facts))

    late = ground.window.fault(now)
    wrong(late, late, "aspect")
    wrong(ground.standing, ground.standing, "aspect")
    wrong(ground.decided_before, "complaint-decided-before", "aspect")
    wrong(filing.aspect not in ASPECTS[filing.subject], "complaint-aspect", "aspect")
    if filing.aspect in AGAINST_AGENCY:
        fits = filing.against in ground.participants and filing.against != ground.own_agency
        wrong(not fits, "complaint-against", "against")
    given = len(filing.matter.strip())
    wrong(given < SHORTEST_MATTER, "complaint-matter-short", "matter", least=SHORTEST_MATTER, given=given)
    wrong(len(filing.clause.strip()) < SHORTEST_CLAUSE, "complaint-clause-missing", "clause")
    wrong(not filing.contact_name.strip(), "complaint-contact-name", "contact_name")
    wrong(not filing.contact_phone.strip(), "complaint-contact-phone", "contact_phone")
    wrong(not filing.files and filing.promised_on is None, "complaint-evidence-missing", "file")
    if filing.promised_on is not None:
        fits = corrections.promise_fits(filing.promised_on, beijing_day(now), ground.promise_days)
        wrong(not fits, "complaint-promise-day", "promised_on", most=ground.promise_days)
    wrong(not filing.sealed, "complaint-unsealed", "sealed")
    return tuple(faults)


def judge_list(wrong: Collection[str], before: Collection[str] | None) -> str:
    """Say by a code why these items may not be sent back; nothing when they may, as ``corrections`` judges it."""
    return _coded(corrections.judge_list(wrong, CORRECTABLE, before))


def judge_acceptance(verdicts: Iterable[ItemVerdict]) -> str:
    """Say by a code why a complaint may not be accepted; nothing when it may."""
    return _coded(corrections.judge_acceptance(verdicts))


def _coded(code: str) -> str:
    return f"complaint-{code}" if code else ""


def remedies_for(subject: Subject, *, has_award: bool) -> tuple[Remedy, ...]:
    """Return what an upheld complaint may do, by its subject and whether an award hangs on it."""
    if subject is not Subject.SELECTION:
        return (Remedy.NONE,)
    if has_award:
        return (Remedy.NONE, Remedy.NEXT, Remedy.ANNUL, Remedy.RERUN)
    return (Remedy.NONE, Remedy.CORRECT_NOTICE)


def judge_remedy(outcome: Outcome, remedy: Remedy, allowed: Collection[Remedy]) -> str:
    """Say by a code why a remedy does not fit an outcome; nothing when it does."""
    if outcome is Outcome.DISMISSED and remedy is not Remedy.NONE:
        return "complaint-remedy-of-dismissed"
    return "" if remedy in allowed else "complaint-remedy"
