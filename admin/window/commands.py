"""What the use cases of the window desk are asked with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from admin.window.lifecycle import ConsentKind, Matter, Party, Signer


@dataclass(frozen=True, slots=True)
class Receive:
    """A visitor: of which enterprise or agency (credit code or whole name), for what, perhaps about which notice."""

    enterprise: str
    visitor_name: str
    matter: str
    need_number: str = ""


@dataclass(frozen=True, slots=True)
class FoundEnterprise:
    """An enterprise that is entered at the window with its first manager, who sets the password by mail."""

    name: str
    credit_code: str
    display_name: str
    mobile: str
    email: str
    terms: bool = False


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """What may be filed, each once, what for, until the end of which day, and how it is given.

    item_code: the service item of the need, where one may be filed.
    """

    kind: ConsentKind
    item_code: str
    purpose: str
    until: date
    covers: tuple[Matter, ...] = (Matter.NEED,)


@dataclass(frozen=True, slots=True)
class Scan:
    """A signed paper as it was scanned."""

    stream: IO[bytes]
    name: str


@dataclass(frozen=True, slots=True)
class TypeCode:
    """The code shown at the window, as the visitor typed it."""

    code: str


@dataclass(frozen=True, slots=True)
class End:
    """Why something ends."""

    reason: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Papers that will be couriered: to whom, with which carrier, what is in it, whether it is a report's originals."""

    receiver: Party
    carrier: str
    content: str
    is_originals: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """The carrier's number."""

    tracking: str


@dataclass(frozen=True, slots=True)
class Sign:
    """When somebody signed for it, and in which role."""

    signed_at: datetime
    signed_by: Signer
