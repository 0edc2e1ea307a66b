"""Use cases of revisions: draft, edit, propose, approve by a second person, reject, withdraw, come into force."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import select

from accounts import messages
from accounts.models import Organisation
from agencies.fees import texts
from agencies.fees.engine.schedule import Schedule
from agencies.revisions import queries, rules
from agencies.revisions.commands import WriteRevision
from agencies.revisions.lifecycle import FEE_REVISION, RevisionState
from agencies.revisions.models import FeeRegister, FeeRevision
from agencies.revisions.permissions import POLICY
from core import deadlines
from core.access import OrgKind
from core.clock import BEIJING, beijing_day
from core.datafile import DataFileError
from core.errors import Conflict, Forbidden, Invalid
from core.work import Work

EFFECTIVE: Final = "fee_revision.effective"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{2,59}")
OFFICES: Final = (OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION)


def draft(work: Work, command: WriteRevision) -> FeeRevision:
    """Write a draft of a schedule's new text.

    Raises Forbidden, Invalid for a text that cannot replace the newest one, Conflict("revision-stale") when the writer
    had an older one before the eyes.
    """
    work.require(POLICY, "fee_revision:draft")
    if work.actor.user_id is None or work.actor.org_id is None:
        raise Forbidden("not-allowed", permission="fee_revision:draft")
    if not _ID.fullmatch(command.schedule_id):
        raise Invalid("revision-schedule-id", field="schedule_id")
    base = _base(work, command)
    text = _accepted(command, base)
    row = FeeRevision(
        schedule_id=command.schedule_id, text=text, text_sha256=texts.digest(text), base_text=base,
        base_sha256=_digest(base), effective_on=command.effective_on, correction=_backward(work, command.effective_on),
        reason=_worded(command.reason, "reason"), citation=_worded(command.citation, "citation"),
        state=RevisionState.DRAFT, author_id=work.actor.user_id, author_org_id=work.actor.org_id,
        drafted_at=work.clock.now(), recomputed=0,
    )  # fmt: skip
    work.add(row, "fee_revision.drafted", **_facts(row))
    return row


def edit(work: Work, revision_id: int, command: WriteRevision) -> FeeRevision:
    """Change a draft; it then rests on the newest text. Raises as ``draft``, and NotFound, Conflict("wrong-state")."""
    row = locked(work, revision_id)
    work.require(POLICY, "fee_revision:edit", row)
    if row.state is not RevisionState.DRAFT:
        raise Conflict("wrong-state", kind="fee_revision", state=str(row.state), verb="edit")
    if command.schedule_id != row.schedule_id:
        raise Invalid("revision-other-schedule", field="text", given=command.schedule_id, schedule=row.schedule_id)
    base = _base(work, command)
    text = _accepted(command, base)
    row.text, row.text_sha256 = text, texts.digest(text)
    row.base_text, row.base_sha256 = base, _digest(base)
    row.effective_on, row.correction = command.effective_on, _backward(work, command.effective_on)
    row.reason, row.citation = _worded(command.reason, "reason"), _worded(command.citation, "citation")
    work.record(row, "fee_revision.edited", **_facts(row))
    return row


def propose(work: Work, revision_id: int) -> FeeRevision:
    """Hand a draft to a second person. Raises NotFound, Forbidden, Conflict("revision-stale"), ("wrong-state")."""
    row = locked(work, revision_id)
    work.require(POLICY, "fee_revision:propose", row)
    _refuse_stale(work, row)
    row.correction = _backward(work, row.effective_on)
    row.proposed_at = work.clock.now()
    work.move(FEE_REVISION, POLICY, row, "propose", **_facts(row))
    for org_id in _offices(work):
        messages.tell(work, org_id, "fee-revision-proposed", url_of(row.id), is_todo=True)
    return row


def approve(work: Work, revision_id: int, reason: str) -> FeeRevision:
    """Let a proposed text stand from its effective day; the second person's act.

    Raises NotFound, Forbidden for the author, Conflict("revision-stale") when another text was approved meanwhile,
    Conflict("revision-day-passed") when its day came while it waited, Invalid for a bare reason.
    """
    register = _register(work)
    row = locked(work, revision_id)
    work.require(POLICY, "fee_revision:approve", row)
    FEE_REVISION.follow("approve", row.state)
    _refuse_stale(work, row)
    if not row.correction and _backward(work, row.effective_on):
        raise Conflict("revision-day-passed", day=row.effective_on.isoformat())
    _judged(work, row, reason)
    row.approved_no = register.number + 1
    work.move(FEE_REVISION, POLICY, row, "approve", **_facts(row), number=row.approved_no)
    _count(register, row)
    deadlines.put(work, EFFECTIVE, row.id, datetime.combine(row.effective_on, time(), BEIJING))
    _tell_author(work, row, "fee-revision-approved")
    return row


def reject(work: Work, revision_id: int, reason: str) -> FeeRevision:
    """Refuse a proposed text with a reason. Raises NotFound, Forbidden, Conflict("wrong-state"), Invalid."""
    row = locked(work, revision_id)
    work.require(POLICY, "fee_revision:reject", row)
    FEE_REVISION.follow("reject", row.state)
    _judged(work, row, reason)
    work.move(FEE_REVISION, POLICY, row, "reject", **_facts(row))
    _tell_author(work, row, "fee-revision-rejected")
    return row


def withdraw(work: Work, revision_id: int) -> FeeRevision:
    """Take a draft or proposal back. Raises NotFound, Forbidden, Conflict("wrong-state")."""
    row = locked(work, revision_id)
    work.move(FEE_REVISION, POLICY, row, "withdraw", **_facts(row))
    _settle(work, row)
    return row


def enter_force(work: Work, revision_id: int) -> None:
    """Note that an approved text's day has come: what ``fee_revision.effective`` does."""
    register = _register(work)
    row = locked(work, revision_id)
    if row.state is RevisionState.APPROVED:
        row.in_force_at = work.clock.now()
        work.move(FEE_REVISION, POLICY, row, "enter_force", **_facts(row))
        _count(register, row)


def locked(work: Work, revision_id: int) -> FeeRevision:
    """Lock and return one revision. Raises NotFound."""
    return work.locked(FeeRevision, revision_id, "fee-revision-not-found")


def is_stale(work: Work, row: FeeRevision) -> bool:
    """Say whether another text was approved after this one was drafted."""
    return row.base_sha256 != _digest(queries.newest_text(work.session, row.schedule_id))


def url_of(revision_id: int) -> str:
    """Return the address of a revision's page."""
    return f"/fee-revisions/{revision_id}"


def read_base(base: str) -> Schedule | None:
    """Return the schedule of the text a revision was drafted from; None where there was none."""
    return texts.parsed(base) if base else None


def _base(work: Work, command: WriteRevision) -> str:
    base = queries.newest_text(work.session, command.schedule_id)
    if command.base_sha256 and command.base_sha256 != _digest(base):
        raise Conflict("revision-stale", schedule=command.schedule_id)
    return base


def _accepted(command: WriteRevision, base: str) -> str:
    """Return the text as it is kept. Raises Invalid with the field and what its sentence needs."""
    text = texts.tidy(command.text)
    try:
        after = texts.parsed(text)
    except DataFileError as error:
        raise Invalid("revision-text-unreadable", field="text", problem=str(error), sentence=str(error)) from error
    if text == base:
        raise Invalid("revision-unchanged", field="text")
    for fault in rules.faults(read_base(base), after, command.schedule_id, command.effective_on):
        raise Invalid(fault.code, field=fault.field, **fault.facts)
    return text


def _refuse_stale(work: Work, row: FeeRevision) -> None:
    if is_stale(work, row):
        raise Conflict("revision-stale", schedule=row.schedule_id)


def _backward(work: Work, effective_on: date) -> bool:
    return rules.is_correction(effective_on, beijing_day(work.clock.now()))


def _judged(work: Work, row: FeeRevision, reason: str) -> None:
    row.decision = _worded(reason, "reason")
    row.approver_id, row.approver_org_id = work.actor.user_id, work.actor.org_id
    row.decided_at = work.clock.now()


def _register(work: Work) -> FeeRegister:
    """Lock the register's one row, so that approvals follow one another."""
    query = select(FeeRegister).where(FeeRegister.id == queries.REGISTER).with_for_update()
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        row = FeeRegister(id=queries.REGISTER, number=0, digest="")
        work.session.add(row)
        work.session.flush()
    return row


def _count(register: FeeRegister, row: FeeRevision) -> None:
    """Note an approval, or that one came into force, so that every process reads the texts again."""
    register.number = max(register.number, row.approved_no or 0)
    told = f"{register.digest}|{row.id}|{row.state}|{row.text_sha256}"
    register.digest = hashlib.sha256(told.encode()).hexdigest()


def _facts(row: FeeRevision) -> dict[str, str | bool]:
    return {
        "schedule": row.schedule_id, "sha256": row.text_sha256, "base_sha256": row.base_sha256,
        "effective_on": row.effective_on.isoformat(), "correction": row.correction,
    }  # fmt: skip


def _digest(text: str) -> str:
    return texts.digest(text) if text else ""


def _worded(text: str, name: str) -> str:
    given = text.strip()
    if len(given) < rules.SHORTEST_REASON:
        raise Invalid("revision-reason-too-short", field=name, least=rules.SHORTEST_REASON, given=len(given))
    return given[: rules.LONGEST_REASON]


def _offices(work: Work) -> list[int]:
    return list(work.session.scalars(select(Organisation.id).where(Organisation.kind.in_(OFFICES))))


def _settle(work: Work, row: FeeRevision) -> None:
    for org_id in _offices(work):
        messages.settle(work, org_id, url_of(row.id))


def _tell_author(work: Work, row: FeeRevision, code: str) -> None:
    _settle(work, row)
    messages.tell(work, row.author_org_id, code, url_of(row.id))
