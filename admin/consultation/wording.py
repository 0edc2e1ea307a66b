"""Consultation in words: states, and what an answer cites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from admin.consultation import queries
from admin.consultation.lifecycle import ConsultationState
from admin.guide.wording import life_name
from agencies.catalogue.wording import named
from agencies.rulebook.queries import history
from core.errors import NotFound
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

STATES: Final[Mapping[ConsultationState, tuple[Any, str]]] = {
    ConsultationState.ASKED: (_l("等答复"), "warn"),
    ConsultationState.ANSWERED: (_l("已答复"), "ok"),
    ConsultationState.PUBLISHED: (_l("已公开"), "ok"),
    ConsultationState.RETIRED: (_l("不再适用"), "plain"),
    ConsultationState.CLOSED: (_l("已办结"), "plain"),
}


def cited(session: Session, cites: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Say in words what an answer rests on, and whether a newer version is in force."""
    found = []
    for one in cites:
        newer = queries.version_now(session, one["kind"], one["key"], today) != one["version"]
        if one["kind"] == "rule":
            text = _("交易规则“%(name)s”，自 %(day)s", name=_rule_name(session, one["key"]), day=one["version"])
            found.append({"text": text, "url": f"/rules/{one['key']}", "newer": newer})
        else:
            text = _("办事指南“%(name)s”，第 %(number)s 版", name=life_name(one["key"]), number=one["version"])
            url = f"/guide/lives/{one['key']}?version={one['version']}"
            found.append({"text": text, "url": url, "newer": newer})
    return found


def _rule_name(session: Session, key: str) -> str:
    try:
        return named(history(session, key)[0])
    except NotFound:
        return key
