"""Complaints about a purchase in their window, and what they do to its award, as the model knows them."""

from __future__ import annotations

from datetime import datetime

from core.corrections import days_after
from marketplace.complaints.lifecycle import Remedy
from marketplace.selection.models import Award
from tests.life.bids import Bids
from tests.life.choosing import EARLY
from tests.life.complaints import Complaints
from tests.life.held import Case, Held

WINDOW_DAYS = 1


class Disputes(Complaints, Bids):
    """Complaints of agencies about one purchase."""

    chosen = Award

    def anew(self) -> None:
        """Forget what was complained of, and asked, about the need before."""
        self.cases, self.questions = [], {}

    def window_ends(self) -> datetime | None:
        """Return when the time to complain ends; None while nothing is decided."""
        if self.awards:
            return self.last_until
        if self.decided_at is not None:
            return days_after(self.decided_at, WINDOW_DAYS)
        return self.closes_at if self.state in {"failed", "withdrawn"} else None

    @property
    def is_chosen(self) -> bool:
        """Whether somebody holds the award and no contract was signed."""
        return self.state == "awarded"

    @property
    def contested(self) -> Held | None:
        """The award that is not final yet."""
        held = self.held
        return held if held is not None and self.is_chosen and held.status != "confirmed" else None

    def fits(self, verdict: str, remedy: Remedy) -> bool:
        """Say whether what follows fits the verdict and what there is to annul."""
        if verdict == "dismiss" or remedy is Remedy.NONE:
            return remedy is Remedy.NONE
        return (remedy is not Remedy.CORRECT_NOTICE) == (self.held is not None)

    def carry_out(self, case: Case) -> None:
        """End the award, or the notice, a complaint was upheld against; what is too late changes nothing."""
        held, on_notice = self.held, case.remedy == "correct_notice"
        if held is None:
            if on_notice and self.state in EARLY:
                if self.state == "selecting" and not self.bidding and not self.fresh:
                    self.decided_at = self.now
                self.state, self.bidding = "failed", False
                self.questions_end()
            return
        if self.state != "awarded" or (case.award not in {0, held.no} and not on_notice):
            return
        del self.prices[held.place]
        if case.remedy == "next":
            self.inherit()
            return
        self.held = self.holder = None
        if case.remedy == "annul" and not self.is_short():
            self.state = "selecting"
        else:
            self.failed()
