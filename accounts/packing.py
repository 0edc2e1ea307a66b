"""What a parcel says: one message, or a day's summary, as a mail, an SMS or data, in the recipient's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from accounts import stops, telling, webhooks
from accounts.channels import Parcel, absolute, short
from accounts.models import Message, User
from accounts.telling import Channel
from core.clock import beijing
from core.i18n import gettext as _
from core.work import Work

MOST_LINES: Final = 50
SUBJECT: Final = 60


def pack(
    work: Work, name: str, channel: Channel, told: Sequence[Message], user: User | None, *, digest: bool
) -> Parcel:  # fmt: skip
    """Write what goes to a person, or with no person to the organisation's system."""
    if user is None:
        return _for_system(work, name, told[0])
    if channel is Channel.SMS:
        text = short(sentence(told[0]), absolute(told[0].url))
        return Parcel(name, user.mobile or "", work.clock.now(), "", text)
    stop = absolute(told[0].stop_url or stops.mail_path(user.id)) if not digest else absolute(stops.mail_path(user.id))
    subject = _("莞中介：%(count)s 条消息", count=len(told)) if digest else _("莞中介：%(text)s", text=_cut(told[0]))
    lines = [_line(one) for one in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append(_("还有 %(count)s 条，在站内消息里看：%(url)s", count=len(told) - MOST_LINES,
                       url=absolute("/messages")))  # fmt: skip
    footer = _("选渠道和时间：%(url)s", url=absolute("/account/notifications"))
    stopping = _("不再收这样的邮件，打开这个网址：%(url)s", url=stop)
    text = "\n\n".join([_("%(name)s：", name=user.display_name), *lines, f"——\n{footer}\n{stopping}"])
    return Parcel(name, user.email or "", work.clock.now(), subject, text, stop_url=stop)


def sentence(message: Message) -> str:
    """Return a message's sentence on one line."""
    said = telling.said(message.code, message.facts) or _("有一条新消息，打开看看")
    return " ".join(said.split())


def _cut(message: Message) -> str:
    said = sentence(message)
    return said if len(said) <= SUBJECT else said[: SUBJECT - 1] + "…"


def _line(message: Message) -> str:
    parts = [sentence(message)]
    if message.due_at is not None:
        parts.append(_("截止：%(when)s（北京时间）", when=f"{beijing(message.due_at):%Y-%m-%d %H:%M}"))
    return "\n".join([*parts, absolute(message.url)])


def _for_system(work: Work, name: str, message: Message) -> Parcel:
    hook = webhooks.of_organisation(work.session, message.org_id)
    if hook is None:
        raise LookupError("the system's address is gone")
    data: dict[str, Any] = {
        "delivery": name,
        "message": message.id,
        "code": message.code,
        "text": sentence(message),
        "url": absolute(message.url),
        "is_todo": message.is_todo,
        "at": message.at.isoformat(),
        "due_at": message.due_at.isoformat() if message.due_at is not None else None,
    }
    return Parcel(name, hook.url, work.clock.now(), "", "", secret=hook.secret, data=data)
