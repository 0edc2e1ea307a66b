"""An agency's way onto the shelf: a task list, and one page a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import reference as places
from accounts.gate import may, reading, signed_in, writing
from accounts.models import Organisation, User
from agencies.catalogue import wording
from agencies.catalogue.queries import all_items
from agencies.registration import cards, change_wording, forms, hooks, papers, queries, service
from agencies.registration.lifecycle import COUNTS, EDITABLE, RegistrationState
from agencies.registration.models import Agency, Qualification
from agencies.registration.pages import pages
from agencies.registration.permissions import POLICY
from agencies.registration.refusals import missing_sentence, sentence
from agencies.registration.rules import Missing
from agencies.registration.schemas import (
    DetailsSchema,
    ItemsSchema,
    QualificationSchema,
    StatementSchema,
)
from core import files
from core.clock import beijing_day
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work

QUALIFICATION_CODES: Final = ("qualification-missing", "qualification-expired", "qualification-grade")


def own_organisation(work: Work) -> Organisation:
    """Load the actor's organisation for the gate. Raises NotFound."""
    row = work.session.get(Organisation, work.actor.org_id) if work.actor.org_id is not None else None
    if row is None:
        raise NotFound("organisation-not-found", id=work.actor.org_id)
    return row


def own_agency(work: Work, **_view_args: Any) -> Agency:
    """Load the actor's own registration for the gate. Raises NotFound when none was begun."""
    row = queries.agency_of_org(work.session, work.actor.org_id)
    if row is None:
        raise NotFound("registration-not-opened")
    return row


@pages.get("/join")
@signed_in
def tasks() -> ResponseReturnValue:
    """Show what is done and what is left, the correction list if there is one, and the commitment letter."""
    return _tasks()


def _tasks(errors: Sequence[str] = ()) -> ResponseReturnValue:
    with reading() as work:
        organisation = own_organisation(work)
        agency = queries.agency_of_org(work.session, organisation.id)
        if agency is None:
            work.require(POLICY, "registration:open", organisation)
            return render_template(
                "registration/start.html", organisation=organisation, town=cards.town_name(organisation.town_code)
            )
        missing = queries.readiness(work.session, agency, beijing_day(work.clock.now()))
        notices = queries.notices_of(work.session, agency.id)
        steps = _steps(work, agency, missing)
        advice = [
            missing_sentence(one)
            for item in queries.offered_items(work.session, agency.id)
            for one in queries.eligible(work.session, agency.id, item.code, beijing_day(work.clock.now())).advice
        ]
        more = hooks.own_panels(work, agency)
    form = Form[Any]({}, [("", text) for text in errors])
    page = render_template(
        "registration/join.html",
        agency=agency,
        tag=cards.state_tag(agency),
        steps=steps,
        left=[missing_sentence(one) for one in missing if one.code != "commitment-missing"],
        corrections=[papers.correction(one) for one in notices[0].items]
        if notices and notices[0].answered_at is None
        else [],
        may_submit=agency.state in {RegistrationState.DRAFT, RegistrationState.RETURNED},
        editable=agency.state in EDITABLE,
        advice=list(dict.fromkeys(advice)),
        panels=more,
        form=form,
    )
    return page, 422 if errors else 200


def _steps(work: Work, agency: Agency, missing: Sequence[Missing]) -> list[dict[str, Any]]:
    """Return the tasks as ``task_list`` draws them."""
    codes = {one.code for one in missing}
    people = len(queries.practitioners_of(work.session, agency.id))
    parts: list[tuple[str, str, str, bool]] = [
        (_("基本信息"), "details", _("从单位登记信息带出，补联系人和手机"), "details-missing" not in codes),
        (_("服务事项"), "items", _("勾选能承接的事项"), "items-missing" not in codes),
        (_("资质"), "qualifications", _("证书编号和有效期"), not codes.intersection(QUALIFICATION_CODES)),
        (_("执业人员"), "practitioners", _("选填，现有 %(count)s 人", count=people), True),
        (
            _("材料"),
            "materials",
            _("能共享核对的不用交"),
            not codes.intersection({"material-missing", "correction-unanswered"}),
        ),
    ]
    open_to_edit = agency.state in EDITABLE
    return [
        {"label": label, "url": url_for(f"registration.{name}") if open_to_edit else None, "hint": hint, "done": done}
        for label, name, hint, done in parts
    ]


@pages.post("/join")
@may("registration:open", subject=own_organisation)
def start() -> ResponseReturnValue:
    """Begin a registration."""
    with writing() as work:
        service.open_registration(work, own_organisation(work).id)
    return redirect(url_for("registration.tasks"), 303)


def saved(text: str, endpoint: str = "registration.tasks") -> ResponseReturnValue:
    """Say that something was saved, and go back."""
    flash(text, "ok")
    return redirect(url_for(endpoint), 303)


def _refused(form: Form[Any], error: DomainError) -> None:
    """Put a refusal beside its field, or above the form."""
    field = str(error.facts.get("field", ""))
    form.refuse({"grade": "category"}.get(field, field), sentence(error))


@pages.get("/join/details")
@may("registration:edit", subject=own_agency)
def details() -> ResponseReturnValue:
    """Show the details form, filled with what is known."""
    with reading() as work:
        agency = own_agency(work)
        person = work.session.get(User, work.actor.user_id)
    names = ("contact_name", "contact_mobile", "founded_on", "intro")
    known = {name: getattr(agency, name) for name in names}
    known["contact_name"] = known["contact_name"] or (person.display_name if person is not None else "")
    form = blank_form(forms.DETAILS, known)
    return _details(agency, form)


def _details(agency: Agency, form: Form[Any]) -> str:
    return render_template(
        "registration/details.html", agency=agency, town=cards.town_name(agency.town_code), form=form
    )


@pages.post("/join/details")
@may("registration:edit", subject=own_agency)
def save_details() -> ResponseReturnValue:
    """Keep the details."""
    form = read_form(DetailsSchema(), forms.DETAILS, request.form)
    with reading() as work:
        agency = own_agency(work)
    if form.command is not None:
        try:
            with writing() as work:
                service.save_details(work, agency.id, form.command)
            return saved(_("基本信息已保存"))
        except Invalid as error:
            _refused(form, error)
    return _details(agency, form), 422


@pages.get("/join/items")
@may("registration:edit", subject=own_agency)
def items() -> ResponseReturnValue:
    """Show the catalogue to tick."""
    return _items()


def _items(form: Form[Any] | None = None, chosen: Sequence[str] | None = None) -> ResponseReturnValue:
    with reading() as work:
        agency = own_agency(work)
        rows = all_items(work.session)
        offered = (
            {one.code for one in queries.offered_items(work.session, agency.id)} if chosen is None else set(chosen)
        )
    groups = [
        {
            "name": f"items-{code}",
            "label": label,
            "open": bool(offered.intersection(one.code for one in rows if one.stage == code)) or not offered,
            "items": [
                {
                    "code": one.code,
                    "name": wording.named(one),
                    "asks": wording.asks_for(one),
                    "chosen": one.code in offered,
                }
                for one in rows
                if one.stage == code
            ],
        }
        for code, label in wording.stage_choices()
    ]
    page = render_template("registration/items.html", groups=groups, form=form)
    return page, 422 if form is not None else 200


@pages.post("/join/items")
@may("registration:edit", subject=own_agency)
def save_items() -> ResponseReturnValue:
    """Keep the items ticked."""
    form = read_form(ItemsSchema(), (), request.form)
    chosen = request.form.getlist("items")
    if form.command is not None:
        try:
            with writing() as work:
                service.choose_items(work, own_agency(work).id, form.command["items"])
            return saved(_("服务事项已保存"))
        except (Invalid, Conflict) as error:
            form.errors.append(("items", sentence(error)))
    return _items(form, chosen)


@pages.get("/join/qualifications")
@may("registration:edit", subject=own_agency)
def qualifications() -> ResponseReturnValue:
    """Show the certificates entered and a form for one more."""
    return _qualifications(blank_form(forms.QUALIFICATION))


def _tagged(row: Qualification) -> tuple[str, str]:
    label, kind = change_wording.STATES[row.state]
    return str(label), kind


def _qualifications(form: Form[Any]) -> ResponseReturnValue:
    with reading() as work:
        agency, today = own_agency(work), beijing_day(work.clock.now())
        held = [
            {
                "id": one.id,
                "name": wording.qualification_name(one.category, one.grade),
                "number": one.number,
                "term": cards.term(one, today),
                "verified": one.state in COUNTS,
                "tag": _tagged(one),
                "url": url_for("registration.change", qualification_id=one.id) if one.submitted_at else None,
            }
            for one in queries.qualifications_of(work.session, agency.id)
        ]
        wanted = [
            {
                "item": wording.named(one),
                "asks": wording.asks_for(one),
                "mark": wording.mark(one.qualification_confidence),
            }
            for one in queries.offered_items(work.session, agency.id)
        ]
    page = render_template("registration/qualifications.html", held=held, wanted=wanted, form=form)
    return page, 422 if form.errors else 200


@pages.post("/join/qualifications")
@may("registration:edit", subject=own_agency)
def add_qualification() -> ResponseReturnValue:
    """Enter one certificate."""
    form = read_form(QualificationSchema(), forms.QUALIFICATION, request.form)
    if form.command is not None:
        try:
            with writing() as work:
                service.add_qualification(work, own_agency(work).id, form.command)
            return saved(_("资质已登记"), "registration.qualifications")
        except (Invalid, Conflict) as error:
            _refused(form, error)
    return _qualifications(form)


@pages.post("/join/qualifications/<int:qualification_id>/withdraw")
@may("registration:edit", subject=own_agency)
def withdraw_qualification(qualification_id: int) -> ResponseReturnValue:
    """Take one certificate off the list."""
    with writing() as work:
        service.withdraw_qualification(work, own_agency(work).id, qualification_id)
    return saved(_("资质已撤下"), "registration.qualifications")


@pages.get("/join/materials")
@may("registration:edit", subject=own_agency)
def materials() -> ResponseReturnValue:
    """Show every paper asked for: what may be looked up, what to hand in, what was said of it."""
    return _materials()


def _materials(errors: Mapping[str, str] | None = None) -> ResponseReturnValue:
    with reading() as work:
        rows = papers.own_papers(work, own_agency(work), errors or {})
    form = Form[Any]({}, [(f"file-{key}", text) for key, text in (errors or {}).items()])
    return render_template("registration/materials.html", rows=rows, form=form), 422 if errors else 200


@pages.post("/join/materials/<string:key>")
@may("registration:edit", subject=own_agency)
def give_material(key: str) -> ResponseReturnValue:
    """Hand in one paper: a file, words, or both. Raises NotFound for a paper nobody asks for."""
    if key not in {one.code for one in places.materials()}:
        raise NotFound("material-not-found", key=key)
    given = StatementSchema().load(request.form)
    upload = request.files.get("file")
    try:
        with writing() as work:
            agency = own_agency(work)
            stored = (
                files.store(work, cast("BinaryIO", upload.stream), upload.filename, "registration")
                if upload and upload.filename
                else None
            )
            service.give_material(work, agency.id, key, stored.id if stored else None, given["statement"])
    except (Invalid, Conflict) as error:
        return _materials({key: papers.upload_sentence(error)})
    return saved(_("材料已收到"), "registration.materials")


@pages.post("/join/submit")
@may("registration:submit", subject=own_agency)
def submit() -> ResponseReturnValue:
    """Accept the commitment letter when it is ticked, and hand the registration in."""
    try:
        with writing() as work:
            agency = own_agency(work)
            if request.form.get("commitment"):
                service.commit(work, agency.id)
            service.submit(work, agency.id)
    except Conflict as error:
        if error.code != "registration-incomplete":
            raise
        missing = error.facts["missing"]
        return _tasks([_("勾选“接受承诺书”")] if missing == ["commitment-missing"] else [sentence(error)])
    return saved(_("已提交。运营机构 5 个工作日内核对，逾期视为受理"))
