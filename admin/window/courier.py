"""Use cases of shipments: announced, sent with the carrier's number, signed for, or returned or lost.

A signature is a time and a role, recorded by the receiving side or the window's clerk; words alone prove nothing.
"""

from __future__ import annotations

from typing import Final

from accounts import messages
from admin.window import queries, rules, service
from admin.window.commands import Announce, End, Send, Sign
from admin.window.lifecycle import SHIPMENT, UNSIGNED, Party, ShipmentState
from admin.window.models import Shipment
from admin.window.permissions import POLICY
from core import corrections, deadlines
from core.access import OrgKind
from core.errors import Forbidden, Invalid
from core.work import Work

REMINDERS: Final = 3
SIDES: Final = {
    OrgKind.ENTERPRISE: Party.ENTERPRISE,
    OrgKind.AGENCY: Party.AGENCY,
    OrgKind.TOWN_OPERATOR: Party.WINDOW,
}


def announce(work: Work, need_id: int, command: Announce) -> Shipment:
    """Say what will be couriered, to which side of a purchase. Raises NotFound, Forbidden, Invalid."""
    found = queries.purchase(work, need_id)
    work.require(POLICY, "shipment:announce", found)
    sender = SIDES.get(work.actor.org_kind) if work.actor.org_kind is not None else None
    if sender is None or work.actor.org_id is None or work.actor.user_id is None:
        raise Forbidden("not-allowed", permission="shipment:announce")
    if command.carrier not in rules.SHAPES:
        raise Invalid("carrier-unknown", field="carrier")
    to_org_id = queries.org_of(work.session, found, command.receiver)
    if command.receiver is sender or to_org_id == work.actor.org_id:
        raise Invalid("receiver-self", field="receiver")
    if to_org_id is None:
        raise Invalid("receiver-missing", field="receiver")
    row = Shipment(
        need_id=need_id, contract_id=found.contract.id if found.contract is not None else None,
        town_code=found.town_code, sender=str(sender), receiver=str(command.receiver), from_org_id=work.actor.org_id,
        to_org_id=to_org_id, carrier=command.carrier, content=command.content.strip(),
        is_originals=command.is_originals, state=ShipmentState.ANNOUNCED, announced_at=work.clock.now(),
        announced_by=work.actor.user_id,
    )  # fmt: skip
    facts = {"sender": row.sender, "receiver": row.receiver, "originals": row.is_originals}
    work.add(row, "shipment.announced", need=need_id, **facts)
    return row


def send(work: Work, shipment_id: int, command: Send) -> Shipment:
    """Note that it left, with the carrier's number; the receiving side is told. Raises NotFound, Forbidden, Invalid."""
    row = locked(work, shipment_id)
    work.require(POLICY, "shipment:send", row)
    SHIPMENT.follow("send", row.state)
    tracking = rules.tidy(command.tracking)
    if not rules.fits(row.carrier, tracking):
        raise Invalid("tracking-shape", field="tracking")
    if queries.tracking_known(work.session, row.carrier, tracking):
        raise Invalid("tracking-known", field="tracking")
    row.tracking, row.sent_at = tracking, work.clock.now()
    work.move(SHIPMENT, POLICY, row, "send", carrier=row.carrier, tracking=tracking)
    _put_reminder(work, row)
    messages.tell(work, row.to_org_id, "shipment-sent", url_of(row.need_id), is_todo=True, content=row.content)
    return row


def sign(work: Work, shipment_id: int, command: Sign) -> Shipment:
    """Record when and in which role somebody signed for it. Raises NotFound, Forbidden, Conflict, Invalid."""
    row = locked(work, shipment_id)
    work.require(POLICY, "shipment:sign", row)
    SHIPMENT.follow("sign", row.state)
    rules.judge_signature(command.signed_at, row.sent_at, work.clock.now())
    row.signed_at, row.signed_by, row.recorded_by = command.signed_at, command.signed_by, work.actor.user_id
    row.ended_at = work.clock.now()
    work.move(SHIPMENT, POLICY, row, "sign", at=command.signed_at.isoformat(), by=str(command.signed_by))
    deadlines.drop(work, UNSIGNED, row.id)
    messages.settle(work, row.to_org_id, url_of(row.need_id))
    messages.tell(work, row.from_org_id, "shipment-signed", url_of(row.need_id), content=row.content)
    return row


def send_back(work: Work, shipment_id: int, command: End) -> Shipment:
    """Note that it came back, or never left. Raises NotFound, Forbidden, Conflict, Invalid."""
    return _fail(work, shipment_id, "send_back", command)


def lose(work: Work, shipment_id: int, command: End) -> Shipment:
    """Note that it was lost on the way. Raises NotFound, Forbidden, Conflict, Invalid."""
    return _fail(work, shipment_id, "lose", command)


def unsigned_due(work: Work, shipment_id: int) -> None:
    """Remind both sides of a shipment nobody signed for, a few times. Handles ``shipment.unsigned``; may run twice."""
    row = locked(work, shipment_id)
    if row.state is not ShipmentState.SENT or row.sent_at is None:
        return
    messages.settle(work, row.to_org_id, url_of(row.need_id))
    messages.tell(work, row.to_org_id, "shipment-unsigned", url_of(row.need_id), is_todo=True, content=row.content)
    messages.tell(work, row.from_org_id, "shipment-unsigned-sender", url_of(row.need_id), content=row.content)
    work.record(row, "shipment.reminded")
    _put_reminder(work, row)


def _put_reminder(work: Work, row: Shipment) -> None:
    """Put the next reminder on the clock: every so many working days after it was sent, ``REMINDERS`` times."""
    if row.sent_at is None:
        return
    days, now = service.days_of(work, service.SHIPMENT_DAYS, row.town_code), work.clock.now()
    coming = (corrections.days_after(row.sent_at, days * count) for count in range(1, REMINDERS + 1))
    call = min((at for at in coming if at > now), default=None)
    if call is not None:
        deadlines.put(work, UNSIGNED, row.id, call)


def locked(work: Work, shipment_id: int) -> Shipment:
    """Lock and return one shipment. Raises NotFound."""
    return work.locked(Shipment, shipment_id, "shipment-not-found")


def url_of(need_id: int) -> str:
    """Return the address of a purchase's visits and shipments."""
    return f"/needs/{need_id}/window"


def _fail(work: Work, shipment_id: int, verb: str, command: End) -> Shipment:
    row = locked(work, shipment_id)
    work.require(POLICY, f"shipment:{verb}", row)
    row.end_reason, row.ended_at = rules.reason(command.reason), work.clock.now()
    row.recorded_by = work.actor.user_id
    work.move(SHIPMENT, POLICY, row, verb)
    deadlines.drop(work, UNSIGNED, row.id)
    messages.settle(work, row.to_org_id, url_of(row.need_id))
    code = "shipment-lost" if verb == "lose" else "shipment-returned"
    for org_id in (row.from_org_id, row.to_org_id):
        messages.tell(work, org_id, code, url_of(row.need_id), content=row.content)
    return row
