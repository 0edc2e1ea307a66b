"""Whose turn it is: agencies nobody has rated yet, and equal hits, change places every day by a seed all can reckon.

The seed of a day is the SHA-256 of "market-search" and the day; a document's turn is the SHA-256 of seed and key, as a
fraction of its range. Nobody chooses either, and nobody's turn costs anything.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Final

LIFT: Final = 0.3
"""How much of its score an agency without a rating gains at most, as much as the best rating gives."""
_RANGE: Final = 1 << 64


def seed_of(day: date) -> str:
    """Return the published seed of a day, in Beijing: 64 hexadecimal digits."""
    return sha256(text_of(day).encode()).hexdigest()


def text_of(day: date) -> str:
    """Return what a day's seed is made of."""
    return f"market-search {day.isoformat()}"


@lru_cache(maxsize=65536)
def turn(seed: str, key: str) -> float:
    """Return a document's place in the day's turn, 0 to 1; the higher the sooner."""
    return int.from_bytes(sha256(f"{seed} {key}".encode()).digest()[:8], "big") / _RANGE
