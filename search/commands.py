"""What people send to the search room, as values."""

from __future__ import annotations

from dataclasses import dataclass

from core.money import Money


@dataclass(frozen=True, slots=True)
class FollowSearch:
    """A search to follow: its name, how soon a hit is mailed, and what narrows it."""

    name: str
    pace: str
    words: str = ""
    town: str = ""
    item: str = ""
    method: str = ""
    least: Money | None = None
    most: Money | None = None
