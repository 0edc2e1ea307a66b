"""One purchase by programs alone: an agency joins and posts, a need is quoted, awarded, signed, delivered, paid, rated.

Every step is a call under /api/v1 with its caller's token; the database is not looked at.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from agencies.catalogue.service import load_catalogue
from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.work import Works
from tests.agencies.registration.world import World

ITEM = "DG-A-01"
NUMBERS = itertools.count(1)
REPORT = b"%PDF-1.7\nthe report\n%%EOF"


@dataclass
class Program:
    """Somebody's program: calls with a token, and a key of its own for every unsafe call."""

    client: FlaskClient
    headers: dict[str, str]

    def ask(self, path: str, **words: Any) -> Any:
        """Read."""
        answer = self.client.get(f"/api/v1{path}", headers=self.headers, query_string=words)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.get_json()

    def tell(self, path: str, body: Any = None, method: str = "POST") -> Any:
        """Write once; the same key again brings the same answer and nothing else."""
        headers = {**self.headers, "Idempotency-Key": f"call-{next(NUMBERS)}"}
        first, again = (
            self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers) for _turn in range(2)
        )
        assert first.status_code in {200, 201, 204}, (path, first.status_code, first.text)
        assert (again.status_code, again.data) == (first.status_code, first.data), path
        return first.get_json(silent=True)

    def refused(self, path: str, body: Any = None, method: str = "POST") -> str:
        """Write, and be refused; return the problem's code."""
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.headers)
        assert answer.status_code in {403, 404, 409, 422}, (path, answer.status_code, answer.text)
        assert answer.mimetype == "application/problem+json"
        return str(answer.get_json()["code"])


@dataclass
class Cast:
    """Who takes part."""

    enterprise: Program
    winner: Program
    loser: Program
    town: Program
    office: Program
    clock: FixedClock


@pytest.fixture
def cast(client: FlaskClient, works: Works, clock: FixedClock) -> Cast:
    with works.system() as work:
        load_catalogue(work)
    world = World(works, Actor(), Actor(), Actor(), Actor())

    def program(kind: OrgKind, name: str, town: str | None = "441900003") -> Program:
        return Program(client, world.api_token(world.actor(kind, name, town)))

    return Cast(
        program(OrgKind.ENTERPRISE, "东莞市甲实业有限公司"),
        program(OrgKind.AGENCY, "东莞甲咨询有限公司"),
        program(OrgKind.AGENCY, "东莞乙咨询有限公司"),
        program(OrgKind.TOWN_OPERATOR, "南城街道运营机构"),
        program(OrgKind.ADMINISTRATION, "市中介服务超市管理中心", None),
        clock,
    )


def join(agency: Program, operator: Program, certificate: str) -> int:
    """Register, be judged by the town, be listed; return the agency's id."""
    begun = agency.tell("/registrations")
    place = f"/registrations/{begun['id']}"
    person = {
        "contact_name": "陈静",
        "contact_mobile": "13800138000",
        "intro": "专做前期咨询",
        "founded_on": "2015-03-01",
    }
    agency.tell(f"{place}/details", person, "PUT")
    paper = {"category": "engineering-consulting", "grade": "", "number": certificate, "issued_by": "监管平台",
             "valid_to": "2027-06-30"}  # fmt: skip
    agency.tell(f"{place}/qualifications", paper)
    agency.tell(f"{place}/items", {"items": [ITEM]}, "PUT")
    agency.tell(f"{place}/commitment")
    handed_in = agency.tell(f"{place}/submission")
    verdicts = [{"key": one["key"], "verdict": "passed"} for one in handed_in["materials"]]
    assert agency.refused(f"{place}/acceptance", {}) == "not-allowed"
    operator.tell(f"{place}/verdicts", {"verdicts": verdicts}, "PUT")
    assert operator.tell(f"{place}/acceptance", {})["state"] == "listed"
    return int(begun["id"])


def publish(enterprise: Program) -> int:
    """Write and publish a need; return its id."""
    need = enterprise.tell(
        "/needs",
        {"item_code": ITEM, "title": "长安厂房扩建项目建议书", "scale": "建筑面积 3 万平方米", "fund": "social",
         "method": "lowest", "method_basis": "镇街招标采购管理办法第五条",
         "no_ceiling_reason": "首次采购，没有可比价格",
         "town_code": "441900003"},
    )  # fmt: skip
    published = enterprise.tell(f"/needs/{need['id']}/publish")
    assert (need["state"], published["state"]) == ("draft", "open")
    return int(need["id"])


def deliver(agency: Program, contract_id: int) -> Any:
    """Hand the report in."""
    form = {"file": (io.BytesIO(REPORT), "报告.pdf"), "note": "第一版"}
    address = f"/api/v1/contracts/{contract_id}/deliverables"
    answer = agency.client.post(address, data=form, headers=agency.headers)
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def choose(cast: Cast, need_id: int, agency_id: int) -> dict[str, Any]:
    """Let the deadline pass, open, award the lowest; return the contract."""
    assert cast.enterprise.ask(f"/needs/{need_id}/quotes")["items"] == []
    cast.clock.advance(timedelta(days=30))
    opened = cast.enterprise.ask(f"/needs/{need_id}/quotes")["items"]
    assert sorted(one["amount_fen"] for one in opened) == [2_680_000, 3_120_000]
    best = next(one for one in opened if one["agency_id"] == agency_id)
    cast.enterprise.ask(f"/needs/{need_id}/selection")
    award = cast.enterprise.tell(f"/needs/{need_id}/award", {"quote_id": best["id"]})
    assert cast.winner.ask(f"/awards/{award['id']}")["id"] == award["id"]
    assert cast.office.ask(f"/needs/{need_id}/result")["state"] == "awarded"
    found: dict[str, Any] = cast.enterprise.ask(f"/needs/{need_id}/contract")
    mark = {"content_hash": found["content_hash"]}
    assert cast.enterprise.refused(f"/contracts/{found['id']}/signatures", mark) == "award-in-publicity"
    cast.clock.advance(timedelta(days=4))
    return found


def fulfil(cast: Cast, contract: dict[str, Any]) -> int:
    """Sign, deliver, accept, settle, rate; return the contract's id."""
    place, mark = f"/contracts/{contract['id']}", {"content_hash": contract["content_hash"]}
    assert cast.loser.refused(f"{place}/signatures", mark) == "not-allowed"
    cast.enterprise.tell(f"{place}/signatures", mark)
    assert cast.winner.tell(f"{place}/signatures", mark)["state"] == "in_service"
    assert len(deliver(cast.winner, contract["id"])["sha256"]) == 64
    assert cast.enterprise.tell(f"{place}/acceptance")["state"] == "accepted"
    cast.enterprise.tell(f"{place}/settlement", {"lines": [{"name": "服务费", "amount_fen": 2_680_000}]})
    scores = {"d1": 5, "d2": 5, "d3": 4, "d4": 5, "d5": 5, "reason": "按期，解释清楚"}
    cast.enterprise.tell(f"{place}/ratings", scores)
    cast.winner.tell(f"{place}/ratings", scores)
    return int(contract["id"])


def test_a_whole_purchase_by_the_api_alone(cast: Cast) -> None:
    first = join(cast.winner, cast.town, "甲232023011111")
    join(cast.loser, cast.town, "甲232023022222")
    posted = {"item_code": ITEM, "basis": "fixed", "amount": "35000", "included": "报告与两次修改"}
    cast.winner.tell(f"/agencies/{first}/posted-prices", posted)
    need_id = publish(cast.enterprise)
    cast.loser.tell(f"/needs/{need_id}/questions", {"text": "有没有可研的老报告？"})
    (question,) = cast.office.ask(f"/needs/{need_id}/questions")
    cast.enterprise.tell(f"/questions/{question['id']}/answer", {"text": "有，签约后给。"}, "PUT")
    for agency, fen in ((cast.winner, 2_680_000), (cast.loser, 3_120_000)):
        receipt = agency.tell(
            f"/needs/{need_id}/quotes", {"amount_fen": fen, "days": 15, "plan": "按期完成", "commitment_given": True}
        )
        assert (receipt["state"], receipt["amount_fen"]) == ("sealed", None)
    contract_id = fulfil(cast, choose(cast, need_id, first))
    assert cast.office.ask("/deals")["items"][0]["amount_fen"] == 2_680_000
    (rating,) = cast.office.ask(f"/agencies/{first}/ratings")["items"]
    cast.winner.tell(f"/ratings/{rating['id']}/reply", {"reply": "谢谢，期待再合作。"})
    assert cast.office.ask(f"/agencies/{first}/standing")["ratings_n"] == 1
    assert cast.office.ask("/performance/summary")
    assert cast.enterprise.ask(f"/contracts/{contract_id}")["paid_fen"] == 2_680_000
    assert cast.enterprise.ask("/search", q="项目建议书")["total"] >= 1
