"""The use case of the panel: whoever is not left out becomes a member at its own price, all at once, in public.

The ranking and the elimination are the selection's, frozen at the opening; here is only what follows from them.
"""

from __future__ import annotations

from typing import Any, Final

from accounts import messages
from core import deadlines
from core.clock import beijing_day
from core.errors import Conflict
from core.work import Work
from marketplace.frameworks import letters, publicity, queries, rules
from marketplace.frameworks.commands import Admit
from marketplace.frameworks.lifecycle import FRAMEWORK, PUBLICITY
from marketplace.frameworks.models import Framework, FrameworkMember
from marketplace.frameworks.permissions import POLICY
from marketplace.frameworks.service import locked
from marketplace.needs.lifecycle import NEED, NeedState
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.needs.service import locked as locked_need
from marketplace.quotes.eligibility import fit_to_win
from marketplace.quotes.lifecycle import QUOTE, QuoteState
from marketplace.quotes.permissions import POLICY as QUOTES
from marketplace.selection import protocol
from marketplace.selection import publicity as selection_publicity
from marketplace.selection import queries as selections
from marketplace.selection import service as selection
from marketplace.selection.lifecycle import SELECTION, SelectionState
from marketplace.selection.models import Selection
from marketplace.selection.permissions import POLICY as SELECTIONS
from marketplace.selection.publicity import as_system
from marketplace.selection.queries import Weighing
from marketplace.selection.ranking import Line

NOT_IN: Final = "quote-did-not-count"


def inside(weighing: Weighing) -> list[Line]:
    """Return the lines of the panel, in the order of their ranks."""
    return [line for line in weighing.lines if line.rank is not None and not line.out]


def admit(work: Work, framework_id: int, command: Admit) -> Framework:
    """Make the panel of a framework whose quotes are open: members at their prices, until the publicity provisional.

    Raises NotFound, Forbidden, Conflict when nothing is being weighed, the quotes do not suffice, an agency is unfit or
    the explanation of a low price waits; Invalid without a reason where the rules want one.
    """
    row = locked(work, framework_id)
    work.require(POLICY, "framework:admit", row)
    FRAMEWORK.follow("admit", row.state)
    weighing, chosen = _weighing(work, row)
    if weighing.count.failure:
        raise Conflict(weighing.count.failure)
    reason = rules.reason(command.reason) if weighing.count.needs_reason else command.reason.strip()
    lines = inside(weighing)
    for line in lines:
        fit_to_win(work, weighing.need, line.entrant.quote_id)
    for place, line in enumerate(lines, 1):
        _add_member(work, row, weighing, line, place)
    _decide(work, weighing, chosen, lines, reason)
    _move_quotes(work, weighing, {line.entrant.quote_id for line in lines})
    as_system(work).move(NEED, NEEDS, weighing.need, "award")
    until = selection_publicity.publicity_end(work, weighing.need)
    row.publicity_until = row.confirm_at = until
    work.move(FRAMEWORK, POLICY, row, "admit", need_id=weighing.need.id, members=len(lines))
    deadlines.put(work, PUBLICITY, row.id, until)
    letters.issue_notice(work, row, weighing.need, until)
    _tell(work, row, weighing, lines)
    if until <= work.clock.now():
        publicity.confirm(work, row)
    return row


def _weighing(work: Work, row: Framework) -> tuple[Weighing, Selection]:
    """Return what the choice stands on, the need's row held. Raises Conflict when nothing is being weighed."""
    need = locked_need(work, row.need_id or 0)
    if need.state is NeedState.SELECTING:
        selection.begin(work, need.id)
    found = selections.selection_of(work.session, need.id)
    if found is None or found.state is not SelectionState.WEIGHING:
        raise Conflict("wrong-state", kind="need", state=str(need.state), verb="award")
    return selections.weigh(work.session, need, found, beijing_day(work.clock.now())), found


def _add_member(work: Work, row: Framework, weighing: Weighing, line: Line, place: int) -> None:
    one = weighing.candidates[line.entrant.quote_id]
    by_discount = row.quoting == "discount"
    member = FrameworkMember(
        framework_id=row.id, agency_id=one.agency.id, agency_org_id=one.agency.org_id, org_id=row.org_id,
        quote_id=one.quote.id, place=place, price=None if by_discount else line.entrant.amount,
        discount_rate=one.quote.discount_rate if by_discount else None,
        days=one.quote.days or weighing.need.time_limit_days, admitted_at=work.clock.now(),
    )  # fmt: skip
    work.add(member, "framework_member.admitted", framework_id=row.id, agency_id=one.agency.id, place=place)


def _decide(work: Work, weighing: Weighing, chosen: Selection, lines: list[Line], reason: str) -> None:
    """Write the protocol, which says of every line whether it is in and why not."""
    now, ids = work.clock.now(), {line.entrant.quote_id for line in lines}
    chosen.reason, chosen.decided_at = reason, now
    written: dict[str, Any] = protocol.build(
        weighing.need.method, weighing.lines, weighing.told(), weighing.criteria, draw=weighing.draw,
        count=weighing.count, winner=None, reason=reason, at=now, terms=selections.terms_of(weighing.need),
        working=weighing.working,
    )  # fmt: skip
    for line in written["lines"]:
        line["won"] = line["quote_id"] in ids
        line["why_not"] = None if line["won"] else line["out"] or NOT_IN
    chosen.protocol = written
    work.move(SELECTION, SELECTIONS, chosen, "decide", need_id=weighing.need.id)


def _move_quotes(work: Work, weighing: Weighing, ids: set[int]) -> None:
    house = as_system(work)
    for quote_id, one in weighing.candidates.items():
        if quote_id in ids:
            house.move(QUOTE, QUOTES, one.quote, "win")
        elif one.quote.state is QuoteState.OPENED:
            house.move(QUOTE, QUOTES, one.quote, "lose")


def _tell(work: Work, row: Framework, weighing: Weighing, lines: list[Line]) -> None:
    """Tell the members and the others, and settle what the enterprise had to do."""
    messages.settle(work, row.org_id, selection.selection_url(weighing.need.id))
    ids = {line.entrant.quote_id for line in lines}
    for quote_id, one in weighing.candidates.items():
        code = "framework-admitted" if quote_id in ids else "framework-not-admitted"
        url = selection_publicity.result_url(weighing.need.id)
        messages.tell(work, one.agency.org_id, code, url, framework=row.title)


def may_admit(work: Work, row: Framework) -> bool:
    """Say whether the panel can be made now: the quotes are open and nobody has."""
    chosen = selections.selection_of(work.session, row.need_id) if row.need_id is not None else None
    is_weighing = chosen is not None and chosen.state is SelectionState.WEIGHING
    return is_weighing and work.allows(POLICY, "framework:admit", row) and row.state in FRAMEWORK.move("admit").sources


def weigh(work: Work, row: Framework) -> Weighing | None:
    """Return what the panel would be made of now, for looking at; None before the opening."""
    need = queries.need_of(work.session, row)
    chosen = selections.selection_of(work.session, need.id) if need is not None else None
    if need is None or chosen is None or chosen.frozen_at is None:
        return None
    return selections.weigh(work.session, need, chosen, beijing_day(work.clock.now()))
