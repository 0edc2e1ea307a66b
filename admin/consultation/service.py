"""Use cases of consultation: ask, answer, approve for everybody, renew, retire, close; say whether it helped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import select

from accounts import messages
from accounts.queries import offices
from admin.consultation import queries, rules
from admin.consultation.commands import Answer, Approve, Ask, Reason
from admin.consultation.lifecycle import ANSWER, CONSULTATION, REVIEW, ConsultationState
from admin.consultation.models import Consultation, Helped
from admin.consultation.permissions import POLICY
from agencies.catalogue import queries as catalogue
from core import deadlines
from core.access import OrgKind
from core.clock import BEIJING, beijing_day
from core.errors import Forbidden, Invalid, NotFound
from core.work import Work
from core.workdays import add_workdays, close_of
from search.folding import fold

DAYS: Final = "consultation-days"


def ask(work: Work, command: Ask) -> Consultation:
    """Ask the offices. The rules say within how many working days the answer is due.

    Raises Forbidden, Invalid for a question too short or an item nobody knows.
    """
    work.require(POLICY, "consultation:ask")
    if work.actor.org_id is None:
        raise Forbidden("not-allowed", permission="consultation:ask")
    question = rules.worded(command.question, "question")
    if command.item_code:
        _known_item(work, command.item_code)
    now = work.clock.now()
    days = catalogue.rule(work.session, DAYS, fund="social", on=beijing_day(now), item_code=command.item_code)
    row = Consultation(
        question=question, folded=fold(question), about=_path(command.about), item_code=command.item_code,
        life=command.life[:60], town_code=work.actor.town_code, state=ConsultationState.ASKED, org_id=work.actor.org_id,
        asked_at=now, due_at=close_of(add_workdays(beijing_day(now), int(days))),
    )  # fmt: skip
    work.add(row, "consultation.asked", item=row.item_code, life=row.life)
    deadlines.put(work, ANSWER, row.id, row.due_at)
    url = url_of(row.id)
    for org_id in _desks(work, row):
        messages.tell(work, org_id, "consultation-asked", url, due_at=row.due_at, is_todo=True, number=row.id)
    return row


def answer(work: Work, consultation_id: int, command: Answer) -> Consultation:
    """Answer for the one who asked; the versions of what it rests on are kept with it.

    Raises NotFound, Forbidden, Conflict("wrong-state"), Invalid.
    """
    row = locked(work, consultation_id)
    work.require(POLICY, "consultation:answer", row)
    CONSULTATION.follow("answer", row.state)
    row.answer = rules.worded(command.answer, "answer")
    row.folded = fold(f"{row.question} {row.answer}")
    row.cites = _cites(work, command)
    row.answered_by, row.answered_at, row.owner_org_id = work.actor.user_id, work.clock.now(), work.actor.org_id
    work.move(CONSULTATION, POLICY, row, "answer", cites=row.cites)
    deadlines.drop(work, ANSWER, row.id)
    _settle(work, row)
    messages.tell(work, row.org_id, "consultation-answered", url_of(row.id))
    for org_id in offices(work.session, OrgKind.CITY_OPERATOR):
        messages.tell(work, org_id, "consultation-to-approve", url_of(row.id), is_todo=True)
    return row


def publish(work: Work, consultation_id: int, command: Approve) -> Consultation:
    """Approve an answer for everybody, as a second person, with the day on which it is looked at again.

    Raises NotFound, Forbidden for who answered, Conflict("wrong-state"), Invalid.
    """
    row = locked(work, consultation_id)
    work.require(POLICY, "consultation:publish", row)
    _put_review(work, row, command)
    row.published_by, row.published_at = work.actor.user_id, work.clock.now()
    work.move(CONSULTATION, POLICY, row, "publish", review_on=command.review_on.isoformat())
    _settle(work, row)
    return row


def renew(work: Work, consultation_id: int, command: Approve) -> Consultation:
    """Say that an approved answer still holds; it then cites the versions now in force.

    Raises NotFound, Forbidden, Conflict("wrong-state"), Invalid.
    """
    row = locked(work, consultation_id)
    work.require(POLICY, "consultation:renew", row)
    CONSULTATION.follow("renew", row.state)
    _put_review(work, row, command)
    today = beijing_day(work.clock.now())
    row.cites = [
        {**one, "version": queries.version_now(work.session, one["kind"], one["key"], today)} for one in row.cites
    ]
    work.move(CONSULTATION, POLICY, row, "renew", review_on=command.review_on.isoformat())
    _settle(work, row)
    return row


def retire(work: Work, consultation_id: int, command: Reason) -> Consultation:
    """Take an approved answer out of everybody's sight. Raises NotFound, Forbidden, Conflict, Invalid."""
    row = locked(work, consultation_id)
    work.require(POLICY, "consultation:retire", row)
    _end(work, row, command)
    work.move(CONSULTATION, POLICY, row, "retire")
    deadlines.drop(work, REVIEW, row.id)
    _settle(work, row)
    return row


def close(work: Work, consultation_id: int, command: Reason) -> Consultation:
    """End a question that asks for no public answer, or take one's own back. Raises as ``retire``."""
    row = locked(work, consultation_id)
    work.require(POLICY, "consultation:close", row)
    _end(work, row, command)
    work.move(CONSULTATION, POLICY, row, "close")
    deadlines.drop(work, ANSWER, row.id)
    _settle(work, row)
    if work.actor.org_id != row.org_id:
        messages.tell(work, row.org_id, "consultation-closed", url_of(row.id))
    return row


def say_helped(work: Work, consultation_id: int, *, helped: bool) -> None:
    """Note whether an approved answer helped; the last word of a reader counts. Raises NotFound, Forbidden."""
    row = locked(work, consultation_id)
    work.require(POLICY, "consultation:help", row)
    if work.actor.user_id is None:
        raise Forbidden("not-allowed", permission="consultation:help")
    query = select(Helped).where(Helped.consultation_id == row.id, Helped.user_id == work.actor.user_id)
    said = work.session.scalars(query).one_or_none()
    if said is None:
        said = Helped(consultation_id=row.id, user_id=work.actor.user_id, helped=helped, at=work.clock.now())
        work.add(said, "consultation.helped", helped=helped)
    elif said.helped != helped:
        said.helped, said.at = helped, work.clock.now()
        work.record(said, "consultation.helped", helped=helped)


def answer_overdue(work: Work, consultation_id: int) -> None:
    """Tell the city's operator of a question nobody answered in time: what ``consultation.answer`` does."""
    row = locked(work, consultation_id)
    if row.state is not ConsultationState.ASKED:
        return
    for org_id in offices(work.session, OrgKind.CITY_OPERATOR):
        key = f"consultation-overdue:{row.id}:{org_id}"
        messages.tell(work, org_id, "consultation-overdue", url_of(row.id), is_todo=True, unique_key=key)
    work.record(row, "consultation.overdue")


def review_due(work: Work, consultation_id: int) -> None:
    """Ask the owner to look at an answer again: what ``consultation.review`` does."""
    row = locked(work, consultation_id)
    if row.state is not ConsultationState.PUBLISHED or row.owner_org_id is None:
        return
    key = f"consultation-review:{row.id}:{row.review_on}"
    messages.tell(work, row.owner_org_id, "consultation-review", url_of(row.id), is_todo=True, unique_key=key)
    work.record(row, "consultation.review_due")


def locked(work: Work, consultation_id: int) -> Consultation:
    """Lock and return one question. Raises NotFound."""
    return work.locked(Consultation, consultation_id, "consultation-not-found")


def url_of(consultation_id: int) -> str:
    """Return the address of a question."""
    return f"/help/{consultation_id}"


def _put_review(work: Work, row: Consultation, command: Approve) -> None:
    rules.judge_review(command.review_on, beijing_day(work.clock.now()))
    row.review_on = command.review_on
    deadlines.put(work, REVIEW, row.id, datetime.combine(command.review_on, time(), BEIJING))


def _end(work: Work, row: Consultation, command: Reason) -> None:
    row.end_reason, row.ended_at = rules.worded(command.reason, "reason"), work.clock.now()


def _cites(work: Work, command: Answer) -> list[dict[str, Any]]:
    today = beijing_day(work.clock.now())
    found = []
    for kind, key in (("rule", command.rule_key), ("guide", command.life)):
        if not key:
            continue
        version = queries.version_now(work.session, kind, key, today)
        if not version:
            raise Invalid("consultation-cite-unknown", field="rule_key" if kind == "rule" else "life", name=key)
        found.append({"kind": kind, "key": key, "version": version})
    return found


def _known_item(work: Work, code: str) -> None:
    try:
        catalogue.item_by_code(work.session, code)
    except NotFound as error:
        raise Invalid("consultation-item-unknown", field="item_code", item=code) from error


def _path(about: str) -> str:
    """Keep a path of this site, nothing else."""
    return about[:200] if about.startswith("/") and not about.startswith("//") else ""


def _desks(work: Work, row: Consultation) -> Sequence[int]:
    """Return the town's operator, or the city's where there is none."""
    towns = offices(work.session, OrgKind.TOWN_OPERATOR, row.town_code) if row.town_code else ()
    return towns or offices(work.session, OrgKind.CITY_OPERATOR)


def _settle(work: Work, row: Consultation) -> None:
    for org_id in {*_desks(work, row), *offices(work.session, OrgKind.CITY_OPERATOR), row.owner_org_id or 0}:
        messages.settle(work, org_id, url_of(row.id))
