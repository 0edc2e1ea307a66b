"""Agencies suspended in the middle of a purchase and let in again, as the model knows it.

Who is suspended may not quote, confirm, bid, be chosen or sign; what it was awarded stays its own, and work begun goes
on. A quote opened meanwhile is out for good; one opened before counts again when its agency is let in again.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from agencies.registration import review
from tests.life.ground import Ground

WHY = "资质年检资料没有按时报送"
PLACES = st.integers(0, 2)


class Shelf(Ground):
    """Which agencies are off the shelf for now."""

    away: set[int]
    prices: dict[int, int]
    state: str

    @property
    def fit(self) -> dict[int, int]:
        """The prices of those that count now."""
        return {place: fen for place, fen in self.prices.items() if place not in self.away}

    def let_in_again(self) -> None:
        """Follow what an agency that is let in again changes."""
        raise NotImplementedError

    @precondition(lambda self: self.state in {"open", "selecting", "awarded", "contracted"})
    @rule(place=PLACES, chance=st.integers(0, 4))
    def suspend_agency(self, place: int, chance: int) -> None:
        """Take an agency off the shelf, now and then."""
        if chance:
            return
        agency_id = self.market.agents[place][1]
        if self.act(place not in self.away, self.market.world.city, review.suspend, agency_id, WHY):
            self.away.add(place)

    @precondition(lambda self: bool(self.away))
    @rule(place=PLACES)
    def let_in(self, place: int) -> None:
        """Put an agency back on the shelf."""
        agency_id = self.market.agents[place][1]
        if self.act(place in self.away, self.market.world.city, review.resume, agency_id, WHY):
            self.away.remove(place)
            self.let_in_again()
