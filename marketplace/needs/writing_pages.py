"""Pages of writing a need: three answers, the check, publishing; editing a draft and asking again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import may, reading, writing
from accounts.models import Organisation
from accounts.wording import town_name
from agencies.catalogue import queries as catalogue
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.wording import named
from agencies.fees.calculator import Answers
from core.clock import beijing_day
from core.errors import Invalid
from core.forms import Form, blank_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs import family, forms, queries, reading_form, rules, service, wording
from marketplace.needs.benchmark import benchmark
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.loaders import need_of
from marketplace.needs.lot_view import limit_sentence, lots_view
from marketplace.needs.method_wording import choices as method_choices
from marketplace.needs.models import Need
from marketplace.needs.pages import pages


@pages.get("/needs/new")
@may("need:create")
def new() -> ResponseReturnValue:
    """Ask for three things; everything else is filled in."""
    with reading() as work:
        form = blank_form(forms.ALL, reading_form.first_values(request.args))
        return _form_page(work, request.args.get("item", ""), form, reading_form.carried(request.args))


@pages.post("/needs/new")
@may("need:create")
def create() -> ResponseReturnValue:
    """Keep a draft and go on to the check, or show the form again with what is wrong."""
    form = _read(request.form.get("item_code", ""))
    if form.command is not None:
        try:
            with writing() as work:
                need = service.create(work, form.command)
        except Invalid as refusal:
            form.refuse(str(refusal.facts.get("field", "")), wording.refusal(refusal))
        else:
            return redirect(url_for("needs.check", need_id=need.id), 303)
    with reading() as work:
        return _form_page(work, request.form.get("item_code", ""), form, reading_form.posted_answers(request.form)), 422


@pages.get("/needs/<int:need_id>/edit")
@may("need:edit", subject=need_of)
def edit(need_id: int) -> ResponseReturnValue:
    """Show a draft's form; a further lot of a notice has its own."""
    with reading() as work:
        need = queries.need_by_id(work, need_id)
        lot = family.lot_of(work.session, need_id)
        if lot.notice_id != need_id:
            return redirect(url_for("needs.lot_edit", need_id=lot.notice_id, no=lot.number), 302)
        command = service.command_of(work, need)
        form = blank_form(forms.ALL, reading_form.values_of(work, command))
        return _form_page(work, need.item_code, form, reading_form.kept_answers(command), need)


@pages.post("/needs/<int:need_id>/edit")
@may("need:edit", subject=need_of)
def save(need_id: int) -> ResponseReturnValue:
    """Change a draft and go back to the check."""
    with reading() as work:
        need = queries.need_by_id(work, need_id)
    form = _read(need.item_code)
    if form.command is not None:
        try:
            with writing() as work:
                service.edit(work, need_id, form.command)
        except Invalid as refusal:
            form.refuse(str(refusal.facts.get("field", "")), wording.refusal(refusal))
        else:
            return redirect(url_for("needs.check", need_id=need_id), 303)
    with reading() as work:
        return _form_page(work, need.item_code, form, reading_form.posted_answers(request.form), need), 422


@pages.get("/needs/<int:need_id>/check")
@may("need:edit", subject=need_of)
def check(need_id: int) -> ResponseReturnValue:
    """Show everything once more before it is published, and what still stands in the way; all lots together."""
    with reading() as work:
        head = family.leader(work.session, queries.need_by_id(work, need_id))
        if head.id != need_id:
            return redirect(url_for("needs.check", need_id=head.id), 302)
        return _check_page(work, need_id)


@pages.post("/needs/<int:need_id>/publish")
@may("need:publish", subject=need_of)
def publish(need_id: int) -> ResponseReturnValue:
    """Publish, or show what must change."""
    try:
        with writing() as work:
            service.publish(work, need_id)
    except Invalid as refusal:
        with reading() as work:
            return _check_page(work, need_id, refusal), 422
    flash(_("公告已发布，已通知在架的相关机构。"), "ok")
    return redirect(url_for("needs.show", need_id=need_id), 303)


@pages.post("/needs/<int:need_id>/repeat")
@may("need:repeat", subject=need_of)
def repeat(need_id: int) -> ResponseReturnValue:
    """Copy an ended need into a new draft, perhaps to be chosen for directly."""
    with writing() as work:
        copy = service.repeat(work, need_id, "direct" if request.form.get("method") == "direct" else "")
    flash(_("已复制为新草稿，核对后再发布。"), "ok")
    return redirect(url_for("needs.edit", need_id=copy.id), 303)


def _read(item_code: str) -> Form[Any]:
    with reading() as work:
        return reading_form.read(work, request.form, _item(work, item_code))


def _item(work: Work, code: str) -> ServiceItem | None:
    return next((one for one in catalogue.all_items(work.session) if one.code == code), None)


def _form_page(work: Work, item_code: str, form: Form[Any], answers: Answers, need: Need | None = None) -> str:
    items = catalogue.all_items(work.session)
    item = next((one for one in items if one.code == item_code), None)
    form.fields["item_code"].value = item.code if item is not None else ""
    form.fields["method"].choices = _method_choices(work, item_code, need, form)
    made = reading_form.calculator(item, beijing_day(work.clock.now()), answers)
    fund = form.fields["fund"].value
    return render_template(
        "needs/form.html", form=form, item=item, item_name=named(item) if item is not None else "", need=need,
        items=[(one.code, named(one)) for one in items], fee_fields=reading_form.fee_fields(made),
        calculation=made.calculation if made is not None else None,
        main=[form.fields[one.name] for one in forms.MAIN if one.name != "item_code"],
        more=[form.fields[one.name] for one in forms.MORE], opened=_touched(form) or fund == "fiscal",
    )  # fmt: skip


def _method_choices(work: Work, item_code: str, need: Need | None, form: Form[Any]) -> list[tuple[str, str, str]]:
    """Return the methods the form offers today for this item, with what each takes."""
    today, town = beijing_day(work.clock.now()), need.town_code if need is not None else None

    def is_on(code: str, fund: str) -> bool:
        return catalogue.method_is_enabled(work.session, code, fund=fund, on=today, item_code=item_code, town_code=town)

    return method_choices(is_on, str(form.fields["method"].value))


def _touched(form: Form[Any]) -> bool:
    """Say whether one of the defaulted fields is wrong, so that they are unfolded."""
    return any(form.fields[one.name].error for one in forms.MORE)


def _check_page(work: Work, need_id: int, refusal: Invalid | None = None) -> str:
    need = queries.need_by_id(work, need_id)
    now = work.clock.now()
    frozen = service.freeze(work, need)
    if need.state is NeedState.DRAFT and refusal is None:
        refusal = _standing_in_the_way(work, need)
    names = queries.agency_names(work.session, avoided := queries.avoided(work.session, need_id))
    item, lots = catalogue.item_by_code(work.session, need.item_code), lots_view(work, need)
    return render_template(
        "needs/check.html", need=need, item_name=named(item), frozen=frozen, words=wording, lots=lots,
        lot_limit=limit_sentence(lots["most_wins"]), lot=refusal.facts.get("lot") if refusal is not None else None,
        closes_at=need.closes_at or rules.earliest_close(now, int(frozen["enrolment-min-days"])),
        problem=_problem(refusal) if refusal is not None else "",
        field=str(refusal.facts.get("field", "")) if refusal is not None else "",
        org=work.session.get_one(Organisation, need.org_id), town=town_name(need.town_code),
        avoided=[_("%(label)s：%(text)s", label=names.get(key, key), text=reason) for key, reason in avoided.items()],
        told=len(queries.offering(work.session, need.item_code)),
        benchmark=benchmark(need, beijing_day(now)),
    )  # fmt: skip


def _problem(refusal: Invalid) -> str:
    """Say what must change, and in which lot where there are several."""
    text, lot = wording.refusal(refusal), refusal.facts.get("lot")
    return text if lot is None else _("第 %(number)s 标段：%(problem)s", number=lot, problem=text)


def _standing_in_the_way(work: Work, need: Need) -> Invalid | None:
    """Return what publishing would refuse now."""
    try:
        service.judge_all(work, need)
    except Invalid as refusal:
        return refusal
    return None
