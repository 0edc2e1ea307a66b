"""Pauses, amendments, early ends and departments' findings by the services: clocks, money, who may, who is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import Organisation
from agencies.fees.models import FeeCase
from core import audit, papers
from core.access import Actor, OrgKind
from core.clock import beijing_day, last_day
from core.deadlines import Deadline, run_due
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from marketplace.contracts import (
    amending,
    documents,
    ending,
    late,
    outcome_table,
    outcomes,
    pausing,
    queries,
    service,
    turn_view,
)
from marketplace.contracts.commands import (
    Answer,
    AskPause,
    EnterOutcome,
    ProposeAmendment,
    Reason,
    Terminate,
    View,
)
from marketplace.contracts.lifecycle import AmendmentState, ContractState, PauseState, TerminationState
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import PaidLine
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause, Finding
from marketplace.needs import service as needs
from tests.marketplace.contracts.deal import accepted, deliver, now, settle, signed
from tests.marketplace.selection.world import Market
from web.wiring import DEADLINES

WHY = "审批部门要求补充论证内容"
YES, NO = Answer(agrees=True), Answer(agrees=False, reason="资料已在上周全部交齐")
DAY = timedelta(days=1)


def by(market: Market, actor: Actor, deed: Any, *words: Any) -> Any:
    with market.works.writing(actor) as work:
        return deed(work, *words)


def waits(market: Market, kind: str) -> bool:
    with market.works.reading() as work:
        query = select(Deadline).where(Deadline.kind == kind, Deadline.done_at.is_(None))
        return work.session.scalars(query).first() is not None


def days_between(first: datetime | None, second: datetime | None) -> int:
    assert first is not None
    assert second is not None
    return (last_day(second) - last_day(first)).days


def pause(market: Market, contract: Contract, cause: Cause, days: int) -> int:
    """Let the agency ask, the owner agree, and the agency resume after so many days; return the days put off."""
    agent = market.agents[0][0]
    asked = by(market, agent, pausing.ask, contract.id, AskPause(cause, WHY))
    by(market, market.owner, pausing.answer, contract.id, asked.no, YES)
    market.clock.advance(DAY * days)
    return int(by(market, agent, pausing.end, contract.id, asked.no).put_off_days)


def test_a_pause_puts_the_due_date_off_by_its_working_days_and_no_more(market: Market) -> None:
    contract = signed(market)
    due = now(market, contract).due_at
    put_off = pause(market, contract, Cause.DEPARTMENT, 7)
    assert put_off == 5
    moved = now(market, contract)
    assert moved.agreed_due_at == due
    assert days_between(due, moved.due_at) == 7
    assert waits(market, "contract.due")
    assert pause(market, contract, Cause.AGENCY, 7) == 0
    assert now(market, contract).due_at == moved.due_at
    assert pause(market, contract, Cause.FORCE_MAJEURE, 0) == 0
    with market.works.reading() as work:
        found = turn_view.shares(work, now(market, contract))
    assert (found.department, found.agency, found.late) == (5, 5, 0)


def test_while_a_pause_runs_nobody_is_late_and_delivery_ends_it(market: Market) -> None:
    contract, agent = signed(market), market.agents[0][0]
    by(market, agent, pausing.ask, contract.id, AskPause(Cause.ENTERPRISE, WHY))
    assert waits(market, "contract.due")
    by(market, market.owner, pausing.answer, contract.id, 1, YES)
    assert not waits(market, "contract.due")
    market.clock.advance(DAY * 60)
    run_due(market.works, DEADLINES)
    assert "result-late" not in market.told(agent.org_id)
    deliver(market, contract)
    by(market, market.owner, service.accept, contract.id)
    done = now(market, contract)
    assert done.late_days == 0
    with market.works.reading() as work:
        (one,) = queries.pauses_of(work.session, contract.id)
        found = turn_view.shares(work, done)
    assert (one.state, one.ended_by_org_id) == (PauseState.ENDED, None)
    assert found.enterprise == one.put_off_days > 30


def test_silence_agrees_from_the_day_it_was_asked_and_a_refusal_needs_its_words(market: Market) -> None:
    contract, agent = signed(market), market.agents[0][0]
    by(market, agent, pausing.ask, contract.id, AskPause(Cause.ENTERPRISE, WHY))
    with pytest.raises(Conflict, match="pause-open-already"):
        by(market, market.owner, pausing.ask, contract.id, AskPause(Cause.AGENCY, WHY))
    with pytest.raises(Forbidden):
        by(market, agent, pausing.answer, contract.id, 1, YES)
    with pytest.raises(Invalid, match="reason-too-short"):
        by(market, market.owner, pausing.answer, contract.id, 1, Answer(agrees=False, reason="不行"))
    by(market, market.owner, pausing.answer, contract.id, 1, NO)
    second = by(market, agent, pausing.ask, contract.id, AskPause(Cause.ENTERPRISE, WHY))
    market.clock.instant = second.answer_by
    assert late.catch_up(market.works, contract.id) == 1
    assert late.catch_up(market.works, contract.id) == 0
    with market.works.reading() as work:
        first, second = queries.pauses_of(work.session, contract.id)
        begins = [one.begins for one in queries.stretches_of([first, second], market.clock.now())]
    assert (first.state, second.state, second.was_deemed) == (PauseState.REFUSED, PauseState.RUNNING, True)
    assert begins == [second.asked_at]
    assert {"pause-refused", "pause-deemed-agreed"} <= set(market.told(agent.org_id))
    assert not waits(market, "pause.answer")
    by(market, market.owner, pausing.end, contract.id, 2)
    with pytest.raises(Forbidden):
        by(market, market.agents[1][0], pausing.end, contract.id, 2)
    with pytest.raises(Conflict, match="wrong-state"):
        by(market, market.owner, pausing.end, contract.id, 2)
    third = by(market, agent, pausing.ask, contract.id, AskPause(Cause.DEPARTMENT, WHY))
    by(market, agent, pausing.end, contract.id, third.no)
    with market.works.reading() as work:
        assert queries.pauses_of(work.session, contract.id)[-1].state is PauseState.WITHDRAWN


def amend(market: Market, contract: Contract, kind: AmendmentKind, **changes: Any) -> Any:
    agent = market.agents[0][0]
    proposed = by(market, agent, amending.propose, contract.id, ProposeAmendment(kind, WHY, **changes))
    return by(market, market.owner, amending.answer, contract.id, proposed.no, YES)


def test_an_amendment_both_sides_signed_makes_a_later_settlement_legitimate(market: Market) -> None:
    contract = signed(market)
    due = now(market, contract).due_at
    amend(market, contract, AmendmentKind.SCOPE_CHANGED, amount=Money.from_yuan(150))
    amend(market, contract, AmendmentKind.EXTENSION, days=20)
    changed = now(market, contract)
    assert (changed.amount, changed.signed_amount, changed.days) == (Money.from_yuan(150), Money.from_yuan(100), 20)
    assert days_between(due, changed.due_at) == 7
    assert changed.due_at == changed.agreed_due_at
    with market.works.reading() as work:
        first = queries.amendments_of(work.session, contract.id)[0]
        paper = papers.latest(work.session, documents.AMENDMENT_PAPER, first.id)
        assert ["合同金额", "变更前 100.00 元，变更后 150.00 元"] in paper.data["lines"]
        assert paper.data["number"] == f"{contract.number}-BG1"
    deliver(market, contract)
    by(market, market.owner, service.accept, contract.id)
    settle(market, contract, PaidLine("服务费", Money.from_yuan(150)))
    with market.works.reading() as work:
        assert work.session.scalars(select(FeeCase)).all() == []
        assert audit.first_break(work.session) is None


def test_without_an_amendment_the_same_settlement_is_a_fee_case(market: Market) -> None:
    contract, agent = signed(market), market.agents[0][0]
    by(market, agent, amending.propose, contract.id, ProposeAmendment(AmendmentKind.PRICE, WHY, Money.from_yuan(150)))
    deliver(market, contract)
    by(market, market.owner, service.accept, contract.id)
    settle(market, contract, PaidLine("服务费", Money.from_yuan(150)), reason=WHY)
    with market.works.reading() as work:
        (case,) = work.session.scalars(select(FeeCase))
        assert (case.found, case.compared, case.evidence["amendments"]) == (
            Money.from_yuan(150), Money.from_yuan(100), [],
        )  # fmt: skip
        (left,) = queries.amendments_of(work.session, contract.id)
    assert left.state is AmendmentState.WITHDRAWN


def test_an_amendment_is_answered_in_time_by_the_other_side_or_falls(market: Market) -> None:
    contract, agent = signed(market), market.agents[0][0]
    longer = ProposeAmendment(AmendmentKind.EXTENSION, WHY, days=25)
    by(market, agent, amending.propose, contract.id, longer)
    with pytest.raises(Forbidden):
        by(market, agent, amending.answer, contract.id, 1, YES)
    with pytest.raises(Conflict, match="amendment-open-already"):
        by(market, market.owner, amending.propose, contract.id, longer)
    by(market, market.owner, amending.answer, contract.id, 1, NO)
    second = by(market, market.owner, amending.propose, contract.id, longer)
    by(market, market.owner, amending.withdraw, contract.id, 2)
    third = by(market, agent, amending.propose, contract.id, longer)
    market.clock.instant = third.answer_by
    with pytest.raises(Conflict, match="amendment-too-late"):
        by(market, market.owner, amending.answer, contract.id, 3, YES)
    run_due(market.works, DEADLINES)
    with market.works.reading() as work:
        states = [one.state for one in queries.amendments_of(work.session, contract.id)]
    assert states == [AmendmentState.REFUSED, AmendmentState.WITHDRAWN, AmendmentState.LAPSED]
    assert second.content_hash != third.content_hash
    assert now(market, contract).days == contract.days


def test_a_clause_is_changed_word_by_word_and_a_cap_still_binds(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = signed(market)
    amend(market, contract, AmendmentKind.CORRECTION, clause_no=3, clause_text="乙方分两次提交成果。")
    with market.works.reading() as work:
        rows = queries.amendments_of(work.session, contract.id)
        current = documents.current_clauses(now(market, contract), rows)
    assert current[2].paragraphs == ("乙方分两次提交成果。",)
    assert rows[0].clause_before.startswith("乙方自双方签署之日")
    fiscal = signed(market, 200, 250, 300, fund="fiscal", ceiling=Money.from_yuan(400))
    amend(market, fiscal, AmendmentKind.SCOPE_CHANGED, amount=Money.from_yuan(220))
    with pytest.raises(Invalid, match="amendment-above-share"):
        amend(market, fiscal, AmendmentKind.SCOPE_CHANGED, amount=Money.from_yuan(221))


def test_the_other_side_of_an_early_end_is_heard_and_the_need_may_be_repeated(market: Market) -> None:
    contract, agent = signed(market), market.agents[0][0]
    by(market, agent, pausing.ask, contract.id, AskPause(Cause.ENTERPRISE, WHY))
    command = Terminate(EndCause.ENTERPRISE_BREACH, "业主逾期三个月没有提供资料", Money.from_yuan(40), "完成初稿")
    by(market, agent, service.terminate, contract.id, command)
    with pytest.raises(Forbidden):
        by(market, agent, ending.answer, contract.id, View(agrees=True))
    by(market, market.owner, ending.answer, contract.id, View(agrees=False, text="资料已按期交付，有签收记录"))
    with pytest.raises(Conflict, match="wrong-state"):
        by(market, market.owner, ending.answer, contract.id, View(agrees=True))
    with market.works.reading() as work:
        found = queries.termination_of(work.session, contract.id)
        paper = papers.latest(work.session, documents.TERMINATION_PAPER, found.id)
        (stopped,) = queries.pauses_of(work.session, contract.id)
    assert (found.state, found.agrees, found.payable) == (TerminationState.ANSWERED, False, Money.from_yuan(40))
    assert ["终止事由", "甲方违约"] in paper.data["lines"]
    assert stopped.state is PauseState.WITHDRAWN
    assert "need-to-repeat" in market.told(market.owner.org_id)
    assert by(market, market.owner, needs.repeat, contract.need_id).repeats_id == contract.need_id


def test_who_says_nothing_of_an_early_end_has_said_nothing(market: Market) -> None:
    contract = signed(market)
    command = Terminate(EndCause.PROJECT_CANCELLED, "项目资金计划调整，暂缓实施", Money(0))
    by(market, market.owner, service.terminate, contract.id, command)
    with market.works.reading() as work:
        market.clock.instant = queries.termination_of(work.session, contract.id).answer_by
    run_due(market.works, DEADLINES)
    with pytest.raises(Conflict, match="wrong-state"):
        by(market, market.agents[0][0], ending.answer, contract.id, View(agrees=True))
    with market.works.reading() as work:
        assert queries.termination_of(work.session, contract.id).state is TerminationState.UNANSWERED


def office(market: Market, code: str) -> Actor:
    actor = market.world.actor(OrgKind.DEPARTMENT, "某局", None)
    with market.works.system() as work:
        row = work.session.get_one(Organisation, actor.org_id)
        row.department_code = code
        work.record(row, "test.department")
    return actor


def test_departments_find_on_their_own_items_and_an_import_loses_no_row(market: Market) -> None:
    contract, mine, other = accepted(market), office(market, "dev-reform"), office(market, "ecology")
    market.clock.advance(DAY * 90)
    today = beijing_day(market.clock.now())
    returned = EnterOutcome(Finding.RETURNED, today, ("R01",))
    with pytest.raises(Forbidden):
        by(market, other, outcomes.enter, contract.id, returned)
    header = ",".join(outcome_table.HEADER)
    text = (
        f"{header}\n{contract.number},1,退回,R01,{today},缺附件\n{contract.number},9,通过,,{today},\n"
        f"HT-NONE,,通过,,{today},\n{contract.number},,退回,,{today},\n"
    )
    rows = outcome_table.read(text)
    done = by(market, mine, outcomes.import_rows, rows)
    assert (done.kept, done.known, [one.error.code for one in done.refused]) == (
        1, 0, ["deliverable-not-found", "outcome-contract-unknown", "outcome-codes-missing"],
    )  # fmt: skip
    again = by(market, market.world.city, outcomes.import_rows, rows[:1])
    assert (again.kept, again.known) == (0, 1)
    assert [one.error.code for one in by(market, other, outcomes.import_rows, rows[:1]).refused] == ["not-allowed"]
    by(market, mine, outcomes.enter, contract.id, EnterOutcome(Finding.ACCEPTED, today))
    with market.works.reading() as work:
        found = queries.outcomes_of(work.session, contract.id)
        share = queries.first_pass(work.session, contract.agency_id)
    assert [(one.no, one.finding, one.department_code) for one in found] == [
        (1, Finding.RETURNED, "dev-reform"), (2, Finding.ACCEPTED, "dev-reform"),
    ]  # fmt: skip
    assert (share.passed, share.count, share.percent) == (0, 1, None)
    assert {"outcome-returned", "outcome-accepted"} <= set(market.told(market.agents[0][0].org_id))


def test_a_round_of_looking_is_the_enterprises_time(market: Market) -> None:
    contract = signed(market)
    market.clock.advance(DAY)
    deliver(market, contract)
    market.clock.advance(DAY * 7)
    by(market, market.owner, service.send_back, contract.id, Reason("第三章缺少投资估算表和附图"))
    deliver(market, contract)
    by(market, market.owner, service.accept, contract.id)
    done = now(market, contract)
    assert done.state is ContractState.ACCEPTED
    with market.works.reading() as work:
        versions = queries.deliverables_of(work.session, contract.id)
        found = turn_view.shares(work, done)
    assert found.enterprise == 5
    rounds = turn_view.rounds_shown(done, versions, market.clock.now())
    assert [row[2] for row in rounds] == ["5", "0"]
