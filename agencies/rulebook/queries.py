"""Reads of the rulebook: what is in force for whom on a day, the history of a rule, and the changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session

from agencies.catalogue.models import ANY, Rule
from agencies.catalogue.queries import METHOD, rule_row
from agencies.rulebook.lifecycle import ChangeState, NoticeState
from agencies.rulebook.models import CalendarNotice, RuleChange
from agencies.rulebook.permissions import POLICY
from core.access import Actor, allows
from core.audit import AuditLeaf
from core.errors import NotFound
from core.paging import Page, newest


@dataclass(frozen=True, slots=True)
class InForce:
    """One rule as it holds for a kind of fund, an item and a town on a day, and the next row that will replace it."""

    row: Rule
    following: Rule | None

    @property
    def is_method(self) -> bool:
        """Say whether the rule is the switch of a selection method."""
        return self.row.key.startswith(METHOD)

    @property
    def method(self) -> str:
        """The code of the method a switch is about."""
        return self.row.key.removeprefix(METHOD)

    @property
    def reach(self) -> str:
        """Say how far the row that decides reaches: item, town or city."""
        return "item" if self.row.item_code != ANY else "town" if self.row.town_code != ANY else "city"


def in_force(session: Session, *, fund: str, on: date, item_code: str = ANY, town_code: str = ANY) -> list[InForce]:
    """Return every rule for this kind of fund, item and town on a day, by key."""
    keys = session.scalars(select(Rule.key).where(Rule.fund.in_((fund, ANY))).distinct().order_by(Rule.key))
    found = []
    for key in keys:
        try:
            row = rule_row(session, key, fund=fund, on=on, item_code=item_code, town_code=town_code)
        except NotFound:
            continue
        found.append(InForce(row, _following(session, row, on)))
    return found


def _following(session: Session, row: Rule, on: date) -> Rule | None:
    same = (
        Rule.key == row.key,
        Rule.fund == row.fund,
        Rule.item_code == row.item_code,
        Rule.town_code == row.town_code,
    )
    return session.scalars(select(Rule).where(*same, Rule.valid_from > on).order_by(Rule.valid_from).limit(1)).first()


def history(session: Session, key: str) -> Sequence[Rule]:
    """Return every row of a rule, newest first. Raises NotFound for a key nobody knows."""
    found = session.scalars(select(Rule).where(Rule.key == key).order_by(Rule.valid_from.desc(), Rule.id.desc())).all()
    if not found:
        raise NotFound("rule-unknown", key=key)
    return found


def general_row(session: Session, key: str, fund: str) -> Rule:
    """Return a row that tells a rule's name and unit for a kind of fund. Raises NotFound("rule-unknown")."""
    query = select(Rule).where(
        Rule.key == key, Rule.fund.in_((fund, ANY)), Rule.item_code == ANY, Rule.town_code == ANY
    )
    row = session.scalars(query.order_by(Rule.valid_from.desc()).limit(1)).first()
    if row is None:
        raise NotFound("rule-unknown", key=key, fund=fund)
    return row


def change_by_id(session: Session, change_id: int) -> RuleChange:
    """Return one change. Raises NotFound("rule-change-not-found")."""
    row = session.get(RuleChange, change_id)
    if row is None:
        raise NotFound("rule-change-not-found", id=change_id)
    return row


def visible_changes(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is the twin of ``rule_change:read``."""
    return true() if allows(POLICY, "rule_change:read", actor) else false()


def changes_page(
    session: Session, actor: Actor, *, after: int | None = None, limit: int | None = None
) -> Page[RuleChange]:
    """Return the changes a reader may see, newest first."""
    query = select(RuleChange).where(visible_changes(actor))
    return newest(session, query, RuleChange.id, after=after, limit=limit)


def waiting(session: Session, actor: Actor) -> Sequence[RuleChange]:
    """Return the proposals a reader may see, the oldest first."""
    query = select(RuleChange).where(visible_changes(actor), RuleChange.state == ChangeState.PROPOSED)
    return session.scalars(query.order_by(RuleChange.id)).all()


def became(session: Session, rule_ids: Sequence[int]) -> dict[int, RuleChange]:
    """Return the change behind each row that came from one."""
    rows = session.scalars(select(RuleChange).where(RuleChange.rule_id.in_(rule_ids)))
    return {row.rule_id: row for row in rows if row.rule_id is not None}


def leaves(session: Session, change_id: int) -> Sequence[AuditLeaf]:
    """Return what happened to a change, newest first."""
    query = select(AuditLeaf).where(AuditLeaf.kind == "rule_change", AuditLeaf.object_id == change_id)
    return session.scalars(query.order_by(AuditLeaf.seq.desc())).all()


def notice_by_id(session: Session, notice_id: int) -> CalendarNotice:
    """Return one notice of the calendar. Raises NotFound("calendar-notice-not-found")."""
    row = session.get(CalendarNotice, notice_id)
    if row is None:
        raise NotFound("calendar-notice-not-found", id=notice_id)
    return row


def visible_notice(session: Session, actor: Actor, notice_id: int) -> CalendarNotice:
    """Return a notice this reader may see: an approved one is everybody's. Raises NotFound."""
    row = notice_by_id(session, notice_id)
    if not allows(POLICY, "calendar_notice:see", actor, row):
        raise NotFound("calendar-notice-not-found", id=notice_id)
    return row


def approved_notices(session: Session) -> Sequence[CalendarNotice]:
    """Return the notices that hold, in the order of their approval: a later one goes before an earlier."""
    query = select(CalendarNotice).where(CalendarNotice.state == NoticeState.APPROVED)
    return session.scalars(query.order_by(CalendarNotice.decided_at, CalendarNotice.id)).all()


def calendar_stamp(session: Session) -> str:
    """Return a word that changes whenever a notice is approved."""
    query = select(func.count(), func.max(CalendarNotice.id)).where(CalendarNotice.state == NoticeState.APPROVED)
    count, last = session.execute(query).one()
    return f"{count}:{last}" if count else ""


def notices_page(
    session: Session, actor: Actor, *, after: int | None = None, limit: int | None = None
) -> Page[CalendarNotice]:
    """Return the notices a reader may see, newest first; approved ones are everybody's."""
    seen = true() if allows(POLICY, "calendar_notice:read", actor) else CalendarNotice.state == NoticeState.APPROVED
    return newest(session, select(CalendarNotice).where(seen), CalendarNotice.id, after=after, limit=limit)


def waiting_notices(session: Session) -> Sequence[CalendarNotice]:
    """Return the notices that wait for a second person, the oldest first."""
    query = select(CalendarNotice).where(CalendarNotice.state == NoticeState.PROPOSED)
    return session.scalars(query.order_by(CalendarNotice.id)).all()


def notice_leaves(session: Session, notice_id: int) -> Sequence[AuditLeaf]:
    """Return what happened to a notice, newest first."""
    query = select(AuditLeaf).where(AuditLeaf.kind == "calendar_notice", AuditLeaf.object_id == notice_id)
    return session.scalars(query.order_by(AuditLeaf.seq.desc())).all()
