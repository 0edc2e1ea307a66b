"""Mail: queued with the change that causes it, sent by whoever relays the outbox, to a folder or by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from accounts.models import Mail
from core.work import Work

SENDER: Final = "noreply@market.invalid"
TIMEOUT_SECONDS: Final = 20


class Post(Protocol):
    """Something that takes a mail away."""

    def deliver(self, name: str, message: EmailMessage) -> None:
        """Take one mail. The same ``name`` may come twice. Raises OSError when it cannot be taken now."""


@dataclass(frozen=True, slots=True)
class FolderPost:
    """Writes each mail into a folder, for a site without a mail server."""

    folder: Path

    def deliver(self, name: str, message: EmailMessage) -> None:
        """Write the mail as a file, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{name}.part"
        part.write_bytes(message.as_bytes())
        part.replace(self.folder / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class SmtpPost:
    """Sends by an SMTP server: ``smtp://user:password@host:587`` (with STARTTLS) or ``smtps://…:465``."""

    url: str

    def deliver(self, name: str, message: EmailMessage) -> None:
        """Send the mail. Raises OSError, which smtplib's errors are."""
        parts = urlsplit(self.url)
        host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
        port = parts.port or (465 if secure else 587)
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if secure:
            server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        with server:
            if not secure and server.has_extn("starttls"):
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


_settings: dict[str, Any] = {"post": None, "sender": SENDER}


def configure(post: Post, *, sender: str = SENDER) -> None:
    """Say who takes mails away and whom they are from."""
    _settings.update(post=post, sender=sender)


def deliver(name: str, message: EmailMessage) -> None:
    """Hand a mail to the post that is set up; the same name may come twice. Raises OSError to be tried again later."""
    post: Post | None = _settings["post"]
    if post is None:
        raise OSError("no post is set up")
    post.deliver(name, message)


def sender() -> str:
    """Return whom mails are from."""
    return str(_settings["sender"])


def post_for(smtp_url: str, folder: Path) -> Post:
    """Return the post the settings ask for: SMTP where an address is given, else a folder."""
    return SmtpPost(smtp_url) if smtp_url else FolderPost(folder)


def queue(work: Work, to: str, subject: str, body: str) -> Mail:
    """Queue a mail with this unit of work; it leaves after the commit."""
    row = Mail(to=to, subject=subject, body=body, at=work.clock.now(), sent_at=None)
    work.session.add(row)
    work.session.flush()
    work.emit("mail.queued", id=row.id)
    return row


def send_mail(work: Work, event: Mapping[str, Any]) -> None:
    """Send a queued mail, once (event handler of ``mail.queued``). Raises OSError to be tried again later."""
    row = work.session.get(Mail, event["id"])
    if row is None or row.sent_at is not None:
        return
    deliver(f"{row.id:08d}", compose(row, sender()))
    row.sent_at = work.clock.now()


def compose(row: Mail, from_: str) -> EmailMessage:
    """Write a queued mail as a message."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = from_, row.to, row.subject
    message["Date"] = format_datetime(row.at)
    message["Message-ID"] = make_msgid(idstring=str(row.id), domain=from_.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.body)
    return message
