"""What is posted to a complaint: verdicts and the correction list, answers, replies, decisions, appeals, reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from accounts.acting import acted
from accounts.gate import may, reading
from core.forms import Form, first_sentence, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.complaints import case, deciding, forms, queries, rules, service
from marketplace.complaints.commands import AnswerItem, JudgeItem
from marketplace.complaints.filing import mark
from marketplace.complaints.loaders import complaint_loader, sent_files
from marketplace.complaints.pages import pages
from marketplace.complaints.schemas import (
    DecideComplaintSchema,
    JudgeItemSchema,
    ReviewComplaintSchema,
    SayComplaintSchema,
)

AFTERWARDS = {"accept": service.accept, "send_back": service.send_back}


@pages.post("/complaints/<int:complaint_id>/verdicts")
@may("complaint:judge", subject=complaint_loader)
def judge(complaint_id: int) -> ResponseReturnValue:
    """Keep the verdicts, then do what the button says: save, accept, or send the one correction list."""
    form: Form[Any] = Form({})
    verdicts, action = _verdicts(form), request.form.get("action", "save")
    form.command = None if form.errors else verdicts
    done = {"accept": _("投诉已受理"), "send_back": _("补正告知已发出")}.get(action, _("已保存核对结果"))

    def deed(work: Work, said: list[JudgeItem]) -> None:
        service.judge_items(work, complaint_id, said)
        work.session.flush()
        if action in AFTERWARDS:
            AFTERWARDS[action](work, complaint_id)

    return _taken(complaint_id, form, "judge", done, deed)


def _verdicts(form: Form[Any]) -> list[JudgeItem]:
    found: list[JudgeItem] = []
    for key in rules.ITEMS:
        verdict = request.form.get(f"verdict-{key}", "")
        if not verdict:
            continue
        typed = {"key": key, "verdict": verdict, "note": request.form.get(f"note-{key}", "")}
        try:
            found.append(JudgeItemSchema().load({**typed, "promised_on": request.form.get(f"promised-{key}", "")}))
        except ValidationError as error:
            form.errors.append((f"note-{key}", first_sentence(error.messages)))
    return found


@pages.post("/complaints/<int:complaint_id>/refusal")
@may("complaint:refuse", subject=complaint_loader)
def refuse(complaint_id: int) -> ResponseReturnValue:
    """Find a complaint not receivable."""
    form, done = read_form(SayComplaintSchema(), forms.REASON, request.form), _("已决定不予受理，并已告知投诉人")
    return _taken(complaint_id, form, "refuse", done, lambda work, said: service.refuse(work, complaint_id, said.text))


@pages.post("/complaints/<int:complaint_id>/answers")
@may("complaint:answer", subject=complaint_loader)
def answer(complaint_id: int) -> ResponseReturnValue:
    """Answer the correction list."""
    form: Form[Any] = Form({})
    form.command = [AnswerItem(key, request.form.get(f"answer-{key}", "")[:3000]) for key in rules.CORRECTABLE]
    sent = [(key, upload) for key in rules.CORRECTABLE for upload in sent_files(f"file-{key}")]
    return _taken(
        complaint_id, form, "answer", _("补正已提交"), lambda work, said: service.answer(work, complaint_id, said, sent)
    )


@pages.post("/complaints/<int:complaint_id>/promised/<string:key>")
@may("complaint:answer", subject=complaint_loader)
def promised(complaint_id: int, key: str) -> ResponseReturnValue:
    """Hand in a promised paper."""
    form: Form[Any] = Form({})
    sent = sent_files()
    form.command = sent[0] if sent else None
    if not sent:
        form.errors.append((f"promised-file-{key}", _("选择要后补的文件")))
    return _taken(
        complaint_id, form, "promise", _("后补材料已提交"),
        lambda work, upload: deciding.bring_promised(work, complaint_id, key, upload),
    )  # fmt: skip


@pages.post("/complaints/<int:complaint_id>/withdrawal")
@may("complaint:withdraw", subject=complaint_loader)
def withdraw(complaint_id: int) -> ResponseReturnValue:
    """Take a complaint back."""
    form = read_form(SayComplaintSchema(), forms.REASON, request.form)
    deed = _("投诉已撤回")
    return _taken(
        complaint_id, form, "withdraw", deed, lambda work, said: service.withdraw(work, complaint_id, said.text)
    )


@pages.post("/complaints/<int:complaint_id>/reply")
@may("complaint:reply", subject=complaint_loader)
def reply(complaint_id: int) -> ResponseReturnValue:
    """Take the other side's reply."""
    form, sent = read_form(SayComplaintSchema(), forms.REPLY, request.form), sent_files()
    return _taken(
        complaint_id, form, "reply", _("答复已提交"),
        lambda work, said: deciding.reply(work, complaint_id, said.text, sent),
    )  # fmt: skip


@pages.post("/complaints/<int:complaint_id>/decision")
@may("complaint:decide", subject=complaint_loader)
def decide(complaint_id: int) -> ResponseReturnValue:
    """Take the decision."""
    with reading() as work:
        row = queries.complaint_by_id(work.session, complaint_id)
        layout = forms.with_remedies(forms.DECIDE, deciding.remedies_of(work, row))
    form, done = read_form(DecideComplaintSchema(), layout, request.form), _("处理决定已记录，并已告知双方")
    return _taken(complaint_id, form, "decide", done, lambda work, said: deciding.decide(work, complaint_id, said))


@pages.post("/complaints/<int:complaint_id>/appeal")
@may("complaint:appeal", subject=complaint_loader)
def appeal(complaint_id: int) -> ResponseReturnValue:
    """Take an appeal."""
    form, done = read_form(SayComplaintSchema(), forms.APPEAL, request.form), _("复核申请已提交，由另一名工作人员复核")
    return _taken(complaint_id, form, "appeal", done, lambda work, said: deciding.appeal(work, complaint_id, said.text))


@pages.post("/complaints/<int:complaint_id>/review")
@may("complaint:review", subject=complaint_loader)
def review(complaint_id: int) -> ResponseReturnValue:
    """Take another officer's decision on an appeal."""
    with reading() as work:
        layout = case.review_layout(work, queries.complaint_by_id(work.session, complaint_id))
    form, done = read_form(ReviewComplaintSchema(), layout, request.form), _("复核结论已记录，并已告知双方")
    return _taken(complaint_id, form, "review", done, lambda work, said: deciding.review(work, complaint_id, said))


def _taken(
    complaint_id: int, form: Form[Any], name: str, done: str, act: Callable[[Work, Any], Any]
) -> ResponseReturnValue:
    """Do what a form asks and go back to the case, or show the case with the form and what is wrong with it."""
    return acted(
        form, act, service.url_of(complaint_id),
        lambda work: case.page(work, queries.complaint_by_id(work.session, complaint_id), {name: form}),
        mark=mark, told=done,
    )  # fmt: skip
