"""The journeys that matter, counted in a browser on a phone: how many screens, how many inputs, how many presses.

A screen is a page with another heading or address than those before; an input is what a person types, ticks or chooses.
Pages nobody has to read, such as a receipt at the end, are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from agencies.registration import queries
from agencies.registration.lifecycle import RegistrationState
from core.access import OrgKind
from core.clock import FixedClock
from core.work import Works
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from tests import machine
from tests.walk.site import ITEM, Site, running
from tests.walk.test_purchase import Walker, chromium

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(machine.chromium() is None, reason="LOUD: no Chromium, the journeys were NOT counted"),
]
PHONE = 360


@dataclass
class Counted(Walker):
    """A walker who counts: the screens that asked for something, what was put in, what was pressed."""

    screens: list[str] = field(default_factory=list)
    inputs: int = 0
    presses: int = 0

    def begin(self, path: str) -> None:
        """Open the page a journey starts from, and count from there."""
        self.go(path)
        self.screens, self.inputs, self.presses = [], 0, 0
        self.stay()

    def stay(self) -> None:
        """Count the page that is shown as a screen, once."""
        shown = f"{self.page.url.split('?')[0]} {self.page.inner_text('h1')}"
        if shown not in self.screens:
            self.screens.append(shown)

    def put(self, name: str, value: str) -> None:
        """Type into a field."""
        self.page.fill(f"main [name={name}]", value)
        self.inputs += 1

    def tick(self, selector: str) -> None:
        """Tick a box or choose one of several."""
        self.page.check(f"main {selector}")
        self.inputs += 1

    def next(self, label: str) -> None:
        """Press a button that leads to a page which asks for something."""
        self.end(label)
        self.stay()

    def end(self, label: str) -> None:
        """Press the last button; what it shows asks for nothing."""
        self.press(label)
        self.presses += 1


@pytest.fixture
def site(app: Flask, works: Works, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    """Serve the application on this test's database."""
    with running(app, works, clock, tmp_path / "index") as found:
        yield found


@pytest.fixture
def walker(chromium: Any, site: Site) -> Iterator[Any]:
    """Give people with a phone each."""

    def of(name: str) -> Counted:
        context = chromium.new_context(viewport={"width": PHONE, "height": 760}, locale="zh-CN")
        return Counted(site, name, context.new_page(), PHONE, script=True)

    yield of
    for one in chromium.contexts:
        one.close()


def need_published(buyer: Counted) -> int:
    """Publish a need from the service's page, on which the amount was typed before."""
    buyer.sign_in()
    buyer.go(f"/services/{ITEM}?service=proposal")
    amount = buyer.page.locator("#fee-investment")
    amount.fill("3200")
    buyer.press("计算")
    buyer.begin(buyer.page.url.removeprefix(buyer.site.url))
    buyer.next("用这些数据发布需求")
    buyer.put("title", "长安厂房扩建项目建议书")
    buyer.put("scale", "建筑面积 2.1 万平方米")
    buyer.tick("input[name=fund][value=social]")
    buyer.next("核对")
    buyer.end("发布公告")
    buyer.site.settle()
    return int(buyer.page.url.split("/needs/")[1].split("?")[0].split("#")[0])


def test_a_need_takes_three_screens_and_three_inputs_and_a_quote_two_and_three(site: Site, walker: Any) -> None:
    buyer = walker("东莞市乙实业有限公司")
    need_id = need_published(buyer)
    assert (len(buyer.screens), buyer.inputs) == (3, 3), buyer.screens
    with site.works.reading() as work:
        assert work.session.get_one(Need, need_id).state is NeedState.OPEN
    seller = walker(next(name for name in site.people.mobiles if name.startswith("东莞甲")))
    seller.sign_in()
    seller.begin(f"/needs/{need_id}")
    seller.next("我要报价")
    seller.put("amount", "8.5万")
    seller.put("days", "15")
    seller.tick("input[name=commitment_given]")
    seller.end("提交密封报价")
    assert "平台已收到" in seller.page.inner_text("main")
    assert (len(seller.screens), seller.inputs) == (2, 3), seller.screens


def test_an_agency_joins_in_five_screens_with_six_inputs_at_most(site: Site, walker: Any) -> None:
    actor = site.people.actor(OrgKind.AGENCY, "东莞衡准咨询有限公司")
    agency = walker("东莞衡准咨询有限公司")
    agency.sign_in()
    agency.begin("/join")
    agency.next("开始入驻")
    agency.next("基本信息")
    assert agency.page.input_value("main [name=contact_name]")
    agency.put("contact_mobile", "13800138000")
    agency.next("保存")
    agency.next("服务事项")
    box = agency.page.locator(f"main input[name=items][value='{ITEM}']")
    box.evaluate("one => { const fold = one.closest('details'); if (fold) fold.open = true }")
    agency.tick(f"input[name=items][value='{ITEM}']")
    agency.next("保存")
    agency.next("资质")
    agency.page.select_option("main [name=category]", "engineering-consulting")
    agency.inputs += 1
    agency.put("number", "甲232023011111")
    agency.put("issued_by", "全国投资项目在线审批监管平台")
    agency.next("登记")
    agency.next("返回入驻")
    agency.tick("input[name=commitment]")
    agency.end("提交")
    with site.works.reading() as work:
        row = queries.agency_of_org(work.session, actor.org_id)
    assert row is not None
    assert row.state is RegistrationState.SUBMITTED
    assert len(agency.screens) <= 5, agency.screens
    assert agency.inputs <= 6


def test_a_correction_list_goes_out_with_two_presses_beside_its_ticks(site: Site, walker: Any) -> None:
    _actor, agency_id = site.people.submitted()
    clerk = walker("南城运营机构")
    clerk.sign_in(staff=True)
    clerk.begin(f"/registrations/{agency_id}/review")
    with site.works.reading() as work:
        keys = [one.code for one in queries.asked_for(work.session, agency_id)]
    for key in keys:
        verdict = "to_correct" if key == "business-licence" else "passed"
        clerk.tick(f"input[name='verdict-{key}'][value={verdict}]")
    reasons = clerk.page.locator("main #reason-business-licence-incomplete-pages")
    reasons.evaluate("one => { one.closest('details').open = true }")
    clerk.tick("#reason-business-licence-incomplete-pages")
    clerk.next("核对补正告知")
    clerk.end("发出")
    with site.works.reading() as work:
        assert queries.agency_by_id(work.session, agency_id).state is RegistrationState.RETURNED
    assert (clerk.presses, clerk.inputs) == (2, len(keys) + 1)
