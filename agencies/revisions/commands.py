"""What the use cases of revisions are asked with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class WriteRevision:
    """A whole text for one schedule from a day on.

    base_sha256: the hash of the text the writer had before the eyes; empty takes the newest.
    """

    schedule_id: str
    text: str
    effective_on: date
    reason: str
    citation: str
    base_sha256: str = ""


@dataclass(frozen=True, slots=True)
class JudgeRevision:
    """A second person's verdict with its reason."""

    reason: str
