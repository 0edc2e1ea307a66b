"""How the words of projects are said on pages."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from agencies.catalogue import order
from agencies.catalogue.necessity import ANSWERS
from agencies.catalogue.rules import Needed, Verdict
from agencies.catalogue.wording import mark, named
from core.errors import DomainError
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from marketplace.needs.refusals import SENTENCES as OF_NEEDS
from marketplace.projects.lifecycle import ProjectState
from marketplace.projects.models import Project
from marketplace.projects.queries import Line, Plan
from marketplace.projects.refusals import SENTENCES
from marketplace.projects.rules import Progress
from marketplace.projects.service import WAIVED, verdict_of

_G = Progress

STATES: Final[dict[ProjectState, tuple[Any, str]]] = {
    ProjectState.RUNNING: (_l("进行中"), "info"),
    ProjectState.DONE: (_l("已完成"), "ok"),
    ProjectState.CANCELLED: (_l("已取消"), "plain"),
}
PROGRESS: Final[dict[Progress, tuple[Any, str]]] = {
    _G.NOT_STARTED: (_l("未开始"), "plain"),
    _G.DRAFTED: (_l("需求草稿"), "warn"),
    _G.OPEN: (_l("公告报价中"), "info"),
    _G.SELECTING: (_l("选取中"), "warn"),
    _G.SELECTED: (_l("已选定，待签约"), "info"),
    _G.IN_CONTRACT: (_l("履约中"), "info"),
    _G.DELIVERED: (_l("已交付，待验收"), "warn"),
    _G.ACCEPTED: (_l("已验收"), "ok"),
    _G.OWN: (_l("自行编制中"), "info"),
    _G.OWN_DONE: (_l("自行编制完成"), "ok"),
    _G.NOT_NEEDED: (_l("不需要"), "plain"),
}
DAYS_FROM: Final = {"plan": _l("计划"), "notice": _l("公告"), "contract": _l("合同")}


def kinds() -> list[tuple[str, str, str]]:
    """Return the kinds of project for a form, each with how many items it begins with."""
    return [
        (
            one.code,
            named(one),
            _("先列 %(count)s 项，可以增减", count=len(one.items)) if one.items else _("从空计划开始"),
        )
        for one in order.kinds()
    ]


def kind_name(code: str) -> str:
    """Name a kind of project; one no longer known stands for itself."""
    try:
        return named(order.kind(code))
    except KeyError:
        return code


def summary(plan: Plan) -> str:
    """Say in one sentence what the plan comes to."""
    timed = plan.schedule
    if not timed.total:
        return _("计划里还没有要办的事项。")
    return _(
        "并行推进共 %(total)s 天；一项接一项要 %(turn)s 天，并行省 %(saved)s 天。没办完的最少还要 %(left)s 天。",
        total=timed.total, turn=timed.in_turn, saved=timed.saved, left=plan.left,
    )  # fmt: skip


def critical_sentence(plan: Plan) -> str:
    """Name the critical path; empty for a plan without time."""
    names = {one.entry.id: named(one.item) for one in plan.lines}
    way = " → ".join(names[key] for key in plan.schedule.critical)
    return _("关键路线：%(way)s。这条线上晚一天，全程晚一天。", way=way) if way else ""


def when(line: Line) -> str:
    """Say when an entry runs by the plan."""
    if line.slot.finish == line.slot.start:
        return "—"
    return _("%(start)s 至 %(end)s", start=day(line.starts_on), end=day(line.ends_on))


def day(value: date) -> str:
    """Write a day as tables do."""
    return value.isoformat()


def days_of(line: Line) -> str:
    """Say how long an entry takes and where that stands."""
    return _("%(days)s 天（%(source)s）", days=line.days, source=DAYS_FROM[line.days_from])


def waits(plan: Plan, line: Line) -> str:
    """Say what an entry still waits for; empty where for nothing."""
    names = {one.entry.id: named(one.item) for one in plan.lines}
    return _("、").join(names[key] for key in line.waits_for)


def grounds(before: str, after: str, on: date) -> str:
    """Say what the order of two items stands on: the dated file with its mark, or the enterprise's own word."""
    found = order.order_of(before, after, on)
    if found is None:
        return _("本单位自己定的")
    return _("%(text)s（%(note)s）", text=found.basis, note=mark(found.confidence)[0])


def verdict_sentence(verdict: Verdict) -> str:
    """Say what the catalogue's rules make of an item, with the clauses it stands on."""
    if verdict.needed is Needed.UNKNOWN:
        return _("还不能判断：补上项目的数，或按“要不要办”答几个问题。")
    cited = _("；").join(_("%(text)s（%(note)s）", text=one["text"], note=one["citation"]) for one in verdict.clauses)
    answer = str(ANSWERS[verdict.needed])
    return _("%(text)s（%(note)s）", text=answer, note=cited) if cited else answer


def refusal(error: DomainError) -> str:
    """Write a refusal's sentence."""
    return str(SENTENCES.get(error.code, OF_NEEDS.get(error.code, error.code))) % error.facts


def may_be_needless(project: Project, line: Line) -> bool:
    """Say whether the catalogue's rules would take out what the plan still holds."""
    if line.progress is not Progress.NOT_STARTED:
        return False
    return verdict_of(project, line.item).needed in WAIVED
