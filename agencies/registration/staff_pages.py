"""The pages of an agency's practitioners: enter, renew, let go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from accounts.gate import may, reading, writing
from agencies.catalogue import wording
from agencies.registration import forms, queries, service
from agencies.registration.join import own_agency, saved
from agencies.registration.lifecycle import PractitionerState
from agencies.registration.pages import pages
from agencies.registration.refusals import sentence
from agencies.registration.schemas import PractitionerSchema, TermSchema, masked
from core.errors import Conflict, Invalid
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _


@pages.get("/join/practitioners")
@may("registration:edit", subject=own_agency)
def practitioners() -> ResponseReturnValue:
    """Show the people entered and a form for one more."""
    return _practitioners(blank_form(forms.PRACTITIONER))


def _practitioners(form: Form[Any], wrong: Mapping[int, str] | None = None) -> ResponseReturnValue:
    wrong = wrong or {}
    with reading() as work:
        people = [
            {
                "id": one.id,
                "name": masked(one.name),
                "kind": wording.certificate_name(one.kind),
                "certificate": one.certificate,
                "until": one.valid_to.isoformat() if one.valid_to is not None else "",
                "over": one.state is PractitionerState.EXPIRED,
                "error": wrong.get(one.id, ""),
            }
            for one in queries.practitioners_of(work.session, own_agency(work).id)
        ]
    page = render_template("registration/practitioners.html", people=people, form=form)
    return page, 422 if form.errors else 200


@pages.post("/join/practitioners")
@may("registration:edit", subject=own_agency)
def add_practitioner() -> ResponseReturnValue:
    """Enter one person."""
    form = read_form(PractitionerSchema(), forms.PRACTITIONER, request.form)
    if form.command is not None:
        try:
            with writing() as work:
                service.add_practitioner(work, own_agency(work).id, form.command)
            return saved(_("执业人员已登记"), "registration.practitioners")
        except (Invalid, Conflict) as error:
            form.refuse("identity" if isinstance(error, Conflict) else str(error.facts.get("field")), sentence(error))
    return _practitioners(form)


@pages.post("/join/practitioners/<int:practitioner_id>/release")
@may("registration:edit", subject=own_agency)
def release_practitioner(practitioner_id: int) -> ResponseReturnValue:
    """Record that a person left."""
    with writing() as work:
        service.release_practitioner(work, own_agency(work).id, practitioner_id)
    return saved(_("已移出名单"), "registration.practitioners")


@pages.post("/join/practitioners/<int:practitioner_id>/renew")
@may("registration:edit", subject=own_agency)
def renew_practitioner(practitioner_id: int) -> ResponseReturnValue:
    """Enter the new last day of a person's certificate."""
    form = blank_form(forms.PRACTITIONER)
    try:
        term = TermSchema().load(request.form)
        with writing() as work:
            service.renew_practitioner(work, own_agency(work).id, practitioner_id, term["valid_to"])
    except (Invalid, ValidationError) as error:
        said = sentence(error) if isinstance(error, Invalid) else _("填新的有效期止，如 2029-06-30")
        form.errors.append((f"f-until-{practitioner_id}", said))
        return _practitioners(form, {practitioner_id: said})
    return saved(_("证书有效期已更新"), "registration.practitioners")
