"""Pages: the form of a complaint, judged whole before it is sent, and the list of one's complaints."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accounts.acting import acted
from accounts.gate import may, reading
from accounts.listing import next_page
from accounts.refusing import sentence_of, sentences
from core.errors import DomainError
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.complaints import forms, grounds, queries, service, wording
from marketplace.complaints.grounds import About
from marketplace.complaints.loaders import asked_about, sent_files
from marketplace.complaints.pages import pages
from marketplace.complaints.schemas import FileComplaintSchema


@pages.get("/complaints")
@may("complaint:list")
def index() -> ResponseReturnValue:
    """List the complaints this reader may read, and how often a second correction list was needed."""
    with reading() as work:
        page = queries.complaints_page(work.session, work.actor, after=request.args.get("after", type=int))
        now = work.clock.now()
        rows = [
            {"row": row, "title": wording.title_of(row), "tag": wording.tag_of(row), "due": wording.due_of(row, now)}
            for row in page.items
        ]
        second, any_list = queries.twice_returned(work.session, work.actor)
    return render_template(
        "complaints/index.html", rows=rows, next_url=next_page(page.after), second=second, any_list=any_list
    )


@pages.get("/complaints/new")
@may("complaint:file")
def new() -> ResponseReturnValue:
    """Ask for a complaint: what, which facts, which clause, which evidence."""
    about = asked_about()
    with reading() as work:
        return _page(work, about, blank_form(_layout(work, about)))


@pages.post("/complaints/new")
@may("complaint:file")
def file() -> ResponseReturnValue:
    """File a complaint, or show the form again with everything that is wrong at once."""
    about = asked_about()
    with reading() as work:
        form = read_form(FileComplaintSchema(), _layout(work, about), request.form)
    return acted(
        form, lambda work, command: service.file(work, about, command, sent_files()),
        lambda row: service.url_of(row.id), lambda work: _page(work, about, form),
        mark=mark, told=lambda row: _("投诉已提交，编号 %(number)s", number=row.number),
    )  # fmt: skip


def mark(form: Form[Any], refusal: DomainError) -> None:
    """Put a refusal beside its field, and each fault of a filing beside its own. Raises it again when unknown."""
    if refusal.code not in sentences():
        raise refusal
    faults = refusal.facts.get("faults") or [{"code": refusal.code, **refusal.facts}]
    for fault in faults:
        form.refuse(str(fault.get("field", "")), sentence_of(fault["code"], fault))


def _layout(work: Work, about: About) -> list[Any]:
    own = grounds.own_agency(work.session, work.actor)
    return forms.file_layout(about.subject, grounds.grounds(work, about), None if own is None else own.id)


def _page(work: Work, about: About, form: Form[Any]) -> str:
    found, now = grounds.grounds(work, about), work.clock.now()
    return render_template(
        "complaints/new.html", form=form, about=about, title=found.title, subject=str(wording.SUBJECTS[about.subject]),
        said=wording.window_sentence(found.window, now), shut=bool(found.window.fault(now) or found.standing),
    )  # fmt: skip
