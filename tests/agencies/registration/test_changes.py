"""A qualification entered on the shelf: judged whole, sent back once, accepted by silence, promised, and over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Message
from agencies.registration import queries, service
from agencies.registration.commands import AnswerList, ItemJudged
from agencies.registration.lifecycle import QUALIFICATION_CORRECT, QUALIFICATION_PROMISE, QUALIFICATION_REVIEW
from agencies.registration.lifecycle import PractitionerState as P
from agencies.registration.lifecycle import QualificationState as S
from agencies.registration.models import Practitioner, Qualification
from agencies.registration.rules import ITEMS
from core import corrections, files
from core.access import Actor, MemberRole
from core.audit import AuditLeaf
from core.clock import FixedClock, beijing_day
from core.corrections import ItemVerdict
from core.deadlines import Deadline, run_due
from core.errors import Conflict, Forbidden, Invalid
from core.workdays import add_workdays, close_of
from tests.agencies.registration.world import QUALIFICATION, World, person
from tests.browser import page, post
from web.wiring import DEADLINES

WRONG = ItemJudged("term", ItemVerdict.TO_CORRECT, "有效期与证书不符，按证书改")
PDF = b"%PDF-1.4 a paper"


def act(world: World, actor: Actor, deed: Callable[..., Any], *words: Any) -> Any:
    with world.works.writing(actor) as work:
        return deed(work, *words)


def entered(world: World) -> tuple[Actor, int]:
    """Put an agency on the shelf and let it enter one more certificate."""
    actor, agency_id = world.listed()
    row = act(world, actor, service.add_qualification, agency_id, replace(QUALIFICATION, number="新证2026"))
    return actor, int(row.id)


def row_of(world: World, qualification_id: int) -> Qualification:
    with world.works.reading() as work:
        return work.session.get_one(Qualification, qualification_id)


def judge(world: World, qualification_id: int, *special: ItemJudged) -> None:
    said = {one.key: one for one in special}
    verdicts = [said.get(key, ItemJudged(key, ItemVerdict.PASSED)) for key in ITEMS]
    act(world, world.town, service.judge_change, qualification_id, verdicts)


def clock_of(world: World, kind: str, qualification_id: int) -> Any:
    query = select(Deadline.due_at).where(
        Deadline.kind == kind, Deadline.object_id == qualification_id, Deadline.done_at.is_(None)
    )
    with world.works.reading() as work:
        return work.session.scalar(query)


def until(world: World, clock: FixedClock, at: Any) -> None:
    clock.advance(at - clock.now())
    while run_due(world.works, DEADLINES):
        pass


def told(world: World, actor: Actor) -> list[str]:
    with world.works.reading() as work:
        query = select(Message.code).where(Message.org_id == actor.org_id).order_by(Message.id)
        return list(work.session.scalars(query))


def test_a_new_certificate_waits_five_working_days_and_then_counts(world: World, clock: FixedClock) -> None:
    actor, one = entered(world)
    due = clock_of(world, QUALIFICATION_REVIEW, one)
    assert due == corrections.days_after(clock.now(), 5)
    until(world, clock, due - timedelta(seconds=1))
    assert row_of(world, one).state is S.SUBMITTED
    until(world, clock, due)
    row = row_of(world, one)
    assert (row.state, row.deemed, row.verified_at) == (S.VALID, True, clock.now())
    assert told(world, actor)[-1] == "qualification-deemed-accepted"
    with world.works.reading() as work:
        leaf = work.session.scalars(select(AuditLeaf).where(AuditLeaf.verb == "qualification.verify")).all()[-1]
    assert (leaf.role, leaf.facts["deemed"]) == ("system", True)


@pytest.mark.parametrize("deed", [service.send_change_back, service.accept_change, service.accept_change_with_gaps])
def test_nothing_is_sent_before_every_item_has_its_verdict(world: World, deed: Callable[..., Any]) -> None:
    _actor, one = entered(world)
    act(world, world.town, service.judge_change, one, [WRONG])
    with pytest.raises(Conflict) as refusal:
        act(world, world.town, deed, one)
    assert (refusal.value.code, refusal.value.facts["count"]) == ("verdicts-missing", len(ITEMS) - 1)


def returned(world: World) -> tuple[Actor, int]:
    actor, one = entered(world)
    judge(world, one, WRONG)
    act(world, world.town, service.send_change_back, one)
    return actor, one


def test_one_list_says_everything_and_the_answer_puts_its_fields_right(world: World, clock: FixedClock) -> None:
    actor, one = returned(world)
    assert told(world, actor)[-1] == "qualification-returned"
    assert clock_of(world, QUALIFICATION_REVIEW, one) is None
    assert clock_of(world, QUALIFICATION_CORRECT, one) == corrections.days_after(clock.now(), 10)
    with pytest.raises(Invalid, match="change-answer-missing"):
        act(world, actor, service.answer, one, AnswerList({"grade": "没有要改的"}))
    with pytest.raises(Forbidden):
        act(world, world.town, service.answer, one, AnswerList({"term": "改好了"}))
    act(world, actor, service.answer, one, AnswerList(fields={"valid_to": date(2028, 6, 30), "issued_by": "别的机关"}))
    row = row_of(world, one)
    assert (row.state, row.valid_to, row.issued_by) == (S.SUBMITTED, date(2028, 6, 30), QUALIFICATION.issued_by)
    with world.works.reading() as work:
        items = queries.change_items(work.session, one)
    assert {key for key, item in items.items() if item.verdict is ItemVerdict.PENDING} == {"term"}


def test_a_second_list_names_only_the_first_needs_a_supervisor_and_is_counted(world: World) -> None:
    actor, one = returned(world)
    act(world, actor, service.answer, one, AnswerList({"term": "见证书第二页"}))
    judge(world, one, ItemJudged("issuer", ItemVerdict.TO_CORRECT, "发证机关写全称"))
    with pytest.raises(Conflict, match="said-before"):
        act(world, world.town, service.send_change_back, one, "第一次没有看清")
    judge(world, one, WRONG)
    with pytest.raises(Invalid, match="supervisor-reason"):
        act(world, world.town, service.send_change_back, one)
    clerk = replace(world.town, role=MemberRole.DELEGATE)
    with pytest.raises(Forbidden):
        act(world, clerk, service.send_change_back, one, "有效期仍然不符")
    act(world, world.town, service.send_change_back, one, "有效期仍然不符")
    with world.works.reading() as work:
        assert queries.twice_returned(work.session, world.town) == (1, 1)
        assert queries.twice_returned(work.session, world.other_town) == (0, 0)
    act(world, actor, service.answer, one, AnswerList({"term": "已换证"}))
    judge(world, one, WRONG)
    with pytest.raises(Conflict, match="corrected-twice"):
        act(world, world.town, service.send_change_back, one, "第三次")


def test_what_is_not_corrected_in_time_no_longer_waits(world: World, clock: FixedClock) -> None:
    actor, one = returned(world)
    until(world, clock, clock_of(world, QUALIFICATION_CORRECT, one))
    row = row_of(world, one)
    assert (row.state, row.lapsed_reason) == (S.LAPSED, "not-corrected")
    assert told(world, actor)[-1] == "qualification-not-corrected"


def promised(world: World, day: date) -> tuple[Actor, int]:
    actor, one = entered(world)
    judge(world, one, ItemJudged("people", ItemVerdict.PROMISED, promised_on=day))
    act(world, world.town, service.accept_change_with_gaps, one)
    return actor, one


def test_only_minor_papers_may_follow_within_the_days_of_the_rule(world: World, clock: FixedClock) -> None:
    _actor, one = entered(world)
    today = beijing_day(clock.now())
    for item in (
        ItemJudged("holder", ItemVerdict.PROMISED, promised_on=add_workdays(today, 3)),
        ItemJudged("people", ItemVerdict.PROMISED, promised_on=add_workdays(today, 21)),
        ItemJudged("people", ItemVerdict.PROMISED),
    ):
        with pytest.raises(Invalid, match="change-promise-day"):
            judge(world, one, item)


def test_a_promise_is_reminded_of_and_missing_it_stops_the_certificate(world: World, clock: FixedClock) -> None:
    day = add_workdays(beijing_day(clock.now()), 8)
    actor, one = promised(world, day)
    for _call in ("five working days before", "one working day before"):
        until(world, clock, clock_of(world, QUALIFICATION_PROMISE, one))
        assert told(world, actor)[-1] == "qualification-promise-near"
    assert clock_of(world, QUALIFICATION_PROMISE, one) == close_of(day)
    until(world, clock, close_of(day))
    row = row_of(world, one)
    assert (row.state, row.lapsed_reason) == (S.LAPSED, "promise-missed")
    with world.works.reading() as work:
        held = queries.held_by(work.session, queries.agency_by_id(work.session, row.agency_id))
    assert [one.verified for one in held] == [True, False]


def test_a_promise_kept_is_closed_by_the_operator(world: World, clock: FixedClock) -> None:
    actor, one = promised(world, add_workdays(beijing_day(clock.now()), 8))
    with pytest.raises(Conflict, match="gap-open"):
        act(world, world.town, service.close_change_gaps, one)
    with world.works.writing(actor) as work:
        stored = files.store(work, BytesIO(PDF), "人员证明.pdf", "registration")
        service.bring_promised(work, one, "people", stored.id)
    assert clock_of(world, QUALIFICATION_PROMISE, one) is None
    act(world, world.town, service.close_change_gaps, one)
    assert row_of(world, one).state is S.VALID


def test_what_was_promised_is_not_passed_over_in_one_press(world: World) -> None:
    _actor, one = entered(world)
    day = beijing_day(world.works.clock.now()) + timedelta(days=5)
    promised = [ItemJudged("people", ItemVerdict.PROMISED, promised_on=day)]
    act(world, world.town, service.judge_change, one, promised)
    with pytest.raises(Conflict, match="not-all-passed"):
        act(world, world.town, service.verify_qualification, one)
    assert row_of(world, one).state is S.SUBMITTED


def test_a_certificate_in_order_takes_one_press(client: FlaskClient, world: World) -> None:
    _actor, one = entered(world)
    at = f"/qualifications/{one}"
    world.sign_in(client, world.town)
    assert post(client, f"{at}/verdicts", {"action": "accept"}, at=at).status_code == 303
    assert row_of(world, one).state is S.VALID


def test_a_certificate_and_a_person_expire_the_day_after_their_last(world: World, clock: FixedClock) -> None:
    actor, agency_id = world.listed()
    soon = beijing_day(clock.now()) + timedelta(days=20)
    one = act(world, actor, service.add_practitioner, agency_id, person(7, valid_to=soon)).id
    fresh = act(world, actor, service.add_qualification, agency_id, replace(QUALIFICATION, number="短", valid_to=soon))
    act(world, world.town, service.verify_qualification, fresh.id)
    clock.advance(timedelta(days=20))
    assert run_due(world.works, DEADLINES) == 0
    clock.advance(timedelta(days=1))
    run_due(world.works, DEADLINES)
    assert row_of(world, fresh.id).state is S.EXPIRED
    with pytest.raises(Invalid, match="certificate-over"):
        act(world, actor, service.renew_practitioner, agency_id, one, soon)
    renewed = act(world, actor, service.renew_practitioner, agency_id, one, soon + timedelta(days=700))
    assert renewed.state is P.REGISTERED
    act(world, actor, service.release_practitioner, agency_id, one)
    with world.works.reading() as work:
        assert work.session.get_one(Practitioner, one).state is P.LEFT


def test_both_sides_walk_a_change_through_on_pages(client: FlaskClient, world: World) -> None:
    actor, one = entered(world)
    at = f"/qualifications/{one}"
    world.sign_in(client, world.town)
    assert "新证2026" in page(client, "/desk/registrations")
    verdicts = {f"verdict-{key}": "passed" for key in ITEMS}
    wrong = {**verdicts, "verdict-term": "to_correct", "action": "correct"}
    assert "写明哪里要改" in post(client, f"{at}/verdicts", wrong, at=at).get_data(as_text=True)
    answer = post(client, f"{at}/verdicts", {**wrong, "note-term": "有效期与证书不符"}, at=at)
    assert answer.headers["Location"].endswith(f"{at}/correction")
    assert "发出，共 1 项" in page(client, f"{at}/correction")
    assert post(client, f"{at}/correction").status_code == 303
    world.sign_in(client, actor)
    assert "有效期与证书不符" in page(client, at)
    term = {"number": "新证2026", "valid_from": "", "valid_to": "2029-06-30", "answer-term": "按证书改了"}
    paper = {"file-term": (BytesIO(PDF), "证书.pdf")}
    assert post(client, f"{at}/answers", {**term, **paper}, at=at).status_code == 303
    world.sign_in(client, world.town)
    assert client.get(f"{at}/files/term", buffered=True).data == PDF
    assert post(client, f"{at}/verdicts", {"verdict-term": "passed", "action": "accept"}, at=at).status_code == 303
    assert row_of(world, one).state is S.VALID
    world.sign_in(client, world.other_town)
    assert client.get(at).status_code == 403


def test_the_api_walks_the_same_way(client: FlaskClient, world: World) -> None:
    actor, one = entered(world)
    office, agency = world.api_token(world.town), world.api_token(actor)
    at = f"/api/v1/qualifications/{one}"
    said = [{"key": key, "verdict": "passed"} for key in ITEMS if key != "people"]
    said.append({"key": "people", "verdict": "to_correct", "note": "缺人员社保"})
    assert client.put(f"{at}/verdicts", json={"verdicts": said}, headers=office).status_code == 200
    sent = client.post(f"{at}/correction", json={}, headers=office)
    assert sent.get_json()["items"] == [{"key": "people", "note": "缺人员社保"}]
    assert client.post(f"{at}/answers", json={"words": {"people": "已缴，可查"}}, headers=agency).status_code == 200
    later = {"key": "people", "verdict": "promised", "promised_on": "2026-04-01"}
    assert client.put(f"{at}/verdicts", json={"verdicts": [later]}, headers=office).status_code == 200
    taken = client.post(f"{at}/acceptance", json={"with_gaps": True}, headers=office).get_json()
    assert (taken["state"], taken["corrections_n"]) == ("valid_with_gaps", 1)
    assert client.get(at, headers=agency).get_json()["items"][5]["promised_on"] == "2026-04-01"


def test_who_looks_late_sees_what_holds(client: FlaskClient, world: World, clock: FixedClock) -> None:
    actor, one = entered(world)
    clock.advance(timedelta(days=20))
    world.sign_in(client, actor)
    assert "逾期没有告知，视为通过" in page(client, f"/qualifications/{one}")
    assert row_of(world, one).state is S.VALID
