"""The ways out of the house behind one door: mail, SMS, an organisation's own system.

A carrier takes a parcel away or raises ``CarryError`` with a code; it is called with no transaction open. The same
parcel may come twice, after a crash, and then bears the same name: whoever takes it can tell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from smtplib import SMTPException
from typing import Any, Final, Protocol

from accounts import mail
from accounts.telling import Channel

SMS_LENGTH: Final = 70


class CarryError(Exception):
    """A parcel was not taken. ``code`` says why without anything personal; ``gone``: no later try will help."""

    def __init__(self, code: str, *, gone: bool = False) -> None:
        super().__init__(code)
        self.code = code[:60]
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Parcel:
    """What leaves: its name, which never changes; to whom; the words, and the same as data for a system.

    to: a mail address, a mobile number, or an address of a system. secret: what signs it, for a system alone.
    """

    name: str
    to: str
    at: datetime
    subject: str
    text: str
    stop_url: str = ""
    secret: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class Carrier(Protocol):
    """Something that takes parcels away by one channel."""

    def carry(self, parcel: Parcel) -> None:
        """Take one parcel. Raises CarryError when it cannot be taken now."""


@dataclass(frozen=True, slots=True)
class MailCarrier:
    """Sends by the post that is set up: SMTP where the site has a server, else a folder."""

    def carry(self, parcel: Parcel) -> None:
        """Send one mail, with the address that stops such mails in a header of its own."""
        try:
            mail.deliver(parcel.name, letter(parcel))
        except (OSError, SMTPException) as error:
            raise CarryError(type(error).__name__) from error


def letter(parcel: Parcel) -> EmailMessage:
    """Write a parcel as a mail. RFC 8058: a mail program may stop such mails by one POST to the address named."""
    message = EmailMessage()
    sender = mail.sender()
    message["From"], message["To"], message["Subject"] = sender, parcel.to, parcel.subject
    message["Date"] = format_datetime(parcel.at)
    message["Message-ID"] = f"<{parcel.name}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if parcel.stop_url:
        message["List-Unsubscribe"] = f"<{parcel.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(parcel.text)
    return message


@dataclass(frozen=True, slots=True)
class FolderCarrier:
    """Writes what would be sent into a folder, for a site without an SMS gateway."""

    folder: Path

    def carry(self, parcel: Parcel) -> None:
        """Write one message as a file, whole or not at all."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f".{parcel.name}.part"
            part.write_text(json.dumps({"to": parcel.to, "text": parcel.text}, ensure_ascii=False), encoding="utf-8")
            part.replace(self.folder / f"{parcel.name}.json")
        except OSError as error:
            raise CarryError(type(error).__name__) from error


def short(sentence: str, url: str) -> str:
    """Write an SMS of at most 70 characters: the sentence, cut where it must be, and where to read on."""
    room = SMS_LENGTH - len(url) - 1
    words = " ".join(sentence.split())
    if room < 2:  # noqa: PLR2004 - a site whose address alone fills the message
        return words[:SMS_LENGTH]
    return f"{words if len(words) <= room else words[: room - 1] + '…'} {url}"


_carriers: dict[Channel, Carrier] = {}
_site: list[str] = ["http://localhost:8000"]


def configure(carriers: Mapping[Channel, Carrier], site: str = "") -> None:
    """Say who carries what, and the site's own address for links; an empty one keeps that of a site at home."""
    _carriers.clear()
    _carriers.update(carriers)
    if site:
        _site[:] = [site.rstrip("/")]


def carrier(channel: Channel) -> Carrier:
    """Return who carries by a channel. Raises CarryError where nobody does."""
    found = _carriers.get(channel)
    if found is None:
        raise CarryError("no-carrier")
    return found


def absolute(url: str) -> str:
    """Return the whole address of one of the site's own."""
    return _site[0] + url
