"""What must hold of the market at any quiet moment, looked for in the tables: nothing stuck, nothing torn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Message
from core.audit import first_break
from core.deadlines import Deadline
from core.outbox import OutboxEvent
from core.work import Works
from marketplace.contracts.lifecycle import ContractState
from marketplace.contracts.models import Contract
from marketplace.frameworks.models import Framework
from marketplace.needs.family import unsound
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award, Selection

ALIVE: Final = (NeedState.OPEN, NeedState.SELECTING, NeedState.AWARDED, NeedState.CONTRACTED)
RUNNING: Final = (ContractState.IN_SERVICE, ContractState.DELIVERED, ContractState.ACCEPTED)


def faults(works: Works) -> list[str]:
    """Return a sentence for every thing that is wrong; none of them after all that is due was done."""
    with works.reading() as work:
        now = work.clock.now()
        session = work.session
        late = select(Deadline).where(Deadline.done_at.is_(None), Deadline.due_at <= now)
        found = [f"{row.kind} of {row.object_id} was due at {row.due_at}" for row in session.scalars(late)]
        waiting = session.scalar(select(func.count()).where(OutboxEvent.done_at.is_(None)))
        if waiting:
            found.append(f"{waiting} events wait in the outbox")
        torn = first_break(session)
        if torn is not None:
            found.append(f"the record breaks at leaf {torn}")
        found += [f"the lots of need {need_id} are not sound" for need_id in unsound(session)]
        return [*found, *_needs(session), *_prices(session), *_stuck(session)]


def _needs(session: Session) -> Iterator[str]:
    """Find needs whose state is not what their award and contract say."""
    held = select(Award.need_id, func.count()).where(Award.state.in_(HOLDING)).group_by(Award.need_id)
    awards = dict(session.execute(held).all())
    rows = select(Contract.need_id, Contract.state).where(Contract.state != ContractState.TERMINATED)
    contracts = dict(session.execute(rows).all())
    for need in session.scalars(select(Need).where(Need.method != "framework")):
        if need.state is NeedState.AWARDED and awards.get(need.id) != 1:
            yield f"need {need.id} is awarded and {awards.get(need.id, 0)} awards hold"
        if need.state is NeedState.CONTRACTED and contracts.get(need.id) not in RUNNING:
            yield f"need {need.id} is contracted and its contract is {contracts.get(need.id)}"
        if need.state is NeedState.COMPLETED and contracts.get(need.id) is not ContractState.SETTLED:
            yield f"need {need.id} is completed and its contract is {contracts.get(need.id)}"


def _prices(session: Session) -> Iterator[str]:
    """Find sealed quotes whose price stands in the clear."""
    query = select(Quote.id).where(Quote.state == QuoteState.SEALED, Quote.amount.is_not(None))
    yield from (f"the price of sealed quote {quote_id} can be read" for quote_id in session.scalars(query))


def _stuck(session: Session) -> Iterator[str]:
    """Find needs that are alive while no clock runs for them and nobody has anything to do about them."""
    open_clocks = select(Deadline.kind, Deadline.object_id).where(Deadline.done_at.is_(None))
    clocks = {(kind.partition(".")[0], object_id) for kind, object_id in session.execute(open_clocks)}
    todo = select(Message.url).where(Message.done_at.is_(None), Message.is_todo.is_(True))
    asked = {"/".join(url.split("#")[0].split("/")[:3]) for url in session.scalars(todo)}
    selections = _ids_by_need(session, Selection)
    awards, contracts = _ids_by_need(session, Award), _ids_by_need(session, Contract)
    frameworks = _ids_by_need(session, Framework)
    for need in session.scalars(select(Need).where(Need.state.in_(ALIVE))):
        own = {("need", need.id)}
        own |= {("selection", one) for one in selections.get(need.id, ())}
        own |= {("framework", one) for one in frameworks.get(need.id, ())}
        own |= {("award", one) for one in awards.get(need.id, ())}
        own |= {(kind, one) for one in contracts.get(need.id, ()) for kind in ("contract", "pause", "amendment")}
        urls = {f"/needs/{need.id}", *(f"/contracts/{one}" for one in contracts.get(need.id, ()))}
        if not own & clocks and not urls & asked:
            yield f"need {need.id} is stuck: {need.state}, and nobody waits for anything"


def _ids_by_need(session: Session, model: Any) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for need_id, row_id in session.execute(select(model.need_id, model.id)):
        found.setdefault(need_id, []).append(row_id)
    return found
