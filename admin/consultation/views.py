"""Pages of consultation: search and ask, one question, and what waits at an office."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from accounts.acting import acted, marker
from accounts.gate import may, public, reading, writing
from admin.consultation import forms, queries, service, showing
from admin.consultation.pages import pages
from admin.consultation.permissions import POLICY
from admin.consultation.refusals import SENTENCES
from admin.consultation.schemas import AnswerSchema, ApproveSchema, AskSchema, ConsultationReasonSchema
from admin.consultation.wording import STATES
from core.clock import beijing_day
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work


@pages.get("/help")
@public
def find() -> ResponseReturnValue:
    """Look among the approved answers; below them, ask."""
    q, about = request.args.get("q", "")[:200].strip(), request.args.get("about", "")[:200]
    form = blank_form(showing.asking(), {"question": q, "about": about, "item_code": showing.item_of(about)})
    with reading() as work:
        return _finding(work, form, None)


@pages.post("/help")
@may("consultation:ask")
def ask() -> ResponseReturnValue:
    """Ask the offices; what was typed comes back with what is wrong."""
    form = read_form(AskSchema(), showing.asking(), request.form)
    return acted(
        form, service.ask, lambda row: service.url_of(row.id),
        lambda work: _finding(work, form, form), mark=marker(SENTENCES), told=_("已提交，答复后会通知您。"),
    )  # fmt: skip


@pages.get("/help/<int:consultation_id>")
@public
def show(consultation_id: int) -> ResponseReturnValue:
    """Show a question with its answer, and what the reader may do with it."""
    with reading() as work:
        return showing.drawn(work, consultation_id)


@pages.post("/help/<int:consultation_id>/answer")
@may("consultation:answer", subject=showing.loaded)
def answer(consultation_id: int) -> ResponseReturnValue:
    """Answer the one who asked."""
    with reading() as work:
        layout = showing.answering(work)
    form = read_form(AnswerSchema(), layout, request.form)
    return _acted(consultation_id, "answer", form, service.answer, _("已答复，提问的人会收到通知。"))


@pages.post("/help/<int:consultation_id>/publish")
@may("consultation:publish", subject=showing.loaded)
def publish(consultation_id: int) -> ResponseReturnValue:
    """Approve the answer for everybody."""
    form = read_form(ApproveSchema(), forms.APPROVING, request.form)
    return _acted(consultation_id, "approve", form, service.publish, _("已公开。"))


@pages.post("/help/<int:consultation_id>/renew")
@may("consultation:renew", subject=showing.loaded)
def renew(consultation_id: int) -> ResponseReturnValue:
    """Say that the answer still holds."""
    form = read_form(ApproveSchema(), forms.APPROVING, request.form)
    return _acted(consultation_id, "approve", form, service.renew, _("已确认仍然适用。"))


@pages.post("/help/<int:consultation_id>/retire")
@may("consultation:retire", subject=showing.loaded)
def retire(consultation_id: int) -> ResponseReturnValue:
    """Take the answer out of everybody's sight."""
    form = read_form(ConsultationReasonSchema(), forms.CLOSING, request.form)
    return _acted(consultation_id, "close", form, service.retire, _("已停用。"))


@pages.post("/help/<int:consultation_id>/close")
@may("consultation:close", subject=showing.loaded)
def close(consultation_id: int) -> ResponseReturnValue:
    """End the question without a public answer."""
    form = read_form(ConsultationReasonSchema(), forms.CLOSING, request.form)
    return _acted(consultation_id, "close", form, service.close, _("已办结。"))


@pages.post("/help/<int:consultation_id>/helped")
@may("consultation:help", subject=showing.loaded)
def helped(consultation_id: int) -> ResponseReturnValue:
    """Note whether the answer helped."""
    with writing() as work:
        service.say_helped(work, consultation_id, helped=request.form.get("helped") == "yes")
    flash(_("谢谢，已记下。"), "ok")
    return redirect(service.url_of(consultation_id), 303)


@pages.get("/desk/consultations")
@may("consultation:desk")
def desk() -> ResponseReturnValue:
    """List what waits at the office: to answer, to approve, to look at again."""
    with reading() as work:
        rows = queries.waiting(work.session, work.actor)
        review = queries.to_review(work.session, work.actor, beijing_day(work.clock.now()))
        now = work.clock.now()
        return render_template(
            "consultation/desk.html",
            waiting=[showing.line(one, now) for one in rows],
            review=[showing.line(one, now) for one in review],
        )


def _finding(work: Work, drawn: Form[Any], wrong: Form[Any] | None) -> str:
    q, about = request.values.get("q", "")[:200].strip(), request.values.get("about", "")[:200]
    found = queries.approved(work.session, q=q, item_code=showing.item_of(about))
    mine = [(one.id, one.question, STATES[one.state]) for one in queries.own(work.session, work.actor)]
    may_ask = work.allows(POLICY, "consultation:ask")
    return render_template(
        "consultation/find.html", q=q, about=about, found=found, mine=mine, may_ask=may_ask, drawn=drawn, form=wrong
    )


def _acted(consultation_id: int, name: str, form: Form[Any], deed: Any, told: str) -> ResponseReturnValue:
    """Do what was asked; what was typed comes back on the page with what is wrong."""
    return acted(
        form, lambda work, command: deed(work, consultation_id, command), service.url_of(consultation_id),
        lambda work: showing.drawn(work, consultation_id, {name: form}, form), mark=marker(SENTENCES), told=told,
    )  # fmt: skip
