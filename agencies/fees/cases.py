"""Fee cases: the queue, one case with all its evidence on one page, the agency's reply, the regulator's decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import acted, marker
from accounts.gate import may, reading
from agencies.catalogue.wording import item_name
from agencies.fees import appeals, evidence, forms, queries, service
from agencies.fees.lifecycle import DECIDED, UNDECIDED, CaseKind, CaseState
from agencies.fees.models import FeeCase
from agencies.fees.pages import pages
from agencies.fees.permissions import POLICY
from agencies.fees.queries import CaseAsk
from agencies.fees.refusals import SENTENCES
from agencies.fees.schemas import FeeAppealSchema, FeeDecisionSchema, FeeReplySchema, FeeReturnSchema, FeeReviewSchema
from agencies.fees.wording import KINDS, NEXT_STEPS, STATES
from agencies.registration.cards import town_name
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work

MOST_SKIPPED: Final = 100_000
DECIDE: Final = {"uphold": service.uphold, "dismiss": service.dismiss}
REVIEW: Final = {"confirm": appeals.confirm, "overturn": appeals.overturn}


def loaded(work: Work, case_id: int, **_view_args: Any) -> FeeCase:
    """Load a case for the gate."""
    return queries.case_by_id(work.session, case_id)


@pages.get("/cases")
@may("fee_case:queue")
def cases() -> ResponseReturnValue:
    """Show the cases this reader may see: undecided ones first, the most at stake on top, then the decided."""
    after, skip, ask = request.args.get("after", type=int), _skipped(), asked()
    with reading() as work:
        total = queries.undecided_count(work.session, work.actor, ask)
        ranked = queries.ranked_cases(work.session, work.actor, ask, skip=skip) if after is None else []
        waiting = evidence.case_rows(work, ranked)
        load = queries.workload(work.session, work.actor, ask, work.clock.now())
        towns, items = queries.case_places(work.session, work.actor)
        page = queries.cases_page(work.session, work.actor, decided=True, after=after, ask=ask)
        decided = evidence.case_rows(work, page.items) if not skip else []
    last, before = skip + len(waiting), skip - queries.QUEUE_PAGE
    return render_template(
        "fees/cases.html", waiting=waiting, decided=decided, total=total, after=after, ask=ask, load=_load_of(load),
        place=(skip + 1, last) if waiting and len(waiting) < total else None,
        turns=(_url(ask, skip=before) if skip else None, _url(ask, skip=last) if last < total else None),
        next_url=_url(ask, after=page.after) if page.after is not None else None, **_choices(towns, items),
    )  # fmt: skip


def _skipped() -> int:
    """Read how many waiting cases were shown before, in whole pages; what is no number counts as none."""
    asked_for = request.args.get("skip", 0, type=int)
    return min(max(0, asked_for), MOST_SKIPPED) // queries.QUEUE_PAGE * queries.QUEUE_PAGE


def _url(ask: CaseAsk, **place: int) -> str:
    """Return the queue's address with what was asked for, at another place."""
    given = {"town": ask.town, "item": ask.item, "kind": ask.kind, "order": "" if ask.order == "amount" else ask.order}
    asked_for = {name: one for name, one in {**given, **place}.items() if one}
    return "?".join(filter(None, (url_for("fees.cases"), urlencode(asked_for))))


def asked() -> CaseAsk:
    """Read the queue's filters from the address; a word nobody knows asks for all."""
    given = {name: request.args.get(name, "")[:40] for name in ("town", "item", "kind", "order")}
    if given["kind"] not in set(CaseKind):
        given["kind"] = ""
    return CaseAsk(**{**given, "order": given["order"] if given["order"] in {"age", "due"} else "amount"})


def _load_of(load: dict[str, int]) -> list[tuple[str, int]]:
    found = [(_("过了期限"), load["overdue"])]
    return found + [(str(label), load.get(str(state), 0)) for state, (label, _kind) in STATES.items()]


def _choices(towns: list[str], items: list[str]) -> dict[str, list[tuple[str, str]]]:
    every = ("", _("全部"))
    return {
        "towns": [every, *((code, town_name(code)) for code in towns)],
        "items": [every, *((code, item_name(code)) for code in items)],
        "kinds": [every, *((str(kind), str(label)) for kind, label in KINDS.items())],
        "orders": [("amount", _("金额大的在前")), ("age", _("立项早的在前")), ("due", _("期限近的在前"))],
    }


@pages.get("/cases/<int:case_id>")
@may("fee_case:read", subject=loaded)
def case(case_id: int) -> ResponseReturnValue:
    """Show a case with its evidence, and the form for whoever is to act on it."""
    with reading() as work:
        row = queries.case_by_id(work.session, case_id)
        return _page(work, row, {})


@pages.post("/cases/<int:case_id>/reply")
@may("fee_case:reply", subject=loaded)
def reply(case_id: int) -> ResponseReturnValue:
    """Take the agency's reply."""
    form = read_form(FeeReplySchema(), forms.REPLY, request.form)
    done = _("说明已提交，等待认定。")
    return _taken(case_id, form, "reply", done, lambda work, told: service.reply(work, case_id, told.text))


@pages.post("/cases/<int:case_id>/decision")
@may("fee_case:decide", subject=loaded)
def decide(case_id: int) -> ResponseReturnValue:
    """Take the regulator's decision."""
    form, done = read_form(FeeDecisionSchema(), forms.DECISION, request.form), _("认定已记录，并已告知机构。")
    return _taken(case_id, form, "decide", done, lambda work, told: DECIDE[told.verdict](work, case_id, told.reason))


@pages.post("/cases/<int:case_id>/appeal")
@may("fee_case:appeal", subject=loaded)
def appeal(case_id: int) -> ResponseReturnValue:
    """Take an appeal against the decision."""
    form, done = read_form(FeeAppealSchema(), forms.APPEAL, request.form), _("复核申请已提交，由另一个人复核。")
    return _taken(case_id, form, "appeal", done, lambda work, told: appeals.appeal(work, case_id, told.text))


@pages.post("/cases/<int:case_id>/review")
@may("fee_case:review", subject=loaded)
def review(case_id: int) -> ResponseReturnValue:
    """Take the second person's decision on an appeal."""
    form, done = read_form(FeeReviewSchema(), forms.REVIEW, request.form), _("复核结论已记录，并已告知机构。")
    return _taken(case_id, form, "review", done, lambda work, told: REVIEW[told.verdict](work, case_id, told.reason))


@pages.post("/cases/<int:case_id>/return")
@may("fee_case:return", subject=loaded)
def give_back(case_id: int) -> ResponseReturnValue:
    """Record what the agency gave back."""
    form, done = read_form(FeeReturnSchema(), forms.RETURN, request.form), _("退还金额已登记。")
    return _taken(case_id, form, "return", done, lambda work, told: appeals.record_return(work, case_id, told.amount))


def _taken(
    case_id: int, form: Form[Any], name: str, done: str, act: Callable[[Work, Any], FeeCase]
) -> ResponseReturnValue:
    """Do what a form asks and go back to the case, or show the case with the form and what is wrong with it."""
    return acted(
        form, act, service.url_of(case_id),
        lambda work: _page(work, queries.case_by_id(work.session, case_id), {name: form}),
        mark=marker(SENTENCES, next(iter(form.fields))), told=done,
    )  # fmt: skip


LAYOUTS: Final = {
    "reply": forms.REPLY,
    "decide": forms.DECISION,
    "appeal": forms.APPEAL,
    "review": forms.REVIEW,
    "return": forms.RETURN,
}


def _page(work: Work, row: FeeCase, given: Mapping[str, Form[Any]]) -> str:
    label, kind = STATES[row.state]
    return render_template(
        "fees/case.html",
        case=row,
        title=str(KINDS[row.kind]),
        agency=queries.agency_names(work.session, [row.agency_id]).get(row.agency_id, ""),
        tag_of=(str(label), kind),
        first_tag=STATES[CaseState.UPHELD if row.was_upheld else CaseState.DISMISSED],
        next_step=str(NEXT_STEPS[row.kind]),
        due=evidence.due_sentence(row, work.clock.now()),
        pair=evidence.pair(row),
        percent=evidence.percent_above(row),
        facts=evidence.case_facts(work, row),
        rule=evidence.rule_facts(row),
        similar=evidence.similar_of(row, work),
        sources=evidence.sources(row),
        working_view=evidence.schedule_working(row),
        log=evidence.told(queries.leaves_around(work.session, row)),
        forms={name: given.get(name) or blank_form(layout) for name, layout in LAYOUTS.items()},
        form=next(iter(given.values()), None),
        may_do={name: _may_do(work, row, name) for name in LAYOUTS},
        must_wait=row.state is CaseState.OPEN and work.clock.now() < row.due_at,
    )


def _may_do(work: Work, row: FeeCase, name: str) -> bool:
    """Say whether a form is shown: this reader may act, and the case stands where the act begins."""
    now = work.clock.now()
    ready = {
        "reply": row.state is CaseState.OPEN,
        "decide": row.state in UNDECIDED,
        "appeal": row.state in DECIDED and row.appeal_by is not None and now < row.appeal_by,
        "review": row.state is CaseState.APPEALED,
        "return": row.stands and row.state is not CaseState.APPEALED,
    }
    return ready[name] and work.allows(POLICY, f"fee_case:{name}", row)
