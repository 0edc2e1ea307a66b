"""One consent for several filings, the end of a scan's time, and shipments nobody signed for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from admin.window import courier, filing, queries, service
from admin.window.commands import End, Receive, RecordConsent, Scan, Sign
from admin.window.lifecycle import SCAN_KEPT, UNSIGNED, ConsentKind, ConsentState, Matter, Signer
from admin.window.models import Consent
from agencies.registration.lifecycle import QualificationState
from core import corrections, files
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.deadlines import Deadline, run_due
from core.errors import Conflict, Invalid, NotFound
from core.files import StoredFile
from marketplace.complaints.commands import FileComplaint, Upload
from marketplace.complaints.lifecycle import Aspect
from marketplace.needs.models import Need
from tests.admin.window.conftest import NEED, PDF, UNTIL, Window
from tests.agencies.registration.world import QUALIFICATION
from tests.browser import page, post
from tests.marketplace.selection.world import ITEM
from web.wiring import DEADLINES

BOTH = (Matter.COMPLAINT, Matter.QUALIFICATION)
CERTIFICATE = replace(QUALIFICATION, number="窗口代登2026")
COMPLAINT = FileComplaint(
    Aspect.RESULT, "中选机构的报价没有包含公告要求的二期内容，与公告不符。", "公告第三条", "", "林某", "13800138777",
    sealed=True,
)  # fmt: skip


def consented(window: Window, visit_id: int, *covers: Matter) -> int:
    command = RecordConsent(ConsentKind.PAPER, ITEM, "代办采购和投诉", UNTIL, covers)
    scan = Scan(BytesIO(PDF), "授权.pdf")
    return int(window.act(window.clerk, service.record_consent, visit_id, command, scan).id)


def evidence() -> list[Upload]:
    return [Upload(BytesIO(PDF), "证据.pdf")]


def awarded(window: Window) -> str:
    """Take a need to its award; return its number."""
    need_id, ids = window.market.opened(100, 200)
    window.market.award(need_id, ids[0])
    with window.market.works.reading() as work:
        return work.session.get_one(Need, need_id).number or ""


def came(window: Window, number: str = "") -> int:
    """Receive somebody of the agency that did not win."""
    command = Receive(window.name_of(window.market.agents[1][0]), "李小红", "投诉和登记资质", number)
    return int(window.act(window.clerk, service.receive, command).id)


def state_of(window: Window, consent_id: int) -> Consent:
    with window.market.works.reading() as work:
        return work.session.get_one(Consent, consent_id)


def clock_of(window: Window, kind: str) -> Any:
    with window.market.works.reading() as work:
        return work.session.scalar(select(Deadline.due_at).where(Deadline.kind == kind, Deadline.done_at.is_(None)))


def test_one_consent_covers_a_complaint_and_a_change_of_registration_each_once(window: Window) -> None:
    visit_id = came(window, awarded(window))
    agency = window.market.agents[1][0]
    consent_id = consented(window, visit_id, *BOTH)
    row = window.act(window.clerk, filing.file_complaint, visit_id, COMPLAINT, evidence())
    assert row.org_id == agency.org_id
    assert state_of(window, consent_id).state is ConsentState.GIVEN
    with pytest.raises(Invalid, match="consent-covers-not"):
        window.act(window.clerk, filing.file_complaint, visit_id, COMPLAINT, evidence())
    entered = window.act(window.clerk, filing.register, visit_id, CERTIFICATE)
    assert (entered.org_id, entered.state) == (agency.org_id, QualificationState.SUBMITTED)
    assert state_of(window, consent_id).state is ConsentState.USED_UP
    with window.market.works.reading() as work:
        paper = filing.receipt_of(work.session, visit_id)
        filed = queries.filings_of(work.session, visit_id)
    assert paper is not None
    assert [line[1] for line in paper.data["lines"] if line[0] == "代办事项"] == ["提交投诉", "登记资质"]
    assert [one.matter for one in filed] == list(BOTH)
    assert {"window-complained", "window-registered"} <= set(window.told(agency))
    with pytest.raises(Conflict, match="visit-filed"):
        window.act(window.clerk, service.cancel, visit_id, End("登记错了人"))


def test_what_a_consent_does_not_name_is_not_filed(window: Window) -> None:
    visit_id = came(window, awarded(window))
    with pytest.raises(Invalid, match="consent-covers-kind"):
        consented(window, visit_id, Matter.NEED)
    consented(window, visit_id, Matter.COMPLAINT)
    with pytest.raises(Invalid, match="consent-covers-not"):
        window.act(window.clerk, filing.register, visit_id, CERTIFICATE)
    with pytest.raises(Invalid, match="consent-covers-not"):
        window.act(window.clerk, filing.file_need, visit_id, NEED)
    without = came(window)
    consented(window, without, *BOTH)
    with pytest.raises(Conflict, match="window-complaint-need"):
        window.act(window.clerk, filing.file_complaint, without, COMPLAINT, evidence())


def test_a_scan_is_deleted_when_its_time_is_over_and_the_record_says_so(window: Window, clock: FixedClock) -> None:
    visit_id, _need_id = window.filed()
    with window.market.works.reading() as work:
        consent = queries.consent_of(work.session, visit_id)
        path = files.path_of(work.session.get_one(StoredFile, consent.file_id))
    assert clock_of(window, SCAN_KEPT) == corrections.days_after(clock.now(), 120)
    clock.advance(clock_of(window, SCAN_KEPT) - clock.now() - timedelta(seconds=1))
    run_due(window.market.works, {SCAN_KEPT: DEADLINES[SCAN_KEPT]})
    assert path.is_file()
    clock.advance(timedelta(seconds=1))
    assert run_due(window.market.works, {SCAN_KEPT: DEADLINES[SCAN_KEPT]}, limit=500) >= 1
    assert not path.exists()
    with window.market.works.reading() as work:
        leaf = work.session.scalars(select(AuditLeaf).where(AuditLeaf.verb == "consent.scan_deleted")).one()
        stored = work.session.get_one(StoredFile, consent.file_id)
        assert (leaf.role, leaf.facts) == ("system", {"file": stored.id, "sha256": stored.sha256})
        with pytest.raises(NotFound):
            files.path_of(stored)
    assert state_of(window, consent.id).scan_deleted_at == clock.now()


def test_a_shipment_nobody_signs_for_is_reminded_of_three_times(window: Window, clock: FixedClock) -> None:
    _visit_id, need_id = window.filed()
    shipment_id, sent_at = window.sent(need_id), clock.now()
    only = {UNSIGNED: DEADLINES[UNSIGNED]}
    for count in (1, 2, 3):
        assert clock_of(window, UNSIGNED) == corrections.days_after(sent_at, 3 * count)
        clock.advance(clock_of(window, UNSIGNED) - clock.now())
        run_due(window.market.works, only, limit=500)
    assert clock_of(window, UNSIGNED) is None
    assert window.told(window.clerk).count("shipment-unsigned") == 3
    assert window.told(window.owner).count("shipment-unsigned-sender") == 3
    other = window.sent(need_id, "SF9876543210123")
    window.act(window.clerk, courier.sign, other, Sign(clock.now(), Signer.RECEPTION))
    assert clock_of(window, UNSIGNED) is None
    window.act(window.clerk, courier.lose, shipment_id, End("快递公司确认丢失"))


def test_a_clerk_files_both_on_pages(client: FlaskClient, window: Window) -> None:
    visit_id = came(window, awarded(window))
    window.market.world.sign_in(client, window.clerk)
    url = f"/window/visits/{visit_id}"
    data = {"purpose": "代办投诉和资质", "until": "2026-12-31", "kind": "paper"}
    assert "至少勾选一件" in post(client, f"{url}/consents", data, url).get_data(as_text=True)
    sent = {**data, "covers": ["complaint", "qualification"], "file": (BytesIO(PDF), "授权书.pdf")}
    assert post(client, f"{url}/consents", sent, url).status_code == 303
    assert f"{url}/complaint" in page(client, url)
    short = post(client, f"{url}/complaint", {"aspect": "result", "matter": "短"})
    assert (short.status_code, "短" in short.get_data(as_text=True)) == (422, True)
    whole = {
        "aspect": "result", "matter": COMPLAINT.matter, "clause": "公告第三条", "contact_name": "林某",
        "contact_phone": "13800138777", "sealed": "1", "file": (BytesIO(PDF), "证据.pdf"),
    }  # fmt: skip
    assert post(client, f"{url}/complaint", whole).status_code == 303
    certificate = {"category": CERTIFICATE.category, "number": CERTIFICATE.number, "issued_by": "省住建厅"}
    assert post(client, f"{url}/qualification", {**certificate, "number": ""}).status_code == 422
    assert post(client, f"{url}/qualification", certificate).status_code == 303
    assert "窗口代办回执" in page(client, url)
