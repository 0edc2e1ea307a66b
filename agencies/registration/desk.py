"""The operator's desk: the queue, one registration's materials with verdicts, the correction list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from accounts.downloads import hand_out
from accounts.gate import may, reading, writing
from agencies.catalogue import wording
from agencies.registration import cards, change_wording, forms, papers, queries, service
from agencies.registration.lifecycle import REGISTRATION, QualificationState, Verdict
from agencies.registration.models import Agency, CorrectionNotice, Qualification
from agencies.registration.pages import pages
from agencies.registration.permissions import POLICY
from agencies.registration.refusals import missing_sentence, sentence
from agencies.registration.rules import Missing
from agencies.registration.schemas import ReasonSchema, SendBackSchema, VerdictSchema, masked
from core.clock import beijing_day
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.files import StoredFile
from core.forms import Form, blank_form, first_sentence, read_form
from core.i18n import gettext as _
from core.work import Work

CLOSING: Final = {"suspend": service.suspend, "resume": service.resume, "remove": service.remove}


def reviewed(work: Work, agency_id: int, **_view_args: Any) -> Agency:
    """Load an agency for the gate."""
    return queries.agency_by_id(work.session, agency_id)


@pages.get("/desk/registrations")
@may("registration:queue")
def queue() -> ResponseReturnValue:
    """Show what waits for this operator, the one due first on top."""
    with reading() as work:
        waiting = queries.review_queue(work.session, work.actor)
        owing = queries.gap_queue(work.session, work.actor)
        unchecked = queries.unverified_qualifications(work.session, work.actor)
        second, any_list = queries.twice_returned(work.session, work.actor)
    return render_template(
        "registration/queue.html",
        waiting=[_waiting(one) for one in waiting],
        owing=[{"name": one.name, "url": _review_url(one)} for one in owing],
        unchecked=[_unchecked(row, agency) for row, agency in unchecked],
        second=second,
        any_list=any_list,
    )


def _unchecked(row: Qualification, agency: Agency) -> dict[str, Any]:
    label, kind = change_wording.STATES[row.state]
    return {
        "id": row.id,
        "url": url_for("registration.change", qualification_id=row.id),
        "agency": agency.name,
        "name": wording.qualification_name(row.category, row.grade),
        "number": row.number,
        "issued_by": row.issued_by,
        "due_at": row.review_by,
        "tag": (str(label), kind),
        "waits": row.state is QualificationState.SUBMITTED,
    }


def _review_url(agency: Agency) -> str:
    return url_for("registration.review", agency_id=agency.id)


def _waiting(agency: Agency) -> dict[str, Any]:
    return {
        "name": agency.name,
        "url": _review_url(agency),
        "town": cards.town_name(agency.town_code),
        "submitted_at": agency.submitted_at,
        "due_at": agency.due_at,
        "again": agency.corrections_n > 0,
    }


@pages.get("/registrations/<int:agency_id>/review")
@may("registration:review", subject=reviewed)
def review(agency_id: int) -> ResponseReturnValue:
    """Show everything about a registration, each material with room for a verdict."""
    return _review(agency_id)


def _review(
    agency_id: int, typed: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    wrong = errors or {}
    with reading() as work:
        agency = queries.agency_by_id(work.session, agency_id)
        rows = papers.to_judge(work, agency, typed or {}, wrong)
        dossier = _dossier(work, agency)
    found = [(f"note-{key}" if key else "", text) for key, text in wrong.items()]
    page = render_template("registration/review.html", rows=rows, form=Form[Any]({}, found), **dossier)
    return page, 422 if wrong else 200


def _dossier(work: Work, agency: Agency) -> dict[str, Any]:
    """Return what an operator reads beside the materials."""
    today = beijing_day(work.clock.now())
    items = queries.offered_items(work.session, agency.id)
    held = queries.qualifications_of(work.session, agency.id)
    people = queries.practitioners_of(work.session, agency.id)
    doubts = [missing_sentence(one) for item in items for one in _doubts(work, agency.id, item.code, today)]
    verbs = REGISTRATION.open_to(agency.state)
    return {
        "agency": agency,
        "tag": cards.state_tag(agency),
        "town": cards.town_name(agency.town_code),
        "items": [wording.named(one) for one in items],
        "held": [
            [wording.qualification_name(one.category, one.grade), one.number, one.issued_by, cards.term(one, today)]
            for one in held
        ],
        "people": [[masked(one.name), wording.certificate_name(one.kind), one.certificate] for one in people],
        "doubts": list(dict.fromkeys(doubts)),
        "verbs": [verb for verb in verbs if work.allows(POLICY, f"registration:{verb}", agency)],
        "notices": [_notice(one) for one in queries.notices_of(work.session, agency.id)],
    }


def _notice(row: CorrectionNotice) -> dict[str, Any]:
    lines = [papers.correction(item) for item in row.items]
    return {"sent_at": row.sent_at, "items": lines, "answered_at": row.answered_at}


def _doubts(work: Work, agency_id: int, item_code: str, today: date) -> tuple[Missing, ...]:
    found = queries.eligible(work.session, agency_id, item_code, today)
    return tuple(one for one in (*found.details, *found.advice) if one.code != "agency-not-listed")


def _typed(keys: list[str]) -> dict[str, dict[str, Any]]:
    """Read what an operator said of each material; those without a verdict are left out."""
    return {
        key: {
            "verdict": request.form[f"verdict-{key}"],
            "reasons": request.form.getlist(f"reason-{key}"),
            "note": request.form.get(f"note-{key}", ""),
            "promised_on": request.form.get(f"promised-{key}", ""),
        }
        for key in keys
        if request.form.get(f"verdict-{key}")
    }


@pages.post("/registrations/<int:agency_id>/review")
@may("registration:review", subject=reviewed)
def judge(agency_id: int) -> ResponseReturnValue:
    """Keep the verdicts, then do what the button says: save, accept, or go on to the correction list."""
    with reading() as work:
        keys = [one.code for one in queries.asked_for(work.session, agency_id)]
    typed, errors = _typed(keys), dict[str, str]()
    verdicts = []
    for key, said in typed.items():
        try:
            verdicts.append(VerdictSchema().load({"key": key, **said}))
        except ValidationError as error:
            errors[key] = first_sentence(error.messages)
    if errors:
        return _review(agency_id, typed, errors)
    action = request.form.get("action", "save")
    try:
        with writing() as work:
            service.judge(work, agency_id, verdicts)
            if action == "accept":
                service.accept(work, agency_id)
            elif action == "accept_with_gaps":
                service.accept_with_gaps(work, agency_id)
    except (Invalid, Conflict) as error:
        return _review(agency_id, typed, {str(error.facts.get("field", "")): sentence(error)})
    if action == "correct":
        return redirect(url_for("registration.correction", agency_id=agency_id), 303)
    flash(_("已保存核对结果") if action == "save" else _("已受理，机构已上架"), "ok")
    return redirect(_review_of(agency_id, action), 303)


def _review_of(agency_id: int, action: str) -> str:
    if action == "save":
        return url_for("registration.review", agency_id=agency_id)
    return url_for("registration.queue")


@pages.get("/registrations/<int:agency_id>/correction")
@may("registration:review", subject=reviewed)
def correction(agency_id: int) -> ResponseReturnValue:
    """Show the correction list as the applicant will see it, before it goes."""
    return _correction(agency_id, blank_form(forms.SUPERVISOR))


def _correction(agency_id: int, form: Form[Any], error: DomainError | None = None) -> ResponseReturnValue:
    with reading() as work:
        agency = queries.agency_by_id(work.session, agency_id)
        asked = {one.code for one in queries.asked_for(work.session, agency_id)}
        rows = [row for key, row in queries.materials_of(work.session, agency_id).items() if key in asked]
        again = agency.corrections_n > 0
        allowed = not again or work.allows(POLICY, "registration:send_back_again", agency)
    if error is not None:
        form.refuse(str(error.facts.get("field", "")), sentence(error))
    wrong = [
        papers.correction({"material": row.key, "reasons": row.reasons, "note": row.note})
        for row in rows
        if row.verdict is Verdict.TO_CORRECT
    ]
    page = render_template(
        "registration/correction.html",
        agency=agency,
        items=wrong,
        pending=sum(row.verdict is Verdict.PENDING for row in rows),
        again=again,
        allowed=allowed,
        form=form,
    )
    return page, 422 if error is not None else 200


@pages.post("/registrations/<int:agency_id>/correction")
@may("registration:send_back", subject=reviewed)
def send_back(agency_id: int) -> ResponseReturnValue:
    """Send the one correction list."""
    form = read_form(SendBackSchema(), forms.SUPERVISOR, request.form)
    try:
        with writing() as work:
            service.send_back(work, agency_id, request.form.get("supervisor_reason", "")[:500])
    except (Invalid, Conflict) as error:
        return _correction(agency_id, form, error)
    flash(_("补正告知已发出，机构改好后会再交来"), "ok")
    return redirect(url_for("registration.queue"), 303)


@pages.post("/registrations/<int:agency_id>/gaps")
@may("registration:close_gaps", subject=reviewed)
def close_gaps(agency_id: int) -> ResponseReturnValue:
    """Record that every promised paper came."""
    with writing() as work:
        service.close_gaps(work, agency_id)
    flash(_("后补材料已核对"), "ok")
    return redirect(url_for("registration.queue"), 303)


@pages.post("/registrations/<int:agency_id>/<any(suspend,resume,remove):verb>")
@may("registration:suspend", subject=reviewed)
def close(agency_id: int, verb: str) -> ResponseReturnValue:
    """Suspend, resume or remove an agency, with the reason it and the public are shown."""
    form = read_form(ReasonSchema(), forms.REASON, request.form)
    if form.command is None:
        return _closing(agency_id, verb, form), 422
    with writing() as work:
        CLOSING[verb](work, agency_id, form.command["reason"])
    flash(_("已记录，机构会收到通知"), "ok")
    return redirect(url_for("registration.agency", agency_id=agency_id), 303)


@pages.get("/registrations/<int:agency_id>/<any(suspend,resume,remove):verb>")
@may("registration:suspend", subject=reviewed)
def closing(agency_id: int, verb: str) -> ResponseReturnValue:
    """Ask for the reason."""
    return _closing(agency_id, verb, blank_form(forms.REASON))


def _closing(agency_id: int, verb: str, form: Form[Any]) -> str:
    with reading() as work:
        agency = queries.agency_by_id(work.session, agency_id)
    titles = {"suspend": _("暂停承接"), "resume": _("恢复承接"), "remove": _("清退")}
    return render_template("registration/closing.html", agency=agency, verb=verb, title=titles[verb], form=form)


@pages.get("/registrations/<int:agency_id>/materials/<string:key>")
@may("registration:see_papers", subject=reviewed)
def material_file(agency_id: int, key: str) -> ResponseReturnValue:
    """Send one uploaded paper to its agency or its operator. Raises NotFound."""
    with reading() as work:
        row = queries.materials_of(work.session, agency_id).get(key)
        stored = work.session.get(StoredFile, row.file_id) if row is not None and row.file_id is not None else None
    if stored is None:
        raise NotFound("file-not-found", id=0)
    return hand_out(stored)
