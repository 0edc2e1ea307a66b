"""Use cases of the explanation of an abnormally low price: asked at the opening, answered, decided, or lapsed by rule.

A low price excludes nobody by itself. The agency is asked once, by rule; the enterprise decides with reasons; what it
leaves undecided goes on counting. Source: 政府采购货物和服务招标投标管理办法 (财政部令第87号) 第六十条, its days as
parameters of the catalogue frozen into the need.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO, Final, cast

from sqlalchemy import select

from accounts import messages
from accounts.queries import offices
from agencies.fees import queries as cases
from agencies.fees import service as fees
from agencies.fees.lifecycle import CaseKind, CaseState
from agencies.fees.models import FeeCase
from core import deadlines, files
from core.access import SYSTEM, OrgKind
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.work import Work, Works, facts_of
from core.workdays import add_workdays, close_of
from marketplace.needs import queries as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.needs.service import locked
from marketplace.quotes.commands import Decide, Explain
from marketplace.quotes.lifecycle import DECIDE, EXPLANATION, PENDING, QUOTE, REPLY, ExplanationState, QuoteState
from marketplace.quotes.models import Explanation, Quote
from marketplace.quotes.permissions import POLICY

SHORTEST: Final = 10
LONGEST: Final = 280
FILE_KIND: Final = "explanation"
VERDICTS: Final = ("accept", "reject")


def ask(work: Work, need: Need, quote: Quote) -> Explanation:
    """Ask for an explanation of a flagged price; once a quote. Called while the quotes are opened, by the system."""
    now = work.clock.now()
    row = Explanation(
        need_id=need.id, quote_id=quote.id, agency_id=quote.agency_id, agency_org_id=quote.org_id, org_id=need.org_id,
        town_code=need.town_code, test=quote.flags, asked_at=now, due_at=_after(work, need, "low-reply-days", 1),
        state=ExplanationState.ASKED,
    )  # fmt: skip
    work.add(row, "explanation.asked", need_id=need.id, quote_id=quote.id, test=row.test)
    deadlines.put(work, REPLY, row.id, row.due_at)
    url = url_of(row.id)
    messages.tell(work, quote.org_id, "explanation-asked", url, due_at=row.due_at, need=need.title)
    messages.tell(work, need.org_id, "explanation-asked-of", url, need=need.title)
    return row


def answer(work: Work, explanation_id: int, command: Explain, upload: tuple[Any, str] | None = None) -> Explanation:
    """Explain a price as the agency, with a paper where there is one; late answers count until it is decided.

    The regulator's case of the same price gets the same words. Raises NotFound, Forbidden, Conflict, Invalid.
    """
    row, need = _load(work, explanation_id)
    work.require(POLICY, "explanation:answer", row)
    _want_selecting(need)
    row.text = _worded(command.text, "text", 2000)
    if upload is not None:
        row.file_id = files.store(work, cast("BinaryIO", upload[0]), upload[1], FILE_KIND).id
    _answered(work, row, need)
    case = _case_of(work, row)
    if case is not None and case.state is CaseState.OPEN:
        fees.reply(work, case.id, row.text)
    return row


def on_case_replied(work: Work, facts: Mapping[str, Any]) -> None:
    """Take what the agency told the price regulator for its explanation too, so that nobody is asked twice.

    Handles ``fee_case.replied``; may run twice, and late.
    """
    case = work.session.get_one(FeeCase, facts_of(facts))
    if case.kind is not CaseKind.ABNORMALLY_LOW or case.object_kind != "quote" or not case.reply:
        return
    found = work.session.scalars(select(Explanation).where(Explanation.quote_id == case.object_id)).one_or_none()
    if found is None:
        return
    row, need = _load(work, found.id)
    if need.state is NeedState.SELECTING and row.state in {ExplanationState.ASKED, ExplanationState.SILENT}:
        row.text = case.reply
        _answered(work, row, need)


def decide(work: Work, explanation_id: int, command: Decide) -> Explanation:
    """Say as the enterprise whether an explanation convinces; a quote it does not convince for counts no more.

    Raises NotFound, Forbidden, Conflict before there is an answer or its time is over, Invalid without a reason.
    """
    row, need = _load(work, explanation_id)
    work.require(POLICY, "explanation:decide", row)
    _want_selecting(need)
    _catch_up(work, row, need)
    if command.verdict not in VERDICTS:
        raise Invalid("verdict-unknown", field="verdict")
    if row.state is ExplanationState.ASKED:
        raise Conflict("explanation-awaited", due_at=row.due_at)
    reason, quote = _worded(command.reason, "reason", LONGEST), work.session.get_one(Quote, row.quote_id)
    row.reason, row.decided_at = reason, work.clock.now()
    work.move(EXPLANATION, POLICY, row, command.verdict, need_id=need.id, quote_id=quote.id)
    deadlines.drop(work, DECIDE, row.id)
    if command.verdict == "reject" and quote.state is QuoteState.OPENED:
        quote.invalid_reason = reason
        _inside(work).move(QUOTE, POLICY, quote, "reject", need_id=need.id, reason="low-price-unexplained")
    messages.settle(work, row.org_id, url_of(row.id))
    code = "explanation-accepted" if command.verdict == "accept" else "explanation-rejected"
    messages.tell(work, row.agency_org_id, code, url_of(row.id), need=need.title, reason=reason)
    if needs.frozen_rule(work.session, need, "low-decision-to-regulator", usual=False):
        for org_id in offices(work.session, OrgKind.PRICE_REGULATOR):
            messages.tell(work, org_id, "explanation-decided", url_of(row.id), need=need.title)
    return row


def reply_due(work: Work, explanation_id: int) -> None:
    """Note that an agency stayed silent, and hand the decision to the enterprise. Handles ``explanation.reply``."""
    _catch_up(work, *_load(work, explanation_id))


def decision_due(work: Work, explanation_id: int) -> None:
    """Let an undecided explanation lapse; the quote goes on counting. Handles ``explanation.decide``."""
    _catch_up(work, *_load(work, explanation_id))


def catch_up(works: Works, explanation_id: int) -> None:
    """Do what is due of an explanation before it is read, where no worker has."""
    with works.reading() as work:
        row = work.session.get(Explanation, explanation_id)
        due = row is not None and row.state in PENDING and (_next_due(row) or row.due_at) <= work.clock.now()
    if due:
        with works.system() as work:
            _catch_up(work, *_load(work, explanation_id))


def want_decided(work: Work, need: Need, quote_id: int) -> None:
    """Refuse to choose a quote whose low price was asked about and not decided, where the need's rules say so.

    What is due is done first: an explanation that has lapsed stands in nobody's way. Raises Conflict.
    """
    row = work.session.scalars(select(Explanation).where(Explanation.quote_id == quote_id)).one_or_none()
    if row is None:
        return
    _catch_up(work, row, need)
    if row.state in PENDING and needs.frozen_rule(work.session, need, "low-decision-before-award", usual=False):
        raise Conflict("explanation-undecided", field="quote_id", due_at=row.decide_by or row.due_at)


def url_of(explanation_id: int) -> str:
    """Return the address of an explanation's page."""
    return f"/explanations/{explanation_id}"


def explanation_by_id(work: Work, explanation_id: int) -> Explanation:
    """Return one explanation. Raises NotFound."""
    row = work.session.get(Explanation, explanation_id)
    if row is None:
        raise NotFound("explanation-not-found", id=explanation_id)
    return row


def _answered(work: Work, row: Explanation, need: Need) -> None:
    row.answered_at = work.clock.now()
    row.decide_by = _after(work, need, "low-decision-days", 3)
    work.move(EXPLANATION, POLICY, row, "answer", need_id=need.id)
    deadlines.drop(work, REPLY, row.id)
    deadlines.put(work, DECIDE, row.id, row.decide_by)
    messages.settle(work, row.agency_org_id, url_of(row.id))
    messages.tell(work, row.org_id, "explanation-answered", url_of(row.id), due_at=row.decide_by, need=need.title)


def _catch_up(work: Work, row: Explanation, need: Need) -> None:
    """Do what is due of an explanation, as the system: note the silence, let lapse what nobody decided."""
    inside, now = _inside(work), work.clock.now()
    if row.state in PENDING and need.state is not NeedState.SELECTING and now >= (_next_due(row) or row.due_at):
        _lapse(inside, row, need)
    if row.state is ExplanationState.ASKED and now >= row.due_at:
        row.decide_by = _after(work, need, "low-decision-days", 3)
        inside.move(EXPLANATION, POLICY, row, "pass_over", need_id=need.id)
        deadlines.drop(work, REPLY, row.id)
        deadlines.put(work, DECIDE, row.id, row.decide_by)
        messages.tell(work, row.org_id, "explanation-silent", url_of(row.id), due_at=row.decide_by, need=need.title)
    elif row.state in PENDING and row.decide_by is not None and now >= row.decide_by:
        _lapse(inside, row, need)


def _lapse(inside: Work, row: Explanation, need: Need) -> None:
    inside.move(EXPLANATION, POLICY, row, "lapse", need_id=need.id)
    for kind in (REPLY, DECIDE):
        deadlines.drop(inside, kind, row.id)
    for org_id in (row.org_id, row.agency_org_id):
        messages.settle(inside, org_id, url_of(row.id))
    messages.tell(inside, row.agency_org_id, "explanation-lapsed", url_of(row.id), need=need.title)


def _next_due(row: Explanation) -> datetime | None:
    return row.due_at if row.state is ExplanationState.ASKED else row.decide_by


def _load(work: Work, explanation_id: int) -> tuple[Explanation, Need]:
    """Lock the need, then read the explanation anew. Raises NotFound."""
    need = locked(work, explanation_by_id(work, explanation_id).need_id)
    query = select(Explanation).where(Explanation.id == explanation_id)
    return work.session.scalars(query.execution_options(populate_existing=True)).one(), need


def _inside(work: Work) -> Work:
    return Work(work.session, SYSTEM, work.clock, work.request_id, work.entries, work.events)


def _after(work: Work, need: Need, key: str, usual: int) -> datetime:
    days = int(needs.frozen_rule(work.session, need, key, usual))
    return close_of(add_workdays(beijing_day(work.clock.now()), days))


def _want_selecting(need: Need) -> None:
    if need.state is not NeedState.SELECTING:
        raise Conflict("explanation-closed", id=need.id)


def _worded(text: str, field: str, most: int) -> str:
    given = text.strip()
    if len(given) < SHORTEST:
        raise Invalid("explanation-too-short", field=field, least=SHORTEST, given=len(given))
    if len(given) > most:
        raise Invalid("explanation-too-long", field=field, most=most, given=len(given))
    return given


def _case_of(work: Work, row: Explanation) -> FeeCase | None:
    return cases.case_of(work.session, CaseKind.ABNORMALLY_LOW, "quote", row.quote_id)
