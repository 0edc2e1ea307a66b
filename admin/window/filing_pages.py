"""The page on which a clerk files a need: the three answers of the market's own form, under a consent in force."""

from __future__ import annotations

from typing import Any, Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from accounts.gate import may, reading, writing
from accounts.models import Organisation
from admin.window import filing, forms, queries, service, showing
from admin.window.acting import refuse
from admin.window.pages import pages
from agencies.catalogue import queries as catalogue
from agencies.catalogue.wording import item_name
from core.errors import DomainError
from core.forms import Form, blank_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs import reading_form

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
    if form.command is not None:
        try:
            with writing() as work:
                filing.file_need(work, visit_id, form.command)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            flash(_("已代办发布，企业同时收到通知。把回执交给来访人。"), "ok")
            return redirect(service.url_of(visit_id), 303)
    with reading() as work:
        return _page(work, visit_id, form, form), 422


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
