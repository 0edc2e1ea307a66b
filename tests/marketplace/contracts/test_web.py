"""The pages and the API from opening to settlement, as people and programs use them."""

from __future__ import annotations

import re
from io import BytesIO

from flask import Flask

from marketplace.contracts import queries
from marketplace.contracts.models import Contract
from marketplace.selection.models import Award
from marketplace.selection.queries import award_of
from tests.browser import Browse, page, post
from tests.marketplace.contracts.deal import PDF, accepted, deliver, drafted, now, signed
from tests.marketplace.selection.world import CRITERIA, Market


def test_an_enterprise_chooses_in_two_screens(market: Market, browse: Browse) -> None:
    need_id, ids = market.opened(100, 200)
    owner = browse(market.owner)
    board = page(owner, f"/needs/{need_id}/selection")
    assert "第 1 名" in board
    assert f"confirm?quote_id={ids[0]}" in board
    confirm = page(owner, f"/needs/{need_id}/selection/confirm?quote_id={ids[0]}")
    assert "f-reason" not in confirm
    url = f"/needs/{need_id}/selection/confirm"
    answer = post(owner, url, {"quote_id": ids[0]}, f"{url}?quote_id={ids[0]}")
    assert answer.status_code == 303
    result = page(owner, f"/needs/{need_id}/result")
    assert "报价高于中选报价" in result


def test_a_choice_without_its_reason_comes_back_with_what_is_wrong(market: Market, browse: Browse) -> None:
    need_id, ids = market.opened(100, 200, method="direct", method_basis="continuation")
    owner = browse(market.owner)
    url = f"/needs/{need_id}/selection/confirm"
    answer = post(owner, url, {"quote_id": ids[1], "reason": "快"}, f"{url}?quote_id={ids[1]}")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "理由至少写 10 个字，现在 1 个字" in text
    assert ">\n快</textarea>" in text


def test_a_score_sheet_is_filled_on_the_page(market: Market, browse: Browse) -> None:
    need_id, ids = market.opened(100, 200, method="merit", method_basis="", criteria=CRITERIA)
    owner, url = browse(market.owner), f"/needs/{need_id}/selection"
    assert "2 处没有打分" in page(owner, url)
    sheet = {f"points-{ids[0]}-1": "101", f"why-{ids[0]}-1": "超过满分"}
    wrong = post(owner, f"{url}/scores", sheet, url)
    assert wrong.status_code == 422
    sheet = {f"points-{one}-1": "80" for one in ids} | {f"why-{one}-1": "对照评分表" for one in ids}
    right = post(owner, f"{url}/scores", sheet, url)
    assert right.status_code == 303
    assert "第 1 名" in page(owner, url)


def test_the_selection_page_is_the_owners_and_says_nothing_before_opening(market: Market, browse: Browse) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 12_345)
    owner = browse(market.owner)
    board = page(owner, f"/needs/{need_id}/selection")
    assert "报价还没有开启" in board
    assert "12,345" not in board
    assert browse(market.agents[0][0]).get(f"/needs/{need_id}/selection").status_code == 403
    assert "12,345" not in page(owner, f"/needs/{need_id}/result")


def test_the_result_is_public_and_the_letter_only_the_parties(app: Flask, market: Market, browse: Browse) -> None:
    need_id, ids = market.opened(100, 200)
    market.award(need_id, ids[0])
    stranger = app.test_client()
    result = page(stranger, f"/needs/{need_id}/result")
    assert "中选公告" in result
    assert "中选通知书" not in result
    assert "去签合同" not in result
    assert "中选通知书" not in page(browse(market.agents[0][0]), f"/needs/{need_id}/result")
    market.final(need_id)
    market.stay_signed_in()
    winner = page(browse(market.agents[0][0]), f"/needs/{need_id}/result")
    assert "中选通知书" in winner
    assert "放弃中选" in winner
    bundle = stranger.get(f"/needs/{need_id}/result.json").get_json()
    assert bundle["draw"]["ranking"]


def test_a_winner_steps_back_on_the_page(market: Market, browse: Browse) -> None:
    need_id, ids = market.opened(100, 200)
    award = market.award(need_id, ids[0])
    client = browse(market.agents[0][0])
    page(client, f"/awards/{award.id}/decline")
    answer = post(client, f"/awards/{award.id}/decline", {"reason": "主要人员同期承担其他项目"})
    assert answer.status_code == 303
    assert "主要人员同期承担其他项目" in page(client, f"/needs/{need_id}/result")


def test_papers_are_verified_by_code_and_drawn_as_pdf(app: Flask, market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    market.award(need_id, ids[0])
    stranger = app.test_client()
    found = re.search(r"/papers/([0-9A-Z-]+)\"", page(stranger, f"/needs/{need_id}/result"))
    assert found
    code = found[1]
    assert "中选公告" in page(stranger, f"/verify?code={code.lower().replace('-', '')}")
    assert "<svg" in page(stranger, f"/papers/{code}")
    pdf = stranger.get(f"/papers/{code}.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert "没有签发过" in page(stranger, "/verify?code=AAAA-BBBB-CCCC", 404)
    page(stranger, "/verify")


def test_two_sides_walk_a_contract_on_its_page(market: Market, browse: Browse) -> None:
    need_id, ids = market.opened(93_000, 95_000)
    market.award(need_id, ids[0])
    owner, agent = browse(market.owner), browse(market.agents[0][0])
    url = owner.get(f"/needs/{need_id}/contract").headers["Location"]
    early = page(owner, url)
    assert "公示期满后才能签署" in early
    assert "签署合同</button>" not in early
    market.clock.instant = market.final(need_id).confirm_at
    market.stay_signed_in()
    text = page(owner, url)
    assert "玖万叁仟元整" in text
    assert owner.get(f"{url}/draft.pdf").data.startswith(b"%PDF-")
    contract_id = int(url.rsplit("/", 1)[1])
    for client in (owner, agent):
        with market.works.reading() as work:
            words = work.session.get_one(Contract, contract_id).content_hash
        unticked = post(client, f"{url}/signatures", {"content_hash": words}, url)
        assert unticked.status_code == 422
        answer = post(client, f"{url}/signatures", {"content_hash": words, "agree": "1"}, url)
        assert answer.status_code == 303
    missing = post(agent, f"{url}/deliverables", {"note": "终稿"}, url)
    assert "选择成果文件" in missing.get_data(as_text=True)
    wrong = post(agent, f"{url}/deliverables", {"file": (BytesIO(b"MZ"), "报告.pdf")}, url)
    assert "打不开" in wrong.get_data(as_text=True)
    sent = post(agent, f"{url}/deliverables", {"file": (BytesIO(PDF), "报告.pdf"), "note": "终稿"}, url)
    assert sent.status_code == 303
    with owner.get(f"{url}/deliverables/1") as file:
        assert file.data == PDF
    page(owner, url)
    returned = post(owner, f"{url}/returns", {"reason": "第三章缺少投资估算表和附图"}, url)
    assert returned.status_code == 303
    post(agent, f"{url}/deliverables", {"file": (BytesIO(PDF), "报告.pdf")}, url)
    done = post(owner, f"{url}/acceptance", {}, url)
    assert done.status_code == 303
    assert "第 2 版" in page(agent, url)
    short = post(owner, f"{url}/settlement", {"name-1": "服务费", "amount-1": "9.4万"}, url)
    assert short.status_code == 422
    paid = post(
        owner, f"{url}/settlement", {"name-1": "首期", "amount-1": "5万", "name-2": "尾款", "amount-2": "43000"}, url
    )
    assert paid.status_code == 303
    assert "43,000.00" in page(owner, url)
    page(owner, "/contracts")
    assert "已结算" in page(owner, "/deals")


def test_an_amount_is_changed_and_refused_beside_its_field(market: Market, browse: Browse) -> None:
    contract, _award = drafted(market)
    owner, url = browse(market.owner), f"/contracts/{contract.id}"
    page(owner, url)
    wrong = post(owner, f"{url}/amount", {"amount": "101"}, url)
    assert wrong.status_code == 422
    assert "理由至少写 10 个字" in wrong.get_data(as_text=True)
    right = post(owner, f"{url}/amount", {"amount": "90"}, url)
    assert right.status_code == 303


def test_offices_see_a_deal_without_its_text_and_strangers_nothing(market: Market, browse: Browse) -> None:
    contract = signed(market)
    deliver(market, contract)
    office = page(browse(market.world.city), f"/contracts/{contract.id}")
    assert "合同文本" not in office
    assert browse(market.agents[1][0]).get(f"/contracts/{contract.id}").status_code == 403
    assert browse(market.world.city).get(f"/contracts/{contract.id}/deliverables/1").status_code == 403


def test_a_contract_is_terminated_on_the_page(market: Market, browse: Browse) -> None:
    contract = signed(market)
    owner, url = browse(market.owner), f"/contracts/{contract.id}/termination"
    page(owner, url)
    assert post(owner, url, {"reason": "停"}).status_code == 422
    ended = {"cause": "project_cancelled", "reason": "项目资金计划调整，暂缓实施", "payable": "100.01"}
    assert "应付金额最多 100.00 元" in post(owner, url, ended).get_data(as_text=True)
    assert post(owner, url, {**ended, "payable": "30"}).status_code == 303
    told = page(owner, f"/contracts/{contract.id}")
    assert "暂缓实施" in told
    assert "复制重新采购" in told
    other = browse(market.agents[0][0])
    refused = post(other, f"{url}/view", {"answer": "no"}, f"/contracts/{contract.id}")
    assert refused.status_code == 422
    said = {"answer": "no", "text": "已完成初稿，应付金额偏低"}
    assert post(other, f"{url}/view", said, f"/contracts/{contract.id}").status_code == 303
    assert "已完成初稿，应付金额偏低" in page(owner, f"/contracts/{contract.id}")


def test_the_whole_deal_runs_by_api(app: Flask, market: Market) -> None:
    need_id, ids = market.opened(100, 200, method="merit", method_basis="", criteria=CRITERIA)
    client = app.test_client()
    owner, agent = market.world.api_token(market.owner), market.world.api_token(market.agents[0][0])
    base = f"/api/v1/needs/{need_id}"
    scores = [{"quote_id": one, "criterion": "服务方案", "points": 80, "reason": "对照评分表"} for one in ids]
    board = client.put(f"{base}/selection/scores", json={"scores": scores}, headers=owner)
    assert board.status_code == 200, board.get_json()
    assert [line["rank"] for line in board.get_json()["lines"]] == [1, 2]
    assert client.get(f"{base}/selection", headers=owner).get_json()["missing_scores"] == 0
    award = client.post(f"{base}/award", json={"quote_id": ids[0]}, headers=owner)
    assert award.status_code == 201, award.get_json()
    assert award.get_json()["amount_fen"] == 10_000
    contract = client.get(f"{base}/contract", headers=agent).get_json()
    url = f"/api/v1/contracts/{contract['id']}"
    assert client.patch(url, json={"amount_fen": 9_900}, headers=owner).get_json()["amount_fen"] == 9_900
    words = client.get(url, headers=agent).get_json()["content_hash"]
    early = client.post(f"{url}/signatures", json={"content_hash": words}, headers=owner)
    assert (early.status_code, early.get_json()["code"]) == (409, "award-in-publicity")
    with market.works.reading() as work:
        market.clock.instant = award_of(work.session, need_id).confirm_at
    for headers in (owner, agent):
        answer = client.post(f"{url}/signatures", json={"content_hash": words}, headers=headers)
        assert answer.status_code == 201, answer.get_json()
    body = {"file": (BytesIO(PDF), "报告.pdf"), "note": "终稿"}
    sent = client.post(f"{url}/deliverables", data=body, headers=agent, content_type="multipart/form-data")
    assert sent.status_code == 201, sent.get_json()
    assert (
        client.post(f"{url}/returns", json={"reason": "第三章缺少投资估算表和附图"}, headers=owner).status_code == 200
    )
    body = {"file": (BytesIO(PDF), "报告.pdf")}
    client.post(f"{url}/deliverables", data=body, headers=agent, content_type="multipart/form-data")
    assert client.post(f"{url}/acceptance", headers=owner).get_json()["late_days"] == 0
    paid = client.post(f"{url}/settlement", json={"lines": [{"name": "服务费", "amount_fen": 9_900}]}, headers=owner)
    assert paid.get_json()["paid_fen"] == 9_900
    whole = client.get(url, headers=owner).get_json()
    assert (whole["state"], len(whole["deliverables"])) == ("settled", 2)
    assert client.get("/api/v1/deals").get_json()["items"][0]["paid_fen"] == 9_900
    assert client.get(f"{base}/result").get_json()["award"]["quote_id"] == ids[0]


def test_the_api_refuses_as_the_pages_do(app: Flask, market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    client = app.test_client()
    agent, owner = market.world.api_token(market.agents[0][0]), market.world.api_token(market.owner)
    url = f"/api/v1/needs/{need_id}/award"
    assert client.post(url, json={"quote_id": ids[0]}).status_code == 401
    assert client.post(url, json={"quote_id": ids[0]}, headers=agent).status_code == 403
    assert client.post(url, json={"quote_id": ids[1]}, headers=owner).status_code == 422
    assert client.post(url, json={}, headers=owner).status_code == 422
    award_id = client.post(url, json={"quote_id": ids[0]}, headers=owner).get_json()["id"]
    assert client.post(url, json={"quote_id": ids[0]}, headers=owner).status_code == 409
    declined = client.post(
        f"/api/v1/awards/{award_id}/decline", json={"reason": "主要人员同期承担其他项目"}, headers=agent
    )
    assert declined.get_json()["award"]["quote_id"] == ids[1]


def test_an_accepted_contract_leads_to_rating(market: Market, browse: Browse) -> None:
    contract = accepted(market)
    assert now(market, contract).accepted_at is not None
    assert f"/contracts/{contract.id}/rate" in page(browse(market.owner), f"/contracts/{contract.id}")
    with market.works.reading() as work:
        assert work.session.get(Award, contract.award_id) is not None
        assert queries.settlement_of(work.session, contract.id) is None
