"""A choice that is laid before the enterprise a second time, because the award ended and nobody follows by itself."""

from __future__ import annotations

from accounts import messages
from core.work import Work
from marketplace.needs.lifecycle import NEED
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.quotes.lifecycle import QUOTE, QuoteState
from marketplace.quotes.permissions import POLICY as QUOTES
from marketplace.selection.publicity import as_system
from marketplace.selection.queries import Weighing


def choose_anew(work: Work, weighing: Weighing, code: str, url: str) -> None:
    """Open the choice of a need again and tell its enterprise by a code; whoever lost is weighed with the others.

    url: where the choice is made.
    """
    need, inside = weighing.need, as_system(work)
    inside.move(NEED, NEEDS, need, "reselect")
    for one in weighing.candidates.values():
        if one.quote.state is QuoteState.LOST:
            inside.move(QUOTE, QUOTES, one.quote, "reconsider")
    messages.tell(work, need.org_id, code, url, is_todo=True, need=need.title)
