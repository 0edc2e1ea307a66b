"""Agencies that may not serve for a while: suspended and let in again, or with a certificate that ran out.

Who is unfit may not quote, confirm, bid, be chosen or sign; what it was awarded stays its own. A quote opened meanwhile
is out for good; one opened before counts again when its agency is fit again. Work begun goes on whoever is suspended,
but a result needs a certificate that is in force.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from agencies.registration import queries as registry
from agencies.registration import review
from agencies.registration import service as registration
from agencies.registration.lifecycle import QUALIFICATION_END
from agencies.registration.qualifying import over_at
from core import deadlines
from core.clock import beijing_day
from tests.agencies.registration.world import QUALIFICATION
from tests.life.ground import Ground

WHY = "资质年检资料没有按时报送"
PLACES = st.integers(0, 2)
LAPSING: Final = 0
"""The place of the agency whose certificates are short."""
TERMS: Final = (15, 25, 40, 400)
"""Days for which the first of them is good."""
RENEWED: Final = timedelta(days=30)


class Shelf(Ground):
    """Which agencies are off the shelf for now, and the last day of the short certificate."""

    away: set[int]
    valid_to: date
    certificates: int
    prices: dict[int, int]
    state: str

    @property
    def lapsed(self) -> set[int]:
        """Whose certificate is over."""
        return {LAPSING} if beijing_day(self.now) > self.valid_to else set()

    @property
    def unfit(self) -> set[int]:
        """Who may not serve now."""
        return self.away | self.lapsed

    @property
    def fit(self) -> dict[int, int]:
        """The prices of those that count now."""
        return {place: fen for place, fen in self.prices.items() if place not in self.unfit}

    def shelve(self, term: int) -> None:
        """Begin with everybody on the shelf, one with a certificate that is good for so many days."""
        self.away, self.certificates = set(), 1
        self.valid_to = beijing_day(self.now) + timedelta(days=term)
        with self.market.works.system() as work:
            row = registry.qualifications_of(work.session, self.market.agents[LAPSING][1])[0]
            row.valid_to = self.valid_to
            work.record(row, "test.shortened")
            deadlines.put(work, QUALIFICATION_END, row.id, over_at(self.valid_to))

    @precondition(lambda self: bool(self.lapsed) and LAPSING not in self.away)
    @rule(chance=st.integers(0, 1))
    def renew(self, chance: int) -> None:
        """Enter a new certificate and have it verified, now and then."""
        if chance or not self.lapsed or LAPSING in self.away:
            return
        actor, agency_id = self.market.agents[LAPSING]
        ends = beijing_day(self.now) + RENEWED
        paper = replace(QUALIFICATION, number=f"续{self.certificates}", valid_to=ends)
        self.act(True, actor, registration.add_qualification, agency_id, paper)
        with self.market.works.reading() as work:
            entered = max(one.id for one in registry.qualifications_of(work.session, agency_id))
        self.act(True, self.market.world.town, registration.verify_qualification, entered)
        self.valid_to, self.certificates = ends, self.certificates + 1
        self.let_in_again()

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
