"""A contract's turns in Chromium: axe finds nothing, nothing sticks out, by day and by night, on phones too."""

from __future__ import annotations

from typing import Any

from flask import Flask

from accounts.models import Organisation
from core.access import OrgKind
from core.money import Money
from marketplace.contracts import amending, pausing, service
from marketplace.contracts.commands import Answer, AskPause, ProposeAmendment, Reason, Terminate
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause
from tests.browser import post
from tests.marketplace.contracts.deal import accepted, deliver, signed
from tests.marketplace.selection.world import Market
from tests.marketplace.test_looks import browser, look, pytestmark, signed_in

__all__ = ["browser", "pytestmark"]
WHY = "审批部门要求补充论证内容"
YES = Answer(agrees=True)


def pages_of(app: Flask, market: Market) -> dict[str, str]:
    """Return the markup of the pages that turns show on, by a short name."""
    contract = signed(market)
    agent, url = market.agents[0][0], f"/contracts/{contract.id}"
    owner = signed_in(app, market, market.owner)
    found = {"ask": signed_in(app, market, agent).get(url).text}
    with market.works.writing(agent) as work:
        pausing.ask(work, contract.id, AskPause(Cause.DEPARTMENT, WHY))
        change = ProposeAmendment(AmendmentKind.SCOPE_CHANGED, WHY, Money.from_yuan(120), 20, 3, "乙方分两次提交成果。")
        amending.propose(work, contract.id, change)
    found["answer"] = owner.get(url).text
    with market.works.writing(market.owner) as work:
        pausing.answer(work, contract.id, 1, YES)
        amending.answer(work, contract.id, 1, YES)
    deliver(market, contract)
    with market.works.writing(market.owner) as work:
        service.send_back(work, contract.id, Reason("第三章缺少投资估算表和附图"))
    found["wrong"] = post(owner, f"{url}/amendments", {"kind": "price"}).text
    found["ending"] = owner.get(f"{url}/termination").text
    with market.works.writing(market.owner) as work:
        service.terminate(work, contract.id, Terminate(EndCause.AGREED, WHY, Money(0)))
    found["ended"] = signed_in(app, market, agent).get(url).text
    return {**found, **_office(app, market)}


def _office(app: Flask, market: Market) -> dict[str, str]:
    contract = accepted(market)
    actor = market.world.actor(OrgKind.DEPARTMENT, "某局", None)
    with market.works.system() as work:
        row = work.session.get_one(Organisation, actor.org_id)
        row.department_code = "dev-reform"
        work.record(row, "test.department")
    desk, owner = signed_in(app, market, actor), signed_in(app, market, market.owner)
    wrong = "合同编号,版次,结果,退回原因代码,日期,说明\nHT-0,,通过,,2026-03-18,\n"
    return {
        "outcome": desk.get(f"/contracts/{contract.id}/outcomes").text,
        "outcomes": post(desk, "/outcomes", {"rows": wrong}).text,
        "settle": owner.get(f"/contracts/{contract.id}").text,
        "dossier": owner.get(f"/contracts/{contract.id}/dossier").text,
    }


def test_axe_finds_nothing_on_any_page_of_a_contracts_turns(browser: Any, app: Flask, market: Market) -> None:
    page, wrong = browser.new_page(reduced_motion="reduce"), {}
    for name, html in pages_of(app, market).items():
        assert html.count("<h1") == 1, (name, html[:400])
        if found := look(page, name, html):
            wrong[name] = found
    page.close()
    assert wrong == {}
