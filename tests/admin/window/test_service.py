"""A visit, what the enterprise consents to, what the clerk files under it, and what is couriered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts.models import Membership, Organisation, User
from admin.window import courier, filing, queries, service
from admin.window.commands import Announce, End, FoundEnterprise, Receive, RecordConsent, Send, Sign, TypeCode
from admin.window.lifecycle import ConsentKind, ConsentState, Party, ShipmentState, Signer, VisitState
from admin.window.models import Visit
from admin.window.panels import desk_panels
from admin.window.showing import originals_signed
from core import deadlines
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.errors import Conflict, DomainError, Forbidden, Invalid, SignInRequired
from core.outbox import OutboxEvent
from marketplace.contracts import service as contracts
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from tests.admin.window.conftest import NEED, UNTIL, Window
from tests.agencies.registration.world import credit_code
from web.wiring import DEADLINES

OTHER_ITEM = "DG-A-02"


def test_a_clerk_files_under_a_signed_paper_and_the_leaves_say_who_and_why(window: Window) -> None:
    visit_id, need_id = window.filed()
    with window.market.works.reading() as work:
        need = work.session.get_one(Need, need_id)
        consent = queries.consent_of(work.session, visit_id)
        leaves = list(work.session.scalars(select(AuditLeaf).order_by(AuditLeaf.seq)))
        paper = filing.receipt_of(work.session, visit_id)
    assert (need.state, need.org_id, need.town_code) == (NeedState.OPEN, window.owner.org_id, window.clerk.town_code)
    assert (consent.state, consent.need_id) == (ConsentState.USED_UP, need_id)
    made = {leaf.verb: leaf for leaf in leaves}
    for verb in ("need.created", "need.publish", "window.filed"):
        assert (made[verb].user_id, made[verb].org_id) == (window.clerk.user_id, window.clerk.org_id)
    assert made["window.filed"].facts["consent"] == consent.id
    assert "window-filed" in window.told(window.owner)
    assert paper is not None
    assert [need.number, need.title] == [dict(paper.data["lines"])[key] for key in ("公告编号", "项目")]


def test_no_leaf_and_no_receipt_holds_the_visitors_name(window: Window) -> None:
    visit_id, _need_id = window.filed()
    with window.market.works.reading() as work:
        texts = [str(leaf.facts) for leaf in work.session.scalars(select(AuditLeaf))]
        paper = filing.receipt_of(work.session, visit_id)
        assert queries.visit_by_id(work.session, visit_id).visitor_name == "王小明"
        raw = work.session.connection().exec_driver_sql("select visitor_name from window_visit").scalar_one()
    assert paper is not None
    assert [text for text in (*texts, str(paper.data)) if "王小明" in text] == []
    assert "王小明".encode() not in bytes(raw)


def test_a_consent_is_good_for_one_filing_of_what_it_names(window: Window) -> None:
    visit_id = window.received()
    with pytest.raises(DomainError, match="consent-not-found"):
        window.act(window.clerk, filing.file_need, visit_id, NEED)
    window.consented(visit_id, OTHER_ITEM)
    with pytest.raises(Invalid, match="consent-names-other"):
        window.act(window.clerk, filing.file_need, visit_id, NEED)
    visit_id, _need_id = window.filed()
    with pytest.raises(Forbidden):
        window.act(window.clerk, filing.file_need, visit_id, NEED)


def test_nothing_is_filed_by_another_town_before_the_code_or_after_the_end(window: Window, clock: FixedClock) -> None:
    visit_id = window.received()
    consent_id, code = window.by_code(visit_id)
    with pytest.raises(Forbidden):
        window.act(window.clerk, filing.file_need, visit_id, NEED)
    assert window.confirmed(consent_id, code)
    with pytest.raises(Forbidden):
        window.act(window.market.world.other_town, filing.file_need, visit_id, NEED)
    clock.instant += timedelta(days=300)
    with pytest.raises(Conflict, match="consent-over"):
        window.act(window.clerk, filing.file_need, visit_id, NEED)
    service.expire_if_due(window.market.works, visit_id)
    with window.market.works.reading() as work:
        assert queries.consent_of(work.session, visit_id).state is ConsentState.EXPIRED
        assert work.session.scalars(select(Need)).all() == []


def test_the_code_is_typed_by_the_enterprise_alone_and_seldom_wrong(window: Window) -> None:
    visit_id = window.received()
    consent_id, code = window.by_code(visit_id)
    wrong = "000000" if code != "000000" else "111111"
    with pytest.raises(Forbidden):
        window.act(window.clerk, service.confirm, consent_id, TypeCode(code))
    assert [window.confirmed(consent_id, wrong) for _try in range(5)] == [False] * 5
    with pytest.raises(Conflict, match="consent-tries"):
        window.confirmed(consent_id, code)
    again, code = window.by_code(visit_id)
    assert window.confirmed(again, code)
    assert window.told(window.clerk) == ["window-consent-given"]


def test_an_enterprise_takes_its_consent_back_and_nothing_can_be_filed(window: Window) -> None:
    visit_id = window.received()
    consent_id = window.consented(visit_id)
    with pytest.raises(Forbidden):
        window.act(window.clerk, service.withdraw, consent_id)
    window.act(window.owner, service.withdraw, consent_id)
    assert "window-consent-withdrawn" in window.told(window.clerk)
    with pytest.raises(Forbidden):
        window.act(window.clerk, filing.file_need, visit_id, NEED)


def test_a_consent_ends_with_its_day_and_with_its_visit(window: Window, clock: FixedClock) -> None:
    first, second = window.received(), window.received()
    ends = [window.consented(first, until=date(2026, 3, 20)), window.consented(second)]
    clock.instant += timedelta(days=10)
    deadlines.run_due(window.market.works, DEADLINES)
    window.act(window.clerk, service.finish, second)
    with window.market.works.reading() as work:
        found = [queries.consent_by_id(work.session, one).state for one in ends]
    assert found == [ConsentState.EXPIRED] * 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"enterprise": "没有这家企业"}, "enterprise-unknown"),
        ({"need_number": "DG-2026-999999"}, "window-need-unknown"),
    ],
)
def test_a_visitor_is_of_an_enterprise_that_exists(window: Window, changes: dict[str, str], code: str) -> None:
    usual = {"enterprise": window.name_of(window.owner), "visitor_name": "王小明", "matter": "咨询", "need_number": ""}
    with pytest.raises(Invalid, match=code):
        window.act(window.clerk, service.receive, Receive(**{**usual, **changes}))
    with pytest.raises(Invalid, match="enterprise-other-town"):
        window.act(window.market.world.other_town, service.receive, Receive(**usual))
    with pytest.raises(Forbidden):
        window.act(window.owner, service.receive, Receive(**usual))


def test_a_consent_without_its_paper_is_none(window: Window) -> None:
    command = RecordConsent(ConsentKind.PAPER, NEED.item_code, "代为发布采购需求", UNTIL)
    with pytest.raises(Invalid, match="consent-scan-missing"):
        window.act(window.clerk, service.record_consent, window.received(), command)


def test_an_enterprise_is_entered_at_the_window_and_sets_its_own_password(window: Window) -> None:
    command = FoundEnterprise("东莞市丙五金有限公司", credit_code(900), "刘强", "13900139000", "liu@example.com", True)
    org = window.act(window.clerk, service.found_enterprise, command, site="http://localhost")
    with window.market.works.reading() as work:
        row = work.session.get_one(Organisation, org.id)
        seat = work.session.scalars(select(Membership).where(Membership.org_id == org.id)).one()
        assert row.town_code == window.clerk.town_code
        assert work.session.get_one(User, seat.user_id).display_name == "刘强"
        assert "password-reset.asked" in work.session.scalars(select(OutboxEvent.name)).all()
    with pytest.raises(Invalid, match="terms-not-agreed"):
        window.act(window.clerk, service.found_enterprise, FoundEnterprise("x", credit_code(901), "y", "", ""))


def test_visits_are_counted_per_purchase_and_those_cancelled_are_not(window: Window, clock: FixedClock) -> None:
    visit_id, filed = window.filed()
    with pytest.raises(Conflict, match="visit-filed"):
        window.act(window.clerk, service.cancel, visit_id, End("登记错了企业"))
    silent = window.market.publish()
    with window.market.works.reading() as work:
        number = work.session.get_one(Need, filed).number or ""
    twice = window.received(number)
    window.act(window.clerk, service.cancel, window.received(number), End("登记错了企业"))
    window.act(window.clerk, service.finish, twice)
    with window.market.works.reading() as work:
        since, until = clock.instant - timedelta(days=30), clock.instant + timedelta(days=1)
        assert [queries.visits_n(work.session, one) for one in (filed, silent)] == [2, 0]
        for by in ("item", "town"):
            (tally,) = queries.tallies(work.session, by, since, until)
            assert (tally.zero, tally.one, tally.more) == (1, 0, 1)
            assert tally.shares() == (None, None, None)
        assert queries.tallies(work.session, "item", since - timedelta(days=60), since) == []
        states = {row.state for row in work.session.scalars(select(Visit))}
    assert states == {VisitState.OPEN, VisitState.DONE, VisitState.CANCELLED}


def test_a_shipment_is_signed_for_by_time_and_role(window: Window, clock: FixedClock) -> None:
    _visit_id, need_id = window.filed()
    shipment_id = window.sent(need_id)
    assert "shipment-sent" in window.told(window.clerk)
    clock.instant += timedelta(days=2)
    at = clock.instant - timedelta(hours=3)
    with pytest.raises(Forbidden):
        window.act(window.owner, courier.sign, shipment_id, Sign(at, Signer.RECEPTION))
    with pytest.raises(Invalid, match="signature-time"):
        window.act(window.clerk, courier.sign, shipment_id, Sign(at - timedelta(days=9), Signer.RECEPTION))
    row = window.act(window.clerk, courier.sign, shipment_id, Sign(at, Signer.RECEPTION))
    assert (row.state, row.signed_at, row.signed_by) == (ShipmentState.SIGNED, at, Signer.RECEPTION)
    assert "shipment-signed" in window.told(window.owner)
    with pytest.raises(Conflict):
        window.act(window.clerk, courier.lose, shipment_id, End("其实没有收到"))


def test_a_shipment_needs_a_receiver_and_a_number_that_fits(window: Window) -> None:
    _visit_id, need_id = window.filed()
    with pytest.raises(Invalid, match="receiver-missing"):
        window.act(window.clerk, courier.announce, need_id, Announce(Party.AGENCY, "sf", "报告原件"))
    with pytest.raises(Invalid, match="receiver-self"):
        window.act(window.clerk, courier.announce, need_id, Announce(Party.WINDOW, "sf", "报告原件"))
    for stranger in (window.market.world.other_town, window.market.agency()[0]):
        with pytest.raises((Forbidden, SignInRequired)):
            window.act(stranger, courier.announce, need_id, Announce(Party.ENTERPRISE, "sf", "报告原件"))
    row = window.act(window.clerk, courier.announce, need_id, Announce(Party.ENTERPRISE, "sf", "报告原件"))
    with pytest.raises(Invalid, match="tracking-shape"):
        window.act(window.clerk, courier.send, row.id, Send("已经送到"))
    window.sent(need_id)
    with pytest.raises(Invalid, match="tracking-known"):
        window.act(window.clerk, courier.send, row.id, Send("SF1234567890123"))
    lost = window.act(window.owner, courier.send_back, row.id, End("地址写错，没有寄出"))
    assert lost.state is ShipmentState.RETURNED


def test_the_originals_of_a_report_are_signed_beside_the_contracts_clock(window: Window, clock: FixedClock) -> None:
    need_id, (quote_id,) = window.market.opened(100)
    window.market.award(need_id, quote_id)
    with window.market.works.system() as work:
        contract = contracts.contract_for_need(work, need_id)
    agency = window.market.agents[0][0]
    said = Announce(Party.ENTERPRISE, "ems", "报告书原件三份", is_originals=True)
    row = window.act(agency, courier.announce, need_id, said)
    assert (row.contract_id, row.to_org_id) == (contract.id if contract else None, window.owner.org_id)
    window.act(agency, courier.send, row.id, Send("RB 123456785 GB"))
    clock.instant += timedelta(days=1)
    with pytest.raises(Forbidden):
        window.act(agency, courier.sign, row.id, Sign(clock.instant, Signer.RECIPIENT))
    with window.market.works.reading(agency) as work:
        assert originals_signed(queries.shipments_of(work.session, need_id)) is None
    window.act(window.owner, courier.sign, row.id, Sign(clock.instant, Signer.RECIPIENT))
    with window.market.works.reading(agency) as work:
        assert originals_signed(queries.shipments_of(work.session, need_id)) == clock.instant
        titles = [str(panel[0]) for panel in desk_panels(work)]
    assert titles == ["材料寄送"]
