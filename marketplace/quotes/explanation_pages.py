"""The page of a low price's explanation: what was asked, the agency's answer, the enterprise's decision."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accounts.acting import acted, saying
from accounts.downloads import hand_out
from accounts.gate import may, reading, works
from core import files
from core.errors import NotFound
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs import queries as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes import explaining, forms, wording
from marketplace.quotes.lifecycle import ExplanationState
from marketplace.quotes.loaders import explanation_of
from marketplace.quotes.models import Explanation, Quote
from marketplace.quotes.pages import pages
from marketplace.quotes.permissions import POLICY
from marketplace.quotes.schemas import DecideSchema, ExplainSchema

UNANSWERED: Final = (ExplanationState.ASKED, ExplanationState.SILENT)
UNDECIDED: Final = (ExplanationState.ANSWERED, ExplanationState.SILENT)


@pages.get("/explanations/<int:explanation_id>")
@may("explanation:read", subject=explanation_of)
def explanation(explanation_id: int) -> ResponseReturnValue:
    """Show an explanation with the form for whoever is to act on it."""
    explaining.catch_up(works(), explanation_id)
    with reading() as work:
        return _page(work, explanation_id)


@pages.post("/explanations/<int:explanation_id>/answer")
@may("explanation:answer", subject=explanation_of)
def explain(explanation_id: int) -> ResponseReturnValue:
    """Take the agency's answer."""
    form = read_form(ExplainSchema(), forms.ANSWER, request.form)
    upload = request.files.get("file")
    given = (upload.stream, upload.filename) if upload is not None and upload.filename else None
    return acted(
        form, lambda work, command: explaining.answer(work, explanation_id, command, given),
        explaining.url_of(explanation_id), lambda work: _page(work, explanation_id, answer=form),
        mark=saying(wording.refusal_sentence, "text"), told=_("说明已提交，等业主认定。"),
    )  # fmt: skip


@pages.post("/explanations/<int:explanation_id>/decision")
@may("explanation:decide", subject=explanation_of)
def decide(explanation_id: int) -> ResponseReturnValue:
    """Take the enterprise's decision."""
    form = read_form(DecideSchema(), forms.DECISION, request.form)
    return acted(
        form, lambda work, command: explaining.decide(work, explanation_id, command),
        explaining.url_of(explanation_id), lambda work: _page(work, explanation_id, decision=form),
        mark=saying(wording.refusal_sentence, "reason"), told=_("认定已记录，并已告知机构。"),
    )  # fmt: skip


@pages.get("/explanations/<int:explanation_id>/file")
@may("explanation:read", subject=explanation_of)
def explanation_file(explanation_id: int) -> ResponseReturnValue:
    """Give the paper that came with an answer. Raises NotFound."""
    with reading() as work:
        row = explaining.explanation_by_id(work, explanation_id)
        stored = work.session.get(files.StoredFile, row.file_id) if row.file_id is not None else None
    if stored is None:
        raise NotFound("quote-file-not-found", id=explanation_id)
    return hand_out(stored)


def _page(
    work: Work, explanation_id: int, *, answer: Form[Any] | None = None, decision: Form[Any] | None = None
) -> str:
    row = explaining.explanation_by_id(work, explanation_id)
    need, quote = needs.need_by_id(work, row.need_id), work.session.get_one(Quote, row.quote_id)
    running = need.state is NeedState.SELECTING
    stored = work.session.get(files.StoredFile, row.file_id) if row.file_id is not None else None
    return render_template(
        "quotes/explanation.html", row=row, need=need, quote=quote, tag=wording.explanation_tag(row),
        agency=needs.agency_names(work.session, [row.agency_id]).get(row.agency_id, ""),
        asked=wording.flag_sentence(row.test), stored=stored, form=answer or decision,
        answer=answer or blank_form(forms.ANSWER), decision=decision or blank_form(forms.DECISION),
        may_answer=running and row.state in UNANSWERED and work.allows(POLICY, "explanation:answer", row),
        may_decide=running and row.state in UNDECIDED and work.allows(POLICY, "explanation:decide", row),
        next_step=_next_step(row),
    )  # fmt: skip


def _next_step(row: Explanation) -> str:
    """Say who is to do what now."""
    return str(wording.EXPLANATION_STEPS[row.state])
