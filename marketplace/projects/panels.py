"""What projects show on a desk: an enterprise's running ones, with what can be bought now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from accounts.desk import Item, Panel
from core.access import OrgKind
from core.i18n import gettext as _
from core.work import Work
from marketplace.projects import queries
from marketplace.projects.lifecycle import ProjectState

SHOWN: Final = 5


def desk_panels(work: Work) -> Sequence[Panel]:
    """Return the panel of the enterprise's running projects; for nobody else."""
    if work.actor.org_kind is not OrgKind.ENTERPRISE or work.actor.org_id is None:
        return ()
    rows = [one for one in queries.projects_of(work.session, work.actor.org_id) if one.state is ProjectState.RUNNING]
    lines = []
    for one in rows[:SHOWN]:
        ready = len(queries.plan_of(work.session, one).ready)
        text: Any = _("%(name)s（现在可以采购 %(count)s 项）", name=one.name, count=ready) if ready else one.name
        lines.append(Item(text, f"/projects/{one.id}"))
    return (Panel(_("项目计划"), lines, _("建一个项目，先后和常用事项按规则排好。"), "/projects", _("全部项目")),)
