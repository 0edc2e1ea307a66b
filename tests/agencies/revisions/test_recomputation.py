"""After a correction past findings are worked again and listed, and none is changed by itself."""

from typing import Any

from sqlalchemy import select

from accounts.models import Message
from agencies.fees import evidence, service
from agencies.fees.commands import PostPrice
from agencies.fees.models import FeeCase
from agencies.fees.queries import case_by_id
from agencies.revisions import overlay, queries, recomputation
from core.money import Money
from core.work import Works
from tests.agencies.revisions.conftest import CHEAPER, TEXT, Office

DEAR = TEXT.replace("rates = [1, 0.5]", "rates = [2, 0.5]")


def case_of(office: Office, object_id: int, kind: str = "above_cap_attempt", **changes: Any) -> FeeCase:
    market = office.market
    known = {
        "schedule": "演示价〔2020〕1号",
        "on": "2025-06-01",
        "inputs": {"amount": "100"},
        **changes.pop("known", {}),
    }
    facts: dict[str, Any] = {
        "object_kind": "quote", "object_id": object_id, "need_id": None, "agency_id": market.agency_id,
        "enterprise_id": market.enterprise.org_id, "town_code": "441900004", "item_code": "DG-A-01",
        "found": Money.from_yuan(12_000), "compared": Money.from_yuan(10_000), "evidence": known,
    }  # fmt: skip
    with office.works.system() as work:
        return service.open_case(work, kind, **{**facts, **changes})


def listed(works: Works, revision_id: int) -> dict[int, tuple[str, str, bool]]:
    with works.reading() as work:
        return {
            case.object_id: (str(one.old_limit), str(one.new_limit), one.stands)
            for one, case in queries.findings(work.session, revision_id)
        }


def base(office: Office) -> None:
    office.approved()
    office.settle()
    overlay.look(office.works)


def test_every_finding_that_changes_is_listed_and_no_case_is_touched(office: Office) -> None:
    base(office)
    case_of(office, 1)
    case_of(office, 2, found=Money.from_yuan(25_000))
    case_of(office, 3, known={"on": "2019-12-01"})
    case_of(office, 4, known={"schedule": "招标代理"})
    case_of(office, 5, known={"schedule": None})
    row = office.approved(DEAR)
    office.settle()
    assert listed(office.works, row.id) == {
        1: ("10,000.00", "20,000.00", False),
        2: ("10,000.00", "20,000.00", True),
    }
    with office.works.reading() as work:
        kept = queries.revision_by_id(work.session, row.id)
        assert kept.recomputed_at is not None
        assert kept.recomputed == 2
        cases = work.session.scalars(select(FeeCase)).all()
        assert {str(one.state) for one in cases} == {"open"}
        assert {str(one.compared) for one in cases} == {"10,000.00"}
        told = work.session.scalars(select(Message).where(Message.code == "fee-revision-recomputed")).all()
    assert [(one.org_id, one.url, one.facts) for one in told] == [
        (office.market.regulator.org_id, f"/fee-revisions/{row.id}/findings", {"count": 2})
    ]


def test_a_correction_that_changes_nothing_tells_nobody(office: Office) -> None:
    base(office)
    case_of(office, 1)
    row = office.approved(TEXT.replace("演示收费标准", "演示收费标准（勘误）"))
    office.settle()
    assert listed(office.works, row.id) == {}
    with office.works.reading() as work:
        assert queries.revision_by_id(work.session, row.id).recomputed == 1
        assert work.session.scalars(select(Message).where(Message.code == "fee-revision-recomputed")).all() == []


def test_a_finding_on_a_posted_formula_follows_the_schedule_too(office: Office) -> None:
    base(office)
    with office.works.writing(office.market.agency) as work:
        command = PostPrice("DG-A-01", "fixed", amount=Money.from_yuan(9_000), included="报告")
        posted = service.post_price(work, office.market.agency_id, command).id
    case_of(office, 1, "above_posted", known={"posted_price_id": posted})
    case_of(office, 2, "contract_above_quote", object_kind="contract")
    row = office.approved(CHEAPER)
    office.settle()
    assert listed(office.works, row.id) == {
        1: ("9,000.00", "9,000.00", True),
        2: ("10,000.00", "10,000.00", True),
    }


def test_running_twice_lists_once(office: Office) -> None:
    base(office)
    case_of(office, 1)
    row = office.approved(DEAR)
    office.settle()
    with office.works.system() as work:
        recomputation.on_approved(work, {"id": row.id})
    assert listed(office.works, row.id) == {1: ("10,000.00", "20,000.00", False)}


def test_the_chunks_leave_nothing_out(office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(recomputation, "CHUNK", 2)
    base(office)
    for number in range(5):
        case_of(office, number)
    row = office.approved(DEAR)
    office.settle()
    assert len(listed(office.works, row.id)) == 5


def test_the_case_page_works_by_the_text_it_was_found_by(office: Office, clock: Any) -> None:
    base(office)
    case = case_of(office, 1)
    clock.instant = clock.instant.replace(hour=5)
    office.approved(DEAR)
    office.settle()
    overlay.look(office.works)
    with office.works.reading() as work:
        kept = case_by_id(work.session, case.id)
        view = evidence.schedule_working(kept)
    assert kept.evidence["version"] == "2020"
    assert len(kept.evidence["text_sha256"]) == 64
    assert view is not None
    assert view.base == Money.from_yuan(10_000)
