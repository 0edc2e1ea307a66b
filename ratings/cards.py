"""A rating as pages show it."""

from __future__ import annotations

from typing import Any

from agencies.catalogue.wording import item_name
from core.work import Work
from ratings import queries, wording
from ratings.lifecycle import RatingState
from ratings.permissions import POLICY


def card(work: Work, one: queries.Shown) -> dict[str, Any]:
    """Return what a page shows of a rating; of a removed one only that it was removed, when and why."""
    rating = one.rating
    shown: dict[str, Any] = {
        "id": rating.id,
        "contract_id": rating.contract_id,
        "number": one.contract_number,
        "item": item_name(rating.item_code),
        "rater": one.rater,
        "published_at": rating.published_at,
        "removed_at": rating.removed_at,
        "removal": wording.REMOVALS.get(rating.removal_reason) if rating.removal_reason else None,
        "note": rating.removal_note,
        "is_removed": rating.state is RatingState.REMOVED,
        "may_reply": rating.replied_at is None and work.allows(POLICY, "rating:reply", rating),
        "may_remove": rating.state is RatingState.PUBLISHED and work.allows(POLICY, "rating:remove", rating),
    }
    if shown["is_removed"]:
        return shown
    names = wording.dimension_names(rating.side)
    steps = [choices for _name, choices in wording.DIMENSIONS[rating.side]]
    shown |= {
        "stars": sum(rating.scores) / len(rating.scores),
        "scores": [
            (name, score, named[score - 1]) for name, score, named in zip(names, rating.scores, steps, strict=True)
        ],
        "tags": wording.tag_names(rating.side, rating.tags),
        "text": rating.text,
        "reason": rating.reason,
        "reply": rating.reply,
        "replied_at": rating.replied_at,
        "late_days": one.late_days,
        "counterpart": sum(one.counterpart.scores) / len(one.counterpart.scores) if one.counterpart else None,
    }
    return shown
