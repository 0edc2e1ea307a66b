"""What the pages of frameworks show, as plain values for the templates; what the gates load."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from agencies.catalogue.wording import item_name
from core import papers
from core.clock import beijing_day
from core.errors import Invalid
from core.i18n import gettext as _
from core.papers import IssuedPaper
from core.work import Work
from marketplace.frameworks import admitting, letters, queries, service, wording
from marketplace.frameworks.lifecycle import FRAMEWORK, MEMBER, FrameworkState, MemberState, Way
from marketplace.frameworks.models import Framework, FrameworkMember
from marketplace.frameworks.permissions import POLICY
from marketplace.frameworks.queries import Called, Member
from marketplace.needs.models import Need
from marketplace.needs.wording import STATES as NEED_STATES
from marketplace.needs.wording import moment
from marketplace.selection.wording import out_sentence

COLUMNS: Final = tuple(column.key for column in Framework.__mapper__.column_attrs)
PARTS: Final = ("members", "call_offs", "spent", "reserved", "waiting")


def framework_of(work: Work, framework_id: int) -> Framework:
    """Load a framework for its gate. Raises NotFound."""
    return queries.framework_by_id(work, framework_id)


def framework_of_need(work: Work, need_id: int) -> Framework:
    """Load the framework of a panel stage for its gate. Raises NotFound."""
    return queries.framework_of_need(work, need_id)


def member_of(work: Work, member_id: int) -> FrameworkMember:
    """Load a member for its gate. Raises NotFound."""
    return queries.member_by_id(work.session, member_id)


def whole(work: Work, row: Framework) -> dict[str, Any]:
    """Return a framework with its members, calls and turns, for both faces."""
    calls = queries.called(work.session, row.id)
    return {
        "row": row,
        "members": queries.members(work.session, row.id),
        "call_offs": calls,
        "spent": queries.spent(calls),
        "reserved": queries.reserved(calls),
        "waiting": queries.waiting(work.session, row.id),
    }


def may(work: Work, row: Framework) -> dict[str, bool]:
    """Say what the reader may do with a framework as it stands."""
    open_to = FRAMEWORK.open_to(row.state)
    found = {
        verb: verb in open_to and work.allows(POLICY, f"framework:{verb}", row)
        for verb in ("publish", "withdraw", "close")
    }
    found["edit"] = work.allows(POLICY, "framework:edit", row)
    found["admit"] = admitting.may_admit(work, row)
    found["call"] = row.state is FrameworkState.IN_FORCE and work.allows(POLICY, "framework:call", row)
    ended = row.state in {FrameworkState.FAILED, FrameworkState.EXPIRED, FrameworkState.CLOSED}
    found["again"] = ended and work.allows(POLICY, "framework:call", row)
    return found


def detail(work: Work, row: Framework) -> dict[str, Any]:
    """Return all that the page of a framework shows."""
    found, need = whole(work, row), queries.need_of(work.session, row)
    members: list[Member] = found["members"]
    names = {one.row.id: one.name for one in members}
    calls: list[Called] = found["call_offs"]
    return {
        **found, "need": need, "words": wording, "may": may(work, row), "item": item_name(row.item_code),
        "own": next((one for one in members if one.row.agency_org_id == work.actor.org_id), None),
        "member_rows": [_member_row(row, one) for one in members],
        "may_remove": [
            one for one in members
            if row.state is FrameworkState.IN_FORCE and "remove" in MEMBER.open_to(one.row.state)
            and work.allows(POLICY, "framework_member:remove", one.row)
        ],
        "queue": [names[member_id] for member_id in found["waiting"]],
        "call_rows": [_call_row(one) for one in calls],
        "passed": [(one.row.number, names[skip["member_id"]], wording.lacking(skip["lacks"]))
                   for one in calls for skip in one.row.skipped],
        "declined": [(call.number, name, moment(award.declined_at), award.decline_reason)
                     for award, call, name in queries.declined_of(work.session, row.id)],
        "left": None if row.total is None else row.total - found["reserved"],
        "state": wording.STATES[row.state],
        "papers": _papers(work, row, members),
    }  # fmt: skip


def _papers(work: Work, row: Framework, members: Sequence[Member]) -> list[tuple[str, IssuedPaper]]:
    """Return the papers of a panel with their names: the notice to everybody, a member's letter to itself."""
    found = [(_("框架协议入围公告"), papers.latest(work.session, letters.NOTICE, row.id))]
    own = [one.row.id for one in members if one.row.agency_org_id == work.actor.org_id]
    found += [(_("框架协议入围通知书"), papers.latest(work.session, letters.LETTER, member_id)) for member_id in own]
    return [(name, paper) for name, paper in found if paper is not None]


def _member_row(row: Framework, one: Member) -> list[Any]:
    label, kind = wording.MEMBERS[one.row.state]
    name: dict[str, Any] = {"text": one.name, "url": f"/agencies/{one.row.agency_id}"}
    if one.row.state is not MemberState.MEMBER:
        name["note"] = _("%(cause)s：%(reason)s", cause=wording.cause(one.row.cause), reason=one.row.reason)
    price = wording.price(one.row, row.unit)
    return [name, one.row.place, price, {"text": str(label), "kind": kind}, one.served, str(one.amount)]


def _call_row(one: Called) -> list[Any]:
    label, kind = NEED_STATES[one.need.state]
    title = {"text": one.need.title, "url": f"/needs/{one.need.id}", "note": one.need.number or ""}
    amount = str(one.award.amount) if one.award is not None else "—"
    return [
        title, one.row.number, moment(one.row.called_at), one.agency or "—", amount,
        {"text": str(label), "kind": kind}, one.row.reason or "—",
    ]  # fmt: skip


def judged(work: Work, row: Framework) -> tuple[Need | None, Invalid | None]:
    """Return the need a draft would become now, or what publishing would refuse."""
    try:
        return service.judge(work, row), None
    except Invalid as refusal:
        return None, refusal


def panel_rows(work: Work, row: Framework) -> tuple[list[list[Any]], Any]:
    """Return the lines of the ranking as the panel's page shows them, and what they stand on."""
    weighing = admitting.weigh(work, row)
    if weighing is None:
        return [], None
    rows = []
    for line in weighing.lines:
        one = weighing.candidates[line.entrant.quote_id]
        inside = line.rank is not None and not line.out
        tag = {"text": _("入围"), "kind": "ok"} if inside else {"text": _("不入围"), "kind": "plain"}
        why = out_sentence(line.out) if line.out else "" if inside else _("报价不计入")
        agency = {"text": one.agency.name, "url": f"/agencies/{one.agency.id}", "note": why}
        rows.append([agency, line.rank or "—", str(one.price), tag])
    return rows, weighing


def choices(work: Work, row: Framework) -> list[tuple[str, str]]:
    """Return the members a direct choice may name, each with its price; those that may not serve now say so."""
    members = queries.living(work.session, row.id)
    unfit = queries.unfit(work.session, row, members, beijing_day(work.clock.now()))
    names = {one.row.id: one.name for one in queries.members(work.session, row.id)}
    return [
        (
            str(one.id),
            _("%(name)s（%(price)s）", name=names[one.id], price=wording.price(one, row.unit))
            if one.id not in unfit
            else _("%(name)s（现在不能承接）", name=names[one.id]),
        )
        for one in members
    ]


def next_in_turn(work: Work, row: Framework) -> str:
    """Name who is asked next in a rotation, passing over whoever may not serve now; nobody where none may."""
    if row.way is not Way.ROTATION:
        return ""
    members = {one.row.id: one for one in queries.members(work.session, row.id)}
    waiting: Sequence[int] = queries.waiting(work.session, row.id)
    unfit = queries.unfit(
        work.session, row, [members[one].row for one in waiting], beijing_day(work.clock.now())
    )  # fmt: skip
    return next((members[one].name for one in waiting if one not in unfit), "")


def membership(row: FrameworkMember, framework: Framework) -> dict[str, Any]:
    """Return one membership of an agency for the API."""
    return {
        "id": row.id, "framework_id": framework.id, "title": framework.title, "framework_state": str(framework.state),
        "state": str(row.state), "place": row.place, "price": row.price, "discount_rate": row.discount_rate,
        "ends_at": framework.ends_at,
    }  # fmt: skip


def plain(work: Work, row: Framework) -> dict[str, Any]:
    """Return a whole framework for the API."""
    found = whole(work, row)
    return {**{name: getattr(row, name) for name in COLUMNS}, **{name: found[name] for name in PARTS}}
