"""Pages of one qualification on its way: the operator judges it, its agency answers, both read what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from accounts.downloads import hand_out
from accounts.gate import may, reading, works, writing
from agencies.catalogue import wording
from agencies.registration import cards, change_wording, forms, papers, queries, rules, service
from agencies.registration.changes import catch_up
from agencies.registration.commands import AnswerList, ItemJudged
from agencies.registration.lifecycle import QualificationState
from agencies.registration.models import Qualification, QualificationItem
from agencies.registration.pages import pages
from agencies.registration.permissions import POLICY
from agencies.registration.schemas import ItemJudgedSchema, PutRightSchema
from core import files
from core.clock import beijing_day
from core.corrections import VERDICTS, ItemVerdict
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.files import StoredFile
from core.forms import Form, blank_form, first_sentence, read_form
from core.i18n import gettext as _
from core.work import Work


def changed(work: Work, qualification_id: int, **_view_args: Any) -> Qualification:
    """Load a qualification for the gate. Raises NotFound."""
    row = work.session.get(Qualification, qualification_id)
    if row is None:
        raise NotFound("qualification-not-found", id=qualification_id)
    return row


@pages.get("/qualifications/<int:qualification_id>")
@may("qualification:see_change", subject=changed)
def change(qualification_id: int) -> ResponseReturnValue:
    """Show one qualification: what was entered, what was said of it, and what this reader may do next."""
    catch_up(works(), qualification_id)
    return _page(qualification_id)


def _page(qualification_id: int, errors: Mapping[str, str] | None = None) -> ResponseReturnValue:
    wrong = errors or {}
    with reading() as work:
        row = changed(work, qualification_id)
        agency = queries.agency_by_id(work.session, row.agency_id)
        page = render_template(
            "registration/change.html", row=row, agency=agency, tag_of=change_wording.STATES[row.state],
            name=wording.qualification_name(row.category, row.grade), term=cards.term(row, _today(work)),
            items=_items(work, row, wrong), notices=_notices(work, row), lapsed=change_wording.LAPSED,
            typed={key: request.form.get(f"answer-{key}", "") for key in rules.ITEMS}, amiss=wrong,
            may_do=_may_do(work, row), put_right=_put_right_form(work, row), own=work.actor.org_id == row.org_id,
            form=Form[Any]({}, [(f"f-{name}" if name else "form", text) for name, text in wrong.items()]),
            log=[(leaf.at, str(change_wording.TOLD.get(leaf.verb, leaf.verb)), _("存证号 %(seq)s", seq=leaf.seq))
                 for leaf in queries.change_leaves(work.session, row.id)],
        )  # fmt: skip
    return page, 422 if wrong else 200


def _today(work: Work) -> Any:
    return beijing_day(work.clock.now())


def _may_do(work: Work, row: Qualification) -> dict[str, bool]:
    def may_now(permission: str, *states: QualificationState) -> bool:
        return row.state in states and work.allows(POLICY, f"qualification:{permission}", row)

    state = QualificationState
    return {
        "judge": may_now("judge", state.SUBMITTED),
        "answer": may_now("answer", state.RETURNED),
        "bring": may_now("answer", state.VALID_WITH_GAPS),
        "close": may_now("close_gaps", state.VALID_WITH_GAPS),
    }


def _items(work: Work, row: Qualification, wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    return [_item(key, one, wrong) for key, one in queries.change_items(work.session, row.id).items()]


def _item(key: str, one: QualificationItem, wrong: Mapping[str, str]) -> dict[str, Any]:
    choices = [("passed", _("通过")), ("to_correct", _("要补正"))]
    if key in rules.MINOR:
        choices.append(("promised", _("承诺后补")))
    label, kind = VERDICTS[one.verdict]
    day = one.promised_on.isoformat() if one.promised_on is not None else ""
    return {
        "key": key, "row": one, "name": str(change_wording.ITEMS[key]), "choices": choices, "tag": (str(label), kind),
        "owed": one.verdict is ItemVerdict.PROMISED and one.file_id is None, "minor": key in rules.MINOR,
        "said": {name: request.form.get(f"{name}-{key}", kept)
                 for name, kept in (("verdict", str(one.verdict)), ("note", one.note), ("promised", day))},
        "note_error": wrong.get(f"note-{key}", ""), "day_error": wrong.get(f"promised-{key}", ""),
    }  # fmt: skip


def _notices(work: Work, row: Qualification) -> list[dict[str, Any]]:
    names = change_wording.ITEMS
    return [
        {"row": one, "lines": [(line["key"], str(names[line["key"]]), line["note"]) for line in one.items]}
        for one in queries.change_notices(work.session, row.id)
    ]


def _put_right_form(work: Work, row: Qualification) -> Form[Any]:
    """Return the fields the last list lets the agency put right, filled as they stand."""
    sent = queries.change_notices(work.session, row.id)
    named = [line["key"] for line in sent[-1].items] if sent else []
    return blank_form(forms.put_right(row, named), {name: getattr(row, name) for name in forms.PUT_RIGHT})


@pages.post("/qualifications/<int:qualification_id>/verdicts")
@may("qualification:judge", subject=changed)
def judge_change(qualification_id: int) -> ResponseReturnValue:
    """Keep the verdicts, then do what the button says: save, accept, or go on to the correction list.

    Whoever accepts finds in order what was not ticked.
    """
    verdicts, errors = _verdicts()
    if errors:
        return _page(qualification_id, errors)
    action = request.form.get("action", "save")
    deeds = {"accept": service.verify_qualification, "accept_with_gaps": service.accept_change_with_gaps}

    def deed(work: Work) -> None:
        service.judge_change(work, qualification_id, verdicts)
        work.session.flush()
        if action in deeds:
            deeds[action](work, qualification_id)

    if action == "correct":
        return _done(
            qualification_id, deed, "", url_for("registration.change_correction", qualification_id=qualification_id)
        )
    done = {"accept": _("资质已核对"), "accept_with_gaps": _("已容缺通过，机构会收到后补日期")}
    return _done(qualification_id, deed, done.get(action, _("已保存核对结果")))


def _verdicts() -> tuple[list[ItemJudged], dict[str, str]]:
    found, errors = [], {}
    for key in rules.ITEMS:
        if not request.form.get(f"verdict-{key}"):
            continue
        typed = {name: request.form.get(f"{name}-{key}", "") for name in ("verdict", "note")}
        try:
            day = request.form.get(f"promised-{key}", "")
            found.append(ItemJudgedSchema().load({"key": key, **typed, "promised_on": day}))
        except ValidationError as error:
            errors[f"note-{key}"] = first_sentence(error.messages)
    return found, errors


def _done(
    qualification_id: int, deed: Callable[[Work], Any], said: str, onward: str = ""
) -> ResponseReturnValue:  # fmt: skip
    """Do it and go on, or show the page again with what is wrong beside its field."""
    try:
        with writing() as work:
            deed(work)
    except (Invalid, Conflict) as refusal:
        return _page(qualification_id, _wrong(refusal))
    if said:
        flash(said, "ok")
    return redirect(onward or url_for("registration.change", qualification_id=qualification_id), 303)


def _wrong(refusal: DomainError) -> dict[str, str]:
    return {str(refusal.facts.get("field", "")): papers.upload_sentence(refusal)}


@pages.get("/qualifications/<int:qualification_id>/correction")
@may("qualification:judge", subject=changed)
def change_correction(qualification_id: int) -> ResponseReturnValue:
    """Show the correction list as the agency will see it, before it goes."""
    return _correction(qualification_id, blank_form(forms.SUPERVISOR))


def _correction(qualification_id: int, form: Form[Any], refusal: DomainError | None = None) -> ResponseReturnValue:
    if refusal is not None:
        form.refuse(str(refusal.facts.get("field", "")), papers.upload_sentence(refusal))
    with reading() as work:
        row = changed(work, qualification_id)
        items = queries.change_items(work.session, row.id)
        again = row.corrections_n > 0
        page = render_template(
            "registration/change_correction.html", row=row, agency=queries.agency_by_id(work.session, row.agency_id),
            name=wording.qualification_name(row.category, row.grade), again=again, form=form,
            faults=[(str(change_wording.ITEMS[key]), one.note) for key, one in items.items()
                   if one.verdict is ItemVerdict.TO_CORRECT],
            pending=sum(one.verdict is ItemVerdict.PENDING for one in items.values()),
            allowed=not again or work.allows(POLICY, "qualification:send_back_again", row),
            days=row.clocks.get("qualification-correct-days", 0), is_open=row.state is QualificationState.SUBMITTED,
        )  # fmt: skip
    return page, 422 if refusal is not None else 200


@pages.post("/qualifications/<int:qualification_id>/correction")
@may("qualification:send_back", subject=changed)
def send_change_back(qualification_id: int) -> ResponseReturnValue:
    """Send the one correction list."""
    said = request.form.get("supervisor_reason", "")[:500]
    try:
        with writing() as work:
            service.send_change_back(work, qualification_id, said)
    except (Invalid, Conflict) as refusal:
        return _correction(qualification_id, blank_form(forms.SUPERVISOR), refusal)
    flash(_("补正告知已发出，机构改好后会再交来"), "ok")
    return redirect(url_for("registration.queue"), 303)


@pages.post("/qualifications/<int:qualification_id>/answers")
@may("qualification:answer", subject=changed)
def answer_change(qualification_id: int) -> ResponseReturnValue:
    """Answer the correction list: words, files and fields put right, item by item."""
    with reading() as work:
        row = changed(work, qualification_id)
        layout = [item for item in forms.put_right(row, rules.FIELDS) if item.name in request.form]
    given = read_form(PutRightSchema(partial=True), layout, {item.name: request.form[item.name] for item in layout})
    if given.command is None:
        return _page(qualification_id, {name: one.error for name, one in given.fields.items() if one.error})
    put_right = {**{item.name: None for item in layout if item.type == "date"}, **given.command}
    words = {key: request.form.get(f"answer-{key}", "") for key in rules.ITEMS}

    def deed(work: Work) -> None:
        sent = {key: _stored(work, f"file-{key}") for key in rules.ITEMS}
        kept = {key: file_id for key, file_id in sent.items() if file_id is not None}
        service.answer(work, qualification_id, AnswerList(words, kept, put_right))

    return _done(qualification_id, deed, _("补正已提交，等运营机构核对"))


def _stored(work: Work, name: str) -> int | None:
    upload = request.files.get(name)
    if upload is None or not upload.filename:
        return None
    return files.store(work, cast("BinaryIO", upload.stream), upload.filename, "registration").id


@pages.post("/qualifications/<int:qualification_id>/promised/<string:key>")
@may("qualification:answer", subject=changed)
def bring_promised(qualification_id: int, key: str) -> ResponseReturnValue:
    """Hand in a promised paper."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _page(qualification_id, {f"promised-{key}": _("选择要后补的文件")})

    def deed(work: Work) -> None:
        service.bring_promised(work, qualification_id, key, _stored(work, "file") or 0)

    return _done(qualification_id, deed, _("后补材料已提交"))


@pages.post("/qualifications/<int:qualification_id>/gaps")
@may("qualification:close_gaps", subject=changed)
def close_change_gaps(qualification_id: int) -> ResponseReturnValue:
    """Record that every promised paper came."""
    return _done(
        qualification_id, lambda work: service.close_change_gaps(work, qualification_id), _("后补材料已核对")
    )  # fmt: skip


@pages.post("/qualifications/<int:qualification_id>/verify")
@may("qualification:judge", subject=changed)
def verify(qualification_id: int) -> ResponseReturnValue:
    """Find a whole change in order at once."""
    return _done(
        qualification_id, lambda work: service.verify_qualification(work, qualification_id), _("资质已核对"),
        url_for("registration.queue"),
    )  # fmt: skip


@pages.get("/qualifications/<int:qualification_id>/files/<string:key>")
@may("qualification:see_change", subject=changed)
def change_file(qualification_id: int, key: str) -> ResponseReturnValue:
    """Send one paper of a change to its agency or its operator. Raises NotFound."""
    with reading() as work:
        item = queries.change_items(work.session, qualification_id).get(key)
        stored = work.session.get(StoredFile, item.file_id) if item is not None and item.file_id is not None else None
    if stored is None:
        raise NotFound("file-not-found", id=0)
    return hand_out(stored)
