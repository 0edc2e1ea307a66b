"""Pages of running a notice: questions and answers, putting the deadline off, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import asked_form
from accounts.gate import may, reading, writing
from core.errors import Invalid
from core.forms import Form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs import family, forms, queries, questions, service, wording
from marketplace.needs.loaders import need_of, need_of_question
from marketplace.needs.notice import notice_page
from marketplace.needs.pages import pages
from marketplace.needs.schemas import MoveDeadlineSchema, NeedReasonSchema, TextSchema


@pages.post("/needs/<int:need_id>/questions")
@may("need:ask", subject=need_of)
def ask(need_id: int) -> ResponseReturnValue:
    """Ask in public, or show the notice again with what is wrong."""
    form = read_form(TextSchema(), forms.ASK, request.form)
    if form.command is None:
        with reading() as work:
            return notice_page(work, need_id, form), 422
    with writing() as work:
        service.ask(work, need_id, form.command["text"])
    flash(_("提问已公开，答复后会通知您。"), "ok")
    return redirect(url_for("needs.show", need_id=need_id, _anchor="questions"), 303)


@pages.route("/questions/<int:question_id>/answer", methods=["GET", "POST"])
@may("need:answer", subject=need_of_question)
def answer(question_id: int) -> ResponseReturnValue:
    """Answer a question for everybody."""
    form = asked_form(TextSchema(), forms.ANSWER)
    if form.command is None:
        with reading() as work:
            return _answer_page(work, question_id, form), 422 if form.errors else 200
    with writing() as work:
        need_id = service.answer(work, question_id, form.command["text"]).need_id
    flash(_("答复已公开。"), "ok")
    return redirect(url_for("needs.show", need_id=need_id, _anchor="questions"), 303)


def _answer_page(work: Work, question_id: int, form: Form[Any]) -> str:
    need, question = questions.need_of_question(work, question_id), questions.question_by_id(work, question_id)
    return render_template("needs/answer.html", need=need, question=question, form=form)


@pages.route("/needs/<int:need_id>/deadline", methods=["GET", "POST"])
@may("need:move-deadline", subject=need_of)
def deadline(need_id: int) -> ResponseReturnValue:
    """Put the deadline off, with a reason."""
    form = asked_form(MoveDeadlineSchema(), forms.DEADLINE)
    if form.command is not None:
        try:
            with writing() as work:
                service.move_deadline(work, need_id, form.command["closes_at"], form.command["reason"])
        except Invalid as refusal:
            form.refuse(str(refusal.facts.get("field", "")), wording.refusal(refusal))
        else:
            flash(_("截止时间已推迟，已报价的机构会收到通知。"), "ok")
            return redirect(url_for("needs.show", need_id=need_id), 303)
    with reading() as work:
        need, lots = queries.need_by_id(work, need_id), len(family.lots_of(work.session, need_id))
        return render_template("needs/deadline.html", need=need, form=form, lots=lots), 422 if form.errors else 200


@pages.route("/needs/<int:need_id>/withdraw", methods=["GET", "POST"])
@may("need:withdraw", subject=need_of)
def withdraw(need_id: int) -> ResponseReturnValue:
    """Take the need back, with a reason."""
    form = asked_form(NeedReasonSchema(), forms.WITHDRAW)
    if form.command is None:
        with reading() as work:
            need = queries.need_by_id(work, need_id)
            lots = len(family.lots_of(work.session, need_id))
            return render_template("needs/withdraw.html", need=need, form=form, lots=lots), 422 if form.errors else 200
    with writing() as work:
        service.withdraw(work, need_id, form.command["reason"])
    flash(_("需求已撤回。"), "ok")
    return redirect(url_for("needs.show", need_id=need_id), 303)
