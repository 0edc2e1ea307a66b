"""A revision from its draft to its force: two persons, stale drafts, approvals at the same time, other processes."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from agencies.fees import register, texts
from agencies.fees.engine.calculation import calculate
from agencies.revisions import overlay, queries, service
from agencies.revisions.lifecycle import RevisionState
from agencies.revisions.models import FeeRevision
from agencies.revisions.permissions import POLICY
from core.access import ANONYMOUS, SYSTEM, allows
from core.audit import AuditLeaf
from core.clock import FixedClock, beijing_day
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.money import Money
from tests.agencies.revisions.conftest import CHEAPER, SCHEDULE, TEXT, Office

WAN = Money.from_yuan(10_000)


def fee(on: date, amount: str = "100") -> Money | None:
    return calculate(register.find(SCHEDULE), on, {"amount": amount}).base


def look(office: Office) -> None:
    overlay.look(office.works)


def test_a_new_schedule_answers_once_a_second_person_approved_it(office: Office) -> None:
    row = office.proposed()
    look(office)
    with pytest.raises(NotFound):
        register.find(SCHEDULE)
    office.approve(row.id)
    look(office)
    assert fee(date(2026, 3, 1)) == WAN
    assert register.find("演示收费").id == SCHEDULE
    assert register.find("演示价〔2020〕1号").id == SCHEDULE


def test_nobody_approves_what_they_wrote(office: Office) -> None:
    row = office.proposed()
    with pytest.raises(Forbidden):
        office.approve(row.id, office.first)
    with pytest.raises(Forbidden):
        office.approve(row.id, office.reader)
    with pytest.raises(Forbidden):
        office.approve(row.id, office.market.agency)
    assert office.approve(row.id, office.administration).state is RevisionState.APPROVED


def test_the_database_too_refuses_one_person_as_both(office: Office) -> None:
    row = office.proposed()
    same = update(FeeRevision).where(FeeRevision.id == row.id).values(approver_id=FeeRevision.author_id)
    with pytest.raises(IntegrityError, match="two_persons"), office.works.engine.begin() as connection:
        connection.execute(same)


def test_only_the_author_proposes_edits_and_withdraws(office: Office) -> None:
    row = office.draft()
    for verb in ("edit", "propose", "withdraw"):
        assert allows(POLICY, f"fee_revision:{verb}", office.first, row)
        for other in (office.second, office.reader, office.administration, office.market.agency, ANONYMOUS, SYSTEM):
            assert not allows(POLICY, f"fee_revision:{verb}", other, row)


def test_a_text_that_reads_badly_is_refused_with_its_place(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.draft(TEXT.replace("rates = [1, 0.5]", "rates = [1]"))
    assert refused.value.code == "revision-text-unreadable"
    assert "rates" in str(refused.value.facts["problem"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"schedule_id": "other-fee"}, "revision-other-schedule"),
        ({"schedule_id": "Über"}, "revision-schedule-id"),
        ({"reason": "改"}, "revision-reason-too-short"),
        ({"base_sha256": "0" * 64}, "revision-stale"),
    ],
)
def test_what_cannot_be_a_revision_is_refused(office: Office, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError, match=code):
        office.draft(**changes)


def test_a_text_without_change_is_no_revision(office: Office) -> None:
    office.approved()
    with pytest.raises(Invalid, match="revision-unchanged"):
        office.draft()


def test_prices_of_the_past_change_only_by_correction(office: Office) -> None:
    office.approved()
    tomorrow = date(2026, 3, 19)
    with pytest.raises(Invalid, match="revision-past-changed"):
        office.draft(CHEAPER, tomorrow)
    with pytest.raises(Invalid, match="revision-past-force"):
        office.draft(TEXT.replace('status = "binding-cap"', 'status = "reference"'), tomorrow)
    assert office.draft(CHEAPER).correction


def newer(since: str = "2026-04-01") -> str:
    version = TEXT[TEXT.index("[[versions]]") : TEXT.index("[[statuses]]")]
    added = version.replace('key = "2020"', 'key = "2026"').replace("2020-01-01", since).replace("[1,", "[0.6,")
    ended = TEXT.replace("since = 2020-01-01\n\n[[versions.services]]",
                         "since = 2020-01-01\nuntil = 2026-03-31\n\n[[versions.services]]")  # fmt: skip
    return ended.replace("[[statuses]]", f"{added}[[statuses]]")


def test_a_calculation_uses_the_text_of_its_day(office: Office, clock: FixedClock) -> None:
    office.approved()
    office.approved(newer(), date(2026, 4, 1))
    look(office)
    assert fee(date(2026, 3, 31)) == WAN
    assert fee(date(2026, 4, 1)) == Money.from_yuan(6_000)
    assert [one.key for one in register.find(SCHEDULE).versions] == ["2020", "2026"]


def test_it_comes_into_force_on_its_day(office: Office, clock: FixedClock) -> None:
    office.approved()
    row = office.approved(newer(), date(2026, 4, 1))
    office.settle()
    with office.works.reading() as work:
        assert queries.revision_by_id(work.session, row.id).state is RevisionState.APPROVED
        before = queries.register_digest(work.session)
    clock.instant += timedelta(days=14)
    office.settle()
    with office.works.reading() as work:
        found = queries.revision_by_id(work.session, row.id)
        assert found.state is RevisionState.IN_FORCE
        assert found.in_force_at is not None
        assert beijing_day(found.in_force_at) == date(2026, 4, 1)
        assert queries.register_digest(work.session) != before


def test_a_correction_replaces_the_past_and_the_past_can_still_be_worked(office: Office, clock: FixedClock) -> None:
    office.approved()
    look(office)
    then = clock.now()
    grounds = register.grounds(SCHEDULE, date(2025, 6, 1))
    clock.instant += timedelta(hours=1)
    office.approved(CHEAPER)
    look(office)
    assert fee(date(2025, 6, 1)) == Money.from_yuan(8_000)
    known = texts.as_known(SCHEDULE, then)
    assert known is not None
    assert calculate(known, date(2025, 6, 1), {"amount": "100"}).base == WAN
    assert grounds == {"version": "2020", "text_sha256": texts.digest(texts.tidy(TEXT))}
    after = register.grounds(SCHEDULE, date(2025, 6, 1))
    assert after["text_sha256"] == texts.digest(texts.tidy(CHEAPER))
    assert after["version"] == f"2020@{after['text_sha256'][:8]}"


def test_a_draft_overtaken_by_another_text_is_refused_and_may_be_brought_up(office: Office) -> None:
    office.approved()
    slow = office.proposed(TEXT.replace("演示收费标准", "演示收费标准（试行）"))
    office.approved(CHEAPER)
    with pytest.raises(Conflict, match="revision-stale"):
        office.approve(slow.id)
    late = office.draft(CHEAPER.replace("演示收费标准", "演示收费标准（试行）"))
    office.approved(CHEAPER.replace("0.8", "0.7"))
    with pytest.raises(Conflict, match="revision-stale"), office.works.writing(office.first) as work:
        service.propose(work, late.id)
    merged = office.command(CHEAPER.replace("0.8", "0.7").replace("演示收费标准", "演示收费标准（试行）"))
    with office.works.writing(office.first) as work:
        service.edit(work, late.id, merged)
        service.propose(work, late.id)
    assert office.approve(late.id).approved_no == 4


def test_of_two_approvals_at_the_same_time_one_stands(office: Office) -> None:
    office.approved()
    rivals = [office.proposed(CHEAPER).id, office.proposed(CHEAPER.replace("0.8", "0.7")).id]
    told: list[str] = []

    def approve(revision_id: int) -> None:
        try:
            office.approve(revision_id)
            told.append("approved")
        except Conflict as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=approve, args=(one,)) for one in rivals]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == ["approved", "revision-stale"]


def test_one_revision_is_approved_once(office: Office) -> None:
    row = office.proposed()
    office.approve(row.id)
    with pytest.raises(Conflict, match="wrong-state"):
        office.approve(row.id, office.administration)


def test_a_day_that_passed_while_it_waited_is_not_taken_back_in_time(office: Office, clock: FixedClock) -> None:
    office.approved()
    row = office.proposed(newer("2026-04-01"), date(2026, 4, 1))
    clock.instant += timedelta(days=20)
    with pytest.raises(Conflict, match="revision-day-passed"):
        office.approve(row.id)


def test_rejected_and_withdrawn_texts_never_answer(office: Office) -> None:
    row, other = office.proposed(), office.draft()
    with office.works.writing(office.second) as work:
        service.reject(work, row.id, "文号抄错了")
    with office.works.writing(office.first) as work:
        service.withdraw(work, other.id)
    look(office)
    with pytest.raises(NotFound):
        register.find(SCHEDULE)


def test_every_move_leaves_a_leaf_with_the_hash_of_the_text(office: Office) -> None:
    row = office.approved()
    office.settle()
    with office.works.reading() as work:
        query = select(AuditLeaf).where(AuditLeaf.kind == "fee_revision", AuditLeaf.object_id == row.id)
        found = {leaf.verb: leaf.facts["sha256"] for leaf in work.session.scalars(query)}
    digest = texts.digest(texts.tidy(TEXT))
    assert found == {
        "fee_revision.drafted": digest, "fee_revision.propose": digest, "fee_revision.approve": digest,
        "fee_revision.recomputed": digest, "fee_revision.enter_force": digest,
    }  # fmt: skip


def test_a_process_looks_once_a_request_and_only_when_it_needs_fees(office: Office) -> None:
    asked: list[int] = []
    office.approved()

    def check() -> None:
        asked.append(1)
        overlay.look(office.works)

    with texts.newer.watching(check):
        assert asked == []
        assert SCHEDULE in register.SCHEDULES
        assert fee(date(2026, 3, 1)) == WAN
        register.find("招标代理")
    assert asked == [1]


def test_another_database_is_noticed(office: Office) -> None:
    office.approved()
    look(office)
    assert SCHEDULE in register.SCHEDULES
    with office.works.engine.begin() as connection:
        connection.execute(text("delete from fee_register"))
        connection.execute(text("update fee_revision set state = 'withdrawn', approved_no = null"))
    look(office)
    assert SCHEDULE not in register.SCHEDULES


def test_a_future_texts_title_waits_for_its_day(office: Office, clock: FixedClock) -> None:
    office.approved()
    office.approved(newer().replace("演示收费标准", "演示收费新标准"), date(2026, 4, 1))
    office.settle()
    assert register.find(SCHEDULE).title.zh == "演示收费标准"
    clock.instant += timedelta(days=14)
    office.settle()
    assert register.find(SCHEDULE).title.zh == "演示收费新标准"
