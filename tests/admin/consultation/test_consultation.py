"""Questions to the offices: asked anywhere, answered in time, approved by a second person, found in either script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from accounts.models import Message
from admin.consultation import queries, rules, service
from admin.consultation.commands import Answer, Approve, Ask, Reason
from admin.consultation.lifecycle import ConsultationState
from admin.consultation.models import Consultation
from admin.guide import service as guides
from agencies.catalogue.models import Rule
from core import deadlines, outbox
from core.access import ANONYMOUS, Actor, OrgKind
from core.clock import FixedClock
from core.errors import Conflict, Forbidden, Invalid
from core.work import Works
from search import service as search
from search.backend import Query
from search.folding import fold
from tests.agencies.registration.world import World
from tests.browser import post
from tests.marketplace.conftest import with_owner
from tests.marketplace.selection.world import Market
from tests.worlds import Worlds
from web.cli import life_tables
from web.wiring import DEADLINES, EVENTS

DAY = date(2026, 9, 1)
QUESTION = "缺一份社保证明，能不能先入驻？"
ANSWER = "可以。社保证明是次要材料，容缺受理，写明补交日期，期限内补齐。"


@dataclass
class Desk:
    """The offices around one question."""

    market: Market
    office: Actor

    def act(self, actor: Actor, deed: Any, *words: Any, **named: Any) -> Any:
        with self.market.works.writing(actor) as work:
            return deed(work, *words, **named)

    def asked(self, question: str = QUESTION, **more: Any) -> int:
        return int(self.act(self.market.owner, service.ask, Ask(question, **more)).id)

    def published(self, question: str = QUESTION, answer: str = ANSWER, **more: Any) -> int:
        consultation_id = self.asked(question)
        self.act(self.market.world.town, service.answer, consultation_id, Answer(answer, **more))
        self.act(self.market.world.city, service.publish, consultation_id, Approve(DAY))
        return consultation_id

    def told(self, actor: Actor) -> list[str]:
        with self.market.works.reading() as work:
            query = select(Message.code).where(Message.org_id == actor.org_id, Message.code.startswith("consultation"))
            return list(work.session.scalars(query.order_by(Message.id)))


@pytest.fixture
def desk(works: Works, clock: FixedClock, worlds: Worlds) -> Desk:
    world, owner, office = worlds.begin("consultation", works, with_guides)
    return Desk(Market(world, works, clock, owner), office)


def with_guides(works: Works) -> tuple[World, Actor, Actor]:
    """Put the administration and the guides beside the market."""
    world, owner = with_owner(works)
    with works.system() as work:
        guides.keep(work, life_tables())
    return world, owner, world.actor(OrgKind.ADMINISTRATION, "市政务服务和数据管理局", None)


def test_a_question_goes_to_the_town_and_its_answer_back(desk: Desk) -> None:
    consultation_id = desk.asked(item_code="DG-A-01", about="/services/DG-A-01")
    assert desk.told(desk.market.world.town) == ["consultation-asked"]
    assert desk.told(desk.market.world.other_town) == []
    with pytest.raises(Forbidden):
        desk.act(desk.market.world.other_town, service.answer, consultation_id, Answer(ANSWER))
    row = desk.act(desk.market.world.town, service.answer, consultation_id, Answer(ANSWER))
    assert row.state is ConsultationState.ANSWERED
    assert desk.told(desk.market.owner) == ["consultation-answered"]
    assert desk.told(desk.market.world.city) == ["consultation-to-approve"]


def test_an_answer_is_for_everybody_only_once_a_second_person_approved(desk: Desk) -> None:
    consultation_id = desk.asked()
    desk.act(desk.market.world.city, service.answer, consultation_id, Answer(ANSWER))
    with desk.market.works.reading(ANONYMOUS) as work:
        assert queries.approved(work.session, q="社保") == []
    with pytest.raises(Forbidden):
        desk.act(desk.market.world.city, service.publish, consultation_id, Approve(DAY))
    desk.act(desk.office, service.publish, consultation_id, Approve(DAY))
    with desk.market.works.reading(ANONYMOUS) as work:
        assert [row.id for row in queries.approved(work.session, q="社保")] == [consultation_id]


def test_an_answer_is_found_in_either_script_and_the_best_comes_first(desk: Desk) -> None:
    joining = desk.published()
    other = desk.published("环评报告表要多少天？", "按合同约定的期限，一般十五个工作日。")
    with desk.market.works.reading() as work:
        for q in ("社保證明 入駐", "社保证明入驻", "缺社保证明可以入驻吗"):
            assert [row.id for row in queries.approved(work.session, q=q)] == [joining]
        assert [row.id for row in queries.approved(work.session, q="環評報告表")] == [other]
        assert [row.id for row in queries.approved(work.session)] == [other, joining]
        assert queries.approved(work.session, q="100%_' OR 1=1") == []


def test_an_answer_says_when_what_it_rests_on_has_changed(desk: Desk, client: FlaskClient) -> None:
    consultation_id = desk.published(rule_key="publicity-days", life="registration")
    with desk.market.works.reading() as work:
        row = queries.by_id(work.session, consultation_id)
        versions = {one["kind"]: one["version"] for one in row.cites}
        assert versions == {"rule": "2018-12-28", "guide": "1"}
        general = work.session.scalars(select(Rule).where(Rule.key == "publicity-days", Rule.fund == "social")).one()
    assert "规则已有新版本" not in client.get(f"/help/{consultation_id}").text
    with desk.market.works.system() as work:
        columns = ("key", "fund", "item_code", "town_code", "name", "name_en", "unit", "basis", "confidence")
        newer = Rule(**{name: getattr(general, name) for name in columns}, value=2, valid_from=date(2026, 3, 1))
        work.add(newer, "test.rule")
    assert "规则已有新版本" in client.get(f"/help/{consultation_id}").text
    renewed = desk.act(desk.office, service.renew, consultation_id, Approve(DAY))
    assert {one["kind"]: one["version"] for one in renewed.cites} == {"rule": "2026-03-01", "guide": "1"}


def test_what_nobody_answers_goes_to_the_city_and_what_is_old_is_looked_at_again(desk: Desk, clock: FixedClock) -> None:
    late, old = desk.asked(), desk.published()
    clock.instant += timedelta(days=7)
    deadlines.run_due(desk.market.works, DEADLINES)
    assert desk.told(desk.market.world.city).count("consultation-overdue") == 1
    clock.instant += timedelta(days=200)
    deadlines.run_due(desk.market.works, DEADLINES)
    assert "consultation-review" in desk.told(desk.market.world.town)
    with desk.market.works.reading() as work:
        assert queries.overdue(work.session, clock.instant) == 1
        assert [row.id for row in queries.to_review(work.session, desk.market.world.town, DAY)] == [old]
        assert [row.id for row in queries.waiting(work.session, desk.market.world.town)] == [late]
        assert queries.waiting(work.session, desk.market.owner) == []


def test_a_question_is_closed_and_an_answer_retired_with_a_reason(desk: Desk) -> None:
    mine, theirs, public = desk.asked(), desk.asked(), desk.published()
    desk.act(desk.market.owner, service.close, mine, Reason("已经自己找到了"))
    desk.act(desk.market.world.town, service.close, theirs, Reason("与本市场无关，请打 12345"))
    assert desk.told(desk.market.owner).count("consultation-closed") == 1
    desk.act(desk.office, service.retire, public, Reason("规则已经改了"))
    with pytest.raises(Conflict):
        desk.act(desk.market.world.town, service.answer, mine, Answer(ANSWER))
    with pytest.raises(Invalid, match="consultation-too-short"):
        desk.act(desk.market.owner, service.close, desk.asked(), Reason("不"))
    with desk.market.works.reading() as work:
        assert queries.approved(work.session) == []


def test_a_reader_says_once_whether_it_helped_and_may_think_again(desk: Desk) -> None:
    consultation_id = desk.published()
    reader = desk.market.agency()[0]
    for said in (True, True, False):
        desk.act(reader, service.say_helped, consultation_id, helped=said)
    desk.act(desk.market.owner, service.say_helped, consultation_id, helped=True)
    with desk.market.works.reading() as work:
        assert queries.counted(work.session, consultation_id) == queries.Counted(1, 2)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Ask("多久？"), "consultation-too-short"),
        (Ask(QUESTION, item_code="DG-Z-99"), "consultation-item-unknown"),
    ],
)
def test_a_question_that_does_not_do_is_refused(desk: Desk, command: Ask, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        desk.act(desk.market.owner, service.ask, command)


def test_only_a_path_of_this_site_is_kept(desk: Desk) -> None:
    kept = [desk.asked(about=about) for about in ("/needs/3", "//evil.example", "https://evil.example")]
    with desk.market.works.reading() as work:
        rows = {row.id: row.about for row in work.session.scalars(select(Consultation))}
    assert [rows[one] for one in kept] == ["/needs/3", "", ""]


def test_every_page_has_the_box_and_what_was_typed_stays(desk: Desk, client: FlaskClient) -> None:
    assert 'action="/help"' in client.get("/rules").text
    asked = client.get("/help?q=入驻要交什么&about=/services/DG-A-01")
    assert "登录后提问" in asked.text
    desk.market.world.sign_in(client, desk.market.owner)
    at = "/help?q=入驻要交什么&about=/services/DG-A-01"
    assert "入驻要交什么" in client.get(at).text
    short = post(client, "/help", {"question": "多久", "about": "/services/DG-A-01"}, at=at)
    assert short.status_code == 422
    assert "多久" in short.text
    sent = post(client, "/help", {"question": QUESTION, "item_code": "DG-A-01"}, at=at)
    assert sent.status_code == 303
    town = client.application.test_client()
    desk.market.world.sign_in(town, desk.market.world.town)
    assert QUESTION[:10] in town.get("/desk/consultations").text
    url = sent.location
    assert post(town, f"{url}/answer", {"answer": ANSWER, "life": "registration"}, at=url).status_code == 303
    assert ANSWER[:10] in client.get(url).text
    stranger = client.application.test_client()
    assert stranger.get(url).status_code == 404
    found = stranger.get("/api/v1/consultations?q=社保").json
    assert found == []


@given(st.text(max_size=60))
def test_any_query_is_cut_into_pieces_it_holds(q: str) -> None:
    folded = fold(q)
    wanted = rules.pieces(folded)
    assert all(one in folded for one in wanted)
    assert rules.share(wanted, folded) == (1.0 if wanted else 0.0)


def test_an_approved_answer_and_a_guide_are_found_by_the_one_box(desk: Desk, app: Flask, tmp_path: Path) -> None:
    kept = dict(search._configured)
    search.configure(tmp_path / "index")
    consultation_id, hidden = desk.published(), desk.asked("缺一份社保证明要等几天？")
    works = desk.market.works

    def found(text: str) -> list[str]:
        with works.reading(ANONYMOUS) as work:
            return [hit.document.key for hit in search.search(work, Query(text)).results.hits]

    def answers(text: str) -> list[str]:
        return [key for key in found(text) if key.startswith("answer:")]

    with app.app_context():
        with works.reading() as work:
            search.rebuild(work)
        assert found("社保證明")[:1] == [f"answer:{consultation_id}"]
        assert f"answer:{hidden}" not in found("社保证明")
        assert "guide:complaint" in found("投诉")
        later = desk.published("社保证明交到哪里？", "到镇街窗口，或在入驻信息里上传。")
        outbox.relay(works, EVENTS)
        search.flush(works)
        assert set(answers("社保证明")) == {f"answer:{consultation_id}", f"answer:{later}"}
        desk.act(desk.market.world.city, service.retire, consultation_id, Reason("规定已经改变，不再适用"))
        assert answers("社保证明") == [f"answer:{later}"]
    search._configured.clear()
    search._configured.update(kept)
