"""Pages of calling off, and of an agency's memberships: what it is bound to, leaving, being taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accounts.acting import acted, saying
from accounts.gate import may, reading, works
from accounts.wording import town_name, town_names
from agencies.catalogue import queries as catalogue
from agencies.catalogue.wording import item_name
from agencies.fees.calculator import Answers
from core.clock import beijing_day
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.frameworks import calling, forms, leaving, publicity, queries, showing, wording
from marketplace.frameworks.lifecycle import MEMBER, FrameworkState, Way
from marketplace.frameworks.models import CallOff, Framework
from marketplace.frameworks.pages import pages
from marketplace.frameworks.permissions import POLICY
from marketplace.frameworks.publicity import url_of
from marketplace.frameworks.schemas import CallOffFromSchema, LeaveSchema, RemoveSchema
from marketplace.needs import reading_form
from marketplace.needs.wording import moment

AT_ONCE = (Way.DIRECT, Way.ROTATION)


@pages.get("/frameworks/<int:framework_id>/call")
@may("framework:call", subject=showing.framework_of)
def call_form(framework_id: int) -> ResponseReturnValue:
    """Ask what is wanted this time; who serves follows from the way the notice states."""
    publicity.settle_if_due(works(), framework_id)
    with reading() as work:
        row = queries.framework_by_id(work, framework_id)
        form = blank_form(_layout(work, row), {"quantity": "1", "town_code": row.town_code})
        return _call_page(work, row, form, reading_form.carried(request.args))


@pages.post("/frameworks/<int:framework_id>/call")
@may("framework:call", subject=showing.framework_of)
def call(framework_id: int) -> ResponseReturnValue:
    """Call off, or show the form again with what is wrong."""
    publicity.settle_if_due(works(), framework_id)
    with reading() as work:
        row = queries.framework_by_id(work, framework_id)
        form = read_form(CallOffFromSchema(), _layout(work, row), request.form)
        made = _calculator(work, row, reading_form.posted_answers(request.form))
    if made is not None and made.errors:
        form.command = None
        form.errors += list(made.errors)
    if form.command is not None and made is not None:
        form.command = replace(form.command, fee_inputs=reading_form.own_inputs(made))
    return acted(
        form, lambda work, command: calling.call(work, framework_id, command), _after,
        lambda work: _call_page(work, row, form, reading_form.posted_answers(request.form)),
        mark=saying(wording.refusal),
        told=_("已成交，结果已公开并通知机构。") if row.way in AT_ONCE else _("已通知各入围机构报价。"),
    )  # fmt: skip


def _after(made: CallOff) -> str:
    return f"/needs/{made.need_id}/result" if made.way in AT_ONCE else f"/needs/{made.need_id}"


def _layout(work: Work, row: Framework) -> list[Any]:
    served = row.towns or list(town_names())
    members = showing.choices(work, row) if row.way is Way.DIRECT else []
    unit = row.unit if row.quoting == "amount" else ""
    return forms.calling(row.way, unit, [(code, town_name(code)) for code in served], members)


def _calculator(work: Work, row: Framework, answers: Answers) -> Any:
    """Open the calculator of the framework's item where discounts are agreed; None where prices are."""
    if row.quoting != "discount":
        return None
    item = catalogue.item_by_code(work.session, row.item_code)
    return reading_form.calculator(item, beijing_day(work.clock.now()), answers)


def _call_page(work: Work, row: Framework, form: Form[Any], answers: Answers) -> str:
    reserved = queries.reserved(queries.called(work.session, row.id))
    return render_template(
        "frameworks/call.html", row=row, form=form, words=wording, item=item_name(row.item_code),
        fee_fields=reading_form.fee_fields(_calculator(work, row, answers)),
        left=None if row.total is None else row.total - reserved, towns=wording.towns(row),
        following=showing.next_in_turn(work, row), in_force=row.state is FrameworkState.IN_FORCE,
        members=[one for one in queries.members(work.session, row.id) if one.row.left_at is None],
    )  # fmt: skip


@pages.get("/frameworks/memberships")
@may("framework:memberships")
def memberships() -> ResponseReturnValue:
    """List the agency's memberships with what each binds it to."""
    with reading() as work:
        rows = []
        for member, framework in queries.memberships(work.session, work.actor.org_id):
            label, kind = wording.STATES[framework.state]
            own, own_kind = wording.MEMBERS[member.state]
            order = queries.waiting(work.session, framework.id)
            turn = _("第 %(place)s 位", place=order.index(member.id) + 1) if member.id in order else "—"
            rows.append([
                {"text": framework.title, "url": url_of(framework.id), "note": item_name(framework.item_code)},
                {"text": str(label), "kind": kind}, {"text": str(own), "kind": own_kind},
                wording.price(member, framework.unit), turn if framework.way is Way.ROTATION else "—",
                moment(framework.ends_at) or "—",
            ])  # fmt: skip
        return render_template("frameworks/memberships.html", rows=rows)


@pages.route("/framework-members/<int:member_id>/withdraw", methods=["GET", "POST"])
@may("framework_member:withdraw", subject=showing.member_of)
def leave(member_id: int) -> ResponseReturnValue:
    """Leave a panel, with a cause and a reason."""
    if request.method == "GET":
        with reading() as work:
            return _leave_page(work, member_id, blank_form(forms.LEAVE), "withdraw")
    form = read_form(LeaveSchema(), forms.LEAVE, request.form)
    return acted(
        form, lambda work, command: leaving.withdraw(work, member_id, command),
        lambda member: url_of(member.framework_id),
        lambda work: _leave_page(work, member_id, form, "withdraw"),
        mark=saying(wording.refusal), told=_("已退出，业主会收到通知。"),
    )  # fmt: skip


@pages.route("/framework-members/<int:member_id>/remove", methods=["GET", "POST"])
@may("framework_member:remove", subject=showing.member_of)
def remove(member_id: int) -> ResponseReturnValue:
    """Take an agency out of a panel, with a cause and a reason."""
    if request.method == "GET":
        with reading() as work:
            return _leave_page(work, member_id, blank_form(forms.REMOVE), "remove")
    form = read_form(RemoveSchema(), forms.REMOVE, request.form)
    return acted(
        form, lambda work, command: leaving.remove(work, member_id, command),
        lambda member: url_of(member.framework_id),
        lambda work: _leave_page(work, member_id, form, "remove"),
        mark=saying(wording.refusal), told=_("已移出，机构会收到通知。"),
    )  # fmt: skip


def _leave_page(work: Work, member_id: int, form: Form[Any], verb: str) -> str:
    member = queries.member_by_id(work.session, member_id)
    row = queries.framework_by_id(work, member.framework_id)
    open_to = verb in MEMBER.open_to(member.state) and row.state is FrameworkState.IN_FORCE
    return render_template(
        "frameworks/leave.html", row=row, member=member, form=form, verb=verb, open_to=open_to,
        name=queries.agency_of(work.session, member.agency_id).name, state=wording.MEMBERS[member.state],
        allowed=work.allows(POLICY, f"framework_member:{verb}", member),
    )  # fmt: skip
