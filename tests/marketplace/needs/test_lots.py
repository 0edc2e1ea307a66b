"""A notice of several lots: published, amended, put off and withdrawn together; each lot decided by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from accounts.models import Message
from core.errors import Conflict, Invalid, NotFound
from core.money import Money
from marketplace.needs import amending, family, lots, queries, service
from marketplace.needs.commands import AmendNeed, WriteLot, WriteNeed
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.lot_view import lots_view
from marketplace.needs.models import Lot, Need
from tests.marketplace.selection.world import ITEM, Market

TENDERS = "DG-C-54"
DESIGN = "DG-C-49"


def draft(market: Market, item: str = ITEM, **changes: Any) -> int:
    usual: dict[str, Any] = {
        "fund": "social", "no_ceiling_reason": "首次采购，没有可比价格", "town_code": "441900003",
    }  # fmt: skip
    with market.works.writing(market.owner) as work:
        command = WriteNeed(item, "松山湖厂房工程", "北区，3 万平方米", **{**usual, **changes})
        return int(service.create(work, command).id)


def add(market: Market, notice_id: int, name: str, **changes: Any) -> Lot:
    lot = WriteLot(name, f"{name}，2 万平方米", **{"no_ceiling_reason": "没有可比价格", **changes})
    with market.works.writing(market.owner) as work:
        return lots.add(work, notice_id, lot)


def rows(market: Market, need_id: int) -> list[tuple[Lot, Need]]:
    with market.works.reading() as work:
        return family.lots_of(work.session, need_id)


def publish(market: Market, notice_id: int) -> list[int]:
    with market.works.writing(market.owner) as work:
        service.publish(work, notice_id)
    return [need.id for _lot, need in rows(market, notice_id)]


def test_every_need_is_born_with_its_lot_whoever_makes_it(market: Market) -> None:
    need_id = draft(market)
    [(lot, need)] = rows(market, need_id)
    assert (lot.number, lot.notice_id, lot.need_id) == (1, need_id, need_id)
    assert need.title == "松山湖厂房工程"
    with market.works.writing(market.owner) as work:
        row = Need(
            org_id=market.owner.org_id, town_code="", item_code=ITEM, title="另一条", scale="x", fund="social",
            time_limit_days=1, method="merit", created_at=work.clock.now(),
        )  # fmt: skip
        work.add(row, "need.created")
    assert len(rows(market, row.id)) == 1
    with market.works.reading() as work:
        assert family.unsound(work.session) == []


@pytest.mark.parametrize(
    "values",
    [{"number": 0}, {"number": 2}, {"most_wins": 0}, {"need_id": None}],
    ids=["nought", "two-without-a-first", "no-win", "no-need"],
)
def test_the_database_keeps_lots_sound(market: Market, values: dict[str, Any]) -> None:
    need_id = draft(market)
    with pytest.raises(Conflict, match="constraint"), market.works.writing(market.owner) as work:
        work.session.execute(update(Lot).where(Lot.need_id == need_id).values(values))


def test_unsound_lots_are_found(market: Market) -> None:
    need_id, other = draft(market), draft(market)
    add(market, need_id, "南区")
    with market.works.writing(market.owner) as work:
        family.numbered(work.session, need_id, 2)[0].number = 3
        work.session.delete(family.lot_of(work.session, other))
        work.record(work.session.get_one(Need, need_id), "test.lot")
    with market.works.reading() as work:
        assert family.unsound(work.session) == sorted([need_id, other])


def test_lots_are_numbered_named_and_titled(market: Market) -> None:
    need_id = draft(market)
    with market.works.writing(market.owner) as work:
        lots.change(work, need_id, 1, WriteLot("北区", "3 万平方米", no_ceiling_reason="没有可比价格"))
    add(market, need_id, "南区")
    add(market, need_id, "西区")
    found = rows(market, need_id)
    assert [(lot.number, lot.name) for lot, _need in found] == [(1, "北区"), (2, "南区"), (3, "西区")]
    assert [need.title for _lot, need in found] == [
        "松山湖厂房工程（第 1 标段：北区）", "松山湖厂房工程（第 2 标段：南区）", "松山湖厂房工程（第 3 标段：西区）",
    ]  # fmt: skip
    with market.works.writing(market.owner) as work:
        lots.remove(work, need_id, 2)
    left = rows(market, need_id)
    assert [(lot.number, lot.name) for lot, _need in left] == [(1, "北区"), (2, "西区")]
    with market.works.reading() as work:
        assert work.session.get_one(Need, found[1][1].id).state is NeedState.WITHDRAWN
        assert family.unsound(work.session) == []
    with market.works.writing(market.owner) as work:
        lots.remove(work, need_id, 2)
    assert [need.title for _lot, need in rows(market, need_id)] == ["松山湖厂房工程"]


def test_dividing_is_refused_where_it_makes_no_sense(market: Market) -> None:
    need_id = draft(market)
    second = add(market, need_id, "南区")
    with pytest.raises(Invalid, match="lot-name-twice"):
        add(market, need_id, "南区")
    with pytest.raises(Invalid, match="lot-name-required"):
        add(market, need_id, " ")
    with market.works.writing(market.owner) as work:
        for number, code in ((1, "first-lot-stays"), (9, "lot-not-found")):
            with pytest.raises((Conflict, NotFound), match=code):
                lots.remove(work, need_id, number)
        with pytest.raises(Invalid, match="lot-limit-out-of-range"):
            lots.limit(work, need_id, 2)
        for deed in (service.publish, lambda work, one: lots.add(work, one, WriteLot("东区", "1 万平方米"))):
            with pytest.raises(Conflict, match="lot-goes-with-notice"):
                deed(work, second.need_id)
        with pytest.raises(Conflict, match="lot-goes-with-notice"):
            service.edit(work, second.need_id, service.command_of(work, work.session.get_one(Need, second.need_id)))
        lots.limit(work, need_id, 1)
    publish(market, need_id)
    with pytest.raises(Conflict, match="need-not-draft"):
        add(market, need_id, "东区")


def test_editing_the_notice_reaches_every_lot_and_leaves_what_is_its_own(market: Market) -> None:
    need_id = draft(market)
    add(market, need_id, "南区", ceiling=Money.from_wan(8), time_limit_days=33)
    with market.works.writing(market.owner) as work:
        need = work.session.get_one(Need, need_id)
        command = service.command_of(work, need)
        assert command.title == "松山湖厂房工程"
        values = {name: getattr(command, name) for name in command.__slots__}
        changed = {**values, "title": "松山湖厂房二期", "requirements": "退回时免费修改", "time_limit_days": 12}
        service.edit(work, need_id, WriteNeed(**changed))
    (_one, first), (_two, second) = rows(market, need_id)
    assert (first.title, second.title) == ("松山湖厂房二期（第 1 标段）", "松山湖厂房二期（第 2 标段：南区）")
    assert second.requirements == "退回时免费修改"
    assert (second.time_limit_days, second.ceiling, second.scale) == (33, Money.from_wan(8), "南区，2 万平方米")


def test_lots_are_published_together_under_one_number_or_not_at_all(market: Market) -> None:
    need_id = draft(market, fund="fiscal", ceiling=Money.from_wan(9))
    add(market, need_id, "南区")
    with pytest.raises(Invalid, match="ceiling-required") as refused:
        publish(market, need_id)
    assert refused.value.facts["lot"] == 2
    assert {need.state for _lot, need in rows(market, need_id)} == {NeedState.DRAFT}
    with market.works.writing(market.owner) as work:
        lots.change(work, need_id, 2, WriteLot("南区", "2 万平方米", ceiling=Money.from_wan(7)))
    market.agency()
    first, second = publish(market, need_id)
    needs = [need for _lot, need in rows(market, second)]
    assert [need.number for need in needs] == [f"DG-2026-{first:06d}", f"DG-2026-{first:06d}-L2"]
    assert needs[0].closes_at == needs[1].closes_at is not None
    with market.works.system() as work:
        for one in (first, second):
            service.tell_agencies(work, {"id": one})
        told = select(func.count()).select_from(Message).where(Message.code == "need-published")
        assert work.session.scalar(told) == 1


def test_deadline_amendment_and_withdrawal_go_for_all_open_lots(market: Market) -> None:
    need_id = draft(market)
    add(market, need_id, "南区")
    first, second = publish(market, need_id)
    later = rows(market, first)[0][1].closes_at
    assert later is not None
    later += timedelta(days=1)
    with market.works.writing(market.owner) as work:
        service.move_deadline(work, second, later, "资料补充")
    assert {need.closes_at for _lot, need in rows(market, first)} == {later}
    market.clock.instant = later - timedelta(hours=1)
    with market.works.writing(market.owner) as work:
        amending.amend(work, second, AmendNeed({"scale": "南区，2.5 万平方米"}, "面积调整"))
    (_one, head), (_two, tail) = rows(market, first)
    assert head.closes_at == tail.closes_at
    assert tail.closes_at is not None
    assert tail.closes_at > later
    assert (head.binding_amendment, tail.binding_amendment) == (0, 1)
    with market.works.writing(market.owner) as work:
        amending.amend(work, first, AmendNeed({"requirements": "提交纸质版三份"}, "补充要求"))
    assert [need.binding_amendment for _lot, need in rows(market, first)] == [1, 2]
    assert {need.requirements for _lot, need in rows(market, first)} == {"提交纸质版三份"}
    with market.works.writing(market.owner) as work:
        service.withdraw(work, second, "项目暂停")
    assert {need.state for _lot, need in rows(market, first)} == {NeedState.WITHDRAWN}


def test_a_lot_that_failed_is_asked_again_by_itself(market: Market) -> None:
    need_id = draft(market)
    add(market, need_id, "南区")
    first, second = publish(market, need_id)
    market.quote(first, 0, 300)
    market.close(first)
    market.close(second)
    assert [need.state for _lot, need in rows(market, first)] == [NeedState.SELECTING, NeedState.FAILED]
    with market.works.writing(market.owner) as work:
        again = service.repeat(work, second)
    [(lot, need)] = rows(market, again.id)
    assert (lot.number, need.title, need.repeats_id) == (1, "松山湖厂房工程·南区", second)


def test_splitting_past_the_size_of_compulsory_tender_is_warned_of_and_kept_in_the_audit(market: Market) -> None:
    need_id = draft(market, DESIGN, ceiling=Money.from_wan(60))
    with market.works.reading() as work:
        assert lots_view(work, work.session.get_one(Need, need_id))["warning"] == ""
    add(market, need_id, "南区", ceiling=Money.from_wan(39))
    with market.works.reading() as work:
        assert lots_view(work, work.session.get_one(Need, need_id))["warning"] == ""
    add(market, need_id, "西区", ceiling=Money.from_wan(1))
    with market.works.reading() as work:
        need = work.session.get_one(Need, need_id)
        warning = lots_view(work, need)["warning"]
        facts = [leaf.facts for leaf in queries.history(work.session, need_id) if leaf.verb == "need.lot-added"]
    assert "合计 100 万元" in warning
    assert "不得分拆标段规避招标" in warning
    assert facts[0] == {"number": 3, "total_fen": 100_000_000, "threshold_fen": 100_000_000}
    assert "total_fen" not in facts[1]
    other = draft(market, "DG-C-55", ceiling=Money.from_wan(600))
    add(market, other, "南区", ceiling=Money.from_wan(600))
    with market.works.reading() as work:
        assert lots_view(work, work.session.get_one(Need, other))["warning"] == ""


def test_the_fee_of_the_whole_is_the_sum_and_what_the_schedule_says_of_all_lots_at_once(market: Market) -> None:
    inputs = {"award_amount_wan": 300, "category": "works"}
    need_id = draft(market, TENDERS, fee_inputs=inputs)
    add(market, need_id, "南区", fee_inputs={"award_amount_wan": 200, "category": "works"})
    with market.works.reading() as work:
        view = lots_view(work, work.session.get_one(Need, need_id))
    # 300 万：100×1.0% + 200×0.7% = 2.4 万；200 万：1.7 万；合并 500 万：1 + 400×0.7% = 3.8 万，按金额分摊 3:2
    assert [one["benchmark_base"] for one in view["lots"]] == [Money.from_yuan(24_000), Money.from_yuan(17_000)]
    assert view["apart"] == Money.from_yuan(41_000)
    assert view["at_once"] == Money.from_yuan(38_000)
    assert [one["share"] for one in view["lots"]] == [Money.from_yuan(22_800), Money.from_yuan(15_200)]
    add(market, need_id, "西区", fee_inputs={"award_amount_wan": 200, "category": "goods"})
    with market.works.reading() as work:
        view = lots_view(work, work.session.get_one(Need, need_id))
    assert view["at_once"] is None
    assert view["apart"] is not None
