"""What is late on a deal moves when it is read, too: whoever comes first, the reader or the worker."""

from __future__ import annotations

from typing import Final

from core.deadlines import DueHandler
from core.work import Works
from marketplace.contracts import amending, ending, pausing, queries, settling
from marketplace.contracts.lifecycle import AMENDMENT_ANSWER, PAUSE_ANSWER, SETTLEMENT_ANSWER, TERMINATION_VIEW

HANDLERS: Final[dict[str, DueHandler]] = {
    PAUSE_ANSWER: pausing.lapse,
    AMENDMENT_ANSWER: amending.lapse,
    TERMINATION_VIEW: ending.lapse,
    SETTLEMENT_ANSWER: settling.lapse,
}


def catch_up(works: Works, contract_id: int) -> int:
    """Do what waits on a deal although its day has passed; return how many were done. Each may be done twice."""
    with works.reading() as work:
        late = queries.late_turns(work.session, contract_id, work.clock.now())
    for kind, row_id in late:
        with works.system() as work:
            HANDLERS[kind](work, row_id)
    return len(late)
