"""Reads of frameworks: one, many, members and their turns, what was called off and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from accounts.models import Organisation
from accounts.reference import divisions
from agencies.catalogue.models import ServiceItem
from agencies.registration.models import Agency
from agencies.registration.queries import eligible
from agencies.registration.rules import Missing
from core.access import Actor
from core.errors import NotFound
from core.money import Money
from core.paging import Page, keyset
from core.work import Work
from marketplace.frameworks.lifecycle import IN_PUBLICITY, PUBLIC, FrameworkState, MemberState, Way
from marketplace.frameworks.models import CallOff, Framework, FrameworkMember
from marketplace.frameworks.rules import Agreement, Turn, queue
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Admission, Need
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award

SIGNED: Final = (NeedState.CONTRACTED, NeedState.COMPLETED)
VOID: Final = (NeedState.FAILED, NeedState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """One line of a list."""

    id: int
    number: str | None
    title: str
    state: FrameworkState
    item_code: str
    item_name: str
    org_name: str
    way: Way
    ends_at: Any
    members: int


@dataclass(frozen=True, slots=True)
class Member:
    """One member with its agency's name, what it was given so far, and how much that comes to."""

    row: FrameworkMember
    name: str
    served: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Called:
    """One call-off with its need and the award that holds, if one does."""

    row: CallOff
    need: Need
    award: Award | None
    agency: str


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return whom a framework shows itself to: everybody once it was published, its own enterprise before."""
    if actor.is_system:
        return true()
    public = Framework.published_at.is_not(None)
    return public if actor.org_id is None else or_(public, Framework.org_id == actor.org_id)


def framework_by_id(work: Work, framework_id: int) -> Framework:
    """Return a framework the actor may read. Raises NotFound, for a stranger's draft too."""
    query = select(Framework).where(Framework.id == framework_id, visible(work.actor))
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("framework-not-found", id=framework_id)
    return row


def of_need(session: Session, need_id: int) -> Framework | None:
    """Return the framework whose panel stage a need is."""
    return session.scalars(select(Framework).where(Framework.need_id == need_id)).one_or_none()


def framework_of_need(work: Work, need_id: int) -> Framework:
    """Return the framework whose panel stage a need is. Raises NotFound."""
    row = of_need(work.session, need_id)
    if row is None:
        raise NotFound("framework-not-found", need_id=need_id)
    return row


def member_by_id(session: Session, member_id: int) -> FrameworkMember:
    """Return one member. Raises NotFound."""
    row = session.get(FrameworkMember, member_id)
    if row is None:
        raise NotFound("member-not-found", id=member_id)
    return row


def list_frameworks(
    session: Session, actor: Actor, *, state: str = "", item: str = "", org_id: int | None = None,
    after: int | None = None, limit: int | None = None,
) -> Page[FrameworkRow]:  # fmt: skip
    """Return one page of frameworks, newest first; of one enterprise its drafts too."""
    living = (
        select(func.count())
        .where(FrameworkMember.framework_id == Framework.id, FrameworkMember.state == MemberState.MEMBER)
        .scalar_subquery()
    )
    query = (
        select(
            Framework.id, Need.number, Framework.title, Framework.state, Framework.item_code, ServiceItem.name,
            Organisation.name, Framework.way, Framework.ends_at, living,
        )
        .join(ServiceItem, ServiceItem.code == Framework.item_code)
        .join(Organisation, Organisation.id == Framework.org_id)
        .outerjoin(Need, Need.id == Framework.need_id)
        .where(visible(actor))
    )  # fmt: skip
    if org_id is not None:
        query = query.where(Framework.org_id == org_id)
    else:
        query = query.where(Framework.published_at.is_not(None))
    if state in set(PUBLIC):
        query = query.where(Framework.state == FrameworkState(state))
    if item:
        query = query.where(Framework.item_code == item)

    def fetch(page: Any) -> Sequence[FrameworkRow]:
        return [FrameworkRow(*row) for row in session.execute(page)]

    return keyset(fetch, query, Framework.id, after=after, limit=limit, key=lambda row: row.id)


def count_by_state(session: Session) -> dict[str, int]:
    """Count the published frameworks by state."""
    query = select(Framework.state, func.count()).where(Framework.published_at.is_not(None)).group_by(Framework.state)
    return {str(row[0]): int(row[1]) for row in session.execute(query)}


def members_of(session: Session, framework_id: int) -> Sequence[FrameworkMember]:
    """Return all members a framework ever had, in the order published."""
    query = select(FrameworkMember).where(FrameworkMember.framework_id == framework_id)
    return session.scalars(query.order_by(FrameworkMember.place)).all()


def living(session: Session, framework_id: int) -> list[FrameworkMember]:
    """Return the members that are still of the panel, in the order published."""
    return [row for row in members_of(session, framework_id) if row.state is MemberState.MEMBER]


def members(session: Session, framework_id: int) -> list[Member]:
    """Return all members with their names and what each was given."""
    rows = members_of(session, framework_id)
    names = _names(session, [row.agency_id for row in rows])
    given: dict[int, list[Money]] = {}
    for one in called(session, framework_id):
        if one.award is not None and one.need.state not in VOID:
            given.setdefault(one.award.agency_id, []).append(one.award.amount)
    return [
        Member(
            row, names.get(row.agency_id, ""), len(given.get(row.agency_id, ())),
            Money(sum(one.fen for one in given.get(row.agency_id, ()))),
        )
        for row in rows
    ]  # fmt: skip


def memberships(session: Session, agency_org_id: int | None) -> list[tuple[FrameworkMember, Framework]]:
    """Return what an agency is or was a member of, the newest first."""
    query = select(FrameworkMember, Framework).join(Framework, Framework.id == FrameworkMember.framework_id)
    query = query.where(FrameworkMember.agency_org_id == agency_org_id).order_by(FrameworkMember.id.desc())
    return [(row[0], row[1]) for row in session.execute(query)]


def call_of_need(session: Session, need_id: int) -> CallOff | None:
    """Return the call-off a need is."""
    return session.scalars(select(CallOff).where(CallOff.need_id == need_id)).one_or_none()


def called(session: Session, framework_id: int) -> list[Called]:
    """Return what was called off, in order, each with the award that holds."""
    query = (
        select(CallOff, Need, Award)
        .join(Need, Need.id == CallOff.need_id)
        .outerjoin(Award, (Award.need_id == Need.id) & Award.state.in_(HOLDING))
        .where(CallOff.framework_id == framework_id)
        .order_by(CallOff.number)
    )
    rows = [(row[0], row[1], row[2]) for row in session.execute(query)]
    names = _names(session, [award.agency_id for _call, _need, award in rows if award is not None])
    return [
        Called(call, need, award, names.get(award.agency_id, "") if award is not None else "")
        for call, need, award in rows
    ]


def _names(session: Session, agency_ids: Sequence[int]) -> Mapping[int, str]:
    rows = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(agency_ids)))
    return {row[0]: row[1] for row in rows}


def spent(calls: Iterable[Called]) -> Money:
    """Return what call-offs come to: the amount awarded, or while nothing is awarded the most it may be."""
    return _come_to(calls, lambda one: one.award is not None)


def reserved(calls: Iterable[Called]) -> Money:
    """Return the most call-offs may come to: until its contract is signed, a call may pass to a dearer member."""
    return _come_to(calls, lambda one: one.award is not None and one.need.state in SIGNED)


def _come_to(calls: Iterable[Called], is_settled: Callable[[Called], bool]) -> Money:
    """Add up the award of each call that is settled and the ceiling of the others; what came to nothing is left out."""
    living = [one for one in calls if one.need.state not in VOID]
    return Money(sum((one.award.amount if one.award and is_settled(one) else one.row.ceiling).fen for one in living))


def agreement(session: Session, row: Framework) -> Agreement:
    """Return what a call from this framework is judged by; the whole city is every town there is."""
    towns = row.towns or [row.town_code, *(one.code for one in divisions())]
    return Agreement(
        row.state is FrameworkState.IN_FORCE, row.starts_at, row.ends_at, row.item_code, towns, row.total,
        reserved(called(session, row.id)),
    )  # fmt: skip


def turns_of(session: Session, framework_id: int) -> list[Turn]:
    """Return the turns taken in a rotation: every award given, and every award a member stepped back from."""
    query = (
        select(Award, FrameworkMember.id)
        .join(CallOff, CallOff.need_id == Award.need_id)
        .join(
            FrameworkMember,
            (FrameworkMember.framework_id == CallOff.framework_id) & (FrameworkMember.agency_id == Award.agency_id),
        )
        .where(CallOff.framework_id == framework_id, CallOff.way == Way.ROTATION)
    )
    found = []
    for award, member_id in session.execute(query):
        found.append(Turn(award.awarded_at, award.id, member_id))
        if award.declined_at is not None:
            found.append(Turn(award.declined_at, award.id, member_id))
    return found


def declined_of(session: Session, framework_id: int) -> list[tuple[Award, CallOff, str]]:
    """Return the awards members stepped back from, in order, with the call-off and the member's name."""
    query = (
        select(Award, CallOff, Agency.name)
        .join(CallOff, CallOff.need_id == Award.need_id)
        .join(Agency, Agency.id == Award.agency_id)
        .where(CallOff.framework_id == framework_id, Award.declined_at.is_not(None))
        .order_by(Award.declined_at, Award.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def waiting(session: Session, framework_id: int) -> tuple[int, ...]:
    """Return the living members' ids in the order in which they are asked next."""
    return queue([row.id for row in living(session, framework_id)], turns_of(session, framework_id))


def unfit(session: Session, row: Framework, members: Sequence[FrameworkMember], on: date) -> dict[int, list[Missing]]:
    """Return the members that may not serve on a day, each with what is missing."""
    found = {}
    for one in members:
        verdict = eligible(session, one.agency_id, row.item_code, on)
        if not verdict.ok:
            found[one.id] = list(verdict.details)
    return found


def agency_of(session: Session, agency_id: int) -> Agency:
    """Return a member's agency."""
    return session.get_one(Agency, agency_id)


def need_of(session: Session, row: Framework) -> Need | None:
    """Return the need that is a framework's panel stage, once it was published."""
    return session.get(Need, row.need_id) if row.need_id is not None else None


def own_in_force(session: Session, org_id: int | None) -> list[Framework]:
    """Return an enterprise's frameworks that are in force."""
    query = select(Framework).where(Framework.org_id == org_id, Framework.state == FrameworkState.IN_FORCE)
    return list(session.scalars(query.order_by(Framework.id)))


def has_panel(session: Session, need_id: int) -> bool:
    """Say whether a need is the panel stage of a framework whose panel was made and can still fall."""
    row = of_need(session, need_id)
    return row is not None and row.state in IN_PUBLICITY


def open_admissions(session: Session, framework_id: int, agency_id: int) -> list[Admission]:
    """Return an agency's admissions to call-offs that could still choose it: all but those it holds the award of."""
    held = select(Award.need_id).where(Award.agency_id == agency_id, Award.state.in_(HOLDING))
    query = (
        select(Admission)
        .join(CallOff, CallOff.need_id == Admission.need_id)
        .where(CallOff.framework_id == framework_id, Admission.agency_id == agency_id, Admission.need_id.not_in(held))
    )
    return list(session.scalars(query))
