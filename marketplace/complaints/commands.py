"""What the use cases of complaints take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from core.corrections import ItemVerdict
from marketplace.complaints.lifecycle import Aspect, Remedy


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its content and what the sender calls it."""

    stream: BinaryIO
    filename: str


@dataclass(frozen=True, slots=True)
class FileComplaint:
    """A complaint as it is filed. against: the agency complained of, where it is another participant."""

    aspect: Aspect
    matter: str = ""
    clause: str = ""
    wish: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    sealed: bool = False
    promised_on: date | None = None
    against: int | None = None


@dataclass(frozen=True, slots=True)
class JudgeItem:
    """What an officer says of one item."""

    key: str
    verdict: ItemVerdict
    note: str = ""
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """What the complainant corrected or handed in late for one item: words, and perhaps a file beside them."""

    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SayComplaint:
    """A text and nothing else: a reply, an appeal, a reason."""

    text: str


@dataclass(frozen=True, slots=True)
class DecideComplaint:
    """A decision, its reason, the clause it rests on, and what follows."""

    verdict: str
    reason: str
    clause: str = ""
    remedy: Remedy = Remedy.NONE
