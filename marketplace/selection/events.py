"""What selection tells others beside the events of its lives: names of events and the facts they carry."""

from __future__ import annotations

from typing import Final

AWARD_GIVEN: Final = "award.given"
"""An agency was chosen. Facts: id (award), need_id, agency_id."""

AWARD_CONFIRMED: Final = "award.confirmed"
"""The publicity is over and the award is final; told by the award's life. Facts: id (award), need_id."""

AWARD_SUSPENDED: Final = "award.suspended"
"""An accepted complaint stopped the way to the contract; told by the award's life. Facts: id (award), need_id."""

AWARD_ANNULLED: Final = "award.annulled"
"""A complaint was upheld and the award no longer holds; told by the award's life. Facts: id (award), need_id."""

AWARD_DECLINED: Final = "award.declined"
"""The winner stepped back; told by the award's life. Facts: id (award), need_id."""

ROUND: Final = "selection.round"
"""The deadline at which a round of bidding ends; the object is the selection."""

BID_PLACED: Final = "bid.placed"
"""An offer was made in a round; told without its price. Facts: id (selection), need_id, round."""
