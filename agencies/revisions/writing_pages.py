"""Pages that change a revision: the form with its text, and the moves. What was typed comes back with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from accounts.acting import acted
from accounts.gate import may, reading, writing
from agencies.fees import texts
from agencies.revisions import diffing, forms, queries, rules, service, showing
from agencies.revisions.models import FeeRevision
from agencies.revisions.pages import pages
from agencies.revisions.placing import said_fault
from agencies.revisions.refusals import SENTENCES
from agencies.revisions.schemas import JudgeRevisionSchema, WriteRevisionSchema
from core.clock import beijing_day
from core.errors import Conflict, DomainError, Invalid
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work

UNREADABLE: Final = "revision-text-unreadable"
STALE: Final = "revision-stale"


@pages.get("/fee-revisions/new")
@may("fee_revision:draft")
def begin() -> ResponseReturnValue:
    """Show the form with the newest text of the schedule, or with the text of an earlier revision."""
    schedule_id, earlier = request.args.get("schedule", "")[:60], request.args.get("from", type=int)
    with reading() as work:
        former = queries.revision_by_id(work.session, earlier) if earlier else None
        schedule_id = former.schedule_id if former is not None else schedule_id
        newest = queries.newest_text(work.session, schedule_id)
        day = beijing_day(work.clock.now()).isoformat()
    initial = {
        "schedule_id": schedule_id, "effective_on": day, "text": former.text if former is not None else newest,
        "base_sha256": texts.digest(newest) if newest else "",
        "reason": former.reason if former is not None else "",
        "citation": former.citation if former is not None else "",
    }  # fmt: skip
    return _form(blank_form(forms.WRITING, initial), None)


@pages.post("/fee-revisions")
@may("fee_revision:draft")
def write() -> ResponseReturnValue:
    """Check the text and keep it as a draft."""
    return _written(None, service.draft)


@pages.get("/fee-revisions/<int:revision_id>/edit")
@may("fee_revision:edit", subject=showing.loaded)
def edit(revision_id: int) -> ResponseReturnValue:
    """Show a draft's form; where a newer text was approved, what that one changes."""
    with reading() as work:
        row = queries.revision_by_id(work.session, revision_id)
        newest = queries.newest_text(work.session, row.schedule_id)
    initial = {
        "schedule_id": row.schedule_id, "effective_on": row.effective_on, "reason": row.reason,
        "citation": row.citation, "text": row.text, "base_sha256": texts.digest(newest) if newest else "",
    }  # fmt: skip
    return _form(blank_form(forms.WRITING, initial), None, row, newest)


@pages.post("/fee-revisions/<int:revision_id>/edit")
@may("fee_revision:edit", subject=showing.loaded)
def rewrite(revision_id: int) -> ResponseReturnValue:
    """Check the text and keep it in the draft."""
    with reading() as work:
        row = queries.revision_by_id(work.session, revision_id)
    return _written(row, lambda work, command: service.edit(work, revision_id, command))


@pages.post("/fee-revisions/<int:revision_id>/propose")
@may("fee_revision:propose", subject=showing.loaded)
def propose(revision_id: int) -> ResponseReturnValue:
    """Hand a draft to a second person."""
    return _moved(revision_id, lambda work: service.propose(work, revision_id), _("已提交，等第二人审核。"))


@pages.post("/fee-revisions/<int:revision_id>/withdraw")
@may("fee_revision:withdraw", subject=showing.loaded)
def withdraw(revision_id: int) -> ResponseReturnValue:
    """Take a draft or proposal back."""
    return _moved(revision_id, lambda work: service.withdraw(work, revision_id), _("已撤回。"))


@pages.post("/fee-revisions/<int:revision_id>/approve")
@may("fee_revision:approve", subject=showing.loaded)
def approve(revision_id: int) -> ResponseReturnValue:
    """Let the proposed text stand, as the second person."""
    return _judged(revision_id, service.approve, _("已通过，从生效日起施行。"))


@pages.post("/fee-revisions/<int:revision_id>/reject")
@may("fee_revision:reject", subject=showing.loaded)
def reject(revision_id: int) -> ResponseReturnValue:
    """Refuse the proposed text, as the second person."""
    return _judged(revision_id, service.reject, _("已退回，起草人会收到理由。"))


def sentence_of(refusal: DomainError, text: str) -> str:
    """Say a refusal of this room in the reader's language; a text that reads badly with its line."""
    if refusal.code == UNREADABLE:
        return said_fault(str(refusal.facts["problem"]), texts.tidy(text))
    return str(SENTENCES[refusal.code]) % refusal.facts


def _posted() -> tuple[Mapping[str, Any], str]:
    """Return what was sent, an uploaded file in place of the typed text, and what is wrong with the file."""
    data = request.form.to_dict()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return data, ""
    raw = sent.stream.read(rules.LONGEST_TEXT + 1)
    if not sent.filename.lower().endswith(".toml") or len(raw) > rules.LONGEST_TEXT:
        return data, str(SENTENCES["revision-file-type"])
    try:
        return {**data, "text": raw.decode("utf-8-sig")}, ""
    except UnicodeDecodeError:
        return data, str(SENTENCES["revision-file-type"])


def _written(row: FeeRevision | None, keep: Callable[[Work, Any], FeeRevision]) -> ResponseReturnValue:
    """Keep what was sent, or show it again with what is wrong; nothing typed is lost."""
    data, wrong_file = _posted()
    form = read_form(WriteRevisionSchema(), forms.WRITING, data)
    if wrong_file:
        form.refuse("text", wrong_file)
    newest = ""
    if form.command is not None:
        try:
            with writing() as work:
                kept = keep(work, form.command)
        except (Conflict, Invalid) as refusal:
            if refusal.code not in SENTENCES:
                raise
            form.refuse(str(refusal.facts.get("field", "text")), sentence_of(refusal, str(data.get("text", ""))))
            newest = _take_newest(form, row) if refusal.code == STALE else ""
        else:
            flash(_("检查通过，草稿已保存。"), "ok")
            return redirect(service.url_of(kept.id), 303)
    return _form(form, form, row, newest), 422


def _take_newest(form: Form[Any], row: FeeRevision | None) -> str:
    """Return the text approved meanwhile, and let the form rest on it: it is shown with the form."""
    schedule_id = row.schedule_id if row is not None else str(form.fields["schedule_id"].value)
    with reading() as work:
        newest = queries.newest_text(work.session, schedule_id)
    form.fields["base_sha256"].value = texts.digest(newest) if newest else ""
    return newest


def _form(drawn: Form[Any], wrong: Form[Any] | None, row: FeeRevision | None = None, newest: str = "") -> str:
    base = row.base_text if row is not None else ""
    newer = diffing.line_changes(base, newest) if newest and newest != base else []
    return render_template(
        "revisions/write.html",
        title=_("改草稿 %(id)s", id=row.id) if row is not None else _("起草收费标准修订"),
        action=f"{service.url_of(row.id)}/edit" if row is not None else "/fee-revisions",
        back=service.url_of(row.id) if row is not None else "/fee-revisions",
        drawn=drawn,
        form=wrong,
        newer=newer,
        newest=newest,
    )


def _moved(revision_id: int, move: Callable[[Work], Any], told: str) -> ResponseReturnValue:
    """Make a move; a refusal of this room comes back on the page with what is newer."""
    try:
        with writing() as work:
            move(work)
    except Conflict as refusal:
        form = blank_form(forms.JUDGING)
        _mark(form, refusal)
        with reading() as work:
            return showing.drawn(work, revision_id, form, form), 409
    flash(told, "ok")
    return redirect(service.url_of(revision_id), 303)


def _judged(revision_id: int, judge: Callable[[Work, int, str], Any], told: str) -> ResponseReturnValue:
    form = read_form(JudgeRevisionSchema(), forms.JUDGING, request.form)
    return acted(
        form, lambda work, said: judge(work, revision_id, said.reason), service.url_of(revision_id),
        lambda work: showing.drawn(work, revision_id, form, form), mark=_mark, told=told, conflict=409,
    )  # fmt: skip


def _mark(form: Form[Any], refusal: DomainError) -> None:
    """Put a refusal of this room beside its field; raise another again."""
    if refusal.code not in SENTENCES:
        raise refusal
    form.refuse(str(refusal.facts.get("field", "")), sentence_of(refusal, ""))
