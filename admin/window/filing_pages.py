"""The pages on which a clerk files for a visitor, under a consent in force: a need, a complaint."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from accounts.acting import acted, asked_form
from accounts.gate import may, reading
from accounts.models import Organisation
from admin.window import filing, forms, queries, service, showing
from admin.window.acting import refuse
from admin.window.pages import pages
from agencies.catalogue import queries as catalogue
from agencies.catalogue.wording import item_name
from agencies.registration.forms import QUALIFICATION
from agencies.registration.queries import agency_of_org
from agencies.registration.schemas import QualificationSchema
from core.errors import NotFound
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.complaints import grounds
from marketplace.complaints.filing import mark
from marketplace.complaints.forms import file_layout
from marketplace.complaints.grounds import About
from marketplace.complaints.loaders import sent_files
from marketplace.complaints.schemas import FileComplaintSchema
from marketplace.complaints.wording import window_sentence
from marketplace.needs import reading_form
from marketplace.needs.models import Need

ASKED: Final = tuple(one.name for one in forms.FILING)


@pages.get("/window/visits/<int:visit_id>/filing")
@may("window:file", subject=showing.consent_of_visit)
def filing_form(visit_id: int) -> ResponseReturnValue:
    """Ask for the three answers of a need."""
    with reading() as work:
        return _page(work, visit_id, blank_form(forms.FILING), None)


@pages.post("/window/visits/<int:visit_id>/filing")
@may("window:file", subject=showing.consent_of_visit)
def file_need(visit_id: int) -> ResponseReturnValue:
    """File the need, or show the form again with what is wrong."""
    with reading() as work:
        code = queries.consent_of(work.session, visit_id).item_code
        typed = {name: request.form.get(name, "") for name in ASKED}
        usual = {name: str(value) for name, value in reading_form.first_values({}).items()}
        posted = MultiDict({**usual, **typed, "item_code": code})
        form = reading_form.read(work, posted, catalogue.item_by_code(work.session, code))
    return acted(
        form,
        lambda work, command: filing.file_need(work, visit_id, command),
        service.url_of(visit_id),
        lambda work: _page(work, visit_id, form, form),
        mark=refuse,
        told=_("已代办发布，企业同时收到通知。把回执交给来访人。"),
    )


def _page(work: Work, visit_id: int, drawn: Form[Any], wrong: Form[Any] | None) -> str:
    row = queries.consent_of(work.session, visit_id)
    return render_template(
        "window/filing.html",
        visit_id=visit_id,
        enterprise=work.session.get_one(Organisation, row.org_id).name,
        item=item_name(row.item_code),
        purpose=row.purpose,
        drawn=[drawn.fields[name] for name in ASKED],
        form=wrong,
    )


@pages.get("/window/visits/<int:visit_id>/complaint")
@may("window:file", subject=showing.consent_of_visit)
def complaint_form(visit_id: int) -> ResponseReturnValue:
    """Ask for a complaint about the visit's notice."""
    with reading() as work:
        return _complaint(work, visit_id, None)


@pages.post("/window/visits/<int:visit_id>/complaint")
@may("window:file", subject=showing.consent_of_visit)
def file_complaint(visit_id: int) -> ResponseReturnValue:
    """File the complaint, or show the form again with everything that is wrong at once."""
    with reading() as work:
        form = read_form(FileComplaintSchema(), _layout(work, visit_id), request.form)
    return acted(
        form,
        lambda work, command: filing.file_complaint(work, visit_id, command, sent_files()),
        service.url_of(visit_id),
        lambda work: _complaint(work, visit_id, form),
        mark=mark,
        told=lambda row: _("已代为提交投诉 %(number)s，机构同时收到通知。把回执交给来访人。", number=row.number),
    )


def _about(work: Work, visit_id: int) -> tuple[Need, About]:
    visit = queries.visit_by_id(work.session, visit_id)
    if visit.need_id is None:
        raise NotFound("window-complaint-need", id=visit_id)
    return work.session.get_one(Need, visit.need_id), filing.about(work.session, visit)


def _grounds(work: Work, visit_id: int) -> grounds.Grounds:
    """Return what a complaint of the visitor's agency is judged against."""
    acting = filing.for_enterprise(work, queries.consent_of(work.session, visit_id))
    return grounds.grounds(acting, _about(work, visit_id)[1])


def _layout(work: Work, visit_id: int) -> list[Any]:
    org_id = queries.visit_by_id(work.session, visit_id).org_id
    own = agency_of_org(work.session, org_id)
    return file_layout(_about(work, visit_id)[1].subject, _grounds(work, visit_id), None if own is None else own.id)


def _complaint(work: Work, visit_id: int, wrong: Form[Any] | None) -> str:
    need, _about_it = _about(work, visit_id)
    row = queries.consent_of(work.session, visit_id)
    return render_template(
        "window/complaint.html",
        visit_id=visit_id,
        enterprise=work.session.get_one(Organisation, row.org_id).name,
        need=need,
        said=window_sentence(_grounds(work, visit_id).window, work.clock.now()),
        drawn=wrong or blank_form(_layout(work, visit_id)),
        form=wrong,
    )


@pages.route("/window/visits/<int:visit_id>/qualification", methods=["GET", "POST"])
@may("window:file", subject=showing.consent_of_visit)
def register(visit_id: int) -> ResponseReturnValue:
    """Enter a certificate for the visitor's agency."""
    form = asked_form(QualificationSchema(), QUALIFICATION)
    return acted(
        form,
        lambda work, command: filing.register(work, visit_id, command),
        service.url_of(visit_id),
        lambda work: _certificate(work, visit_id, form),
        mark=refuse,
        told=_("已代为登记资质，机构同时收到通知。把回执交给来访人。"),
    )


def _certificate(work: Work, visit_id: int, form: Form[Any]) -> str:
    row = queries.consent_of(work.session, visit_id)
    name = work.session.get_one(Organisation, row.org_id).name
    wrong = form if form.errors else None
    return render_template("window/qualification.html", visit_id=visit_id, enterprise=name, drawn=form, form=wrong)
