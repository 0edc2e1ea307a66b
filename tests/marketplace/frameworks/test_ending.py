"""How a framework ends or is held up: members leave or are taken out, it is closed, complained of, suspended."""

from __future__ import annotations

import pytest

from core.errors import Conflict, Forbidden, Invalid
from marketplace.complaints.lifecycle import Remedy
from marketplace.frameworks import leaving, publicity, service
from marketplace.frameworks.commands import Ending, Leave, Remove
from marketplace.frameworks.lifecycle import NOBODY_LEFT, FrameworkState, Leaving, MemberState, Removal
from marketplace.needs.lifecycle import NeedState
from marketplace.selection import queries as selections
from tests.marketplace.complaints.court import court
from tests.marketplace.frameworks.world import DEED, Hall, refused

S = FrameworkState


def test_an_agency_leaves_with_a_cause_and_the_last_one_ends_the_framework(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 990)
    first, second = hall.members(framework_id)
    leave = Leave(Leaving.CAPACITY, "人手都安排在其他项目上了")
    with hall.works.writing(hall.agent(second.agency_id)) as work, pytest.raises(Forbidden):
        leaving.withdraw(work, first.id, leave)
    with hall.works.writing(hall.agent(first.agency_id)) as work:
        assert leaving.withdraw(work, first.id, leave).state is MemberState.WITHDRAWN
    assert hall.waiting(framework_id) == [2]
    assert hall.market.told(hall.market.owner.org_id)[-1] == "framework-member-left"
    with hall.works.writing(hall.agent(first.agency_id)) as work, pytest.raises(Conflict, match="wrong-state"):
        leaving.withdraw(work, first.id, leave)
    with hall.works.writing(hall.market.owner) as work:
        leaving.remove(work, second.id, Remove(Removal.REFUSED, "三次轮到都没有说明理由就不承接"))
    row = hall.framework(framework_id)
    assert (row.state, row.end_reason) == (S.CLOSED, NOBODY_LEFT)
    assert "framework-member-removed" in hall.market.told(hall.agent(second.agency_id).org_id)
    assert refused(lambda: hall.call(framework_id)).code == "call-not-in-force"


def test_who_left_is_not_the_heir_of_a_call_that_was_under_way(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 700, 990)
    second = hall.members(framework_id)[1]
    need_id = hall.call(framework_id).need_id
    with hall.works.writing(hall.agent(second.agency_id)) as work:
        leaving.withdraw(work, second.id, Leave(Leaving.CLOSING, "本机构今后不再做这项服务"))
    hall.decline(need_id)
    assert hall.served_by(need_id) == 3
    with hall.works.reading() as work:
        found = selections.selection_of(work.session, need_id)
        assert found is not None
        assert found.protocol is not None
        assert ["membership-over"] in [[fault["code"] for fault in line["faults"]] for line in found.protocol["lines"]]


def test_closing_early_leaves_what_was_called_off_alone(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 990)
    need_id = hall.call(framework_id).need_id
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Invalid):
        publicity.close(work, framework_id, Ending("不要了"))
    with hall.works.writing(hall.market.owner) as work:
        publicity.close(work, framework_id, DEED)
    assert (hall.framework(framework_id).state, hall.need(need_id).state) == (S.CLOSED, NeedState.AWARDED)
    with hall.works.writing(hall.agent(hall.members(framework_id)[0].agency_id)) as work, pytest.raises(Conflict):
        leaving.withdraw(work, hall.members(framework_id)[0].id, Leave(Leaving.OTHER, "协议已经结束了还想退出"))


def test_an_accepted_complaint_suspends_the_panel_and_one_upheld_ends_it(hall: Hall) -> None:
    hearing = court(hall.market)
    framework_id = hall.admitted(700, 800, 900)
    need_id = hall.need_of(framework_id).id
    filed = hearing.file(need_id, place=hall.outside(framework_id))
    row = hall.framework(framework_id)
    assert row.confirm_at is not None
    assert row.publicity_until is not None
    assert row.confirm_at > row.publicity_until
    hearing.accepted(filed.id)
    assert hall.framework(framework_id).state is S.SUSPENDED
    hearing.decided(filed.id, remedy=Remedy.RERUN)
    hearing.until(hearing.now(filed.id).appeal_by)
    row = hall.framework(framework_id)
    assert (row.state, hall.need(need_id).state) == (S.FAILED, NeedState.FAILED)
    assert hearing.now(filed.id).remedy_note == "done"
    assert "framework-annulled" in hall.market.told(hall.market.owner.org_id)


def test_a_complaint_dismissed_lets_the_panel_come_into_force(hall: Hall) -> None:
    hearing = court(hall.market)
    framework_id = hall.admitted(700, 800, 900)
    filed = hearing.file(hall.need_of(framework_id).id, place=hall.outside(framework_id))
    hearing.accepted(filed.id)
    hearing.decided(filed.id, "dismiss")
    hearing.until(hearing.now(filed.id).appeal_by)
    assert hall.framework(framework_id).state is S.IN_FORCE


def test_a_suspension_ends_by_itself(hall: Hall) -> None:
    framework_id = hall.admitted(700, 800, 900)
    with hall.works.system() as work:
        publicity.suspend(work, service.locked(work, framework_id))
    row = hall.framework(framework_id)
    assert (row.state, row.suspended_until is not None) == (S.SUSPENDED, True)
    assert row.suspended_until is not None
    hall.clock.instant = row.suspended_until
    hall.due()
    assert hall.framework(framework_id).state is S.IN_FORCE
