"""Reads for the index: documents drawn from the tables of other rooms, and what a reader may see of them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeVar

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from accounts import reference as places
from accounts.models import Organisation
from agencies.catalogue import reference as catalogue
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.queries import all_items
from agencies.fees import register
from agencies.fees.models import PostedPrice
from agencies.fees.queries import in_force, schedules_of
from agencies.registration.lifecycle import ON_SHELF
from agencies.registration.models import Agency, Offering, Qualification
from agencies.registration.queries import OUTSIDE
from core.access import Actor
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.needs.queries import visible_needs
from search import sources
from search.backend import Suggestion
from search.documents import Document, Kind, document_key

CHUNK: Final = 500
STARS_MILLI: Final = 5000
MANY_CONTRACTS: Final = 20
MOST_CANDIDATES: Final = 60
LIFTS: Final = MappingProxyType({"standing": 0.3, "activity": 0.1, "open": 0.2, "catalogue": 0.8})
"""How much of its score a document gains at most, by reason; agencies without a rating take turns instead."""
T = TypeVar("T")


def all_documents(session: Session, at: datetime) -> Iterator[Document]:
    """Draw every public document, a few hundred rows at a time."""
    yield from item_documents(session)
    yield from schedule_documents(session)
    for ids in _chunks(session.scalars(select(Agency.id).where(Agency.state.in_(ON_SHELF)).order_by(Agency.id)).all()):
        yield from agency_documents(session, ids, at)
        session.expunge_all()
    published = select(Need.id).where(Need.published_at.is_not(None)).order_by(Need.id)
    for ids in _chunks(session.scalars(published).all()):
        yield from notice_documents(session, ids)
        session.expunge_all()
    for source in sources.every():
        yield from source.documents(session)


def how_many(session: Session) -> int:
    """Return how many documents `all_documents` draws."""
    agencies = select(func.count()).select_from(Agency).where(Agency.state.in_(ON_SHELF))
    notices = select(func.count()).select_from(Need).where(Need.published_at.is_not(None))
    rest = len(list(all_items(session))) + len(register.SCHEDULES)
    rest += sum(len(list(source.documents(session))) for source in sources.every())
    return rest + (session.scalar(agencies) or 0) + (session.scalar(notices) or 0)


def item_documents(session: Session) -> list[Document]:
    """Draw the service items."""
    departments = {one.code: one.name for one in places.departments()}
    qualifications = {one.code: one.name for one in catalogue.qualifications()}
    found = []
    for row in all_items(session):
        held = [qualifications.get(one["category"], "") for one in row.qualifications]
        asked = [departments.get(code, "") for code in row.departments]
        found.append(
            Document(
                kind=Kind.ITEM,
                id=row.code,
                title=row.name,
                url=f"/services/{row.code}",
                names=(*row.aliases, row.name_en),
                about=_given(row.approval, row.approval_en, row.deliverable, *held, *asked),
                body="\n".join(_given(row.legal_basis, row.remarks, *row.schedules, *row.other_documents)),
                codes=(row.code,),
                cites=_given(*row.schedules, *row.other_documents),
                item_codes=(row.code,),
                stages=(row.stage,),
                boosts={"catalogue": LIFTS["catalogue"]},
            )
        )
    return found


def schedule_documents(session: Session) -> list[Document]:
    """Draw the fee schedules, each with the items it prices."""
    priced: dict[str, list[ServiceItem]] = defaultdict(list)
    for item in all_items(session):
        for schedule_id in schedules_of(item):
            priced[schedule_id].append(item)
    found = []
    for one in register.SCHEDULES.values():
        numbers = (one.document, *(name for name in one.aliases if name.endswith("号")))
        versions = (version.document for version in one.versions)
        found.append(
            Document(
                kind=Kind.SCHEDULE,
                id=one.id,
                title=one.title.zh,
                url=f"/fees/{one.id}",
                names=_given(one.document, *one.aliases, one.subject.zh, one.title.en, one.subject.en),
                about=_given("收费标准", one.charge_base.zh, *(item.name for item in priced[one.id])),
                body="\n".join(_given(one.issuer.zh, *(note.zh for note in one.notes))),
                codes=_given(*numbers, *versions),
                item_codes=tuple(item.code for item in priced[one.id]),
                stages=tuple(dict.fromkeys(item.stage for item in priced[one.id])),
            )
        )
    return found


def agency_documents(session: Session, ids: Iterable[int], at: datetime) -> list[Document]:
    """Draw agencies as they stand; one that is not on the shelf comes as not public."""
    rows = session.scalars(select(Agency).where(Agency.id.in_(list(ids))).order_by(Agency.id)).all()
    numbers = [row.id for row in rows]
    offered = _offered(session, numbers)
    certified = _certified(session, numbers)
    prices = _lowest_prices(session, numbers, at)
    return [_agency(row, offered[row.id], certified[row.id], prices.get(row.id)) for row in rows]


def _agency(row: Agency, offered: Sequence[ServiceItem], certified: Sequence[str], price_fen: int | None) -> Document:
    rating = row.standing_low_milli / STARS_MILLI if row.standing_low_milli is not None else None
    return Document(
        kind=Kind.AGENCY,
        id=str(row.id),
        title=row.name,
        url=f"/agencies/{row.id}",
        about=(*(name for item in offered for name in (item.name, *item.aliases)), *certified),
        body=row.intro,
        codes=(row.credit_code,),
        town_code=row.town_code or OUTSIDE,
        item_codes=tuple(item.code for item in offered),
        stages=tuple(dict.fromkeys(item.stage for item in offered)),
        grade=row.grade or "",
        price_fen=price_fen,
        on_time=row.on_time_milli / 1000 if row.on_time_milli is not None else None,
        rating=rating,
        published_at=row.listed_at,
        boosts={
            "standing": LIFTS["standing"] * (rating or 0),
            "activity": LIFTS["activity"] * min(row.contracts_n, MANY_CONTRACTS) / MANY_CONTRACTS,
        },
        public=row.state in ON_SHELF,
    )


def notice_documents(session: Session, ids: Iterable[int]) -> list[Document]:
    """Draw notices as they stand; a draft comes as not public. No quote is read, and no contact."""
    query = (
        select(Need, ServiceItem, Organisation.name)
        .join(ServiceItem, ServiceItem.code == Need.item_code)
        .join(Organisation, Organisation.id == Need.org_id)
    )
    rows = session.execute(query.where(Need.id.in_(list(ids))).order_by(Need.id))
    return [_notice(row[0], row[1], row[2]) for row in rows]


def _notice(row: Need, item: ServiceItem, enterprise: str) -> Document:
    return Document(
        kind=Kind.NOTICE,
        id=str(row.id),
        title=row.title,
        url=f"/needs/{row.id}",
        names=_given(row.project_name),
        about=_given(item.name, *item.aliases, enterprise),
        body="\n".join(_given(row.scale, row.requirements)),
        codes=_given(row.number or "", row.project_code or ""),
        town_code=row.town_code,
        item_codes=(row.item_code,),
        stages=(item.stage,),
        price_fen=row.ceiling.fen if row.ceiling is not None else None,
        published_at=row.published_at,
        closes_at=row.closes_at,
        state=str(row.state),
        boosts={"open": LIFTS["open"]} if row.state is NeedState.OPEN else {},
        public=row.published_at is not None,
    )


def still_visible(session: Session, actor: Actor, documents: Iterable[Document | Suggestion]) -> frozenset[str]:
    """Return the keys of the documents a reader may see at this moment, whatever the index still holds."""
    wanted: dict[Kind, list[Document | Suggestion]] = defaultdict(list)
    for one in documents:
        wanted[one.kind].append(one)
    agencies = [int(one.id) for one in wanted[Kind.AGENCY]]
    notices = [int(one.id) for one in wanted[Kind.NOTICE]]
    on_shelf = select(Agency.id).where(Agency.id.in_(agencies), Agency.state.in_(ON_SHELF))
    public = and_(visible_needs(actor), Need.published_at.is_not(None))
    seen = {document_key(Kind.AGENCY, one) for one in session.scalars(on_shelf)} if agencies else set()
    if notices:
        found = session.scalars(select(Need.id).where(Need.id.in_(notices), public))
        seen |= {document_key(Kind.NOTICE, one) for one in found}
    for source in sources.every():
        ids = source.visible(session, actor, {one.id for one in wanted[source.kind]}) if wanted[source.kind] else ()
        seen |= {document_key(source.kind, one) for one in ids}
    return frozenset(seen) | {one.key for kind in (Kind.ITEM, Kind.SCHEDULE) for one in wanted[kind]}


def candidates(session: Session, texts: Sequence[str], at: datetime) -> list[Document]:
    """Draw what is worth looking at while there is no index: all items and schedules, and some rows named alike."""
    parts = [f"%{text.translate(_NO_PATTERN)}%" for text in texts if text]
    named = or_(*(Agency.name.ilike(part) for part in parts)) if parts else Agency.id.is_not(None)
    offers = select(Offering.agency_id).join(ServiceItem, ServiceItem.code == Offering.item_code)
    offering = Agency.id.in_(offers.where(or_(*(ServiceItem.name.ilike(part) for part in parts)))) if parts else named
    agencies = select(Agency.id).where(Agency.state.in_(ON_SHELF), or_(named, offering)).order_by(Agency.rank.desc())
    like = [or_(Need.title.ilike(part), Need.number.ilike(part)) for part in parts]
    notices = select(Need.id).where(Need.published_at.is_not(None), *([or_(*like)] if like else []))
    return [
        *item_documents(session),
        *schedule_documents(session),
        *agency_documents(session, session.scalars(agencies.limit(MOST_CANDIDATES)).all(), at),
        *notice_documents(session, session.scalars(notices.order_by(Need.id.desc()).limit(MOST_CANDIDATES)).all()),
        *(document for source in sources.every() for document in source.documents(session)),
    ]


_NO_PATTERN: Final = str.maketrans({"%": " ", "_": " ", "\\": " ", "\x00": " "})


def _offered(session: Session, agency_ids: Sequence[int]) -> Mapping[int, list[ServiceItem]]:
    query = select(Offering.agency_id, ServiceItem).join(ServiceItem, ServiceItem.code == Offering.item_code)
    found: dict[int, list[ServiceItem]] = defaultdict(list)
    for row in session.execute(query.where(Offering.agency_id.in_(agency_ids)).order_by(ServiceItem.number)):
        found[row[0]].append(row[1])
    return found


def _certified(session: Session, agency_ids: Sequence[int]) -> Mapping[int, list[str]]:
    names = {one.code: one.name for one in catalogue.qualifications()}
    query = select(Qualification).where(Qualification.agency_id.in_(agency_ids), Qualification.withdrawn_at.is_(None))
    found: dict[int, list[str]] = defaultdict(list)
    for row in session.scalars(query.order_by(Qualification.id)):
        found[row.agency_id].append(" ".join(_given(names.get(row.category, ""), row.grade)))
    return found


def _lowest_prices(session: Session, agency_ids: Sequence[int], at: datetime) -> Mapping[int, int]:
    """Return the lowest amount each agency has posted, in fen; formulas and discounts have none."""
    query = select(PostedPrice.agency_id, func.min(PostedPrice.amount)).where(
        PostedPrice.agency_id.in_(agency_ids), PostedPrice.amount.is_not(None), in_force(at)
    )
    rows = session.execute(query.group_by(PostedPrice.agency_id))
    return {row[0]: row[1].fen for row in rows if row[1] is not None}


def _given(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _chunks(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
