"""Use cases of posted prices: post a version, let it begin on its day, end what it replaces.

Other rooms call these through ``service``. Who reads judges by the instants of a version; its state follows them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select

from accounts import messages
from agencies.catalogue.queries import item_by_code
from agencies.fees import queries, rules
from agencies.fees.commands import PostPrice, PriceBasis
from agencies.fees.lifecycle import PRICE, PRICE_BEGIN, PriceState
from agencies.fees.models import PostedPrice
from agencies.fees.permissions import POLICY
from agencies.registration.models import Agency, Offering
from core import deadlines
from core.clock import BEIJING, beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.work import Work


def post_price(work: Work, agency_id: int, command: PostPrice) -> PostedPrice:
    """Post a new version of an agency's price for an item; what was posted before ends where it begins.

    Raises NotFound, Forbidden, Conflict("price-item-not-offered"), Invalid for a price that is not whole or begins in
    the past.
    """
    agency = work.session.scalars(select(Agency).where(Agency.id == agency_id).with_for_update()).one_or_none()
    if agency is None:
        raise NotFound("agency-not-found", id=agency_id)
    work.require(POLICY, "price:post", agency)
    item = item_by_code(work.session, command.item_code)
    offered = select(Offering.id).where(Offering.agency_id == agency_id, Offering.item_code == item.code)
    if work.session.scalar(offered) is None:
        raise Conflict("price-item-not-offered", item=item.name)
    for field, code in rules.faults(command, queries.schedules_of(item)):
        raise Invalid(code, field=field)
    begins = _begin(work, command.valid_from)
    basis = PriceBasis(command.basis)
    by_schedule = basis in {PriceBasis.FORMULA, PriceBasis.DISCOUNT}
    posted = PostedPrice(
        agency_id=agency_id, org_id=agency.org_id, state=PRICE.initial, item_code=item.code, basis=basis,
        amount=None if by_schedule else command.amount,
        unit_name=command.unit_name.strip() if basis is PriceBasis.UNIT else "",
        discount_rate=command.discount_rate if basis is PriceBasis.DISCOUNT else None,
        schedule_id=command.schedule_id if by_schedule else None,
        included=command.included.strip(), extra=command.extra.strip(),
        posted_at=work.clock.now(), valid_from=begins,
    )  # fmt: skip
    work.add(posted, "price.posted", agency_id=agency_id, item=item.code, basis=str(basis))
    _end_former(work, posted)
    if begins <= work.clock.now():
        _move_begin(work, posted)
    else:
        deadlines.put(work, PRICE_BEGIN, posted.id, begins)
    work.emit("price.posted", id=posted.id, agency_id=agency_id, item=item.code)
    return posted


def begin_due(work: Work, price_id: int) -> None:
    """Let a price begin whose day has come, and end what it replaces. Handles ``price.begin``; may run twice."""
    row = work.session.get(PostedPrice, price_id, with_for_update=True)
    if row is None or row.state is not PriceState.POSTED or row.valid_from > work.clock.now():
        return
    _move_begin(work, row)
    item = item_by_code(work.session, row.item_code)
    messages.tell(work, row.org_id, "price-begun", f"/prices/{row.item_code}", item=item.name)


def _move_begin(work: Work, row: PostedPrice) -> None:
    work.move(PRICE, POLICY, row, "begin", agency_id=row.agency_id, item=row.item_code)
    for former in _others(work, row):
        over = former.superseded_at is not None and former.superseded_at <= work.clock.now()
        if over and former.state is not PriceState.SUPERSEDED:
            _supersede(work, former)


def _end_former(work: Work, row: PostedPrice) -> None:
    """Say of every version that would still stand when the new one begins that it ends there."""
    begins = row.valid_from
    for former in _others(work, row):
        if former.superseded_at is None or former.superseded_at > begins:
            former.superseded_at = max(former.valid_from, begins)
            if former.state is PriceState.POSTED and former.superseded_at <= former.valid_from:
                _supersede(work, former)


def _others(work: Work, row: PostedPrice) -> list[PostedPrice]:
    query = select(PostedPrice).where(
        PostedPrice.agency_id == row.agency_id, PostedPrice.item_code == row.item_code, PostedPrice.id != row.id,
        or_(PostedPrice.superseded_at.is_(None), PostedPrice.state != PriceState.SUPERSEDED),
    )  # fmt: skip
    return list(work.session.scalars(query.order_by(PostedPrice.id)))


def _supersede(work: Work, row: PostedPrice) -> None:
    work.move(PRICE, POLICY, row, "supersede", agency_id=row.agency_id, item=row.item_code)
    deadlines.drop(work, PRICE_BEGIN, row.id)


def _begin(work: Work, day: date | None) -> datetime:
    """Return the instant a posted price begins: now, or the first moment of a later day in Beijing."""
    now = work.clock.now()
    today = beijing_day(now)
    if day is None or day == today:
        return now
    if day < today:
        raise Invalid("price-in-the-past", field="valid_from", today=today.isoformat())
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)
