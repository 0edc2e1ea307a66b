"""What a use case of registration is given: frozen values, checked in shape by the schemas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agencies.registration.lifecycle import Verdict
from core.corrections import ItemVerdict


@dataclass(frozen=True, slots=True)
class SaveDetails:
    """What an agency says of itself beyond what its organisation already says."""

    contact_name: str
    contact_mobile: str
    intro: str = ""
    founded_on: date | None = None


@dataclass(frozen=True, slots=True)
class AddQualification:
    """A qualification as its certificate reads; ``valid_to`` is the last valid day."""

    category: str
    number: str
    issued_by: str
    grade: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class AddPractitioner:
    """A person with a certificate; the identity number is checked and encrypted."""

    name: str
    identity: str
    kind: str
    certificate: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class MaterialVerdict:
    """What an operator says of one material: reasons by code and in words, a promised day for a gap."""

    key: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    note: str = ""
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class ItemJudged:
    """What an operator says of one item of a changed qualification."""

    key: str
    verdict: ItemVerdict
    note: str = ""
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class AnswerList:
    """An agency's answer to a correction list: words and stored files by item, and the fields put right."""

    words: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
