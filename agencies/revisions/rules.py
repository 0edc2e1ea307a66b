"""Judgements of revisions: whether a text may replace another, and what becomes of a finding under it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from agencies.fees.engine.calculation import Calculation
from agencies.fees.engine.schedule import Schedule
from agencies.fees.engine.splicing import changed_before
from core.money import Money

SHORTEST_REASON: Final = 5
LONGEST_REASON: Final = 1000
LONGEST_TEXT: Final = 400_000
ABOVE_CAP: Final = "above_cap_attempt"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a revision: the field, a stable code, and facts for its sentence."""

    field: str
    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """A past finding as numbers: what was found, what limits it, and what the limit rests on.

    by_cap: the schedule's own binding cap; by_posted: a posted price; neither: a quote or a contract, no schedule.
    """

    found: Money
    compared: Money
    by_cap: bool
    by_posted: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finding comes to under a new text: the benchmark and the limit before and after, and whether it stands."""

    old_base: Money | None
    new_base: Money | None
    old_limit: Money | None
    new_limit: Money | None
    stands: bool

    @property
    def changed(self) -> bool:
        """Say whether anything differs."""
        return (self.old_base, self.old_limit) != (self.new_base, self.new_limit)


def is_correction(effective_on: date, today: date) -> bool:
    """Tell whether a revision takes effect back in time."""
    return effective_on < today


def faults(before: Schedule | None, after: Schedule, schedule_id: str, on: date) -> list[Fault]:
    """Return why a text that reads well may not replace the one before it; empty when it may.

    What was in force before the effective day is history: a change there is a correction with an earlier day.
    """
    if after.id != schedule_id:
        return [Fault("text", "revision-other-schedule", {"given": after.id, "schedule": schedule_id})]
    if before is None:
        return []
    past = changed_before(before, after, on)
    if not past:
        return []
    keys = "、".join(key for key in past if key)
    code = "revision-past-changed" if keys else "revision-past-force"
    return [Fault("text", code, {"versions": keys, "day": on.isoformat()})]


def outcome(
    finding: Finding, old: Calculation | None, new: Calculation | None, limits: tuple[Money | None, Money | None]
) -> Outcome:
    """Judge a past finding again under a new text.

    limits: what the posted price allowed by the old and the new benchmark, for a finding that rests on one. Without a
    limit nothing is exceeded, and the finding would fall. A finding that rests on no schedule stands as it is.
    """
    bases = (old.base if old is not None else None, new.base if new is not None else None)
    if finding.by_cap:
        limits = (
            old.binding_cap() if old is not None else None,
            new.binding_cap() if new is not None else None,
        )
    elif not finding.by_posted:
        return Outcome(*bases, finding.compared, finding.compared, stands=True)
    new_limit = limits[1]
    return Outcome(*bases, *limits, stands=new_limit is not None and finding.found > new_limit)
