"""The life of a rating. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class RatingState(StrEnum):
    """Where a rating stands: sealed, shown, or taken away with a trace."""

    HIDDEN = "hidden"
    PUBLISHED = "published"
    REMOVED = "removed"


class Side(StrEnum):
    """Who rates: the enterprise rates the agency, the agency the enterprise."""

    ENTERPRISE = "enterprise"
    AGENCY = "agency"


class RemovalReason(StrEnum):
    """Why an office takes a rating, or its words, away; there are no other reasons."""

    PERSONAL_DATA = "personal_data"
    ABUSE = "abuse"
    OTHER_CONTRACT = "other_contract"
    RELATED_PARTIES = "related_parties"
    RULING = "ruling"


WORDS_ONLY: Final = frozenset({RemovalReason.PERSONAL_DATA, RemovalReason.ABUSE})

RATING: Final = Lifecycle(
    "rating",
    RatingState,
    initial=RatingState.HIDDEN,
    moves=[
        Move("publish", "published", (RatingState.HIDDEN,), RatingState.PUBLISHED, drops=("rating.reveal",)),
        Move("remove", "removed", (RatingState.PUBLISHED,), RatingState.REMOVED, ("reason",)),
    ],
)
