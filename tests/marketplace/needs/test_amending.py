"""Amending an open notice and inviting agencies, through the services on a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import deadlines, outbox
from core.access import Actor
from core.audit import AuditLeaf
from core.deadlines import Deadline
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from core.workdays import add_workdays, close_of
from marketplace.needs import amending, inviting, queries
from marketplace.needs import events as needs
from marketplace.needs.commands import AmendNeed
from marketplace.needs.models import NeedAmendment
from marketplace.quotes import service as quotes
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from tests.marketplace.selection.world import Market

WHY = "设计单位补充了图纸"
FISCAL: dict[str, Any] = {"fund": "fiscal", "ceiling": Money.from_yuan(200)}


def amend(market: Market, need_id: int, actor: Actor | None = None, **changes: Any) -> NeedAmendment:
    closes_at = changes.pop("closes_at", None)
    with market.works.writing(actor or market.owner) as work:
        return amending.amend(work, need_id, AmendNeed(changes, WHY, closes_at))


def relay(market: Market) -> None:
    wiring: outbox.Wiring = {needs.AMENDED: [quotes.tell_amended], needs.EXTENDED: [amending.tell_extended]}
    outbox.relay(market.works, wiring)


def test_a_material_change_restarts_the_clock_and_is_numbered_in_public(market: Market) -> None:
    need_id = market.publish(**FISCAL)
    market.clock.advance(timedelta(days=2))
    row = amend(market, need_id, ceiling=Money.from_yuan(150), scale="建筑面积 5 万平方米")
    need = market.need(need_id)
    assert (row.number, row.is_material, need.binding_amendment) == (1, True, 1)
    assert need.closes_at == row.closes_after == close_of(add_workdays(market.clock.now().date(), 3))
    assert row.closes_after > row.closes_before
    assert [(one["field"], one["before"], one["after"]) for one in row.changes] == [
        ("scale", "建筑面积 3 万平方米", "建筑面积 5 万平方米"),
        ("ceiling", 20000, 15000),
    ]
    with market.works.reading() as work:
        due = work.session.scalars(select(Deadline.due_at).where(Deadline.kind == needs.CLOSE)).one()
        verbs = work.session.scalars(select(AuditLeaf.verb).order_by(AuditLeaf.seq.desc()).limit(2)).all()
    assert due == need.closes_at
    assert set(verbs) == {"need.amend", "need_amendment.published"}
    assert amend(market, need_id, time_limit_days=40).number == 2


def test_contact_data_moves_no_deadline_and_asks_nobody(market: Market) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)
    before = market.need(need_id).closes_at
    row = amend(market, need_id, contact_phone="0769-22830000")
    need = market.need(need_id)
    assert (row.is_material, need.closes_at, need.binding_amendment) == (False, before, 0)
    relay(market)
    assert "bidder-amended" not in market.told(market.agents[0][0].org_id)
    market.close(need_id)
    with market.works.reading() as work:
        assert work.session.scalars(select(Quote.state)).one() is QuoteState.OPENED


def test_a_quote_handed_in_before_is_kept_sealed_and_counts_once_confirmed(market: Market) -> None:
    need_id = market.publish(ceiling=Money.from_yuan(400))
    confirmed, silent = market.quote(need_id, 0, 100), market.quote(need_id, 1, 90)
    amend(market, need_id, requirements="另附三份纸质报告")
    relay(market)
    relay(market)
    assert market.told(market.agents[0][0].org_id).count("bidder-amended") == 1
    with market.works.writing(market.agents[0][0]) as work:
        assert quotes.confirm(work, need_id).amount is None
    with pytest.raises(Conflict, match="nothing-to-confirm"), market.works.writing(market.agents[0][0]) as work:
        quotes.confirm(work, need_id)
    market.close(need_id)
    with market.works.reading() as work:
        one, other = work.session.get_one(Quote, confirmed), work.session.get_one(Quote, silent)
    assert (one.state, one.amount) == (QuoteState.OPENED, Money.from_yuan(100))
    assert (other.state, other.invalid_reason, other.amount) == (QuoteState.INVALID, "unconfirmed", None)
    assert "quote-invalid-unconfirmed" in market.told(market.agents[1][0].org_id)


def test_a_quote_replaced_after_an_amendment_needs_no_confirmation(market: Market) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)
    amend(market, need_id, time_limit_days=30)
    market.quote(need_id, 0, 80)
    market.close(need_id)
    with market.works.reading() as work:
        assert set(work.session.scalars(select(Quote.state))) == {QuoteState.REPLACED, QuoteState.OPENED}


def test_a_sealed_price_above_the_new_ceiling_cannot_be_confirmed(market: Market) -> None:
    need_id = market.publish(ceiling=Money.from_yuan(400))
    market.quote(need_id, 0, 300)
    amend(market, need_id, ceiling=Money.from_yuan(200))
    with pytest.raises(Conflict, match="above-amended-ceiling"), market.works.writing(market.agents[0][0]) as work:
        quotes.confirm(work, need_id)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fund": "social"}, "field-not-amendable"),
        ({"scale": "建筑面积 3 万平方米"}, "nothing-amended"),
        ({"ceiling": None}, "ceiling-required"),
        ({"time_limit_days": 0}, "time-limit-required"),
        ({"scale": " "}, "scale-required"),
    ],
)
def test_what_could_not_be_published_cannot_be_amended_to(market: Market, changes: dict[str, Any], code: str) -> None:
    need_id = market.publish(**FISCAL)
    with pytest.raises(Invalid, match=code):
        amend(market, need_id, **changes)
    assert market.need(need_id).binding_amendment == 0


def test_a_deadline_of_ones_own_leaves_the_shortest_period_and_is_never_earlier(market: Market) -> None:
    need_id = market.publish(**FISCAL)
    closes_at = market.closes_at(need_id)
    market.clock.advance(timedelta(days=2))
    with pytest.raises(Invalid, match="close-too-early"):
        amend(market, need_id, scale="建筑面积 5 万平方米", closes_at=closes_at)
    with pytest.raises(Invalid, match="deadline-not-later"):
        amend(market, need_id, contact_name="陈静", closes_at=closes_at - timedelta(days=1))
    later = close_of(add_workdays(closes_at.date(), 6))
    assert amend(market, need_id, scale="建筑面积 5 万平方米", closes_at=later).closes_after == later


def test_nobody_amends_or_invites_after_closing_or_for_another(market: Market) -> None:
    need_id = market.publish()
    actor, agency_id = market.agency()
    with pytest.raises(Forbidden):
        amend(market, need_id, actor, time_limit_days=30)
    with pytest.raises(Forbidden), market.works.writing(actor) as work:
        inviting.invite(work, need_id, [agency_id])
    market.quote(need_id, 0, 100)
    market.close(need_id)
    with pytest.raises(Conflict, match="need-closed-already"):
        amend(market, need_id, time_limit_days=30)
    with pytest.raises(Conflict, match="invitation-closed"), market.works.writing(market.owner) as work:
        inviting.invite(work, need_id, [agency_id])


def test_invited_agencies_are_told_once_and_others_may_quote(market: Market) -> None:
    (actor, agency_id), (_out, out_id) = market.agency(), market.agency()
    need_id = market.publish(avoid=((out_id, "关联企业"),))
    for _ in range(2):
        with market.works.writing(market.owner) as work:
            inviting.invite(work, need_id, [agency_id])
    assert market.told(actor.org_id).count("need-invited") == 1
    with pytest.raises(Invalid, match="invitation-avoided"), market.works.writing(market.owner) as work:
        inviting.invite(work, need_id, [out_id])
    with pytest.raises(Invalid, match="invitation-not-offering"), market.works.writing(market.owner) as work:
        inviting.invite(work, need_id, [4711])
    with pytest.raises(Invalid, match="invitation-empty"), market.works.writing(market.owner) as work:
        inviting.invite(work, need_id, [])
    with market.works.reading() as work:
        assert [row.agency_id for row in queries.invitations_of(work.session, need_id)] == [agency_id]
    market.quote(need_id, 2, 100)


def settle(market: Market) -> int:
    return deadlines.run_due(
        market.works, {needs.CLOSE: quotes.open_quotes, "registration.review": lambda _w, _i: None}
    )


def test_two_quotes_for_fiscal_money_extend_once_and_stay_sealed_meanwhile(market: Market) -> None:
    need_id = market.publish(**FISCAL)
    ids = [market.quote(need_id, place, price) for place, price in enumerate((100, 110))]
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    settle(market)
    need = market.need(need_id)
    assert (str(need.state), need.extensions, need.opened_at) == ("open", 1, None)
    assert need.closes_at == close_of(add_workdays(closes_at.date(), 2))
    with market.works.reading() as work:
        rows = [work.session.get_one(Quote, one) for one in ids]
    assert [(one.state, one.amount, one.days) for one in rows] == [(QuoteState.SEALED, None, None)] * 2
    relay(market)
    everybody = [market.told(actor.org_id).count("need-more-time") for actor, _id in market.agents]
    assert everybody == [1, 1]
    market.close(need_id)
    need = market.need(need_id)
    assert (str(need.state), need.extensions) == ("selecting", 1)
    with pytest.raises(Invalid, match="reason-too-short"):
        market.award(need_id, ids[0])
    assert market.award(need_id, ids[0], "延长后仍只有两家，价格合理，方案可行").rank == 1


def test_a_third_quote_in_the_extension_needs_no_reason(market: Market) -> None:
    need_id = market.publish(**FISCAL)
    ids = [market.quote(need_id, place, price) for place, price in enumerate((100, 110))]
    market.close(need_id)
    market.quote(need_id, 2, 120)
    market.close(need_id)
    assert market.award(need_id, ids[0]).rank == 1


@pytest.mark.parametrize(
    ("fund", "prices", "state", "reason"),
    [
        ("fiscal", (), "failed", "no-quotes"),
        ("fiscal", (100,), "failed", "one-quote"),
        ("fiscal", (100, 110, 120), "selecting", ""),
        ("social", (), "failed", "no-quotes"),
        ("social", (100,), "selecting", ""),
        ("social", (100, 110), "selecting", ""),
    ],
)
def test_every_number_of_quotes_comes_to_an_end(
    market: Market, fund: str, prices: tuple[int, ...], state: str, reason: str
) -> None:
    need_id = market.publish(fund=fund, ceiling=Money.from_yuan(200))
    for place, price in enumerate(prices):
        market.quote(need_id, place, price)
    market.close(need_id)
    need = market.need(need_id)
    assert (str(need.state), need.failed_reason, need.extensions) == (state, reason, 0)
