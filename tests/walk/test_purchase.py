"""One purchase walked in a browser by enterprise, agency and operators: with and without scripts, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.clock import FixedClock
from core.work import Works
from marketplace.contracts.models import Contract
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from ratings.lifecycle import RatingState
from ratings.models import Rating
from tests import machine
from tests.accounts.people import PASSWORD
from tests.axe import axe
from tests.conftest import ON_POSTGRESQL
from tests.walk.site import ITEM, Site, running
from tests.web.screens import FLAGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        machine.chromium() is None, reason="LOUD: no Chromium, the purchase was NOT walked in a browser"
    ),
]
PAPER = {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nthe report\n%%EOF"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Start the browser."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - absent where no browser is wanted

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=machine.chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(app: Flask, works: Works, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    """Serve the application on this test's database."""
    with running(app, works, clock, tmp_path / "index") as found:
        yield found


@dataclass
class Walker:
    """A person with a browser of their own; every page they meet is checked."""

    site: Site
    name: str
    page: Any
    width: int
    script: bool
    said: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.said.append(message.text)

    def go(self, path: str) -> None:
        """Open an address."""
        answer = self.page.goto(self.site.url + path)
        assert answer.status == 200, (path, answer.status, self.page.inner_text("main"))
        self.look()

    def press(self, label: str) -> None:
        """Press a button or follow a link by its words, and look at what comes."""
        words = re.compile(rf"^\s*{re.escape(label)}")
        main = self.page.locator("main")
        found = main.get_by_role("button", name=words).or_(main.get_by_role("link", name=words))
        self.follow(found.filter(visible=True).first)

    def follow(self, found: Any) -> None:
        """Press what was found and look at the page it leads to."""
        with self.page.expect_navigation():
            found.click()
        self.look()

    def look(self) -> None:
        """Check what every page owes: one heading, no sideways scrolling, nothing for axe to say where scripts run.

        What axe says is the same on every database.
        """
        shape = re.sub(r"\d+", "N", self.page.url.split("?")[0])
        assert self.page.locator("h1").count() == 1, self.page.url
        assert not self.page.title().startswith("错误"), self.page.inner_text("main")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, self.page.url
        if self.script and not ON_POSTGRESQL and shape not in self.seen:
            self.seen.add(shape)
            assert axe(self.page) == [], self.page.url
        assert self.said == [], self.page.url

    def sign_in(self, *, staff: bool = False) -> None:
        """Sign in by mobile number and password, and by code for staff."""
        self.page.context.clear_cookies()
        self.go("/sign-in")
        self.page.fill("input[name=identifier]", self.site.people.mobiles[self.name])
        self.page.fill("input[name=password]", PASSWORD)
        self.press("登录")
        assert "/sign-in" not in self.page.url or staff
        if staff:
            self.page.fill("input[name=code]", self.site.code())
            self.follow(self.page.locator("main button[type=submit]").first)

    def fill(self, **values: str) -> None:
        """Fill fields by their names."""
        for name, value in values.items():
            self.page.fill(f"main [name={name.replace('_', '-') if name[-1].isdigit() else name}]", value)


WALKS = [(360, True, "light"), (1280, False, "light"), (1280, True, "dark"), (360, False, "dark")]
"""Width, scripts, colours. On PostgreSQL the first two: what is written differs by scripts, and never by looks."""


@pytest.mark.parametrize(("width", "script", "theme"), WALKS[:2] if ON_POSTGRESQL else WALKS)
def test_a_purchase_from_the_search_to_the_ratings(
    chromium: Any, site: Site, width: int, script: bool, theme: str
) -> None:
    def walker(name: str) -> Walker:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=script, color_scheme=theme, locale="zh-CN"
        )
        return Walker(site, name, context.new_page(), width, script)

    buyer = walker("东莞市乙实业有限公司")
    seller_name = next(name for name in site.people.mobiles if name.startswith("东莞甲"))
    seller = walker(seller_name)

    need_id = publish(buyer)
    offer(seller, need_id)
    site.others_quote(need_id, 90_000)
    with site.works.reading() as work:
        need = work.session.get_one(Need, need_id)
        assert need.state is NeedState.OPEN
        assert need.closes_at is not None
        wait = need.closes_at - site.clock.now()
    site.later(seconds=wait.total_seconds() + 60)
    choose(buyer, need_id)
    contract_id = sign(buyer, seller, need_id)
    site.later(days=2)
    perform(buyer, seller, contract_id)
    rate(buyer, seller, contract_id)
    with site.works.reading() as work:
        states = list(work.session.scalars(select(Rating.state).where(Rating.contract_id == contract_id)))
    assert states == [RatingState.PUBLISHED] * 2
    look_back(walker("价格主管部门"), walker("南城运营机构"), buyer, site.agents[0][1])
    for one in chromium.contexts:
        one.close()


def publish(buyer: Walker) -> int:
    """Search, take the amount along, answer three questions, check, publish; return the need's id."""
    page = buyer.page
    buyer.sign_in()
    buyer.go("/")
    page.fill("main form[role=search] input[name=q]", "项目建议书")
    buyer.press("搜服务和机构")
    buyer.follow(page.locator(f"main a[href*='/services/{ITEM}']").first)
    page.select_option("#fee-service", "proposal")
    buyer.press("计算")
    page.fill("main form[action^='/services/'] input[type=text]", "3200")
    buyer.press("计算")
    buyer.press("用这些数据发布需求")
    assert "3200" in [box.input_value() for box in page.locator("main input[type=text]").all()]
    buyer.fill(title="长安厂房扩建项目建议书", scale="建筑面积 2.1 万平方米")
    page.check("main input[name=fund][value=social]")
    buyer.press("核对")
    buyer.press("发布公告")
    found = re.search(r"/needs/(\d+)", page.url)
    assert found, page.url
    buyer.site.settle()
    return int(found[1])


def offer(seller: Walker, need_id: int) -> None:
    """Find the notice and hand in a sealed quote."""
    seller.sign_in()
    seller.go("/needs")
    seller.follow(seller.page.locator(f"main a[href^='/needs/{need_id}']").first)
    seller.press("我要报价")
    seller.fill(amount="8.5万", days="15", plan="踏勘后三日内出初稿，修改两轮。")
    seller.page.check("main input[name=commitment_given]")
    seller.press("提交密封报价")
    assert "平台已收到" in seller.page.inner_text("main")
    assert "85,000" not in seller.page.content()


def choose(buyer: Walker, need_id: int) -> None:
    """Score the proposals and choose the first in rank."""
    page = buyer.page
    buyer.sign_in()
    buyer.go(f"/needs/{need_id}")
    buyer.press("去比选")
    if page.locator("#scores").count():
        for box in page.locator("main fieldset input[inputmode=numeric]").all():
            box.fill("80")
        for box in page.locator("main fieldset textarea").all():
            box.fill("方案具体，人员到位")
        buyer.press("保存评分")
    buyer.press("选定这家")
    if page.locator("main textarea[name=reason]").count():
        page.fill("main textarea[name=reason]", "综合排名第一，报价合理，响应及时。")
    buyer.press("确认选定")
    buyer.site.settle()
    buyer.go(f"/needs/{need_id}/result")
    assert "东莞甲" in page.inner_text("main")


def sign(buyer: Walker, seller: Walker, need_id: int) -> int:
    """Let the publicity pass, both read and sign the contract; return its id."""
    buyer.go(f"/needs/{need_id}/contract")
    assert "公示期满后才能签署" in buyer.page.inner_text("main")
    buyer.site.later(days=4)
    for walker in (buyer, seller):
        walker.sign_in()
        walker.go(f"/needs/{need_id}/contract")
        walker.page.check("main input[name=agree]")
        walker.press("签署合同")
    buyer.site.settle()
    with buyer.site.works.reading() as work:
        contract = work.session.scalars(select(Contract).where(Contract.need_id == need_id)).one()
        assert contract.enterprise_signed_at is not None
        assert contract.agency_signed_at is not None
        return int(contract.id)


def perform(buyer: Walker, seller: Walker, contract_id: int) -> None:
    """Deliver, accept, and settle above the contract, which opens a case."""
    seller.sign_in()
    seller.go(f"/contracts/{contract_id}")
    seller.page.set_input_files("main input[name=file]", files=[PAPER])
    seller.fill(note="终稿")
    seller.press("提交成果")
    buyer.sign_in()
    buyer.go(f"/contracts/{contract_id}")
    buyer.press("验收通过")
    buyer.site.settle()
    buyer.go(f"/contracts/{contract_id}")
    buyer.fill(name_1="合同价款", amount_1="90000", reason="应项目业主要求加印二十份报告")
    buyer.press("登记结算")
    buyer.site.settle()


def rate(buyer: Walker, seller: Walker, contract_id: int) -> None:
    """Let both rate each other."""
    for walker in (buyer, seller):
        walker.go(f"/contracts/{contract_id}/rate")
        for number in range(1, 6):
            walker.page.check(f"main input[name=d{number}][value='4']")
        walker.press("提交评价")
    buyer.site.settle()
    buyer.go(f"/contracts/{contract_id}/ratings")


def look_back(regulator: Walker, town: Walker, buyer: Walker, agency_id: int) -> None:
    """See the case, decide it after the reply's time, see the town's figures and the agency's record."""
    regulator.sign_in(staff=True)
    regulator.go("/desk")
    regulator.go("/cases")
    regulator.follow(regulator.page.locator("main a[href*='/cases/']").first)
    town.sign_in(staff=True)
    town.go("/desk")
    town.go("/performance")
    for path in (f"/agencies/{agency_id}", f"/agencies/{agency_id}/standing", f"/agencies/{agency_id}/ratings"):
        buyer.go(path)
