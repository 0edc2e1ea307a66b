"""Pages of projects: the list, the plan in lanes, one entry, and a project's notices in public."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import acted, saying
from accounts.gate import may, public, reading, writing
from accounts.wording import town_name
from agencies.catalogue import queries as catalogue
from agencies.catalogue.wording import item_name, named
from core.errors import Conflict, Invalid, NotFound
from core.forms import Form, blank_form, first_sentence
from core.i18n import gettext as _
from core.identifiers import is_project_code
from core.work import Work
from marketplace.needs.wording import METHODS
from marketplace.needs.wording import STATES as NEED_STATES
from marketplace.projects import entry_pages, forms, queries, reading_form, service, wording
from marketplace.projects.drawing import numbers, picture
from marketplace.projects.loaders import project_of
from marketplace.projects.models import Project
from marketplace.projects.pages import pages
from marketplace.projects.permissions import POLICY
from marketplace.projects.schemas import ProjectMoveSchema

__all__ = ["entry_pages", "pages"]


@pages.get("/projects")
@may("project:list")
def index() -> ResponseReturnValue:
    """List the enterprise's projects, each with what can be bought now."""
    with reading() as work:
        rows = [
            (one, queries.plan_of(work.session, one))
            for one in queries.projects_of(work.session, work.actor.org_id or 0)
        ]
        may_create = work.allows(POLICY, "project:create")
    return render_template("projects/index.html", rows=rows, words=wording, may_create=may_create, town_name=town_name)


@pages.get("/projects/new")
@may("project:create")
def new() -> ResponseReturnValue:
    """Ask what is known of a project."""
    return _form_page(blank_form(forms.PROJECT, {"fund": "social"}), None)


@pages.post("/projects/new")
@may("project:create")
def create() -> ResponseReturnValue:
    """Keep the project and show its plan, or the form again with what is wrong."""
    form = reading_form.read(request.form)
    if form.command is not None:
        try:
            with writing() as work:
                project = service.create(work, form.command)
        except Invalid as refusal:
            form.refuse(str(refusal.facts.get("field", "")), wording.refusal(refusal))
        else:
            flash(_("项目已建立。看看计划，不需要的标明理由，再采购可以办的。"), "ok")
            return redirect(url_for("projects.show", project_id=project.id), 303)
    return _form_page(form, None), 422


@pages.get("/projects/<int:project_id>")
@may("project:read", subject=project_of)
def show(project_id: int) -> ResponseReturnValue:
    """Show the plan in lanes, and what can be bought now."""
    with reading() as work:
        return _plan_page(work, project_id)


def _plan_page(work: Work, project_id: int, problem: str = "") -> str:
    project = queries.project_by_id(work, project_id)
    plan = queries.plan_of(work.session, project)
    known = {one.entry.item_code for one in plan.lines}
    free = [(one.code, named(one)) for one in catalogue.all_items(work.session) if one.code not in known]
    lanes: dict[int, list[queries.Line]] = {}
    for one in plan.lines:
        if one.slot.finish > one.slot.start:
            lanes.setdefault(one.slot.lane, []).append(one)
    form = blank_form(forms.ADD)
    form.fields["item_code"].choices = [("", _("选一项服务")), *free]
    return render_template(
        "projects/show.html", project=project, plan=plan, lanes=sorted(lanes.items()), words=wording, form=form,
        apart=[one for one in plan.lines if one.slot.finish == one.slot.start], picture=picture(plan),
        numbers=numbers(plan), may_edit=work.allows(POLICY, "project:edit", project), town=town_name(project.town_code),
        kind=wording.kind_name(project.kind), problem=problem, need_states=NEED_STATES, named=named,
        unclear=[one for one in plan.lines if wording.may_be_needless(project, one)],
    )  # fmt: skip


@pages.get("/projects/<int:project_id>/edit")
@may("project:edit", subject=project_of)
def edit(project_id: int) -> ResponseReturnValue:
    """Show what is known of a project."""
    with reading() as work:
        project = queries.project_by_id(work, project_id)
    return _form_page(blank_form(forms.PROJECT, reading_form.values_of(project)), project)


@pages.post("/projects/<int:project_id>/edit")
@may("project:edit", subject=project_of)
def save(project_id: int) -> ResponseReturnValue:
    """Change what is known of a project."""
    with reading() as work:
        project = queries.project_by_id(work, project_id)
    form = reading_form.read(request.form, project.code)
    return acted(
        form, lambda work, command: service.edit(work, project_id, command),
        url_for("projects.show", project_id=project_id),
        lambda _work: _form_page(form, project), mark=saying(wording.refusal), told=_("项目资料已保存。"),
    )  # fmt: skip


@pages.post("/projects/<int:project_id>/items")
@may("project:edit", subject=project_of)
def add_item(project_id: int) -> ResponseReturnValue:
    """Put an item into the plan."""
    try:
        with writing() as work:
            entry = service.add_item(work, project_id, request.form.get("item_code", ""))
    except (Invalid, Conflict, NotFound) as refusal:
        with reading() as work:
            return _plan_page(work, project_id, wording.refusal(refusal)), 422
    return redirect(url_for("projects.entry", entry_id=entry.id), 303)


@pages.post("/projects/<int:project_id>/buy")
@may("project:buy", subject=project_of)
def buy(project_id: int) -> ResponseReturnValue:
    """Draft a need for every entry that can be bought now."""
    try:
        with writing() as work:
            made = service.buy_ready(work, project_id)
    except Conflict as refusal:
        with reading() as work:
            return _plan_page(work, project_id, wording.refusal(refusal)), 409
    flash(_("已起草 %(count)s 条需求，逐条核对后发布。", count=len(made)), "ok")
    return redirect(url_for("projects.show", project_id=project_id, _anchor="drafts"), 303)


@pages.post("/projects/<int:project_id>/moves")
@may("project:edit", subject=project_of)
def move(project_id: int) -> ResponseReturnValue:
    """Finish, reopen or cancel the project."""
    wrong, problem = ProjectMoveSchema().validate(request.form), ""
    try:
        if not wrong:
            with writing() as work:
                service.end(work, project_id, request.form["verb"], request.form.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        if refusal.code == "wrong-state":
            raise
        problem = wording.refusal(refusal)
    if wrong or problem:
        with reading() as work:
            return _plan_page(work, project_id, problem or first_sentence(wrong)), 422
    return redirect(url_for("projects.show", project_id=project_id), 303)


@pages.get("/projects/<string:project_code>")
@public
def notices(project_code: str) -> ResponseReturnValue:
    """Show everybody the published notices of a project's code. Raises NotFound for what is no code."""
    if not is_project_code(project_code):
        raise NotFound("project-not-found", given=project_code[:40])
    with reading() as work:
        rows = queries.notices_of(work.session, work.actor, project_code)
    return render_template(
        "projects/notices.html", code=project_code, rows=rows, states=NEED_STATES, methods=METHODS,
        item_name=item_name, town_name=town_name,
    )  # fmt: skip


def _form_page(form: Form[Any], project: Project | None) -> str:
    hidden = {one.name for one in forms.FACTS} | ({"code"} if project is not None else set())
    return render_template(
        "projects/form.html", project=project, form=form,
        main=[one for name, one in form.fields.items() if name not in hidden],
        facts=[form.fields[one.name] for one in forms.FACTS],
    )  # fmt: skip
