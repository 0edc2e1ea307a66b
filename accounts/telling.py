"""Who is told what: one row for each message, with the event it follows, whom it reaches and how. Pure.

The rooms hold the rows of their own messages as ``TELLINGS``; the application gathers them at start. A message without
a row is refused, so that nothing is told that the table does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

_PLACE: Final = re.compile(r"%\(\w+\)s")


class Reader(StrEnum):
    """Whom a message reaches."""

    ENTERPRISE = "enterprise"
    AGENCY = "agency"
    OFFERING = "offering"
    ASKER = "asker"
    BIDDERS = "bidders"
    BIDDER = "bidder"
    WINNER = "winner"
    LOSERS = "losers"
    QUOTERS = "quoters"
    PARTIES = "parties"
    OTHER_PARTY = "other_party"
    OPERATOR = "operator"
    REGULATOR = "regulator"
    REVISERS = "revisers"
    AUTHOR = "author"
    ORGANISATION = "organisation"
    SEEKER = "seeker"
    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    OFFICE = "office"
    INVITED = "invited"


class Duty(StrEnum):
    """What the reader does with it: something, nothing, or something only where a time is set."""

    TODO = "todo"
    KNOW = "know"
    BY_TIME = "by_time"


class Channel(StrEnum):
    """A way a message may take beside the inbox on the site, which holds every message."""

    MAIL = "mail"
    SMS = "sms"
    WEBHOOK = "webhook"


class UntoldError(LookupError):
    """A message has no row in the table: a fault of ours, so nothing is told."""


QUIETLY: Final = (Channel.MAIL, Channel.WEBHOOK)
BY_PHONE_TOO: Final = (Channel.MAIL, Channel.SMS, Channel.WEBHOOK)


@dataclass(frozen=True, slots=True)
class Telling:
    """One row: which message, after which event or deadline, to whom, to do or to know, how.

    urgent: it waits for neither quiet hours nor the day's summary.
    """

    code: str
    event: str
    to: Reader
    duty: Duty = Duty.KNOW
    urgent: bool = False
    channels: tuple[Channel, ...] = QUIETLY


_rows: dict[str, Telling] = {}
_sentences: dict[str, Any] = {}


def configure(rows: Iterable[Telling], sentences: Mapping[str, Any]) -> None:
    """Take up the rooms' rows and the sentences of their messages. Raises ValueError for a message with two rows."""
    found: dict[str, Telling] = {}
    for row in rows:
        if row.code in found:
            raise ValueError(f"{row.code} has two rows")
        found[row.code] = row
    _rows.clear()
    _rows.update(found)
    _sentences.clear()
    _sentences.update(sentences)


def row_of(code: str) -> Telling:
    """Return a message's row. Raises UntoldError."""
    row = _rows.get(code)
    if row is None:
        raise UntoldError(f"{code} has no row: add it to the TELLINGS of its room")
    return row


def rows() -> tuple[Telling, ...]:
    """Return the whole table, in the order of the rooms."""
    return tuple(_rows.values())


def said(code: str, facts: Mapping[str, Any]) -> str:
    """Return a message's sentence in the reader's language; empty where none is known."""
    text = str(_sentences.get(code, ""))
    try:
        return text % facts if facts else text
    except (KeyError, ValueError, TypeError):
        return text


def shape(code: str) -> str:
    """Return a message's sentence with its places left open."""
    return _PLACE.sub("…", str(_sentences.get(code, "")))
