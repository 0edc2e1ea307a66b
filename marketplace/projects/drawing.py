"""The plan as a picture: lanes one under another, a bar an entry, the critical path marked; a table says the same."""

from __future__ import annotations

from markupsafe import Markup

from agencies.catalogue.wording import named
from core.i18n import gettext as _
from marketplace.projects.queries import Line, Plan
from marketplace.projects.rules import DONE
from marketplace.projects.wording import summary

WIDE = 720
LEFT = 6
ROW = 40
BAR = 30
TOP = 30
LEAST = 3.0
NARROW = 22.0
BESIDE = 44.0
STEPS = (1, 2, 5, 10, 20, 30, 60, 90, 120, 180, 360, 720)
TICKS = 4


def picture(plan: Plan) -> Markup:
    """Draw the lanes of a plan; nothing where no entry takes time."""
    total = plan.schedule.total
    if not total:
        return Markup("")
    lanes = 1 + max(one.slot.lane for one in plan.lines)
    height = TOP + lanes * ROW + 4
    parts = [*_ruler(total, height), *(_bar(one, number, total) for number, one in enumerate(_timed(plan), 1))]
    return Markup('<svg class="chart lanes" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>').format(
        summary(plan), WIDE, height, Markup("").join(parts)
    )


def _timed(plan: Plan) -> list[Line]:
    return [one for one in plan.lines if one.slot.finish > one.slot.start]


def numbers(plan: Plan) -> dict[int, int]:
    """Return the number each entry has on its bar."""
    return {one.entry.id: number for number, one in enumerate(_timed(plan), 1)}


def _at(days: int, total: int) -> float:
    return LEFT + (WIDE - 2 * LEFT) * days / total


def _ruler(total: int, height: int) -> list[Markup]:
    step = next((one for one in STEPS if total <= one * TICKS), total)
    drawn = []
    for days in range(0, total + 1, step):
        x = _at(days, total)
        anchor = "start" if days == 0 else "end" if x > WIDE - BESIDE else "middle"
        drawn.append(
            Markup('<path d="M{:.1f} {}V{}" class="grid"/><text x="{:.1f}" y="20" text-anchor="{}">{}</text>').format(
                x, TOP - 4, height, x, anchor, _("第 %(days)s 天", days=days)
            )
        )
    return drawn


def _bar(line: Line, number: int, total: int) -> Markup:
    x, end = _at(line.slot.start, total), _at(line.slot.finish, total)
    width, y = max(LEAST, end - x - 2), TOP + line.slot.lane * ROW
    kind = "done" if line.progress in DONE else "critical" if line.slot.critical else "free"
    box = Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" rx="4" class="{}"><title>{}</title></rect>')
    words = Markup('<text x="{:.1f}" y="{}" class="{}" text-anchor="{}">{}</text>')
    at, anchor = x + width / 2, "middle"
    if width < NARROW:  # the number stands beside a bar too short for it
        at, anchor = (x - 4, "end") if end > WIDE - BESIDE else (end + 2, "start")
    shown = kind if anchor == "middle" else "free"
    return box.format(x, y, width, BAR, kind, named(line.item)) + words.format(at, y + 22, shown, anchor, number)
