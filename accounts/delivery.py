"""Messages leave the house: a ledger row for each message, channel and recipient, each sent once.

What was told becomes rows when the outbox hands the event on, after the commit; ``flush`` sends what is due. No
transaction is open while a parcel is carried, so a slow receiver holds up nobody's page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from accounts import channels, packing, preferences, queries, telling, timing, webhooks
from accounts.channels import CarryError, Parcel
from accounts.models import Delivery, DeliveryState, Message, Preference, User
from accounts.telling import Channel, Telling
from core.i18n import force_locale
from core.work import Work, Works

log = logging.getLogger(__name__)
BATCH: Final = 100
LEASE: Final = timedelta(minutes=2)
MOST_TRIES: Final = 10
STALE: Final = timedelta(days=7)


def plan(work: Work, event: Mapping[str, Any]) -> None:
    """Write down how each message told leaves the house (event handler of ``message.told``); may run twice."""
    for message_id in event["ids"]:
        message = work.session.get(Message, message_id)
        if message is None or message.done_at is not None:
            continue
        query = select(Delivery.channel, Delivery.recipient).where(Delivery.message_id == message.id)
        known = {(channel, recipient) for channel, recipient in work.session.execute(query)}
        for row in _ways(work, message, telling.row_of(message.code)):
            if (row.channel, row.recipient) not in known:
                work.session.add(row)


def _ways(work: Work, message: Message, row: Telling) -> Iterator[Delivery]:
    people = queries.readers_of(work, message.org_id, message.user_id)
    wishes = preferences.of_people(work.session, [user.id for user in people])
    for user in people:
        wish = wishes[user.id]
        for channel in (Channel.MAIL, Channel.SMS):
            if channel in row.channels and channel in _chosen(wish, message) and _address(user, channel):
                yield _way(message, channel, f"user:{user.id}", _leaves(work, message, row, channel, wish))
    hook = webhooks.of_organisation(work.session, message.org_id)
    if hook is not None and message.user_id is None and Channel.WEBHOOK in row.channels:
        yield _way(message, Channel.WEBHOOK, f"org:{message.org_id}", (work.clock.now(), False))


def _leaves(work: Work, message: Message, row: Telling, channel: Channel, wish: Preference) -> tuple[datetime, bool]:
    """Return when it leaves, and whether in the day's summary."""
    now = work.clock.now()
    urgent = row.urgent or (message.is_todo and timing.is_pressing(now, message.due_at))
    pace = message.pace or (wish.todo_pace if message.is_todo else wish.know_pace)
    at = timing.leaves_at(channel, now, pace=pace, urgent=urgent, quiet=(wish.quiet_from, wish.quiet_to))
    return at, channel is Channel.MAIL and pace == timing.DAILY and not urgent


def _way(message: Message, channel: Channel, recipient: str, leaves: tuple[datetime, bool]) -> Delivery:
    at, is_digest = leaves
    return Delivery(
        message_id=message.id, channel=channel, recipient=recipient, state=DeliveryState.WAITING, not_before=at,
        is_digest=is_digest, tries=0,
    )  # fmt: skip


def _chosen(wish: Preference, message: Message) -> Sequence[str]:
    """Return the ways chosen for what is to do or to know; a try goes by all of both."""
    if message.code == preferences.TRY:
        return [*wish.todo_channels, *wish.know_channels]
    return wish.todo_channels if message.is_todo else wish.know_channels


def _address(user: User, channel: Channel) -> str:
    return (user.email if channel is Channel.MAIL else user.mobile) or ""


def flush(works: Works, *, limit: int = BATCH) -> int:
    """Send what is due; return how many messages left. Two processes may flush at once."""
    return sum(_send(works, ids) for ids in _due(works, limit))


def _due(works: Works, limit: int) -> list[list[int]]:
    """Return the ids of what is due, those of one summary together."""
    with works.reading() as work:
        query = select(Delivery.id, Delivery.is_digest, Delivery.recipient)
        query = query.where(Delivery.state == DeliveryState.WAITING, Delivery.not_before <= work.clock.now())
        found: dict[Any, list[int]] = {}
        for row_id, is_digest, recipient in work.session.execute(query.order_by(Delivery.id).limit(limit)):
            found.setdefault(recipient if is_digest else row_id, []).append(row_id)
    return list(found.values())


def _claim(works: Works, ids: Sequence[int]) -> list[int]:
    """Take a lease by compare-and-set, so that two processes never carry the same parcel."""
    taken = []
    with works.system() as work:
        now = work.clock.now()
        for row_id in ids:
            mine = update(Delivery).where(
                Delivery.id == row_id, Delivery.state == DeliveryState.WAITING, Delivery.not_before <= now
            )
            done = work.session.execute(mine.values(not_before=now + LEASE, tries=Delivery.tries + 1))
            if getattr(done, "rowcount", 0) == 1:
                taken.append(row_id)
    return taken


@dataclass(slots=True)
class _Packed:
    """What one parcel holds: the deliveries in it, and those no longer wanted, each with why."""

    channel: Channel = Channel.MAIL
    parcel: Parcel | None = None
    inside: list[int] = field(default_factory=list)
    unwanted: dict[int, str] = field(default_factory=dict)


def _send(works: Works, ids: Sequence[int]) -> int:
    claimed = _claim(works, ids)
    if not claimed:
        return 0
    packed, refusal = _Packed(inside=list(claimed)), None
    try:
        packed = _pack(works, claimed)
        if packed.parcel is not None:
            channels.carrier(packed.channel).carry(packed.parcel)
    except CarryError as error:
        refusal = error
    except Exception as error:  # one broken message must not hold up the others
        log.exception("delivery failed", extra={"delivery_id": claimed[0]})
        refusal = CarryError(type(error).__name__)
    _settle(works, packed, refusal)
    return 0 if refusal is not None else len(packed.inside)


def _pack(works: Works, ids: Sequence[int]) -> _Packed:
    packed = _Packed()
    with works.reading() as work:
        rows = [(row, work.session.get_one(Message, row.message_id)) for row in _rows(work, ids)]
        packed.channel, recipient = rows[0][0].channel, rows[0][0].recipient
        kind, _colon, key = recipient.partition(":")
        user = work.session.get(User, int(key)) if kind == "user" else None
        wish = preferences.of_person(work.session, user.id) if user is not None else preferences.usual(0)
        for row, message in rows:
            why = _unwanted(work, row, message, user, wish)
            if why:
                packed.unwanted[row.id] = why
        kept = [(row, message) for row, message in rows if row.id not in packed.unwanted]
        packed.inside = [row.id for row, _message in kept]
        if kept:
            told = [message for _row, message in kept]
            name = f"{'g' if kept[0][0].is_digest else 'd'}{kept[0][0].id:010d}"
            with force_locale(wish.lang):
                packed.parcel = packing.pack(work, name, packed.channel, told, user, digest=kept[0][0].is_digest)
    return packed


def _rows(work: Work, ids: Sequence[int]) -> Sequence[Delivery]:
    return work.session.scalars(select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id)).all()


def _unwanted(work: Work, row: Delivery, message: Message, user: User | None, wish: Preference) -> str:
    """Say why a message need not leave any more, or nothing: times and wishes change while it waits."""
    if message.done_at is not None:
        return "done"
    if message.at + STALE <= work.clock.now():
        return "stale"
    if row.channel is Channel.WEBHOOK:
        return "" if webhooks.of_organisation(work.session, message.org_id) is not None else "no-webhook"
    if user is None or all(one.id != user.id for one in queries.readers_of(work, message.org_id, user.id)):
        return "left"
    if row.channel not in _chosen(wish, message) or not _address(user, row.channel):
        return "not-chosen"
    return ""


def _settle(works: Works, packed: _Packed, refusal: CarryError | None) -> None:
    with works.system() as work:
        now = work.clock.now()
        for row in _rows(work, [*packed.inside, *packed.unwanted]):
            if row.id in packed.unwanted:
                row.state, row.last_error = DeliveryState.STOPPED, packed.unwanted[row.id]
            elif refusal is None:
                row.state, row.sent_at, row.last_error = DeliveryState.SENT, now, None
            else:
                _put_off(row, refusal, now)


def _put_off(row: Delivery, refusal: CarryError, now: datetime) -> None:
    row.last_error, row.not_before = refusal.code, now + timing.wait_after(row.tries)
    if refusal.gone or row.tries >= MOST_TRIES:
        row.state = DeliveryState.FAILED
        log.warning("delivery given up", extra={"delivery_id": row.id, "error": refusal.code})
