"""Pages of one entry of a plan: why and when, how long, what it waits for, and what else may become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import acted, saying
from accounts.gate import may, reading, writing
from agencies.catalogue import order
from agencies.catalogue.wording import mark, named
from core.clock import beijing_day
from core.errors import Conflict, Invalid
from core.forms import Form, blank_form, first_sentence, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs.wording import STATES as NEED_STATES
from marketplace.projects import forms, queries, service, wording
from marketplace.projects.lifecycle import ENTRY
from marketplace.projects.loaders import entry_of
from marketplace.projects.pages import pages
from marketplace.projects.permissions import POLICY
from marketplace.projects.queries import Line, Plan
from marketplace.projects.schemas import EntryMoveSchema, PlanEntryChangeSchema


@pages.get("/plan-entries/<int:entry_id>")
@may("plan_entry:edit", subject=entry_of)
def entry(entry_id: int) -> ResponseReturnValue:
    """Show one entry of a plan."""
    with reading() as work:
        return _page(work, entry_id)


@pages.post("/plan-entries/<int:entry_id>")
@may("plan_entry:edit", subject=entry_of)
def change_entry(entry_id: int) -> ResponseReturnValue:
    """Keep how long the entry takes and what it waits for, or say what is wrong; a loop is named."""
    data: dict[str, Any] = {"days": request.form.get("days", ""), "before": request.form.getlist("before")}
    form = read_form(PlanEntryChangeSchema(), forms.ENTRY, data)
    return acted(
        form, lambda work, asked: service.change(work, entry_id, asked["days"], asked["before"]),
        lambda row: url_for("projects.show", project_id=row.project_id),
        lambda work: _page(work, entry_id, form), mark=saying(wording.refusal), told=_("计划已更新。"),
    )  # fmt: skip


@pages.post("/plan-entries/<int:entry_id>/moves")
@may("plan_entry:edit", subject=entry_of)
def move_entry(entry_id: int) -> ResponseReturnValue:
    """Take the entry out with a reason, prepare it oneself, finish that, plan it again, or remove it."""
    problem, project_id = _moved(entry_id)
    if problem:
        with reading() as work:
            return _page(work, entry_id, None, problem), 422
    flash(_("计划已更新。"), "ok")
    return redirect(url_for("projects.show", project_id=project_id), 303)


def _moved(entry_id: int) -> tuple[str, int]:
    """Make the move asked for; return what is wrong, or the project."""
    wrong = EntryMoveSchema().validate(request.form)
    if wrong:
        return first_sentence(wrong), 0
    try:
        with writing() as work:
            row = service.mark(work, entry_id, request.form["verb"], request.form.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        if refusal.code == "wrong-state":
            raise
        return wording.refusal(refusal), 0
    return "", row.project_id


def _page(work: Work, entry_id: int, form: Form[Any] | None = None, problem: str = "") -> str:
    row = queries.entry_by_id(work, entry_id)
    project = queries.project_by_id(work, row.project_id)
    plan = queries.plan_of(work.session, project)
    line, today = plan.line(entry_id), beijing_day(work.clock.now())
    before = [one for one, after in plan.edges if after == entry_id]
    form = form or blank_form(forms.ENTRY, {"days": line.entry.days, "before": [str(one) for one in before]})
    form.fields["before"].choices = _choices(plan, line, before)
    verdict = service.verdict_of(project, line.item)
    names = {one.entry.id: one for one in plan.lines}
    return render_template(
        "projects/entry.html", project=project, line=line, form=form, words=wording, problem=problem,
        name=named(line.item), verdict=wording.verdict_sentence(verdict), need_states=NEED_STATES,
        usual=_usual(row.item_code), waits=wording.waits(plan, line), verbs=_verbs(work, line),
        before=[
            (named(names[one].item), wording.grounds(names[one].entry.item_code, row.item_code, today))
            for one in before
        ],
    )  # fmt: skip


def _usual(item_code: str) -> str:
    note = mark(order.usual_mark()[1])[0]
    return _("%(days)s 天（%(note)s）", days=order.usual_days(item_code), note=note)


def _choices(plan: Plan, line: Line, before: Sequence[int]) -> list[tuple[str, str]]:
    """Return the entries this one may wait for, those it waits for first."""
    others = [one for one in plan.lines if one.entry.id != line.entry.id]
    others.sort(key=lambda one: one.entry.id not in before)
    return [(str(one.entry.id), named(one.item)) for one in others]


def _verbs(work: Work, line: Line) -> Mapping[str, bool]:
    """Say which moves the entry's page offers."""
    open_ = set(ENTRY.open_to(line.entry.state))
    if line.progress not in service.BEFORE_BUYING:
        open_ = {verb for verb in open_ if "not-bought" not in ENTRY.move(verb).needs}
    return {verb: work.allows(POLICY, f"plan_entry:{verb}", line.entry) for verb in open_}
