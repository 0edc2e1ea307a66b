"""Pages of writing a framework: the form, the check, publishing, taking back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from accounts.acting import acted, saying
from accounts.gate import may, reading, writing
from agencies.catalogue import queries as catalogue
from agencies.catalogue.wording import named
from agencies.fees.calculator import Answers
from core.clock import beijing_day
from core.errors import Invalid
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.money import Money
from core.work import Work
from marketplace.frameworks import forms, queries, service, showing, wording
from marketplace.frameworks.commands import WriteFramework
from marketplace.frameworks.models import Framework
from marketplace.frameworks.pages import pages
from marketplace.frameworks.publicity import url_of
from marketplace.frameworks.schemas import FrameworkEndingSchema, WriteFrameworkSchema
from marketplace.needs import benchmark as benchmarks
from marketplace.needs import reading_form
from marketplace.needs.method_wording import rule_of
from marketplace.needs.wording import FUNDS, QUOTING

PLAIN = (
    "item_code", "title", "scale", "fund", "unit", "months", "wanted", "share", "quoting", "closes_at",
    "time_limit_days", "requirements", "contact_phone", "ceiling",
)  # fmt: skip


@pages.get("/frameworks/new")
@may("framework:create")
def new() -> ResponseReturnValue:
    """Ask what is agreed; most is filled in by the rules."""
    with reading() as work:
        code = request.args.get("item", "")
        return _form_page(work, code, blank_form(forms.ALL, _first(work)), reading_form.carried(request.args))


@pages.post("/frameworks/new")
@may("framework:create")
def create() -> ResponseReturnValue:
    """Keep a draft and go on to the check, or show the form again with what is wrong."""
    code = request.form.get("item_code", "")
    form = _read(code)
    return acted(
        form, service.create, lambda row: f"{url_of(row.id)}/check",
        lambda work: _form_page(work, code, form, reading_form.posted_answers(request.form)),
        mark=saying(wording.refusal),
    )  # fmt: skip


@pages.get("/frameworks/<int:framework_id>/edit")
@may("framework:edit", subject=showing.framework_of)
def edit(framework_id: int) -> ResponseReturnValue:
    """Show a draft's form."""
    with reading() as work:
        row = queries.framework_by_id(work, framework_id)
        answers = Answers(benchmarks.kept_answers(row.fee_inputs))
        return _form_page(work, row.item_code, blank_form(forms.ALL, _values(service.command_of(row))), answers, row)


@pages.post("/frameworks/<int:framework_id>/edit")
@may("framework:edit", subject=showing.framework_of)
def save(framework_id: int) -> ResponseReturnValue:
    """Change a draft and go back to the check."""
    with reading() as work:
        row = queries.framework_by_id(work, framework_id)
    form = _read(row.item_code)
    return acted(
        form, lambda work, command: service.edit(work, framework_id, command),
        lambda made: f"{url_of(made.id)}/check",
        lambda work: _form_page(work, row.item_code, form, reading_form.posted_answers(request.form), row),
        mark=saying(wording.refusal),
    )  # fmt: skip


@pages.get("/frameworks/<int:framework_id>/check")
@may("framework:edit", subject=showing.framework_of)
def check(framework_id: int) -> ResponseReturnValue:
    """Show everything once more before it is published, and what still stands in the way."""
    with reading() as work:
        return _check_page(work, framework_id)


@pages.post("/frameworks/<int:framework_id>/publish")
@may("framework:publish", subject=showing.framework_of)
def publish(framework_id: int) -> ResponseReturnValue:
    """Publish, or show what must change."""
    try:
        with writing() as work:
            service.publish(work, framework_id)
    except Invalid as refusal:
        with reading() as work:
            return _check_page(work, framework_id, refusal), 422
    flash(_("征集公告已发布，已通知在架的相关机构。"), "ok")
    return redirect(url_of(framework_id), 303)


@pages.route("/frameworks/<int:framework_id>/withdraw", methods=["GET", "POST"])
@may("framework:withdraw", subject=showing.framework_of)
def withdraw(framework_id: int) -> ResponseReturnValue:
    """Take back a draft or a notice, with a reason."""
    if request.method == "GET":
        with reading() as work:
            return _withdraw_page(work, framework_id, blank_form(forms.ENDING))
    form = read_form(FrameworkEndingSchema(), forms.ENDING, request.form)
    return acted(
        form, lambda work, command: service.withdraw(work, framework_id, command), lambda row: url_of(row.id),
        lambda work: _withdraw_page(work, framework_id, form),
        mark=saying(wording.refusal), told=_("已撤回。"),
    )  # fmt: skip


def _withdraw_page(work: Work, framework_id: int, form: Form[Any]) -> str:
    row = queries.framework_by_id(work, framework_id)
    return render_template(
        "frameworks/ending.html", row=row, form=form, title=_("撤回框架协议征集"), here="withdraw",
        lede=_("撤回以后不能恢复，理由会公开显示。"), button=_("撤回"),
    )  # fmt: skip


def _first(work: Work) -> dict[str, Any]:
    """Return what a new framework's form begins with, or what one asked for once more says."""
    former = request.args.get("again", type=int)
    usual = {"quoting": "amount", "months": 12, "wanted": 3, "share": 20, "entry": "price", "time_limit_days": 20}
    if former is None:
        return {**usual, "title": request.args.get("title", ""), "fund": request.args.get("fund", "")}
    row = queries.framework_by_id(work, former)
    return _values(service.command_of(row)) if row.org_id == work.actor.org_id else usual


def _values(command: WriteFramework) -> dict[str, Any]:
    values = {name: getattr(command, name) for name in PLAIN}
    total: Money | None = command.total
    values["total"] = format(total.wan.normalize(), "f") if total is not None else ""
    return {**values, "way": str(command.way), "entry": str(command.entry), "towns": list(command.towns)}


def _read(item_code: str) -> Form[Any]:
    """Read the posted form; the answers of the schedule go along, for a discount is taken from what it says."""
    form = read_form(WriteFrameworkSchema(), forms.ALL, request.form)
    with reading() as work:
        item = next((one for one in catalogue.all_items(work.session) if one.code == item_code), None)
        answers = reading_form.posted_answers(request.form)
        made = reading_form.calculator(item, beijing_day(work.clock.now()), answers)
    if form.command is not None and made is not None:
        if made.errors and form.command.quoting == "discount":
            form.command = None
            form.errors += list(made.errors)
        else:
            inputs = reading_form.own_inputs(made)
            form.command = _with_inputs(form.command, inputs if form.command.quoting == "discount" else {})
    return form


def _with_inputs(command: WriteFramework, inputs: dict[str, Any]) -> WriteFramework:
    values = {name: getattr(command, name) for name in command.__slots__}
    return WriteFramework(**{**values, "fee_inputs": inputs})


def _form_page(work: Work, item_code: str, form: Form[Any], answers: Answers, row: Framework | None = None) -> str:
    items = catalogue.all_items(work.session)
    item = next((one for one in items if one.code == item_code), None)
    made = reading_form.calculator(item, beijing_day(work.clock.now()), answers)
    more = [form.fields[one.name] for one in forms.MORE]
    return render_template(
        "frameworks/form.html", form=form, row=row, item=item, item_name=named(item) if item is not None else "",
        items=[(one.code, named(one)) for one in items], main=[form.fields[one.name] for one in forms.MAIN],
        more=more, opened=any(one.error for one in more), fee_fields=reading_form.fee_fields(made),
        here=f"{url_of(row.id)}/edit" if row is not None else "/frameworks/new",
    )  # fmt: skip


def _check_page(work: Work, framework_id: int, refusal: Invalid | None = None) -> str:
    row = queries.framework_by_id(work, framework_id)
    need, found = showing.judged(work, row)
    refusal = refusal or found
    item = catalogue.item_by_code(work.session, row.item_code)
    return render_template(
        "frameworks/check.html", row=row, item_name=named(item), words=wording, funds=FUNDS, quotings=QUOTING,
        problem=wording.refusal(refusal) if refusal is not None else "",
        field=str(refusal.facts.get("field", "")) if refusal is not None else "",
        rule="" if need is None else rule_of(need), need=need,
    )  # fmt: skip
