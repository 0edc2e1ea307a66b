"""What a window files beside needs and complaints of a notice, each once and only under a consent that names it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from admin.window import filing, queries, service, standing_in
from admin.window.commands import Receive
from admin.window.lifecycle import ConsentState, Matter
from agencies.fees.commands import PostPrice
from agencies.registration.lifecycle import RegistrationState
from core.access import OrgKind
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.money import Money
from marketplace.complaints.lifecycle import Aspect, Subject
from marketplace.contracts.lifecycle import ContractState
from marketplace.needs import service as needs
from marketplace.needs.lifecycle import QuestionState
from marketplace.needs.models import Need
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from tests.admin.window.conftest import Window
from tests.admin.window.test_several import COMPLAINT, consented, evidence, state_of
from tests.browser import page, post
from tests.marketplace.complaints.court import Court, court
from tests.marketplace.contracts.deal import deliver, signed
from tests.marketplace.selection.world import ITEM

PRICE = PostPrice(ITEM, "fixed", amount=Money.from_yuan(80), included="全部工作", extra="没有")


def came(window: Window, actor: Any, need_id: int | None = None) -> int:
    """Receive somebody, about a notice where one is named."""
    with window.market.works.reading() as work:
        number = "" if need_id is None else work.session.get_one(Need, need_id).number or ""
    command = Receive(window.name_of(actor), "李小红", "来办事", number)
    return int(window.act(window.clerk, service.receive, command).id)


def deeds(window: Window, visit_id: int) -> list[str]:
    """Return what the receipt says was filed."""
    with window.market.works.reading() as work:
        paper = filing.receipt_of(work.session, visit_id)
    assert paper is not None
    return [line[1] for line in paper.data["lines"] if line[0] == "代办事项"]


def test_an_agency_asks_and_its_enterprise_answers_at_the_window(window: Window) -> None:
    agency, need_id = window.market.agency()[0], window.market.publish()
    asking = came(window, agency, need_id)
    consented(window, asking, Matter.QUESTION)
    question = window.act(window.clerk, standing_in.ask_or_answer, asking, "成果要几份纸质版？")
    assert (question.org_id, question.state) == (agency.org_id, QuestionState.ASKED)
    with pytest.raises(Forbidden):
        window.act(window.clerk, standing_in.ask_or_answer, asking, "还要电子版吗？")
    answering = came(window, window.owner, need_id)
    consented(window, answering, Matter.QUESTION, Matter.RECEIPT)
    row = window.act(window.clerk, standing_in.ask_or_answer, answering, "三份，盖骑缝章")
    assert (row.id, row.state, row.answer) == (question.id, QuestionState.ANSWERED, "三份，盖骑缝章")
    assert (deeds(window, asking), deeds(window, answering)) == (["公开提问"], ["答复提问"])
    assert "window-asked" in window.told(agency)
    assert "window-answered" in window.told(window.owner)
    with pytest.raises(Conflict, match="window-receipt-none"):
        window.act(window.clerk, standing_in.take_result, answering)


def test_a_delivered_result_is_accepted_at_the_window(window: Window) -> None:
    contract = signed(window.market)
    deliver(window.market, contract)
    visit_id = came(window, window.owner, contract.need_id)
    consent_id = consented(window, visit_id, Matter.RECEIPT)
    assert window.act(window.clerk, standing_in.take_result, visit_id).state is ContractState.ACCEPTED
    assert state_of(window, consent_id).state is ConsentState.USED_UP
    assert deeds(window, visit_id) == ["验收成果"]
    assert "window-received" in window.told(window.owner)


def test_a_registration_is_handed_in_and_a_price_posted(window: Window) -> None:
    actor, agency_id = window.market.world.ready()
    visit_id = came(window, actor)
    consented(window, visit_id, Matter.REGISTRATION, Matter.PRICE)
    row = window.act(window.clerk, standing_in.hand_in, visit_id)
    assert (row.id, row.state) == (agency_id, RegistrationState.SUBMITTED)
    price = window.act(window.clerk, standing_in.post_price, visit_id, PRICE)
    assert (price.agency_id, price.amount) == (agency_id, Money.from_yuan(80))
    assert deeds(window, visit_id) == ["提交入驻材料", "公示价格"]
    assert {"window-handed-in", "window-priced"} <= set(window.told(actor))


def test_an_enterprise_complains_of_how_a_complaint_was_handled(window: Window) -> None:
    hall: Court = court(window.market)
    need_id, _award = hall.awarded()
    visit_id = came(window, window.owner, need_id)
    consented(window, visit_id, Matter.COMPLAINT)
    quality = replace(COMPLAINT, aspect=Aspect.QUALITY)
    with pytest.raises(Conflict, match="window-handling-none"):
        window.act(window.clerk, filing.file_complaint, visit_id, quality, evidence())
    earlier = hall.accepted(hall.file(need_id).id)
    hall.decided(earlier.id, "dismiss")
    row = window.act(window.clerk, filing.file_complaint, visit_id, quality, evidence())
    assert (row.subject, row.earlier_id, row.org_id) == (Subject.OPERATOR, earlier.id, window.owner.org_id)


@pytest.mark.parametrize("matter", [Matter.REGISTRATION, Matter.PRICE, Matter.QUALIFICATION])
def test_an_enterprise_consents_to_nothing_that_is_an_agencys(window: Window, matter: Matter) -> None:
    with pytest.raises(Invalid, match="consent-covers-kind"):
        consented(window, came(window, window.owner), matter)


def test_no_consent_lets_a_window_quote(window: Window) -> None:
    assert {str(one) for one in Matter}.isdisjoint({"quote", "signature", "rating"})
    need_id, agency = window.market.publish(), window.market.agency()[0]
    visit_id = came(window, agency, need_id)
    consented(window, visit_id, *service.MATTERS[OrgKind.AGENCY])
    with window.market.works.reading() as work:
        acting = filing.for_enterprise(work, queries.consent_of(work.session, visit_id))
    assert acting.actor.org_id == agency.org_id
    command = SubmitQuote(Money.from_yuan(100), None, 15, "按期完成")
    with pytest.raises((Forbidden, NotFound)):
        window.act(window.clerk, quotes.submit, need_id, command)


def test_a_registration_that_is_not_to_be_handed_in_is_not_offered(window: Window, client: FlaskClient) -> None:
    newcomer, _agency_id = window.market.world.ready()
    window.market.world.sign_in(client, window.clerk)
    fresh, listed = came(window, newcomer), came(window, window.market.agency()[0])
    for visit_id in (fresh, listed):
        consented(window, visit_id, Matter.REGISTRATION)
    assert "代为提交</button>" in page(client, f"/window/visits/{fresh}/registration")
    assert post(client, f"/window/visits/{fresh}/registration").status_code == 303
    shown = page(client, f"/window/visits/{listed}/registration")
    assert "机构已经办过入驻" in shown
    assert "代为提交</button>" not in shown


def test_the_pages_say_what_stays_with_the_visitor_and_file_the_rest(window: Window, client: FlaskClient) -> None:
    need_id = window.market.publish()
    agency = window.market.agency()[0]
    visit_id = came(window, agency, need_id)
    window.market.world.sign_in(client, window.clerk)
    url = f"/window/visits/{visit_id}"
    assert "代办报价就有人在开启前看到密封的价格" in page(client, url)
    consented(window, visit_id, Matter.QUESTION, Matter.PRICE)
    shown = page(client, url)
    assert f"{url}/question" in shown
    assert f"{url}/receipt" not in shown
    assert post(client, f"{url}/question", {"text": ""}).status_code == 422
    assert post(client, f"{url}/question", {"text": "成果要几份纸质版？"}).status_code == 303
    assert "先选是哪项服务的价格" in page(client, f"{url}/price")
    asked = page(client, f"{url}/price?item_code={ITEM}")
    assert "计价方式" in asked
    sent = {"item_code": ITEM, "basis": "fixed", "amount": "80", "included": "全部", "extra": "没有"}
    assert post(client, f"{url}/price", sent).status_code == 303
    assert deeds(window, visit_id) == ["公开提问", "公示价格"]


def test_a_question_asked_before_is_needed_to_answer(window: Window) -> None:
    need_id = window.market.publish()
    visit_id = came(window, window.owner, need_id)
    consented(window, visit_id, Matter.QUESTION)
    with pytest.raises(Conflict, match="window-question-none"):
        window.act(window.clerk, standing_in.ask_or_answer, visit_id, "三份，盖骑缝章")
    with window.market.works.writing(window.market.agency()[0]) as work:
        needs.ask(work, need_id, "成果要几份纸质版？")
    assert window.act(window.clerk, standing_in.ask_or_answer, visit_id, "三份，盖骑缝章").answered_at is not None


def test_the_same_is_filed_in_json(window: Window, client: FlaskClient) -> None:
    contract = signed(window.market)
    deliver(window.market, contract)
    taking, asking = came(window, window.owner, contract.need_id), came(window, window.market.agents[0][0])
    consented(window, taking, Matter.RECEIPT)
    consented(window, asking, Matter.PRICE)
    token = window.market.world.api_token(window.clerk)
    taken = client.post(f"/api/v1/window/visits/{taking}/receipt", headers=token)
    assert (taken.status_code, taken.get_json()["consent"]["state"]) == (200, "used_up")
    sent = {"item_code": ITEM, "basis": "fixed", "amount": "80", "included": "全部", "extra": "没有"}
    assert client.post(f"/api/v1/window/visits/{asking}/price", json=sent, headers=token).status_code == 201
    assert client.post(f"/api/v1/window/visits/{asking}/question", json={"text": "?"}, headers=token).status_code == 403


def test_what_is_asked_too_late_stays_on_the_page_with_the_reason(window: Window, client: FlaskClient) -> None:
    need_id = window.market.publish()
    visit_id = came(window, window.market.agency()[0], need_id)
    consented(window, visit_id, Matter.QUESTION)
    late = window.market.need(need_id).questions_until
    assert late is not None
    window.market.clock.instant = late
    window.market.world.sign_in(client, window.clerk)
    refused = post(client, f"/window/visits/{visit_id}/question", {"text": "成果要几份纸质版？"})
    shown = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "提问时间已过" in shown
    assert "成果要几份纸质版？" in shown
    assert 'href="#form"' not in shown


def test_where_nothing_waits_nothing_is_offered(window: Window, client: FlaskClient) -> None:
    need_id = window.market.publish()
    visit_id = came(window, window.owner, need_id)
    consented(window, visit_id, Matter.QUESTION, Matter.RECEIPT)
    window.market.world.sign_in(client, window.clerk)
    for matter in ("question", "receipt"):
        assert '<form class="card"' not in page(client, f"/window/visits/{visit_id}/{matter}")


def test_a_consent_to_publish_names_its_service_and_an_agency_is_not_asked_for_one(
    window: Window, client: FlaskClient
) -> None:
    visit_id = came(window, window.owner)
    window.market.world.sign_in(client, window.clerk)
    sent = {"covers": "need", "purpose": "代办采购", "until": "2026-04-01", "kind": "code"}
    refused = post(client, f"/window/visits/{visit_id}/consents", sent)
    assert (refused.status_code, "要写明是哪项服务" in refused.get_data(as_text=True)) == (422, True)
    of_agency = came(window, window.market.agency()[0])
    assert 'name="item_code"' not in page(client, f"/window/visits/{of_agency}")
