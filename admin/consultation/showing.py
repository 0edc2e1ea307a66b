"""How a question is drawn: its page, its line in a list, its forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask import render_template
from sqlalchemy import select

from admin.consultation import forms, queries
from admin.consultation.lifecycle import CONSULTATION, ConsultationState
from admin.consultation.models import Consultation
from admin.consultation.permissions import POLICY
from admin.consultation.wording import STATES, cited
from admin.guide import queries as guides
from admin.guide.life_words import LIVES
from admin.guide.wording import life_name
from agencies.catalogue.models import Rule
from agencies.catalogue.wording import item_name, item_names, named
from core.clock import beijing_day
from core.forms import Form, Item, blank_form
from core.i18n import gettext as _
from core.work import Work

ITEM: Final = re.compile(r"/services/([A-Z]{2}-[A-Z]-\d{2})")
HALF_YEAR: Final = timedelta(days=180)


def loaded(work: Work, consultation_id: int, **_view_args: Any) -> Consultation:
    """Load a question for the gate."""
    return queries.by_id(work.session, consultation_id)


def item_of(about: str) -> str:
    """Return the service item of the page a question is asked on, where it has one."""
    match = ITEM.match(about)
    return match[1] if match and match[1] in item_names() else ""


def asking() -> list[Item]:
    """Return the fields of a question."""
    return forms.asking(list(item_names().items()), [(life, str(name)) for life, name in LIVES.items()])


def answering(work: Work) -> list[Item]:
    """Return the fields of an answer, with the rules and guides there are."""
    rows = work.session.scalars(select(Rule).order_by(Rule.key, Rule.valid_from)).all()
    rules = {row.key: named(row) for row in rows}
    lives = [(one.life, life_name(one.life)) for one in guides.current(work.session)]
    return forms.answering(list(rules.items()), lives)


def line(row: Consultation, now: datetime) -> list[Any]:
    """Return a question's line in a list."""
    label, kind = STATES[row.state]
    late = row.state is ConsultationState.ASKED and row.due_at <= now
    return [
        {"text": row.question[:60], "url": f"/help/{row.id}"},
        item_name(row.item_code) if row.item_code else "—",
        {"text": _("已超期"), "kind": "bad"} if late else {"text": str(label), "kind": kind},
        beijing_day(row.due_at).isoformat(),
    ]


def drawn(
    work: Work, consultation_id: int, shown: Mapping[str, Form[Any]] | None = None, wrong: Form[Any] | None = None
) -> str:
    """Draw a question's page; ``shown`` holds forms as they were sent, ``wrong`` the one that was refused."""
    row = queries.readable(work.session, work.actor, consultation_id)
    given, today = dict(shown or {}), beijing_day(work.clock.now())
    verbs = {verb: work.allows(POLICY, f"consultation:{verb}", row) for verb in CONSULTATION.open_to(row.state)}
    label, kind = STATES[row.state]
    return render_template(
        "consultation/one.html",
        row=row,
        tag_of=(str(label), kind),
        item=item_name(row.item_code) if row.item_code else "",
        life=life_name(row.life) if row.life else "",
        cites=cited(work.session, row.cites, today),
        counted=queries.counted(work.session, row.id),
        may=verbs,
        may_say=work.allows(POLICY, "consultation:help", row),
        is_staff=work.allows(POLICY, "consultation:desk"),
        answer_form=given.get("answer") or (blank_form(answering(work)) if verbs.get("answer") else None),
        approve_form=given.get("approve")
        or blank_form(forms.APPROVING, {"review_on": (today + HALF_YEAR).isoformat()}),
        close_form=given.get("close") or blank_form(forms.CLOSING),
        form=wrong,
    )
