"""The monthly bulletin: drafted, issued once the month is over, then public."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from admin.compliance import service
from admin.compliance.rules import Month, month_of, read_month
from core.access import OrgKind
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.errors import Conflict, Forbidden, NotFound
from tests.agencies.fees.conftest import Market, market

__all__ = ["market"]


def test_months_follow_each_other() -> None:
    assert Month(2026, 12).next() == Month(2027, 1)
    assert Month(2027, 1).before() == Month(2026, 12)
    for text in ("2026-13", "2026-1", "x", "1999-01"):
        with pytest.raises(NotFound):
            read_month(text)


def test_a_bulletin_is_issued_after_the_month_by_the_regulator_and_then_public(
    market: Market, clock: FixedClock, client: FlaskClient
) -> None:
    market.case()
    month = month_of(clock.instant)
    with pytest.raises(Conflict, match="bulletin-month-running"), market.works.writing(market.regulator) as work:
        service.issue(work, month)
    assert client.get(f"/bulletins/{month.text}").status_code == HTTPStatus.NOT_FOUND
    clock.instant = month.until + timedelta(hours=1)
    with pytest.raises(Forbidden), market.works.writing(market.agency) as work:
        service.issue(work, month)
    with market.works.writing(market.regulator) as work:
        code = service.issue(work, month).code
    with market.works.writing(market.regulator) as work:
        assert service.issue(work, month).code == code
    with market.works.reading() as work:
        (leaf,) = work.session.scalars(select(AuditLeaf).where(AuditLeaf.verb == "fee_bulletin.issued"))
    assert (leaf.facts["month"], leaf.facts["again"], leaf.user_id) == (month.text, False, market.regulator.user_id)
    page = client.get(f"/bulletins/{month.text}").get_data(as_text=True)
    assert "2,000.00" in page
    assert client.get(f"/bulletins/{month.text}.csv").get_data().startswith(b"\xef\xbb\xbf")
    assert client.get(f"/papers/{code}.pdf").get_data().startswith(b"%PDF")
    found = client.get(f"/api/v1/fee-bulletins/{month.text}").get_json()
    assert (found["findings"], found["upheld"], found["stake_fen"]) == (1, 0, 200_000)
    assert client.get("/bulletins").status_code == HTTPStatus.OK


def test_an_office_sees_the_draft(market: Market, clock: FixedClock, client: FlaskClient) -> None:
    market.case()
    market.world.sign_in(client, market.world.actor(OrgKind.PRICE_REGULATOR, "市发改局", None))
    assert client.get(f"/bulletins/{month_of(clock.instant).text}/draft").status_code == HTTPStatus.OK
