"""A deal from draft to settlement: texts, signatures, clocks, versions, money, and who may not."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.models import Message
from agencies.fees import evidence
from agencies.fees.models import FeeCase
from core import audit, papers
from core.clock import last_day
from core.deadlines import Deadline
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from marketplace.contracts import documents, queries, service
from marketplace.contracts.commands import Deliver, Reason, ReviseContract, Settle, SignContract, Terminate
from marketplace.contracts.lifecycle import ContractState, DeliverableState
from marketplace.contracts.rules import PaidLine
from marketplace.contracts.turns import EndCause
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.selection import service as selection
from marketplace.selection.commands import Reason as DeclineReason
from tests.marketplace.contracts.deal import PDF, accepted, deliver, drafted, now, pdf, settle, sign_both, signed
from tests.marketplace.selection.world import Market

WHY = "业主增加了两处补充论证内容"
ENDED = Terminate(EndCause.ENTERPRISE_BREACH, "业主逾期三个月没有提供资料", Money.from_yuan(30))


def waiting(market: Market, kind: str, contract_id: int) -> bool:
    query = select(Deadline).where(Deadline.kind == kind, Deadline.object_id == contract_id, Deadline.done_at.is_(None))
    with market.works.reading() as work:
        return work.session.scalars(query).one_or_none() is not None


def test_the_contract_is_drafted_once_with_the_amount_in_capitals(market: Market) -> None:
    contract, award = drafted(market, 93_000, 95_000)
    with market.works.system() as work:
        again = service.draft_from_award(work, award.id)
        assert again is not None
        assert again.id == contract.id
    assert "玖万叁仟元整" in contract.text
    assert contract.amount == contract.quote_amount == Money.from_yuan(93_000)
    assert waiting(market, "contract.sign", contract.id)


def test_the_second_signature_starts_the_clock(market: Market) -> None:
    contract, _award = drafted(market)
    with market.works.writing(market.owner) as work:
        service.sign(work, contract.id, SignContract(contract.content_hash))
    assert now(market, contract).state is ContractState.DRAFTED
    market.clock.advance(timedelta(days=1))
    with market.works.writing(market.agents[0][0]) as work:
        service.sign(work, contract.id, SignContract(contract.content_hash))
    signed_now = now(market, contract)
    assert signed_now.state is ContractState.IN_SERVICE
    assert signed_now.starts_at == market.clock.now()
    assert signed_now.due_at == signed_now.agreed_due_at
    assert market.need(contract.need_id).state is NeedState.CONTRACTED
    assert waiting(market, "contract.due", contract.id)
    assert not waiting(market, "contract.sign", contract.id)


def test_a_side_signs_once_and_only_what_it_read(market: Market) -> None:
    contract, _award = drafted(market)
    with market.works.writing(market.owner) as work:
        service.sign(work, contract.id, SignContract(contract.content_hash))
    with market.works.writing(market.owner) as work, pytest.raises(Conflict, match="contract-signed-already"):
        service.sign(work, contract.id, SignContract(contract.content_hash))
    with market.works.writing(market.agents[0][0]) as work, pytest.raises(Conflict, match="contract-text-changed"):
        service.sign(work, contract.id, SignContract("0" * 64))


def test_a_changed_amount_voids_signatures_and_changes_the_fingerprint(market: Market) -> None:
    contract, _award = drafted(market)
    with market.works.writing(market.owner) as work:
        service.sign(work, contract.id, SignContract(contract.content_hash))
    with market.works.writing(market.owner) as work:
        service.revise(work, contract.id, ReviseContract(Money.from_yuan(90)))
    changed = now(market, contract)
    assert changed.enterprise_signed_at is None
    assert changed.content_hash != contract.content_hash
    assert "玖拾元整" in changed.text


def test_an_amount_above_the_quote_needs_a_reason_and_fiscal_money_forbids_it(market: Market) -> None:
    contract, _award = drafted(market)
    with market.works.writing(market.owner) as work, pytest.raises(Invalid, match="reason-too-short"):
        service.revise(work, contract.id, ReviseContract(Money.from_yuan(101), "涨价"))
    with market.works.writing(market.owner) as work:
        service.revise(work, contract.id, ReviseContract(Money.from_yuan(101), WHY))
    fiscal, _award = drafted(market, 100, 110, 120, fund="fiscal", ceiling=Money.from_yuan(200))
    with market.works.writing(market.owner) as work, pytest.raises(Invalid, match="contract-above-quote-barred"):
        service.revise(work, fiscal.id, ReviseContract(Money.from_yuan(101), WHY))


def test_the_signed_contract_is_issued_as_a_paper(market: Market) -> None:
    contract = signed(market)
    with market.works.reading() as work:
        paper = papers.latest(work.session, documents.CONTRACT_PAPER, contract.id)
        assert paper is not None
        assert ["文本指纹", contract.content_hash] in paper.data["public"]
        assert not any("第一条" in str(line) for line in paper.data["public"])


def test_versions_are_numbered_hashed_and_kept(market: Market) -> None:
    contract = signed(market)
    first = deliver(market, contract)
    assert (first.no, first.sha256) == (1, hashlib.sha256(PDF).hexdigest())
    with market.works.writing(market.owner) as work:
        service.send_back(work, contract.id, Reason("第三章缺少投资估算表和附图"))
    second = deliver(market, contract, PDF + b"2")
    assert second.no == 2
    with market.works.reading() as work:
        rows = queries.deliverables_of(work.session, contract.id)
        assert [row.state for row in rows] == [DeliverableState.SUBMITTED, DeliverableState.RETURNED]
    assert now(market, contract).rounds == 1


def test_a_delivery_in_time_is_not_late_and_a_later_one_is_by_working_days(market: Market) -> None:
    contract = accepted(market)
    assert now(market, contract).late_days == 0
    late = signed(market)
    due_at = now(market, late).due_at
    assert due_at is not None
    market.clock.instant = due_at + timedelta(hours=1)
    deliver(market, late)
    with market.works.writing(market.owner) as work:
        service.accept(work, late.id)
    assert now(market, late).late_days == 1


def test_the_time_the_enterprise_takes_to_look_is_not_the_agencys(market: Market) -> None:
    contract = signed(market)
    due_at = now(market, contract).due_at
    assert due_at is not None
    market.clock.instant = due_at - timedelta(hours=2)
    deliver(market, contract)
    market.clock.advance(timedelta(days=5))
    with market.works.writing(market.owner) as work:
        service.send_back(work, contract.id, Reason("第三章缺少投资估算表和附图"))
    put_off = now(market, contract)
    assert put_off.due_at is not None
    assert put_off.agreed_due_at == due_at
    assert (last_day(put_off.due_at) - last_day(due_at)).days == 5
    market.clock.advance(timedelta(hours=1))
    deliver(market, contract)
    with market.works.writing(market.owner) as work:
        service.accept(work, contract.id)
    assert now(market, contract).late_days == 0


def test_settling_completes_the_need_and_keeps_the_lines(market: Market) -> None:
    contract = accepted(market)
    settle(market, contract, PaidLine("首期", Money.from_yuan(60)), PaidLine("尾款", Money.from_yuan(40)))
    settled = now(market, contract)
    assert (settled.state, settled.paid) == (ContractState.SETTLED, Money.from_yuan(100))
    assert market.need(contract.need_id).state is NeedState.COMPLETED


def test_paying_above_the_contract_needs_a_reason(market: Market) -> None:
    contract = accepted(market)
    with market.works.writing(market.owner) as work, pytest.raises(Invalid, match="reason-too-short"):
        service.settle(work, contract.id, Settle((PaidLine("服务费", Money.from_yuan(101)),)))
    settle(market, contract, PaidLine("服务费", Money.from_yuan(101)), reason=WHY)
    assert now(market, contract).paid == Money.from_yuan(101)


def cases(market: Market) -> list[tuple[str, int, int]]:
    with market.works.reading() as work:
        rows = work.session.scalars(select(FeeCase).order_by(FeeCase.id)).all()
        return [(str(row.kind), row.found.fen, row.compared.fen) for row in rows]


def test_money_above_the_quote_and_above_the_contract_open_cases_with_their_evidence(market: Market) -> None:
    contract, _award = drafted(market)
    with market.works.writing(market.owner) as work:
        service.revise(work, contract.id, ReviseContract(Money.from_yuan(120), WHY))
    assert cases(market) == []
    sign_both(market, contract)
    assert cases(market) == [("contract_above_quote", 12_000, 10_000)]
    deliver(market, contract)
    with market.works.writing(market.owner) as work:
        service.accept(work, contract.id)
    settle(market, contract, PaidLine("服务费", Money.from_yuan(130)), reason=WHY)
    assert cases(market)[1] == ("settlement_above_contract", 13_000, 12_000)
    with market.works.reading() as work:
        known = work.session.scalars(select(FeeCase.evidence).order_by(FeeCase.id.desc())).first()
        assert known is not None
        assert known["reason"] == WHY


def test_the_page_of_a_case_above_the_contract_works_the_schedule_again(market: Market) -> None:
    contract, _award = drafted(
        market, fee_inputs={"service": "proposal", "investment": "3200万", "industry": "building"}
    )
    with market.works.writing(market.owner) as work:
        service.revise(work, contract.id, ReviseContract(Money.from_yuan(120), WHY))
    sign_both(market, contract)
    with market.works.reading() as work:
        case = work.session.scalars(select(FeeCase)).one()
        working = evidence.schedule_working(case)
        facts = [str(label) for label, _value in evidence.case_facts(work, case)]
        papers = [address for _label, address in evidence.sources(case)]
        need = work.session.get_one(Need, contract.need_id)
    assert working is not None
    assert working.base == need.benchmark_base
    assert len(working.steps) > 1
    assert "合同金额" in facts
    assert papers[:2] == [f"/needs/{contract.need_id}", f"/contracts/{contract.id}"]


def todos(market: Market, org_id: int | None) -> list[str]:
    with market.works.reading() as work:
        open_ones = select(Message.code).where(Message.org_id == org_id, Message.is_todo, Message.done_at.is_(None))
        return list(work.session.scalars(open_ones.order_by(Message.id)))


def test_each_side_has_to_do_what_is_its_turn_and_nothing_else(market: Market) -> None:
    contract, _award = drafted(market)
    owner, agent = market.owner.org_id, market.agents[0][0].org_id
    assert todos(market, owner) == ["contract-to-sign"]
    assert todos(market, agent) == ["contract-to-sign"]
    sign_both(market, contract)
    assert (todos(market, owner), todos(market, agent)) == ([], ["contract-in-service"])
    deliver(market, contract)
    assert (todos(market, owner), todos(market, agent)) == (["result-delivered"], [])
    with market.works.writing(market.owner) as work:
        service.accept(work, contract.id)
    assert todos(market, owner) == ["contract-to-settle"]
    settle(market, contract, PaidLine("服务费", Money.from_yuan(100)))
    assert todos(market, owner) == []


def test_either_side_may_end_a_running_contract_with_a_reason(market: Market) -> None:
    contract = signed(market)
    with market.works.writing(market.agents[0][0]) as work, pytest.raises(Invalid, match="reason-too-short"):
        service.terminate(work, contract.id, Terminate(EndCause.ENTERPRISE_BREACH, "不做了", Money(0)))
    with market.works.writing(market.agents[0][0]) as work:
        service.terminate(work, contract.id, ENDED)
    ended = now(market, contract)
    assert (ended.state, ended.terminated_by_org_id) == (ContractState.TERMINATED, market.agents[0][0].org_id)
    assert market.need(contract.need_id).state is NeedState.FAILED
    assert not waiting(market, "contract.due", contract.id)


def test_a_declined_award_ends_its_draft_and_the_next_gets_one(market: Market) -> None:
    contract, award = drafted(market)
    with market.works.writing(market.agents[0][0]) as work:
        following = selection.decline(work, award.id, DeclineReason("主要人员同期承担其他项目"))
        assert following is not None
    with market.works.system() as work:
        service.on_award_declined(work, {"id": award.id})
        service.on_award_declined(work, {"id": award.id})
        service.on_award(work, {"id": following.id})
    assert now(market, contract).state is ContractState.TERMINATED
    with market.works.reading() as work:
        live = queries.live_contract(work.session, contract.need_id)
        assert live is not None
        assert live.award_id == following.id


def test_the_next_draft_comes_even_when_the_events_are_handled_out_of_order(market: Market) -> None:
    contract, award = drafted(market)
    with market.works.writing(market.agents[0][0]) as work:
        following = selection.decline(work, award.id, DeclineReason("主要人员同期承担其他项目"))
        assert following is not None
    with market.works.system() as work:
        service.on_award(work, {"id": following.id})
        service.on_award_declined(work, {"id": award.id})
    assert now(market, contract).state is ContractState.TERMINATED


def test_a_signed_contract_cannot_be_declined(market: Market) -> None:
    contract = signed(market)
    with (
        market.works.writing(market.agents[0][0]) as work,
        pytest.raises(Conflict, match="award-already-contracted"),
    ):
        selection.decline(work, contract.award_id, DeclineReason("主要人员同期承担其他项目"))


def test_overdue_contracts_are_told_to_both_sides(market: Market) -> None:
    contract, _award = drafted(market)
    with market.works.system() as work:
        service.remind_to_sign(work, contract.id)
    for actor in (market.owner, market.agents[0][0]):
        assert "contract-not-signed" in market.told(actor.org_id)
    sign_both(market, contract)
    with market.works.system() as work:
        service.remind_due(work, contract.id)
        service.remind_to_sign(work, contract.id)
    for actor in (market.owner, market.agents[0][0]):
        assert market.told(actor.org_id).count("contract-not-signed") == 1
        assert "result-late" in market.told(actor.org_id)


def test_nobody_else_moves_a_contract(market: Market) -> None:
    contract = signed(market)
    loser = market.agents[1][0]
    for stranger in (loser, market.world.city, market.world.town):
        with market.works.writing(stranger) as work, pytest.raises(Forbidden):
            service.deliver(work, contract.id, pdf(), Deliver())
        with market.works.writing(stranger) as work, pytest.raises(Forbidden):
            service.terminate(work, contract.id, ENDED)
    deliver(market, contract)
    for stranger in (loser, market.world.city, market.agents[0][0]):
        with market.works.writing(stranger) as work, pytest.raises(Forbidden):
            service.accept(work, contract.id)
        with market.works.writing(stranger) as work, pytest.raises(Forbidden):
            service.send_back(work, contract.id, Reason("第三章缺少投资估算表和附图"))


def test_a_refused_file_leaves_the_contract_as_it_was(market: Market) -> None:
    contract = signed(market)
    with pytest.raises(Invalid, match="file-type"), market.works.writing(market.agents[0][0]) as work:
        service.deliver(work, contract.id, pdf(b"MZ not a pdf", "报告.pdf"), Deliver())
    assert now(market, contract).state is ContractState.IN_SERVICE


def test_every_step_left_its_leaf_and_the_chain_holds(market: Market) -> None:
    contract = accepted(market)
    settle(market, contract, PaidLine("服务费", Money.from_yuan(100)))
    with market.works.reading() as work:
        assert audit.first_break(work.session) is None
        verbs = set(work.session.scalars(select(audit.AuditLeaf.verb)))
    assert {"contract.drafted", "contract.sign", "contract.deliver", "contract.accept", "contract.settle"} <= verbs
