"""What the use cases of contracts take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from core.money import Money
from marketplace.contracts.rules import PaidLine


@dataclass(frozen=True, slots=True)
class ReviseContract:
    """Another amount for a draft; above the quote it needs a reason."""

    amount: Money
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SignContract:
    """The signature: the fingerprint of the text that was read."""

    content_hash: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in: a stream at its start, and the name the sender gave it."""

    stream: IO[bytes]
    filename: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """What goes with a version of the result."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A typed reason and nothing else: for sending a result back or terminating."""

    reason: str


@dataclass(frozen=True, slots=True)
class Settle:
    """What was paid, line by line; above the contract it needs a reason."""

    lines: tuple[PaidLine, ...]
    reason: str = ""
