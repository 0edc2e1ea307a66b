"""Walks through the doors: signing up and in, the code, resets, tokens, delegations, messages, drafts."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts import drafts, factors, mail, messages, queries
from accounts.models import User
from accounts.service import add_membership
from accounts.workbench import DOORS
from core import outbox
from core.access import Actor, MemberRole, OrgKind
from core.clock import FixedClock
from core.work import Works
from tests.accounts.people import PASSWORD, SECRET, TOWN, Browser, People, body, credit_code, first
from tests.accounts.test_signing import WIRING

SIGN_UP = {
    "kind": "agency", "name": "松湖造价咨询", "credit_code": credit_code(800), "town_code": TOWN, "terms": "1",
    "display_name": "梁文", "mobile": "13600000009", "email": "liang@example.com", "password": "石龙的老街很热闹呢",
}  # fmt: skip
PAGES = ("/desk", "/messages", "/account", "/account/security", "/account/tokens", "/account/organisations",
         "/account/second-factor", "/organisation", "/organisation/edit", "/organisation/members/new")  # fmt: skip


def test_an_agency_signs_up_and_stands_at_its_registration(browser: Browser) -> None:
    assert browser.get("/sign-up?kind=agency").status_code == 200
    wrong = browser.post("/sign-up", {**SIGN_UP, "credit_code": "91350100M000100Y44", "password": "短", "terms": ""})
    assert wrong.status_code == 422
    for sentence in ("代码第 18 位与前面对不上", "松湖造价咨询", "错误：注册"):
        assert sentence in wrong.text
    assert SIGN_UP["password"] not in wrong.text
    short = browser.post("/sign-up", {**SIGN_UP, "password": "只有四字"})
    assert short.status_code == 422
    assert "密码至少 10 个字，现在 4 个" in short.text
    done = browser.post("/sign-up", {**SIGN_UP, "password": "石龙的老街很热闹呢呀"})
    assert (done.status_code, done.location) == (303, "/join")
    assert "松湖造价咨询" in browser.get("/desk").text
    assert browser.get("/organisation").status_code == 200
    assert "13600000009" not in browser.get("/organisation").text + browser.get("/account").text
    assert "136****0009" in browser.get("/organisation").text


def test_wrong_and_unknown_names_get_the_same_page(browser: Browser, people: People) -> None:
    user = people.person(people.organisation())
    texts = []
    for name in (user.mobile or "", "13700000000"):
        answer = browser.post("/sign-in", {"identifier": name, "password": "wrong password"})
        assert answer.status_code == 422
        texts.append(re.sub(r'(csrf_token" value="|request_id)[^"]*', "", answer.text).replace(name, "…"))
    assert texts[0] == texts[1]
    assert "手机号、邮箱或密码不对" in texts[0]


def test_too_many_tries_are_told_to_wait(browser: Browser, people: People) -> None:
    user = people.person(None)
    answers = [browser.post("/sign-in", {"identifier": user.mobile, "password": "wrong password"}) for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "15"
    assert "15 秒后再试" in answers[-1].text


def test_signing_in_makes_a_new_session_and_signing_out_ends_it(browser: Browser, people: People) -> None:
    user = people.person(people.organisation())
    with browser.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    answer = browser.sign_in(user)
    assert (answer.status_code, answer.location) == (303, "/desk")
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        token = session["_user_id"]
    for flag in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in answer.headers["Set-Cookie"]
    assert browser.get("/desk").status_code == 200
    assert browser.post("/sign-out", {}, page="/desk").status_code == 303
    browser.use(token)
    assert browser.get("/desk").status_code == 303


def test_signing_in_never_leads_elsewhere(browser: Browser, people: People) -> None:
    user = people.person(people.organisation())
    assert browser.sign_in(user, next="//evil.example/").location == "/desk"
    assert browser.get("/preferences?lang=en&next=https://evil.example").location == "/"
    answer = browser.get("/preferences?lang=en&theme=dark&text=large&next=/fees")
    assert answer.location == "/fees"
    kept = " ".join(answer.headers.getlist("Set-Cookie"))
    assert all(f"{one};" in kept for one in ("lang=en", "theme=dark", "text_size=large"))
    assert not browser.get("/preferences?lang=xx").headers.getlist("Set-Cookie")


def test_every_own_page_draws_in_three_languages(browser: Browser, people: People) -> None:
    org = people.organisation()
    browser.use(people.token(people.person(org)))
    people.person(org, MemberRole.READER)
    for page in PAGES:
        for lang in ("zh-Hans-CN", "zh-Hant", "en"):
            answer = browser.get(f"{page}?lang={lang}")
            assert answer.status_code == 200, page
            assert answer.text.count("<h1>") == 1


def test_a_reader_sees_the_people_and_changes_none(browser: Browser, people: People) -> None:
    org = people.organisation()
    people.person(org)
    browser.use(people.token(people.person(org, MemberRole.READER)))
    page = browser.get("/organisation")
    assert page.status_code == 200
    assert "/organisation/members/new" not in page.text
    assert browser.get("/organisation/members/new").status_code == 403


def test_staff_without_a_second_factor_are_led_to_set_it_up(browser: Browser, people: People, works: Works) -> None:
    user = people.person(people.organisation(OrgKind.TOWN_OPERATOR))
    answer = browser.sign_in(user)
    assert answer.location.startswith("/account/second-factor")
    for page in ("/desk", "/messages", "/organisation", "/desk/registrations"):
        assert browser.get(page).location.startswith("/account/second-factor"), page
    shown = browser.get(answer.location).text
    assert "<svg" in shown
    assert "data-demo-code" not in shown
    with works.reading() as work:
        secret = work.session.get_one(User, user.id).totp_secret or ""
        code = factors.code_at(secret, factors.step_of(work.clock.now()))
    wrong = browser.post("/account/second-factor", {"code": "12 34"})
    assert wrong.status_code == 422
    assert secret[:4] in wrong.text
    done = browser.post("/account/second-factor", {"code": f"{code[:3]} {code[3:]}", "next": "/desk"})
    assert (done.status_code, done.location) == (303, "/desk")
    assert browser.get("/desk").status_code == 200
    assert browser.post("/account/second-factor/drop", {"code": code}, page="/account/security").status_code == 403


def test_the_code_is_asked_after_the_password_and_taken_once(browser: Browser, app: Flask, people: People) -> None:
    user = people.person(people.organisation())
    people.second_factor(user)
    answer = browser.sign_in(user, next="/messages")
    assert answer.location.startswith("/sign-in/code")
    assert browser.get("/desk").location.startswith("/sign-in")
    code = people.code()
    done = browser.post("/sign-in/code", {"code": code, "next": "/messages"})
    assert (done.status_code, done.location) == (303, "/messages")
    other = Browser(app.test_client())
    other.sign_in(user)
    again = other.post("/sign-in/code", {"code": f"{code[:3]} {code[3:]}"})
    assert again.status_code == 422
    assert "已用过" in again.text


def test_a_visitor_of_the_demo_world_is_shown_the_code(browser: Browser, people: People) -> None:
    user = people.person(people.organisation(OrgKind.PRICE_REGULATOR, is_demo=True))
    people.second_factor(user)
    page = browser.get(browser.sign_in(user).location)
    shown = first(r"data-demo-code>(\d{6})<", page.text)
    assert shown == people.code()
    assert browser.post("/sign-in/code", {"code": shown}).status_code == 303
    assert browser.get("/desk").status_code == 200


def test_a_real_organisation_is_never_shown_its_code(browser: Browser, people: People) -> None:
    user = people.person(people.organisation(OrgKind.PRICE_REGULATOR))
    people.second_factor(user)
    assert SECRET[:4] not in browser.get(browser.sign_in(user).location).text
    assert "data-demo-code" not in browser.get("/sign-in/code").text


def test_a_forgotten_password_is_set_by_mail(browser: Browser, works: Works, people: People, tmp_path: Path) -> None:
    user = people.person(people.organisation())
    mail.configure(mail.FolderPost(tmp_path / "mail"))
    pages = [browser.post("/password-reset", {"identifier": name}).text for name in (user.email, "nobody@example.com")]
    assert "已收到" in pages[0]
    assert pages[0] == pages[1]
    while outbox.relay(works, WIRING):
        pass
    (letter,) = (tmp_path / "mail").glob("*.eml")
    text = message_from_bytes(letter.read_bytes(), policy=policy.default).get_content()
    path = first(r"http://localhost(/password-reset/\S+)", text)
    assert browser.post(path, {"password": "太短"}).status_code == 422
    assert browser.post(path, {"password": "茶山的夜市到十点才散"}).status_code == 303
    assert browser.get(path).status_code == 404
    assert browser.sign_in(user).status_code == 422
    assert browser.sign_in(user, "茶山的夜市到十点才散").status_code == 303


def test_a_delegate_is_added_invited_and_ended(
    browser: Browser, works: Works, people: People, tmp_path: Path, app: Flask
) -> None:
    org = people.organisation()
    browser.use(people.token(people.person(org)))
    mail.configure(mail.FolderPost(tmp_path / "mail"))
    page = "/organisation/members/new"
    given = {"display_name": "新人", "mobile": "13500000002", "email": "new@example.com", "role": "delegate"}
    assert "手机号是 11 位数字" in browser.post(page, {**given, "mobile": "135"}).text
    assert browser.post(page, given).status_code == 303
    while outbox.relay(works, WIRING):
        pass
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    with works.reading() as work:
        seat = next(
            one for one in queries.seats_of_organisation(work.session, org.id) if one.user.display_name == "新人"
        )
    end = f"/organisation/members/{seat.membership.id}/end"
    stranger = Browser(app.test_client())
    stranger.use(people.token(people.person(people.organisation())))
    assert stranger.get(end).status_code == 403
    assert browser.get(end).status_code == 200
    assert browser.post(end, {}).status_code == 303
    assert "已结束" in browser.get("/organisation").text


def test_somebody_with_two_organisations_chooses_and_switches(browser: Browser, works: Works, people: People) -> None:
    first, second = people.organisation(), people.organisation(OrgKind.AGENCY)
    user = people.person(first)
    with works.system() as work:
        add_membership(work, second.id, user.id, role=MemberRole.MANAGER)
    assert browser.sign_in(user).location.startswith("/account/organisations")
    with browser.client.session_transaction() as session:
        before = session["_user_id"]
    page = "/account/organisations"
    assert browser.post(page, {"org_id": second.id}).location == "/desk"
    with browser.client.session_transaction() as session:
        assert session["_user_id"] != before
    assert second.name in browser.get("/desk").text
    assert browser.post(page, {"org_id": people.organisation().id}).status_code == 403


def test_a_password_change_ends_other_sign_ins(browser: Browser, app: Flask, people: People) -> None:
    user = people.person(people.organisation())
    browser.sign_in(user)
    other = Browser(app.test_client())
    other.sign_in(user)
    given = {"password": "not the one", "new_password": "长安的工厂六点换班了"}
    assert "当前密码不对" in browser.post("/account/security", given).text
    assert browser.post("/account/security", {**given, "password": PASSWORD}).status_code == 303
    assert browser.get("/account/security").status_code == 200
    assert other.get("/account/security").status_code == 303


def test_a_token_is_shown_once_and_works_until_revoked(browser: Browser, app: Flask, people: People) -> None:
    user = people.person(people.organisation())
    browser.use(people.token(user))
    given = {"label": "财务系统", "scopes": ["read", "write"], "days": "30", "password": PASSWORD}
    assert browser.post("/account/tokens", {**given, "password": "wrong password"}).status_code == 422
    made = browser.post("/account/tokens", given)
    assert made.status_code == 201
    token = first(r"dgzj_[\w-]{40,}", made.text)
    assert token not in browser.get("/account/tokens").text
    headers = {"Authorization": f"Bearer {token}"}
    client = app.test_client()
    assert body(client.get("/api/v1/me", headers=headers))["person"]["mobile"] == f"139****{(user.mobile or '')[-4:]}"
    revoke = first(r"/account/tokens/\d+/revoke", browser.get("/account/tokens").text)
    assert browser.post(revoke, {}, page="/account/tokens").status_code == 303
    assert client.get("/api/v1/me", headers=headers).status_code == 401
    public = client.get("/api/v1/needs", headers=headers)
    assert (public.status_code, body(public)["code"]) == (401, "token-ended")
    assert client.get("/needs", headers=headers).status_code == 200


def test_a_token_opens_no_page_of_the_account(app: Flask, client: FlaskClient, people: People) -> None:
    user = people.person(people.organisation())
    answer = client.post("/api/v1/tokens", json=credentials(user))
    headers = {"Authorization": f"Bearer {body(answer)['token']}"}
    for page in ("/account/security", "/account/tokens", "/account/second-factor"):
        assert client.get(page, headers=headers).status_code == 403


def credentials(user: User, **more: object) -> dict[str, object]:
    return {
        "identifier": user.mobile,
        "password": PASSWORD,
        "label": "接口",
        "scopes": ["read", "write"],
        "days": 7,
        **more,
    }


def test_the_api_makes_a_token_with_password_and_code(client: FlaskClient, people: People) -> None:
    user = people.person(people.organisation(OrgKind.CITY_OPERATOR))
    refused = client.post("/api/v1/tokens", json=credentials(user))
    assert (refused.status_code, body(refused)["code"]) == (403, "second-factor-required")
    people.second_factor(user)
    assert body(client.post("/api/v1/tokens", json=credentials(user)))["code"] == "code-wrong"
    assert client.post("/api/v1/tokens", json=credentials(user, password="wrong password")).status_code == 422
    made = client.post("/api/v1/tokens", json=credentials(user, code=people.code()))
    assert made.status_code == 201
    me = body(client.get("/api/v1/me", headers={"Authorization": f"Bearer {body(made)['token']}"}))
    assert me["second_factor"] is True
    assert me["organisation"]["kind"] == "city_operator"
    again = client.post("/api/v1/tokens", json=credentials(user, code=people.code()))
    assert body(again)["code"] == "code-wrong"


def test_an_enterprise_signs_up_and_manages_people_by_api(client: FlaskClient) -> None:
    given = {**SIGN_UP, "kind": "enterprise", "password": "石龙的老街很热闹呢呀", "terms": True}
    made = client.post("/api/v1/organisations", json=given)
    assert made.status_code == 201
    assert body(made)["person"]["mobile"] == "136****0009"
    assert body(client.post("/api/v1/organisations", json=given))["code"] == "organisation-known"
    asked = {"identifier": given["email"], "password": given["password"], "label": "x", "scopes": ["read", "write"]}
    headers = {"Authorization": f"Bearer {body(client.post('/api/v1/tokens', json=asked))['token']}"}
    member = {"display_name": "王二", "mobile": "13500000003", "email": "w@example.com", "role": "reader"}
    begun = client.post("/api/v1/organisation/members", json=member, headers=headers)
    assert begun.status_code == 201
    listed = body(client.get("/api/v1/organisation/members", headers=headers))
    assert [one["role"] for one in listed] == ["manager", "reader"]
    assert "13500000003" not in str(listed)
    assert client.delete(f"/api/v1/organisation/members/{body(begun)['id']}", headers=headers).status_code == 204
    assert (
        body(client.patch("/api/v1/organisation", json={"address": "东城路 1 号"}, headers=headers))["address"]
        == "东城路 1 号"
    )
    assert body(client.get("/api/v1/messages", headers=headers))["items"] == []


def test_messages_are_read_and_settled(browser: Browser, works: Works, people: People, clock: FixedClock) -> None:
    org = people.organisation()
    browser.use(people.token(people.person(org)))
    with works.system() as work:
        messages.tell(
            work, org.id, "contract-to-sign", "/contracts/1", due_at=clock.now() + timedelta(days=1), need="桥"
        )
        messages.tell(work, org.id, "award-won", "/needs/1", need="桥", number="DG-1")
    for page in ("/desk", "/messages"):
        assert "“桥”的合同已拟好" in browser.get(page).text
        assert "贵机构在“桥”中选" in browser.get(page).text
    done = first(r"/messages/\d+/done", browser.get("/messages").text)
    assert browser.post(done, {}, page="/messages").status_code == 303
    assert browser.post("/messages/read", {}, page="/messages").status_code == 303
    text = browser.get("/messages").text
    assert "没有要办的事" in text
    assert "标为办过" not in text


def test_what_was_typed_survives_a_lost_sign_in(browser: Browser, people: People, clock: FixedClock) -> None:
    user = people.person(people.organisation())
    browser.sign_in(user)
    page = "/organisation/members/new"
    token = browser.csrf(page)
    clock.advance(timedelta(minutes=31))
    given = {"display_name": "写了一半的人", "mobile": "13500000004", "role": "reader", "csrf_token": token}
    lost = browser.client.post(page, data=given, headers={"Referer": f"http://localhost{page}"})
    assert lost.status_code == 303
    form = browser.get(lost.location)
    hidden = dict(re.findall(r'name="(next|kept)" value="([^"]+)"', form.text))
    assert hidden["next"] == page
    back = browser.post("/sign-in", {"identifier": user.mobile, "password": PASSWORD, **hidden}, page=lost.location)
    assert back.location == page
    again = browser.get(page)
    for kept in ("写了一半的人", "13500000004", "没有提交的内容", 'value="reader" checked'):
        assert kept in again.text
    assert browser.post(page, {**given, "email": "half@example.com"}).status_code == 303
    assert "写了一半的人" not in browser.get(page).text


def test_a_draft_is_kept_shown_on_the_desk_and_thrown_away(
    browser: Browser, works: Works, people: People, app: Flask
) -> None:
    user = people.person(people.organisation())
    browser.use(people.token(user))
    page = "/organisation/members/new"
    saved = browser.post(f"/drafts?path={page}", {"display_name": "半个名字", "password": "never kept"}, page=page)
    assert saved.status_code == 204
    assert "半个名字" in browser.get(page).text
    assert page in browser.get("/desk").text
    other = Browser(app.test_client())
    other.use(people.token(people.person(people.organisation())))
    assert "半个名字" not in other.get(page).text
    with works.reading(Actor(user_id=user.id)) as work:
        assert drafts.draft_for(work, page) == {"display_name": ["半个名字"]}
    assert browser.post("/drafts/discard", {"path": page}, page="/desk").status_code == 303
    assert "半个名字" not in browser.get(page).text
    assert browser.post("/drafts?path=//evil.example", {}, page=page).status_code == 422


def test_every_door_on_the_desk_opens(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for doors in DOORS.values():
        for _label, url in doors:
            assert adapter.match(url, method="GET")


@pytest.mark.parametrize("kind", list(OrgKind))
def test_every_role_has_a_desk(browser: Browser, people: People, kind: OrgKind) -> None:
    browser.use(people.token(people.person(people.organisation(kind)), second_factor=True))
    answer = browser.get("/desk")
    assert answer.status_code == 200
    assert "要您办的" in answer.text


def test_posting_without_a_token_is_refused(client: FlaskClient, people: People) -> None:
    user = people.person(None)
    assert client.post("/sign-in", data={"identifier": user.mobile, "password": PASSWORD}).status_code == 403
