"""One change as its page shows it: what, from when, why, on what basis, and what the reader may do with it."""

from __future__ import annotations

from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from accounts.queries import who
from agencies.catalogue.wording import in_english, named
from agencies.rulebook import queries, self_check
from agencies.rulebook.lifecycle import RULE_CHANGE, ChangeState
from agencies.rulebook.models import RuleChange
from agencies.rulebook.permissions import POLICY
from agencies.rulebook.wording import STATES, TOLD, scope_words, value_words
from core.forms import Form
from core.i18n import gettext as _
from core.work import Work


def loaded(work: Work, change_id: int, **_view_args: Any) -> RuleChange:
    """Load a change for the gate."""
    return queries.change_by_id(work.session, change_id)


def name_of(session: Session, row: RuleChange) -> str:
    """Name the rule of a change in the reader's language."""
    return named(queries.general_row(session, row.key, row.fund))


def drawn(work: Work, change_id: int, judging: Form[Any], wrong: Form[Any] | None = None) -> str:
    """Draw a change's page; ``wrong`` is the judgement's form when it was refused."""
    row = queries.change_by_id(work.session, change_id)
    label, kind = STATES[row.state]
    verbs = {verb: work.allows(POLICY, f"rule_change:{verb}", row) for verb in RULE_CHANGE.open_to(row.state)}
    return render_template(
        "rulebook/change.html",
        change=row,
        name=name_of(work.session, row),
        tag_of=(str(label), kind),
        facts=_facts(work, row),
        checked=_checked(row),
        may=verbs,
        waits=row.state is ChangeState.PROPOSED and not verbs.get("approve"),
        judging=judging,
        form=wrong,
        log=[
            (leaf.at, str(TOLD.get(leaf.verb, leaf.verb)), _("存证号 %(seq)s", seq=leaf.seq))
            for leaf in queries.leaves(work.session, row.id)
        ],
    )


def _facts(work: Work, row: RuleChange) -> list[tuple[str, Any]]:
    found = [
        (_("适用"), scope_words(row)),
        (_("原来"), value_words(row.before, row.unit)),
        (_("改成"), value_words(row.value, row.unit)),
        (_("生效日"), row.effective_on.isoformat()),
        (_("失效日"), row.ends_on.isoformat() if row.ends_on else _("不失效")),
        (_("为什么改"), row.reason),
        (_("法律依据"), row.citation),
        (_("提出"), who(work.session, row.author_id, row.author_org_id)),
    ]
    if row.approver_id is not None:
        found.append((_("审核"), who(work.session, row.approver_id, row.approver_org_id)))
        found.append((_("审核意见"), row.decision or ""))
    return found


def _checked(row: RuleChange) -> list[list[Any]]:
    asked = {one.code: one for one in self_check.questions()}
    return [
        [
            getattr(asked[line["code"]], "text_en" if in_english() else "text"),
            asked[line["code"]].basis,
            {"text": _("是"), "kind": "warn"} if line["risk"] else {"text": _("否"), "kind": "ok"},
        ]
        for line in row.self_check
        if line["code"] in asked
    ]
