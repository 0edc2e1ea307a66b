"""How a person wants to be told: read, changed by the person, stopped by the link in a mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import messages, timing
from accounts.messages import Aim
from accounts.models import Delivery, Message, Preference
from accounts.permissions import POLICY
from accounts.telling import Channel
from core.errors import Conflict, Invalid
from core.i18n import LOCALES
from core.work import Work

PERSONAL: Final = (Channel.MAIL, Channel.SMS)
TRY: Final = "notice-tried"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person chose; quiet hours in minutes of the day, 北京时间."""

    todo_channels: tuple[str, ...]
    know_channels: tuple[str, ...]
    todo_pace: str = timing.INSTANT
    know_pace: str = timing.DAILY
    quiet_from: int = timing.QUIET_FROM
    quiet_to: int = timing.QUIET_TO
    lang: str = "zh_Hans_CN"


def usual(user_id: int) -> Preference:
    """Return what holds for somebody who chose nothing."""
    return Preference(
        user_id=user_id, todo_channels=[Channel.MAIL, Channel.SMS], know_channels=[Channel.MAIL], lang="zh_Hans_CN",
        todo_pace=timing.INSTANT, know_pace=timing.DAILY, quiet_from=timing.QUIET_FROM, quiet_to=timing.QUIET_TO,
    )  # fmt: skip


def of_person(session: Session, user_id: int) -> Preference:
    """Return what a person chose, or what is usual."""
    return of_people(session, [user_id])[user_id]


def of_people(session: Session, user_ids: Iterable[int]) -> dict[int, Preference]:
    """Return what each of these people chose, or what is usual."""
    wanted = list(user_ids)
    found = {row.user_id: row for row in session.scalars(select(Preference).where(Preference.user_id.in_(wanted)))}
    return {user_id: found.get(user_id) or usual(user_id) for user_id in wanted}


def choose(work: Work, wishes: Wishes) -> Preference:
    """Keep what the actor chose. Raises Forbidden, Invalid for a word or an hour there is not."""
    row = _own(work)
    known = {str(one) for one in PERSONAL}
    for name in ("todo_channels", "know_channels"):
        chosen = sorted(set(getattr(wishes, name)))
        if not set(chosen) <= known:
            raise Invalid("channel-unknown", field=name)
        setattr(row, name, chosen)
    for name, words in (("todo_pace", timing.PACES), ("know_pace", timing.PACES), ("lang", tuple(LOCALES))):
        if getattr(wishes, name) not in words:
            raise Invalid("preference-unknown", field=name)
        setattr(row, name, getattr(wishes, name))
    for name in ("quiet_from", "quiet_to"):
        if not 0 <= getattr(wishes, name) < timing.DAY_MINUTES:
            raise Invalid("quiet-range", field=name)
        setattr(row, name, getattr(wishes, name))
    return _keep(work, row, "preference.chosen")


def stop_mail(work: Work, user_id: int) -> None:
    """Send a person no more mails of messages; mails that set a password still come. The caller checked the link."""
    row = of_person(work.session, user_id)
    left = [[one for one in chosen if one != Channel.MAIL] for chosen in (row.todo_channels, row.know_channels)]
    if left != [list(row.todo_channels), list(row.know_channels)]:
        row.todo_channels, row.know_channels = left
        _keep(work, row, "preference.mail-stopped")


def try_out(work: Work) -> None:
    """Tell the actor alone, by every way chosen; once a minute. Raises Forbidden, Conflict without an organisation."""
    work.require(POLICY, "account:own")
    if work.actor.org_id is None:
        raise Conflict("not-a-member")
    me = Aim(user_id=work.actor.user_id, pace=timing.INSTANT)
    key = f"{TRY}:{work.actor.user_id}:{work.clock.now():%Y%m%d%H%M}"
    messages.tell(work, work.actor.org_id, TRY, "/account/notifications", aim=me, unique_key=key)
    work.emit("notice.tried", user_id=work.actor.user_id)


def lately(session: Session, recipient: str, limit: int = 10) -> list[tuple[Delivery, Message]]:
    """Return what last left, or waits to leave, for a recipient: ``user:12`` or ``org:3``, newest first."""
    query = select(Delivery, Message).join(Message, Message.id == Delivery.message_id)
    rows = session.execute(query.where(Delivery.recipient == recipient).order_by(Delivery.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def _own(work: Work) -> Preference:
    work.require(POLICY, "account:own")
    return of_person(work.session, work.actor.user_id or 0)


def _keep(work: Work, row: Preference, verb: str) -> Preference:
    if row in work.session:
        work.record(row, verb)
    else:
        work.add(row, verb)
    return row
