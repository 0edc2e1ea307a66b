"""Pages of changing an open notice: amending it in public, inviting agencies to quote."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from accounts.acting import acted, saying
from accounts.gate import may, reading, writing
from agencies.catalogue.queries import item_by_code
from agencies.fees.calculator import Answers, Calculator
from core.clock import beijing_day
from core.errors import Conflict, Invalid
from core.forms import Form, blank_form, read_form, with_choices
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs import amending, family, forms, inviting, queries, reading_form, service, wording
from marketplace.needs.commands import AmendNeed
from marketplace.needs.loaders import need_of
from marketplace.needs.methods import SCORED
from marketplace.needs.models import Need, NeedAmendment
from marketplace.needs.pages import pages
from marketplace.needs.schemas import AmendNeedSchema, InviteSchema

EMPTIED: dict[str, Any] = {"requirements": "", "no_ceiling_reason": "", "ceiling": None, "contact_phone": ""}
"""What a field of the page stands for when it was emptied."""


@pages.get("/needs/<int:need_id>/amend")
@may("need:amend", subject=need_of)
def amend_form(need_id: int) -> ResponseReturnValue:
    """Show the notice's changeable fields as they stand."""
    with reading() as work:
        need = queries.need_by_id(work, need_id)
        command = service.command_of(work, need)
        values = {**reading_form.values_of(work, command), "closes_at": ""}
        form = blank_form(_layout(need), values)
        return _amend_page(work, need, form, reading_form.kept_answers(command))


@pages.post("/needs/<int:need_id>/amend")
@may("need:amend", subject=need_of)
def amend(need_id: int) -> ResponseReturnValue:
    """Publish the amendment, or show the form again with what is wrong."""
    with reading() as work:
        need = queries.need_by_id(work, need_id)
        form = _read(work, need)

    def again(work: Work) -> str:
        shown = queries.need_by_id(work, need_id)
        return _amend_page(work, shown, form, reading_form.posted_answers(request.form))

    return acted(
        form, lambda work, command: amending.amend(work, need_id, command),
        url_for("needs.show", need_id=need_id, _anchor="amendments"), again,
        mark=saying(wording.refusal), told=_published,
    )  # fmt: skip


def _published(row: NeedAmendment) -> str:
    if row.is_material:
        return _("第 %(number)s 号更正公告已发布，已报价的机构会收到通知。", number=row.number)
    return _("第 %(number)s 号更正公告已发布。", number=row.number)


def _layout(need: Need) -> list[Any]:
    """Return the fields this notice has: criteria only where it is chosen on merit."""
    return [item for item in forms.AMEND if item.name != "criteria" or need.method in SCORED]


def _read(work: Work, need: Need) -> Form[Any]:
    """Read the posted form into an amendment; what was emptied is emptied, the answers for the fee go along."""
    posted, layout = request.form, _layout(need)
    data: dict[str, Any] = {one.name: posted.get(one.name, "").strip() for one in layout}
    bad_line = ""
    if "criteria" in data:
        data["criteria"], bad_line = reading_form.criteria_of_lines(data["criteria"])
    made = _calculator(work, need, reading_form.posted_answers(posted))
    kept = {name: value for name, value in data.items() if value or name == "criteria"}
    form = read_form(AmendNeedSchema(), layout, kept)
    for name in form.fields:
        form.fields[name].value = posted.get(name, "")
    if bad_line:
        form.refuse("criteria", _("评分项每行写“名称 权重”，如“服务方案 40”。改这一行：%(line)s", line=bad_line))
    for field_id, sentence in made.errors if made is not None else ():
        form.command = None
        form.errors.append((field_id, sentence))
    if form.command is not None:
        emptied = {name: EMPTIED[name] for name, value in data.items() if name in EMPTIED and not value}
        changes = {**form.command.changes, **emptied, **_fee_changes(work, need, made)}
        form.command = AmendNeed(changes, form.command.reason, form.command.closes_at)
    return form


def _calculator(work: Work, need: Need, answers: Answers) -> Calculator | None:
    return reading_form.calculator(item_by_code(work.session, need.item_code), beijing_day(work.clock.now()), answers)


def _fee_changes(work: Work, need: Need, made: Calculator | None) -> dict[str, Any]:
    """Return the schedule's answers where they differ from what the page sends when nobody touches it."""
    if made is None:
        return {}
    drawn = _calculator(work, need, reading_form.kept_answers(service.command_of(work, need)))
    shown = {one["name"]: _sent(one["value"]) for one in reading_form.fee_fields(drawn) if one["value"]}
    untouched, inputs = _calculator(work, need, Answers(shown)), reading_form.own_inputs(made)
    return {} if untouched is not None and reading_form.own_inputs(untouched) == inputs else {"fee_inputs": inputs}


def _sent(value: Any) -> list[str]:
    """Return what a browser sends of a field's value."""
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _amend_page(work: Work, need: Need, form: Form[Any], answers: Answers) -> str:
    made = _calculator(work, need, answers)
    return render_template(
        "needs/amend.html", need=need, form=form, fee_fields=reading_form.fee_fields(made),
        lots=len(family.lots_of(work.session, need.id)),
        days=need.rules.get("enrolment-min-days", 1), number=len(queries.amendments_of(work.session, need.id)) + 1,
    )  # fmt: skip


@pages.get("/needs/<int:need_id>/invite")
@may("need:invite", subject=need_of)
def invite_form(need_id: int) -> ResponseReturnValue:
    """Show the agencies that may be invited."""
    with reading() as work:
        return _invite_page(work, need_id, None)


@pages.post("/needs/<int:need_id>/invite")
@may("need:invite", subject=need_of)
def invite(need_id: int) -> ResponseReturnValue:
    """Invite those ticked, or say what is wrong."""
    try:
        wanted = InviteSchema().load({"agency_ids": request.form.getlist("agency_ids")})
        with writing() as work:
            made = inviting.invite(work, need_id, wanted["agency_ids"])
    except (Invalid, Conflict) as refusal:
        with reading() as work:
            return _invite_page(work, need_id, wording.refusal(refusal)), 422
    except ValidationError:
        with reading() as work:
            return _invite_page(work, need_id, _("勾选要邀请的机构。")), 422
    flash(_("已邀请 %(count)s 家，已通知到机构。", count=len(made)), "ok")
    return redirect(url_for("needs.show", need_id=need_id), 303)


def _invite_page(work: Work, need_id: int, problem: str | None) -> str:
    need = queries.need_by_id(work, need_id)
    known = {row.agency_id for row in queries.invitations_of(work.session, need_id)}
    free = [one for one, _org in queries.may_quote(work.session, need) if one not in known]
    names = queries.agency_names(work.session, [*free, *known])
    form = blank_form(with_choices(forms.INVITE, agency_ids=[(str(one), names[one]) for one in free]))
    if problem is not None:
        form.refuse("agency_ids", problem)
    return render_template(
        "needs/invite.html", need=need, form=form, free=free, invited=[names[one] for one in sorted(known)]
    )
