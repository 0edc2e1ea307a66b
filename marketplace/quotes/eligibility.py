"""The check that an agency still holds what the item asks for, made anew at every stage of a purchase.

At the quote, the award, the signing and the delivery; a refusal says what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agencies.registration import queries as registration
from agencies.registration.refusals import missing_sentence
from agencies.registration.rules import Missing, Stage, binding_at
from core.clock import beijing_day
from core.errors import Conflict
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs.models import Need
from marketplace.quotes.explaining import want_decided
from marketplace.quotes.models import Quote

__all__ = ["Stage", "fit_to_win", "require_fit"]


@dataclass(frozen=True, slots=True)
class Said:
    """What is missing, put into the reader's language when it is shown."""

    missing: Sequence[Missing]

    def __str__(self) -> str:
        """Say everything, in the order the agency would put it right."""
        return _("；").join(missing_sentence(one) for one in self.missing)


def require_fit(work: Work, need: Need, agency_id: int, stage: Stage) -> None:
    """Refuse to go on with an agency that lacks what this stage of the purchase demands.

    Raises Conflict("agency-unfit") with the codes of what is missing and, in words, what it is.
    """
    verdict = registration.eligible(work.session, agency_id, need.item_code, beijing_day(work.clock.now()))
    found = binding_at(stage, verdict.details)
    if found:
        raise Conflict(
            "agency-unfit", agency_id=agency_id, stage=str(stage), missing=[one.code for one in found], what=Said(found)
        )


def fit_to_win(work: Work, need: Need, quote_id: int) -> None:
    """Refuse to choose a quote whose agency is no longer fit, or whose low price waits for a decision.

    A quote of another need is left to whoever judges the choice. Raises Conflict with what is missing.
    """
    quote = work.session.get(Quote, quote_id)
    if quote is not None and quote.need_id == need.id:
        require_fit(work, need, quote.agency_id, Stage.AWARD)
        want_decided(work, need, quote.id)
