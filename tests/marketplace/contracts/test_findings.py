"""What signing, settling and opening give the price regulator to look at, found in whole deals; none of it blocks."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.catalogue.models import ServiceItem
from agencies.catalogue.reference_types import PriceRegime
from agencies.fees import service as fees
from agencies.fees.commands import PostPrice
from agencies.fees.lifecycle import CaseKind
from agencies.fees.models import FeeCase, PostedPrice
from core.access import Actor, OrgKind
from core.money import Money
from marketplace.contracts import comparison, findings, service
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import PaidLine
from tests.marketplace.contracts.deal import accepted, drafted, settle, sign_both, signed
from tests.marketplace.selection.world import ITEM, Market

DEAR = (900_000, 950_000)


def cases(market: Market, kind: CaseKind) -> Sequence[FeeCase]:
    with market.works.reading() as work:
        return work.session.scalars(select(FeeCase).where(FeeCase.kind == kind).order_by(FeeCase.id)).all()


def of_contract(market: Market, kind: CaseKind, contract: Contract) -> list[FeeCase]:
    return [one for one in cases(market, kind) if (one.object_kind, one.object_id) == ("contract", contract.id)]


def finished(market: Market, count: int, first: int = 10_000) -> None:
    """Finish so many contracts of the same item, each a thousand yuan dearer."""
    for place in range(count):
        price = first + 1000 * place
        accepted(market, price, price + 100)


def free(market: Market) -> None:
    """Let the item be one that costs the enterprise nothing, as its own document says."""
    with market.works.system() as work:
        item = work.session.scalars(select(ServiceItem).where(ServiceItem.code == ITEM)).one()
        item.price_regime = PriceRegime.ZERO
        work.record(item, "test.freed")


@pytest.mark.parametrize(("price", "end"), [(90_000, 17_000), (1_000, 10_000)])
def test_a_price_outside_the_usual_span_of_eight_is_marked(market: Market, price: int, end: int) -> None:
    finished(market, 8)
    far = signed(market, price, price + 100)
    (found,) = of_contract(market, CaseKind.UNUSUAL_PRICE, far)
    assert (found.found, found.compared) == (Money.from_yuan(price), Money.from_yuan(end))
    assert found.evidence["similar"] == {"low_fen": 1_000_000, "high_fen": 1_700_000, "count": 8}
    assert found.evidence["rule"]["does"] == "mark"


def test_a_price_inside_the_span_or_beside_seven_is_not(market: Market) -> None:
    finished(market, 7)
    assert of_contract(market, CaseKind.UNUSUAL_PRICE, signed(market, 90_000, 91_000)) == []
    finished(market, 1, 17_000)
    assert of_contract(market, CaseKind.UNUSUAL_PRICE, signed(market, 17_000, 18_000)) == []


def test_the_evidence_page_plots_the_similar_ones_without_a_name(market: Market, client: FlaskClient) -> None:
    finished(market, 8)
    (found,) = of_contract(market, CaseKind.UNUSUAL_PRICE, signed(market, 90_000, 91_000))
    regulator = market.world.actor(OrgKind.PRICE_REGULATOR, "市场监督管理局", None)
    with market.works.reading(regulator) as work:
        assert sorted(comparison.similar_to(work, found)) == [1_000_000 + 100_000 * place for place in range(8)]
    market.world.sign_in(client, regulator)
    page = client.get(f"/cases/{found.id}")
    assert page.status_code == 200
    assert "<svg" in page.text
    assert "违法" not in page.text


def test_a_charge_for_what_costs_nothing_opens_a_case(market: Market) -> None:
    paid = signed(market)
    free(market)
    contract, _award = drafted(market, 300, 400)
    sign_both(market, contract)
    (found,) = of_contract(market, CaseKind.ZERO_CHARGE, contract)
    assert (found.found, found.compared) == (Money.from_yuan(300), Money(0))
    assert of_contract(market, CaseKind.ZERO_CHARGE, paid) == []


def test_two_contracts_just_under_the_threshold_are_told_together(market: Market) -> None:
    first = signed(market, *DEAR)
    assert of_contract(market, CaseKind.FEE_SPLIT, first) == []
    second = signed(market, *DEAR)
    (found,) = of_contract(market, CaseKind.FEE_SPLIT, second)
    assert (found.found, found.compared) == (Money.from_yuan(1_800_000), Money.from_yuan(1_000_000))
    with market.works.reading() as work:
        numbers = list(work.session.scalars(select(Contract.number).order_by(Contract.id)))
    assert found.evidence["contracts"] == numbers


def post(market: Market, agent: Actor, agency_id: int, extra: str) -> None:
    with market.works.writing(agent) as work:
        price = PostPrice(ITEM, "fixed", amount=Money.from_yuan(500), included="报告两份", extra=extra)
        fees.post_price(work, agency_id, price)


def test_a_settled_line_nobody_had_written_down_opens_a_case(market: Market) -> None:
    agent, agency_id = market.agency()
    post(market, agent, agency_id, "专家评审费另计")
    contract = accepted(market, 100, 200)
    lines = (("服务费", 100), ("专家评审费", 20), ("加急费", 30))
    paid = (PaidLine(name, Money.from_yuan(yuan)) for name, yuan in lines)
    settle(market, contract, *paid, reason="业主要求加急完成，另付加急费")
    (found,) = of_contract(market, CaseKind.UNKNOWN_EXTRA, contract)
    assert (found.found, found.compared) == (Money.from_yuan(150), Money.from_yuan(120))
    assert found.evidence["lines"] == [{"name": "加急费", "amount_fen": 3000}]


def test_a_contract_is_held_against_the_price_its_quote_was_held_against(market: Market) -> None:
    agent, agency_id = market.agency()
    market.agency()
    post(market, agent, agency_id, "加急费另计")
    need_id = market.publish()
    ids = [market.quote(need_id, place, yuan) for place, yuan in enumerate((100, 200))]
    market.clock.instant += timedelta(minutes=5)
    post(market, agent, agency_id, "没有")
    market.close(need_id)
    award = market.award(need_id, ids[0])
    with market.works.system() as work:
        contract = service.draft_from_award(work, award.id)
        assert contract is not None
        known = findings.evidence(work, contract, "")
    with market.works.reading() as work:
        assert work.session.get_one(PostedPrice, known["posted_price_id"]).extra == "加急费另计"


def test_a_price_under_half_the_others_asks_for_an_explanation_and_stays_valid(market: Market) -> None:
    need_id, (low, _mid, _high) = market.opened(300, 1000, 1100)
    (found,) = [one for one in cases(market, CaseKind.ABNORMALLY_LOW) if one.need_id == need_id]
    assert (found.object_kind, found.object_id, found.found) == ("quote", low, Money.from_yuan(300))
    assert found.compared == Money.from_yuan(400)
    assert market.award(need_id, low, "解释合理，方案更贴近进度").quote_id == low
