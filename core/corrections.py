"""One-time correction (一次性补正告知): what is common to everything an office judges item by item. Pure.

All items are judged before anything is sent, one list says everything at once, a second may only name what the first
one named, a minor paper may follow on a day promised, and an office that lets its time pass has accepted.
Source: 行政许可法 (2019) 第三十二条第一款第四项; it binds licensing, and is followed here by the market's own rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from core.clock import beijing_day
from core.i18n import lazy_gettext as _l
from core.workdays import add_workdays, close_of

CALLS: Final = (5, 1)
"""Working days before a promised day on which its side is reminded; the day itself ends it."""


class ItemVerdict(StrEnum):
    """What an officer says of one thing that is judged."""

    PENDING = "pending"
    PASSED = "passed"
    TO_CORRECT = "to_correct"
    PROMISED = "promised"
    MISSED = "missed"


VERDICTS: Final[Mapping[ItemVerdict, tuple[Any, str]]] = {
    ItemVerdict.PENDING: (_l("待核对"), "plain"),
    ItemVerdict.PASSED: (_l("通过"), "ok"),
    ItemVerdict.TO_CORRECT: (_l("要补正"), "bad"),
    ItemVerdict.PROMISED: (_l("承诺后补"), "warn"),
    ItemVerdict.MISSED: (_l("到期未补"), "bad"),
}
"""What each verdict is called, and the tint of its tag."""
SAYABLE: Final = (ItemVerdict.PASSED, ItemVerdict.TO_CORRECT, ItemVerdict.PROMISED)


def days_after(since: datetime, days: int) -> datetime:
    """Return the close of the day that lies this many working days after an instant."""
    return close_of(add_workdays(beijing_day(since), days))


def judge_list(wrong: Collection[str], correctable: Collection[str], before: Collection[str] | None) -> str:
    """Say by a code why these items may not be sent back; nothing when they may.

    before: the items of the list before, None when there was none. A second list may only name what the first one did:
    what passed unmentioned is not asked for later.
    """
    if not wrong:
        return "nothing-to-correct"
    if not set(wrong) <= set(correctable):
        return "not-correctable"
    return "said-before" if before is not None and not set(wrong) <= set(before) else ""


def judge_acceptance(verdicts: Iterable[str]) -> str:
    """Say by a code why what was judged may not be accepted; nothing when it may, perhaps with promised papers."""
    found = set(verdicts)
    if ItemVerdict.PENDING in found:
        return "verdicts-missing"
    return "not-all-passed" if found - {ItemVerdict.PASSED, ItemVerdict.PROMISED} else ""


def promise_fits(day: date, today: date, most: int) -> bool:
    """Say whether a minor paper may follow on this day: from tomorrow, within so many working days."""
    return today < day <= add_workdays(today, most)


def next_call(days: Sequence[date], now: datetime, calls: Sequence[int] = CALLS) -> datetime | None:
    """Return when the side that owes papers is called next: a reminder still to come, else the end of the first day.

    days: the promised days; None when nothing is owed. calls: working days before a promised day.
    """
    if not days:
        return None
    end = min(days)
    coming = (close_of(_workdays_before(end, count)) for count in calls)
    return min((at for at in coming if at > now), default=close_of(end))


def _workdays_before(end: date, count: int) -> date:
    """Return the last day from which so many working days lead at most to ``end``."""
    day = end
    while add_workdays(day, count) > end:
        day -= timedelta(days=1)
    return day
