"""What a revision would have meant for last year's contracts: sums, the largest ten, and who may see it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, update

from admin.impact import queries
from admin.impact.rules import Worked, impact_of
from agencies.fees import texts
from agencies.fees.engine.reader import read_text
from agencies.revisions import overlay, service
from agencies.revisions.commands import WriteRevision
from core.access import OrgKind
from core.clock import FixedClock
from core.money import Money
from marketplace.contracts.models import Contract
from marketplace.needs.models import Need
from tests.agencies.revisions.conftest import CHEAPER, SCHEDULE, TEXT
from tests.marketplace.contracts.deal import signed
from tests.marketplace.selection.world import Market

FIRST = date(2020, 1, 1)
SUMS = st.none() | st.integers(0, 10**9).map(Money)


@pytest.fixture(autouse=True)
def _files_alone() -> Iterator[None]:
    texts.forget()
    yield
    texts.forget()


def contract_on(market: Market, inputs: dict[str, Any], name: str = SCHEDULE) -> Contract:
    """Sign a contract whose need rests on the demo schedule."""
    contract = signed(market)
    with market.works.engine.begin() as connection:
        connection.execute(
            update(Need).where(Need.id == contract.need_id).values(schedule_id=name, fee_inputs=inputs, fund="social")
        )
    return contract


def revised(market: Market, text: str = CHEAPER, on: date = FIRST) -> int:
    """Approve the schedule and draft its correction."""
    office = market.world.actor(OrgKind.PRICE_REGULATOR, "市场监督管理局", None)
    second = market.world.actor(OrgKind.ADMINISTRATION, "市级管理办公室", None)
    with market.works.writing(office) as work:
        row = service.draft(work, WriteRevision(SCHEDULE, TEXT, FIRST, "收录演示标准", "演示价[2020]1号"))
        service.propose(work, row.id)
    with market.works.writing(second) as work:
        service.approve(work, row.id, "核对过，与原文一致")
    with market.works.writing(office) as work:
        return service.draft(work, WriteRevision(SCHEDULE, text, on, "原文抄错一档", "演示价[2020]1号")).id


def worked(market: Market, on: date = FIRST) -> list[Worked]:
    pair = (read_text(TEXT, "toml"), read_text(CHEAPER, "toml"))
    with market.works.reading() as work:
        return list(queries.contracts_under(work.session, SCHEDULE, pair, on, work.clock.now()))


def test_the_page_says_how_many_change_and_by_how_much(client: FlaskClient, market: Market) -> None:
    contract = contract_on(market, {"amount": "100"})
    revision_id = revised(market)
    market.world.sign_in(client, market.world.city)
    text = client.get(f"/fee-revisions/{revision_id}/impact").get_data(as_text=True)
    assert "近一年的 1 份合同里，1 份的基准价变动" in text
    assert "-2,000.00 元" in text
    assert f'href="/contracts/{contract.id}"' in text
    assert 'role="img"' in text
    market.world.sign_in(client, market.owner)
    assert client.get(f"/fee-revisions/{revision_id}/impact").status_code == 403


def test_without_contracts_the_page_says_so(client: FlaskClient, market: Market) -> None:
    revision_id = revised(market)
    market.world.sign_in(client, market.world.city)
    assert "没有可算的合同" in client.get(f"/fee-revisions/{revision_id}/impact").get_data(as_text=True)


def test_a_contract_of_the_year_before_is_left_out(market: Market, clock: FixedClock) -> None:
    contract_on(market, {"amount": "100"})
    revised(market)
    with market.works.reading() as work:
        overlay.refresh(work)
    assert len(worked(market)) == 1
    clock.instant += timedelta(days=400)
    assert worked(market) == []


def test_a_text_of_tomorrow_is_tried_on_yesterdays_contracts(market: Market) -> None:
    contract_on(market, {"amount": "100"}, "演示收费")
    revised(market)
    with market.works.reading() as work:
        overlay.refresh(work)
    (found,) = worked(market, date(2027, 1, 1))
    assert (found.old, found.new) == (Money.from_yuan(10_000), Money.from_yuan(8_000))
    assert found.comes_above is (found.amount > Money.from_yuan(8_000) and found.amount <= Money.from_yuan(10_000))


def test_what_cannot_be_worked_out_is_counted_and_not_guessed(market: Market) -> None:
    contract_on(market, {"other": "100"})
    revised(market)
    with market.works.reading() as work:
        overlay.refresh(work)
    found = impact_of(worked(market))
    assert (found.looked, found.unworked, found.changed) == (1, 1, 0)


def test_the_contracts_are_read_in_chunks(market: Market, monkeypatch: Any) -> None:
    contract_on(market, {"amount": "100"})
    revised(market)
    with market.works.reading() as work:
        overlay.refresh(work)
    monkeypatch.setattr(queries, "CHUNK", 1)
    asked: list[str] = []
    event.listen(market.works.engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
    assert len(worked(market)) == 1
    assert sum("FROM contract" in one for one in asked) == 2


@given(pairs=st.lists(st.tuples(SUMS, SUMS), max_size=30))
def test_the_sums_are_those_of_the_contracts(pairs: list[tuple[Money | None, Money | None]]) -> None:
    contracts = [
        Worked(place, str(place), "", Money(1), old, new, None, None) for place, (old, new) in enumerate(pairs)
    ]
    found = impact_of(contracts)
    gaps = [new.fen - old.fen for old, new in pairs if old is not None and new is not None]
    assert found.difference.fen == sum(gaps)
    assert found.changed == sum(old != new for old, new in pairs)
    expected = sorted((abs(one.difference.fen) for one in contracts if one.changed), reverse=True)[:10]
    assert [abs(one.difference.fen) for one in found.largest] == expected
