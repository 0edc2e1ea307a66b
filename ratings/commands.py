"""What ratings are asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from ratings.lifecycle import RemovalReason


@dataclass(frozen=True, slots=True)
class GiveRating:
    """Five scores of 1 to 5 in the order of the side's dimensions, tags, and words."""

    d1: int
    d2: int
    d3: int
    d4: int
    d5: int
    reason: str = ""
    text: str = ""
    tags: list[str] = field(default_factory=list)

    @property
    def scores(self) -> tuple[int, int, int, int, int]:
        """The five scores."""
        return (self.d1, self.d2, self.d3, self.d4, self.d5)


@dataclass(frozen=True, slots=True)
class ReplyToRating:
    """A public answer of the side that was rated."""

    reply: str


@dataclass(frozen=True, slots=True)
class RemoveRating:
    """Why a rating, or its words, is taken away."""

    removal_reason: RemovalReason
    note: str
