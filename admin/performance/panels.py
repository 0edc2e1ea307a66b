"""What performance shows on an office's desk: four figures of the last months, with the way to the board."""

from __future__ import annotations

from typing import Any

from admin.performance import asking, figures, rules
from admin.performance.permissions import POLICY
from core.i18n import gettext as _
from core.work import Work


def desk_panels(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of figures for offices; none for others."""
    if not work.allows(POLICY, "performance:see"):
        return []
    found = figures.summary(work, asking.asked_slice(work, {}))
    ratio = found["ratio"]
    data = {
        "signed": found["signed"],
        "on_time": rules.share(found["on_time"], found["accepted"]),
        "ratio": rules.ratio_text(ratio.median) if ratio else _("不足 8 份"),
        "open_cases": found["open_cases"],
    }
    return [(_("履约看板"), "performance/_desk.html", data)]
