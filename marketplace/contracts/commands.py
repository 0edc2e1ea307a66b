"""What the use cases of contracts take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import IO

from core.errors import DomainError
from core.money import Money
from marketplace.contracts.rules import PaidLine
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause, Finding


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
    """A typed reason and nothing else: for sending a result back."""

    reason: str


@dataclass(frozen=True, slots=True)
class Settle:
    """What was paid, line by line; above the contract it needs a reason."""

    lines: tuple[PaidLine, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskPause:
    """A pause of the contract's clock: whose doing it is, and why."""

    cause: Cause
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The other side's word to a pause or an amendment; a refusal needs a reason."""

    agrees: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposeAmendment:
    """A change of a signed contract; what is None stays as it is. clause_no: a clause's place, from 1."""

    kind: AmendmentKind
    reason: str
    amount: Money | None = None
    days: int | None = None
    clause_no: int | None = None
    clause_text: str = ""


@dataclass(frozen=True, slots=True)
class Terminate:
    """An early end: its cause and reason, what was delivered in words, and what is payable for it."""

    cause: EndCause
    reason: str
    payable: Money
    delivered: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """The other side's view of an early end; an objection needs its words."""

    agrees: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class EnterOutcome:
    """What a department found of one version, the newest when none is named; a return names its codes."""

    finding: Finding
    decided_on: date
    codes: tuple[str, ...] = ()
    note: str = ""
    version_no: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One row of a table of findings: where it stood, its cells, and what it says or why it says nothing."""

    line: int
    cells: tuple[str, ...]
    number: str = ""
    command: EnterOutcome | None = None
    error: DomainError | None = None
