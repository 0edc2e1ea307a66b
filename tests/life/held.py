"""What the model knows of an award that holds, and of a complaint about its need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

UNJUDGED = ("filed", "returned")
UNDECIDED = ("accepted", "heard")
DECIDED = {"uphold": "upheld", "uphold_partly": "partly", "dismiss": "dismissed"}
LIVE = (*UNJUDGED, *UNDECIDED, *DECIDED.values(), "appealed")
CLOCK_OF = {
    "filed": {"accept"}, "returned": {"correct"}, "accepted": {"reply"}, "heard": set[str](), "appealed": {"review"},
    **{state: {"appeal"} for state in DECIDED.values()},
}  # fmt: skip


@dataclass
class Held:
    """An award. no: which of the need's, from 1. until: the end of its publicity. cap: the end of its suspension."""

    id: int
    no: int
    place: int
    until: datetime
    status: str = "provisional"
    cap: datetime | None = None


@dataclass
class Case:
    """A complaint. award: the award it is about, by its number, 0 for none. winner: who held an award when it came."""

    id: int
    place: int
    aspect: str
    filed_at: datetime
    award: int
    winner: int | None
    state: str = "filed"
    lists: int = 0
    verdict: str = ""
    remedy: str = "none"
    decided_by: str = ""
    is_final: bool = False

    @property
    def upheld(self) -> bool:
        """Whether the complaint is right as things are."""
        return (self.verdict in {"uphold", "uphold_partly"}) != (self.state == "overturned")

    @property
    def is_against(self) -> bool:
        """Whether what was decided for it stands against the award and is not final yet."""
        decided = self.state in {*DECIDED.values(), "appealed"}
        return decided and not self.is_final and self.upheld and self.remedy != "none"

    @property
    def is_open(self) -> bool:
        """Whether it may still change an award."""
        return self.state in LIVE and not self.is_final
