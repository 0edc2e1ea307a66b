"""The page of one complaint: both sides, the items, the hearing, the decision, the log, and what may be done next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts.downloads import hand_out
from accounts.gate import may, reading, works
from accounts.models import Organisation
from core.corrections import VERDICTS, ItemVerdict
from core.forms import Form, blank_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.complaints import deciding, forms, queries, rules, wording
from marketplace.complaints.lifecycle import DECIDED, UNDECIDED, UNJUDGED, ComplaintState, Outcome
from marketplace.complaints.loaders import complaint_loader
from marketplace.complaints.models import Complaint
from marketplace.complaints.pages import pages
from marketplace.complaints.permissions import POLICY


@pages.get("/complaints/<int:complaint_id>")
@may("complaint:read", subject=complaint_loader)
def show(complaint_id: int) -> ResponseReturnValue:
    """Show one complaint; what is late on it is done first."""
    deciding.catch_up(works(), complaint_id)
    with reading() as work:
        return page(work, queries.complaint_by_id(work.session, complaint_id), {})


@pages.get("/complaints/<int:complaint_id>/files/<int:file_id>")
@may("complaint:text", subject=complaint_loader)
def evidence(complaint_id: int, file_id: int) -> ResponseReturnValue:
    """Hand out a file of a complaint to both sides and the office."""
    with reading() as work:
        stored = queries.file_of(work.session, complaint_id, file_id)
        return hand_out(stored)


def page(work: Work, row: Complaint, given: Mapping[str, Form[Any]]) -> str:
    """Draw a complaint; ``given`` are forms that came back wrong, by the act they are for."""
    session = work.session
    may_do = {name: _may_do(work, row, name) for name in
              ("judge", "answer", "promise", "refuse", "withdraw", "reply", "decide", "appeal", "review")}  # fmt: skip
    return render_template(
        "complaints/case.html", c=row, title=wording.title_of(row), tag_of=wording.tag_of(row),
        due=wording.due_of(row, work.clock.now()), names=_names(work, row), may_do=may_do,
        may_read_text=work.allows(POLICY, "complaint:text", row),
        may_see_contact=work.allows(POLICY, "complaint:contact", row),
        items=_items(work, row), notices=_notices(work, row), files=queries.files_of(session, row.id),
        item_names=wording.ITEMS, remedies=wording.REMEDIES, notes=wording.NOTES, ended=wording.ended_sentence(row),
        outcome=None if row.outcome is None else wording.STATES[ComplaintState(row.outcome)], links=_links(work, row),
        log=[(leaf.at, str(wording.TOLD.get(leaf.verb, leaf.verb)), _("存证号 %(seq)s", seq=leaf.seq))
             for leaf in queries.leaves_of(session, row.id)],
        forms={**_blank(work, row), **given}, form=next(iter(given.values()), None),
    )  # fmt: skip


def _blank(work: Work, row: Complaint) -> dict[str, Form[Any]]:
    allowed = deciding.remedies_of(work, row)
    first = {"remedy": str(row.remedy or allowed[0])}
    return {
        "reply": blank_form(forms.REPLY),
        "refuse": blank_form(forms.REASON),
        "withdraw": blank_form(forms.REASON),
        "appeal": blank_form(forms.APPEAL),
        "decide": blank_form(forms.with_remedies(forms.DECIDE, allowed), first),
        "review": blank_form(review_layout(work, row), first),
    }


def review_layout(work: Work, row: Complaint) -> list[Any]:
    """Return the fields of a review: what follows is asked only where a dismissal may be overturned."""
    layout = forms.with_remedies(forms.REVIEW, deciding.remedies_of(work, row))
    return layout if row.outcome is Outcome.DISMISSED else [item for item in layout if item.name != "remedy"]


def _names(work: Work, row: Complaint) -> dict[str, str]:
    ids = {"complainant": row.org_id, "respondent": row.respondent_org_id, "office": row.office_org_id}
    return {side: work.session.get_one(Organisation, org_id).name for side, org_id in ids.items()}


def _items(work: Work, row: Complaint) -> list[dict[str, Any]]:
    return [
        {
            "key": item.key, "name": str(wording.ITEMS[item.key]), "row": item,
            "tag": (str(VERDICTS[item.verdict][0]), VERDICTS[item.verdict][1]),
            "choices": _choices(item.key), "owed": item.verdict is ItemVerdict.PROMISED,
        }
        for item in queries.items_of(work.session, row.id).values()
    ]  # fmt: skip


def _choices(key: str) -> list[tuple[str, str]]:
    found = [("passed", _("通过"))]
    if key in rules.CORRECTABLE:
        found.append(("to_correct", _("要补正")))
    if key in rules.MINOR:
        found.append(("promised", _("承诺后补")))
    return found


def _notices(work: Work, row: Complaint) -> list[dict[str, Any]]:
    return [
        {"row": one, "lines": [(line["key"], str(wording.ITEMS[line["key"]]), line["note"]) for line in one.items]}
        for one in queries.notices_of(work.session, row.id)
    ]


def _links(work: Work, row: Complaint) -> list[tuple[str, str]]:
    found = []
    if row.need_id is not None:
        found += [(_("公告"), f"/needs/{row.need_id}"), (_("选取结果"), f"/needs/{row.need_id}/result")]
    elif row.agency_id is not None:
        found.append((_("机构页面"), f"/agencies/{row.agency_id}"))
    if row.earlier_id is not None:
        found.append((_("原投诉"), f"/complaints/{row.earlier_id}"))
    handled = row.decided_at is not None or row.state is ComplaintState.REFUSED
    is_side = work.actor.org_id in {row.org_id, row.respondent_org_id}
    if handled and is_side and work.allows(POLICY, "complaint:file"):
        url = f"/complaints/new?subject=operator&earlier_id={row.id}"
        found.append((_("投诉运营机构的处理"), url))
    return found


def _may_do(work: Work, row: Complaint, name: str) -> bool:
    """Say whether a form is shown: this reader may act, and the case stands where the act begins."""
    now = work.clock.now()
    ready = {
        "judge": row.state is ComplaintState.FILED,
        "refuse": row.state is ComplaintState.FILED,
        "answer": row.state is ComplaintState.RETURNED,
        "promise": row.state in UNDECIDED,
        "withdraw": row.state in {*UNJUDGED, *UNDECIDED},
        "reply": row.state is ComplaintState.ACCEPTED,
        "decide": row.state is ComplaintState.HEARD,
        "appeal": row.state in DECIDED and row.appeal_by is not None and now < row.appeal_by,
        "review": row.state is ComplaintState.APPEALED,
    }
    permission = "answer" if name == "promise" else name
    return ready[name] and work.allows(POLICY, f"complaint:{permission}", row)
