"""Use cases of dividing a draft into lots: add, change, take back, limit how many one agency may win."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from agencies.catalogue import queries as catalogue
from core.clock import beijing_day
from core.errors import Conflict, Invalid
from core.work import Work
from marketplace.needs import family, service
from marketplace.needs.commands import WriteLot, WriteNeed
from marketplace.needs.lifecycle import NEED, NeedState
from marketplace.needs.methods import FRAMED
from marketplace.needs.models import Lot, Need
from marketplace.needs.permissions import POLICY

MOST_LOTS: Final = 20
TAKEN_BACK: Final = "不再单独设标段"


def add(work: Work, notice_id: int, command: WriteLot) -> Lot:
    """Add a lot to a draft: a need of its own that has the rest in common with the notice.

    Raises NotFound, Forbidden, Conflict when it is published or full, Invalid for a name missing or said twice.
    """
    head = _divisible(work, notice_id)
    rows = family.lots_of(work.session, head.id)
    if len(rows) >= MOST_LOTS:
        raise Conflict("too-many-lots", most=MOST_LOTS)
    _want_name(rows, command.name, except_number=0)
    made = service.create(work, _need_of(work, head, command))
    family.follow(head, made)
    lot = family.lot_of(work.session, made.id)
    lot.notice_id, lot.number, lot.name = head.id, len(rows) + 1, command.name
    _divided(work, head, "need.lot-added", number=lot.number)
    return lot


def change(work: Work, notice_id: int, number: int, command: WriteLot) -> Lot:
    """Change what is a lot's own. Raises as ``add`` does, and NotFound for a number not given."""
    head = _divisible(work, notice_id)
    lot, need = family.numbered(work.session, head.id, number)
    _want_name(family.lots_of(work.session, head.id), command.name, except_number=number)
    lot.name = command.name
    need.scale, need.time_limit_days, need.fee_inputs = command.scale, command.time_limit_days, dict(command.fee_inputs)
    need.ceiling, need.no_ceiling_reason = command.ceiling, command.no_ceiling_reason
    schedules = catalogue.item_by_code(work.session, need.item_code).schedules
    service.work_out_benchmark(work, need, list(schedules))
    _divided(work, head, "need.lot-changed", number=number)
    return lot


def remove(work: Work, notice_id: int, number: int) -> None:
    """Take a further lot out of a draft; the later ones move up. Raises Conflict for the first, NotFound, Forbidden."""
    head = _divisible(work, notice_id)
    lot, need = family.numbered(work.session, head.id, number)
    if lot.number == 1:
        raise Conflict("first-lot-stays")
    lot.notice_id, lot.number, lot.title = need.id, 1, ""
    work.session.flush()
    need.withdrawn_reason = TAKEN_BACK
    work.move(NEED, POLICY, need, "withdraw")
    for place, (one, _need) in enumerate(family.lots_of(work.session, head.id), 1):
        one.number = place
        work.session.flush()
    first, last = family.lot_of(work.session, head.id), len(family.lots_of(work.session, head.id))
    first.most_wins = first.most_wins if first.most_wins is not None and first.most_wins < last else None
    _divided(work, head, "need.lot-removed", number=number)


def limit(work: Work, notice_id: int, most: int | None) -> Lot:
    """Say in the notice how many of its lots one agency may win; None takes the limit away.

    Raises NotFound, Forbidden, Conflict, Invalid for a number that limits nothing.
    """
    head = _divisible(work, notice_id)
    count = len(family.lots_of(work.session, head.id))
    if most is not None and not 1 <= most < count:
        raise Invalid("lot-limit-out-of-range", field="most_wins", most=max(1, count - 1))
    first = family.lot_of(work.session, head.id)
    first.most_wins = most
    work.record(head, "need.lots-limited", most=most)
    return first


def _divisible(work: Work, notice_id: int) -> Need:
    head = service.locked(work, notice_id)
    work.require(POLICY, "need:divide", head)
    family.want_leader(work.session, head)
    if head.state is not NeedState.DRAFT:
        raise Conflict("need-not-draft", id=notice_id)
    if head.method in FRAMED:
        raise Conflict("framework-undivided", id=notice_id)
    return head


def _want_name(rows: Sequence[tuple[Lot, Need]], name: str, *, except_number: int) -> None:
    if not name.strip():
        raise Invalid("lot-name-required", field="name")
    if name in {lot.name for lot, _need in rows if lot.number != except_number}:
        raise Invalid("lot-name-twice", field="name", name=name)


def _need_of(work: Work, head: Need, command: WriteLot) -> WriteNeed:
    base = service.command_of(work, head)
    return replace(
        base, scale=command.scale, time_limit_days=command.time_limit_days, fee_inputs=command.fee_inputs,
        ceiling=command.ceiling, no_ceiling_reason=command.no_ceiling_reason,
    )  # fmt: skip


def _divided(work: Work, head: Need, verb: str, **facts: Any) -> None:
    """Retitle the lots and record the change, with the compulsory tender it touches, where it does."""
    work.session.flush()
    family.retitle(work.session, head)
    found = family.splitting(work.session, head, beijing_day(work.clock.now()))
    if found is not None:
        facts |= {"total_fen": found.total.fen, "threshold_fen": found.threshold.amount.fen}
    work.record(head, verb, **facts)
