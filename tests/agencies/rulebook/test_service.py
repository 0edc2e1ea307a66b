"""A rule changes by two persons, from its own day on; what was frozen stays; towns and items go before the city."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Membership, Message, User
from agencies.catalogue import queries as catalogue
from agencies.catalogue.models import Rule
from agencies.rulebook import queries, self_check, service
from agencies.rulebook.commands import ProposeChange
from agencies.rulebook.lifecycle import ChangeState
from agencies.rulebook.models import RuleChange
from core.access import Actor, MemberRole, OrgKind
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.work import Works
from marketplace.needs import service as needs
from marketplace.needs.models import Need
from tests.browser import post
from tests.marketplace.conftest import market
from tests.marketplace.selection.world import Market

__all__ = ["market"]

ITEM, TOWN = "DG-A-01", "441900003"
APRIL = date(2026, 4, 1)
PUBLICITY = ProposeChange("publicity-days", "social", "2", APRIL, "镇街来函要求延长", "镇街招标采购管理办法第九条")
LOTTERY = ProposeChange(
    "method:random", "social", "on", APRIL, "应急项目需要", "某省应急采购条例第三条", answered=True,
    risks=("draws-lots",), note="条例第三条允许应急项目抽取",
)  # fmt: skip


@dataclass
class Office:
    """Two people of the administration, and somebody of another office."""

    works: Works
    first: Actor
    second: Actor
    regulator: Actor

    def act(self, actor: Actor, deed: Any, *words: Any) -> Any:
        with self.works.writing(actor) as work:
            return deed(work, *words)

    def rule(self, key: str, on: date, fund: str = "social", item: str = "", town: str = "") -> Any:
        with self.works.reading() as work:
            return catalogue.rule(work.session, key, fund=fund, on=on, item_code=item, town_code=town)


@pytest.fixture
def office(market: Market) -> Office:
    first = market.world.actor(OrgKind.ADMINISTRATION, "市政务服务和数据管理局", None)
    with market.works.system() as work:
        person = User(display_name="王芳", email_hash="9" * 64, password_hash="x", created_at=work.clock.now())
        work.add(person, "test.user")
        entry = Membership(user_id=person.id, org_id=first.org_id, role=MemberRole.MANAGER, valid_from=date(2026, 1, 1))
        work.add(entry, "test.member")
    second = replace(first, user_id=person.id)
    regulator = market.world.actor(OrgKind.PRICE_REGULATOR, "市发展和改革局", None)
    return Office(market.works, first, second, regulator)


def test_a_change_holds_from_its_day_once_a_second_person_approved(office: Office) -> None:
    change = office.act(office.first, service.propose, PUBLICITY)
    assert office.rule("publicity-days", APRIL) == 1
    with pytest.raises(Forbidden):
        office.act(office.first, service.approve, change.id, "核对了来函")
    done = office.act(office.second, service.approve, change.id, "核对了来函和条款")
    assert done.state is ChangeState.APPROVED
    assert office.rule("publicity-days", APRIL - timedelta(days=1)) == 1
    assert office.rule("publicity-days", APRIL) == 2
    assert office.rule("publicity-days", APRIL, "fiscal") == 3
    with office.works.reading() as work:
        leaves = [leaf.verb for leaf in queries.leaves(work.session, change.id)]
        row = work.session.get_one(Rule, done.rule_id)
        told = work.session.scalars(select(Message.code).where(Message.org_id == office.first.org_id)).all()
    assert leaves == ["rule_change.approve", "rule_change.proposed"]
    assert row.basis == PUBLICITY.citation
    assert {"rule-change-proposed", "rule-change-approved"} <= set(told)


def test_an_items_rule_goes_before_a_towns_and_both_before_the_citys(office: Office) -> None:
    for command in (
        replace(PUBLICITY, town_code=TOWN, value="3"),
        replace(PUBLICITY, item_code=ITEM, value="4"),
        replace(PUBLICITY, value="5", ends_on=APRIL + timedelta(days=30)),
    ):
        change = office.act(office.first, service.propose, command)
        office.act(office.second, service.approve, change.id, "核对了来函和条款")
    assert office.rule("publicity-days", APRIL) == 5
    assert office.rule("publicity-days", APRIL, town=TOWN) == 3
    assert office.rule("publicity-days", APRIL, town=TOWN, item=ITEM) == 4
    assert office.rule("publicity-days", APRIL + timedelta(days=30)) == 1
    with office.works.reading() as work:
        found = queries.in_force(work.session, fund="social", on=APRIL, item_code=ITEM, town_code=TOWN)
        assert {one.row.key: one.reach for one in found}["publicity-days"] == "item"
        before = queries.in_force(work.session, fund="social", on=APRIL - timedelta(days=1))
        assert {one.row.key: one.following.value for one in before if one.following} == {"publicity-days": 5}


def test_what_a_need_froze_stays_as_it_was(office: Office, market: Market, clock: FixedClock) -> None:
    need_id = market.publish()
    change = office.act(office.first, service.propose, replace(PUBLICITY, effective_on=date(2026, 6, 1)))
    office.act(office.second, service.approve, change.id, "核对了来函和条款")
    with office.works.reading() as work:
        need = work.session.get_one(Need, need_id)
        assert need.rules["publicity-days"] == 1
        clock.instant += timedelta(days=120)
        assert needs.freeze(work, need)["publicity-days"] == 2


def test_a_method_is_switched_on_with_a_basis_and_its_self_check(office: Office) -> None:
    with pytest.raises(Invalid, match="self-check-missing"):
        office.act(office.first, service.propose, replace(LOTTERY, answered=False))
    change = office.act(office.first, service.propose, LOTTERY)
    office.act(office.second, service.approve, change.id, "核对了条例原文")
    with office.works.reading() as work:
        assert catalogue.method_is_enabled(work.session, "random", fund="social", on=APRIL)
        kept = work.session.get_one(RuleChange, change.id)
        assert {line["code"]: line["risk"] for line in kept.self_check} == {
            one.code: one.code == "draws-lots" for one in self_check.questions()
        }
    off = replace(LOTTERY, value="off", effective_on=APRIL + timedelta(days=1), answered=False, risks=(), note="")
    assert office.act(office.first, service.propose, off).self_check == []


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(PUBLICITY, value="1"), "rule-unchanged"),
        (replace(PUBLICITY, item_code="DG-Z-99"), "rule-item-unknown"),
        (replace(PUBLICITY, town_code="110000"), "rule-town-unknown"),
        (replace(PUBLICITY, citation="无"), "rule-reason-too-short"),
        (replace(PUBLICITY, key="nobody-knows"), "rule-unknown"),
        (replace(PUBLICITY, effective_on=date(2020, 1, 1)), "rule-day-passed"),
    ],
)
def test_a_change_that_does_not_do_is_refused_and_nothing_is_kept(
    office: Office, command: ProposeChange, code: str
) -> None:
    with pytest.raises(DomainError, match=code):
        office.act(office.first, service.propose, command)
    with office.works.reading() as work:
        assert work.session.scalars(select(RuleChange)).all() == []


def test_two_changes_never_hold_from_the_same_day_and_a_day_that_came_is_too_late(
    office: Office, clock: FixedClock
) -> None:
    first, second = (office.act(office.first, service.propose, replace(PUBLICITY, value=one)) for one in ("2", "3"))
    office.act(office.second, service.approve, first.id, "核对了来函和条款")
    with pytest.raises(Conflict, match="rule-day-taken"):
        office.act(office.second, service.approve, second.id, "核对了来函和条款")
    late = office.act(
        office.first, service.propose, replace(PUBLICITY, value="4", effective_on=APRIL + timedelta(days=1))
    )
    clock.instant += timedelta(days=30)
    with pytest.raises(Conflict, match="rule-day-passed-waiting"):
        office.act(office.second, service.approve, late.id, "核对了来函和条款")
    office.act(office.second, service.reject, late.id, "生效日已过，重提")
    office.act(office.first, service.withdraw, second.id)
    with office.works.reading() as work:
        states = work.session.scalars(select(RuleChange.state).order_by(RuleChange.id)).all()
        rules = work.session.scalars(select(AuditLeaf.verb).where(AuditLeaf.verb == "catalogue.rule_added")).all()
    assert states == [ChangeState.APPROVED, ChangeState.WITHDRAWN, ChangeState.REJECTED]
    assert rules


def test_another_office_neither_proposes_nor_judges(office: Office) -> None:
    with pytest.raises(Forbidden):
        office.act(office.regulator, service.propose, PUBLICITY)
    change = office.act(office.first, service.propose, PUBLICITY)
    with pytest.raises(Forbidden):
        office.act(office.regulator, service.approve, change.id, "核对了来函和条款")
    with pytest.raises(Forbidden):
        office.act(office.second, service.withdraw, change.id)


def test_a_change_goes_through_the_pages(office: Office, market: Market, client: FlaskClient) -> None:
    market.world.sign_in(client, office.first)
    page = client.get("/rules/method:random/change").text
    assert "抽签、摇号" in page
    sent = {"fund": "social", "value": "on", "effective_on": "2026-04-01", "reason": "应急项目需要", "citation": "无"}
    at = "/rules/method:random/change"
    refused = post(client, at, sent, at=at)
    assert refused.status_code == 422
    assert "应急项目需要" in refused.text
    more = {"citation": LOTTERY.citation, "answered": "on", "risks": ["draws-lots"], "note": LOTTERY.note}
    kept = post(client, at, {**sent, **more}, at=at)
    assert kept.status_code == 303
    assert "提出人自己不能通过" in client.get(kept.location).text
    second = client.application.test_client()
    market.world.sign_in(second, office.second)
    done = post(second, f"{kept.location}/approve", {"reason": "核对了条例原文"}, at=kept.location)
    assert done.status_code == 303
    assert "某省应急采购条例第三条" in client.get("/rules/method:random").text
    assert "2026-04-01" in client.get("/rules?on=2026-03-20").text
    found = client.get("/api/v1/rules?on=2026-04-02").json
    assert {one["key"]: one["value"] for one in found}["method:random"] is True
    assert client.get("/api/v1/rules?fund=none").status_code == 422
