"""Fee cases: the queue, one case with all its evidence on one page, the agency's reply, the regulator's decision."""

from __future__ import annotations

from typing import Any, Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from accounts.gate import may, reading, writing
from agencies.fees import evidence, forms, queries, service
from agencies.fees.lifecycle import CaseState
from agencies.fees.models import FeeCase
from agencies.fees.pages import pages
from agencies.fees.permissions import POLICY
from agencies.fees.refusals import SENTENCES
from agencies.fees.schemas import FeeDecisionSchema, FeeReplySchema
from agencies.fees.wording import KINDS, STATES
from core.errors import Conflict, Invalid
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work

DECIDE: Final = {"uphold": service.uphold, "dismiss": service.dismiss}


def loaded(work: Work, case_id: int, **_view_args: Any) -> FeeCase:
    """Load a case for the gate."""
    return queries.case_by_id(work.session, case_id)


@pages.get("/cases")
@may("fee_case:queue")
def cases() -> ResponseReturnValue:
    """Show the cases this reader may see: undecided ones first, the most urgent on top, then the decided."""
    after = request.args.get("after", type=int)
    with reading() as work:
        waiting = evidence.case_rows(work, queries.case_queue(work.session, work.actor)) if after is None else []
        page = queries.cases_page(work.session, work.actor, decided=True, after=after)
        decided = evidence.case_rows(work, page.items)
        total = queries.undecided_count(work.session, work.actor)
    next_url = f"/cases?after={page.after}" if page.after is not None else None
    return render_template("fees/cases.html", waiting=waiting, decided=decided, total=total, next_url=next_url)


@pages.get("/cases/<int:case_id>")
@may("fee_case:read", subject=loaded)
def case(case_id: int) -> ResponseReturnValue:
    """Show a case with its evidence, and the form for whoever is to act on it."""
    with reading() as work:
        row = queries.case_by_id(work.session, case_id)
        return _page(work, row, blank_form(forms.REPLY), blank_form(forms.DECISION))


@pages.post("/cases/<int:case_id>/reply")
@may("fee_case:reply", subject=loaded)
def reply(case_id: int) -> ResponseReturnValue:
    """Take the agency's reply."""
    form = read_form(FeeReplySchema(), forms.REPLY, request.form)
    if form.command is not None:
        with writing() as work:
            service.reply(work, case_id, form.command.text)
        flash(_("说明已提交，等待认定。"), "ok")
        return redirect(service.url_of(case_id), 303)
    with reading() as work:
        row = queries.case_by_id(work.session, case_id)
        return _page(work, row, form, blank_form(forms.DECISION), form), 422


@pages.post("/cases/<int:case_id>/decision")
@may("fee_case:decide", subject=loaded)
def decide(case_id: int) -> ResponseReturnValue:
    """Take the regulator's decision."""
    form = read_form(FeeDecisionSchema(), forms.DECISION, request.form)
    if form.command is not None:
        try:
            with writing() as work:
                DECIDE[form.command.verdict](work, case_id, form.command.reason)
        except (Conflict, Invalid) as refusal:
            if refusal.code not in SENTENCES:
                raise
            form.refuse(str(refusal.facts.get("field", "verdict")), str(SENTENCES[refusal.code]) % refusal.facts)
        else:
            flash(_("认定已记录，并已告知机构。"), "ok")
            return redirect(service.url_of(case_id), 303)
    with reading() as work:
        row = queries.case_by_id(work.session, case_id)
        return _page(work, row, blank_form(forms.REPLY), form, form), 422


def _page(
    work: Work, row: FeeCase, reply_form: Form[Any], decide_form: Form[Any], wrong: Form[Any] | None = None
) -> str:
    label, kind = STATES[row.state]
    undecided = row.state in {CaseState.OPEN, CaseState.REPLIED}
    return render_template(
        "fees/case.html",
        case=row,
        title=str(KINDS[row.kind]),
        tag_of=(str(label), kind),
        due=evidence.due_sentence(row, work.clock.now()),
        pair=evidence.pair(row),
        percent=evidence.percent_above(row),
        facts=evidence.case_facts(work, row),
        sources=evidence.sources(row),
        working_view=evidence.schedule_working(row),
        log=evidence.told(queries.leaves_around(work.session, row)),
        reply_form=reply_form,
        decide_form=decide_form,
        form=wrong,
        may_reply=row.state is CaseState.OPEN and work.allows(POLICY, "fee_case:reply", row),
        may_decide=undecided and work.allows(POLICY, "fee_case:decide", row),
        must_wait=row.state is CaseState.OPEN and work.clock.now() < row.due_at,
    )
