"""What a plan's entry becomes when it is bought: a draft with what is known of the project filled in."""

from __future__ import annotations

from typing import Any, Final

from agencies.fees import register
from agencies.fees.engine.inputs import FUNDING
from agencies.fees.queries import schedules_of
from core.clock import beijing_day
from core.work import Work
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteNeed
from marketplace.needs.models import Need
from marketplace.projects.models import Project
from marketplace.projects.queries import Line

LONGEST_TITLE: Final = 60
NO_CEILING: Final = "按市场报价比选，不设限价"
INVESTMENT: Final = "investment"


def draft(work: Work, project: Project, line: Line) -> Need:
    """Write the draft of one entry's need. Raises Forbidden."""
    name = line.item.name
    command = WriteNeed(
        item_code=line.item.code,
        title=f"{project.name[: max(1, LONGEST_TITLE - len(name))]}{name}"[:LONGEST_TITLE],
        scale=project.scale or project.name,
        fund=project.fund,
        project_name=project.name,
        project_code=project.code,
        time_limit_days=line.days,
        no_ceiling_reason=NO_CEILING if project.fund == "social" else "",
        fee_inputs=_fee_inputs(work, project, line),
        town_code=project.town_code,
    )
    return needs.create(work, command)


def _fee_inputs(work: Work, project: Project, line: Line) -> dict[str, Any]:
    """Return the investment where the item's schedule asks for it; the rest is asked of the enterprise."""
    ids = schedules_of(line.item)
    if project.investment is None or not ids:
        return {}
    schedule, on = register.SCHEDULES[ids[0]], beijing_day(work.clock.now())
    version = schedule.version_on(on) or schedule.versions[0]
    asked = {one.name for one in register.fields(schedule, version) if one.name != FUNDING.name}
    return {f"{INVESTMENT}_wan": format(project.investment.wan.normalize(), "f")} if INVESTMENT in asked else {}
