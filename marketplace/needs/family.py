"""Reads of a notice's lots, and what the needs of one notice share.

A notice with several lots is a family of needs: lot 1's need leads it, is published, amended, put off and withdrawn for
all, and gives the number; each need is quoted for, opened, selected, awarded and contracted by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from agencies.catalogue import queries as catalogue
from agencies.catalogue import tendering
from agencies.catalogue.tendering import TenderThreshold
from core.errors import Conflict, NotFound
from core.money import Money
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Lot, Need

SHARED: Final = (
    "item_code", "fund", "requirements", "method", "method_basis", "criteria", "terms", "quoting", "closes_at",
    "contact_name", "contact_phone", "complaint_phone", "town_code", "project_name", "project_code",
)  # fmt: skip
"""What all lots of a notice have in common; scope, inputs of the fee, ceiling and time limit are each lot's own."""
SHARED_AMENDED: Final = ("requirements", "criteria", "contact_name", "contact_phone", "complaint_phone")
WITHDRAWABLE: Final = (NeedState.DRAFT, NeedState.OPEN, NeedState.SELECTING)
LONGEST_TITLE: Final = 60


@dataclass(frozen=True, slots=True)
class Splitting:
    """Why dividing a purchase must be looked at: what the lots come to, and the threshold that passes."""

    total: Money
    threshold: TenderThreshold


def lot_of(session: Session, need_id: int) -> Lot:
    """Return the lot a need carries."""
    return session.scalars(select(Lot).where(Lot.need_id == need_id)).one()


def lots_of(session: Session, need_id: int) -> list[tuple[Lot, Need]]:
    """Return all lots of the notice a need belongs to, with their needs, by number."""
    notice = select(Lot.notice_id).where(Lot.need_id == need_id).scalar_subquery()
    query = select(Lot, Need).join(Need, Need.id == Lot.need_id).where(Lot.notice_id == notice).order_by(Lot.number)
    return [(lot, need) for lot, need in session.execute(query)]


def leader(session: Session, need: Need) -> Need:
    """Return the need of lot 1, whose number and title are the notice's."""
    lot = lot_of(session, need.id)
    return need if lot.notice_id == need.id else session.get_one(Need, lot.notice_id)


def others(session: Session, need: Need) -> list[Need]:
    """Return the needs of the notice's other lots, by number."""
    return [one for _lot, one in lots_of(session, need.id) if one.id != need.id]


def numbered(session: Session, need_id: int, number: int) -> tuple[Lot, Need]:
    """Return one lot of a notice by its number. Raises NotFound."""
    for lot, need in lots_of(session, need_id):
        if lot.number == number:
            return lot, need
    raise NotFound("lot-not-found", number=number)


def want_leader(session: Session, need: Need) -> None:
    """Refuse an act on one lot that is done for the notice as a whole. Raises Conflict naming the notice's need."""
    lot = lot_of(session, need.id)
    if lot.notice_id != need.id:
        raise Conflict("lot-goes-with-notice", number=lot.number, notice_id=lot.notice_id)


def title_to_write(session: Session, need: Need) -> str:
    """Return the title a need is written anew with: the notice's own, with the lot's name where it goes on alone."""
    lot = lot_of(session, need.id)
    first = lot_of(session, lot.notice_id)
    if not first.title:
        return need.title
    alone = need.state is not NeedState.DRAFT and lot.name
    return (f"{first.title}·{lot.name}" if alone else first.title)[:LONGEST_TITLE]


def retitle(session: Session, need: Need) -> None:
    """Write each need's title from the notice's, with its lot where there are several."""
    rows = lots_of(session, need.id)
    first, head = rows[0]
    if len(rows) == 1:
        head.title, first.title, first.most_wins = first.title or head.title, "", None
        return
    first.title = first.title or head.title
    for lot, one in rows:
        one.title = f"{first.title}（第 {lot.number} 标段{'：' if lot.name else ''}{lot.name}）"


def follow(need: Need, one: Need) -> None:
    """Give a further lot's need what it shares with the need of lot 1."""
    for name in SHARED:
        setattr(one, name, _copied(getattr(need, name)))


def _copied(value: Any) -> Any:
    return (
        [dict(one) for one in value] if isinstance(value, list) else dict(value) if isinstance(value, dict) else value
    )


def estimate(need: Need) -> Money | None:
    """Return what a lot is taken to be worth: its ceiling, or else the base of its benchmark."""
    return need.ceiling if need.ceiling is not None else need.benchmark_base


def splitting(session: Session, need: Need, on: date) -> Splitting | None:
    """Return what must be looked at where several lots together reach the size from which tender is compulsory.

    Lots that may be put together count together (必须招标的工程项目规定第五条); dividing to avoid a tender is forbidden
    (招标投标法第四条).
    """
    rows = lots_of(session, need.id)
    if len(rows) == 1:
        return None
    threshold = tendering.threshold_of(need.item_code, catalogue.all_items(session), on)
    total = Money(sum(worth.fen for _lot, one in rows if (worth := estimate(one)) is not None))
    return Splitting(total, threshold) if threshold is not None and total >= threshold.amount else None


def unsound(session: Session) -> Sequence[int]:
    """Return the needs whose lots are not sound: none of its own, or a notice whose numbers are not 1 to n."""
    without = select(Need.id).where(Need.id.not_in(select(Lot.need_id)))
    found = set(session.scalars(without))
    numbers: dict[int, list[int]] = {}
    for notice_id, number in session.execute(select(Lot.notice_id, Lot.number).order_by(Lot.notice_id, Lot.number)):
        numbers.setdefault(notice_id, []).append(number)
    found |= {notice for notice, given in numbers.items() if given != list(range(1, len(given) + 1))}
    return sorted(found)
