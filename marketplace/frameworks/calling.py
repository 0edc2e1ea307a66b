"""The use case of calling off (第二阶段成交): a need for the members alone, decided at once or by a second competition.

A direct choice and a turn of the rotation are awarded in the same unit of work, at the price the member is bound to; a
second competition is a sealed need, each member's framework price its own ceiling. From the award on it is a need like
any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agencies.registration.models import Agency
from agencies.registration.rules import Missing
from core.clock import beijing_day
from core.errors import Conflict, Invalid
from core.money import Money
from core.work import Work
from marketplace.frameworks import queries, rules
from marketplace.frameworks.commands import CallOffFrom
from marketplace.frameworks.lifecycle import Way
from marketplace.frameworks.models import CallOff, Framework, FrameworkMember
from marketplace.frameworks.permissions import POLICY
from marketplace.frameworks.service import locked
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteNeed
from marketplace.needs.methods import ASKED
from marketplace.needs.models import Admission, Need
from marketplace.needs.rules import usual_criteria
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.eligibility import Said
from marketplace.quotes.opening import open_at_once
from marketplace.selection import service as selection
from marketplace.selection.commands import GiveAward

METHODS: Final[Mapping[Way, str]] = {
    Way.DIRECT: "call-pick", Way.ROTATION: "call-turn", Way.PRICE: "call-low", Way.MERIT: "call-merit",
}  # fmt: skip
IN_TURN: Final = "按公布的轮候次序承接"


@dataclass(frozen=True, slots=True)
class Panel:
    """The living members in the order they are asked, and what those that may not serve now lack."""

    waiting: Sequence[FrameworkMember]
    unable: Mapping[int, Sequence[Missing]]

    @property
    def lacking(self) -> Said:
        """What the members lack, each thing once, to be said in the reader's language."""
        found = {one.code: one for member in self.waiting for one in self.unable.get(member.id, ())}
        return Said(list(found.values()))


@dataclass(frozen=True, slots=True)
class Bound:
    """A member that may serve this call, and the most it may ask."""

    member: FrameworkMember
    cap: Money


def call(work: Work, framework_id: int, command: CallOffFrom) -> CallOff:
    """Call a purchase off by the way the framework's notice states.

    Raises NotFound, Forbidden, Conflict outside the term or when no member may serve; Invalid for another item or town,
    above the total, for a member that may not serve, above its price, without a reason or a benchmark.
    """
    row, now = locked(work, framework_id), work.clock.now()
    work.require(POLICY, "framework:call", row)
    found, town = queries.agreement(work.session, row), command.town_code or row.town_code
    rules.judge_call(found, command.item_code or row.item_code, town, now)
    if command.quantity <= 0:
        raise Invalid("call-quantity", field="quantity")
    need = needs.create(work, _asked(work, row, command, town))
    panel = _panel(work, row)
    bound = _bound(row, need, command, panel)
    need.ceiling = max(one.cap for one in bound)
    rules.judge_total(found, need.ceiling)
    made = _written(work, row, need, command, panel)
    for place, one in enumerate(bound, 1):
        work.session.add(
            Admission(need_id=need.id, agency_id=one.member.agency_id, ceiling=one.cap, place=place)
        )  # fmt: skip
    needs.publish(work, need.id)
    work.record(row, "framework.called", call_off_id=made.id, need_id=need.id, number=made.number)
    if ASKED[need.method].at_once:
        _award(work, need, bound, made)
    return made


def _panel(work: Work, row: Framework) -> Panel:
    """Return the living members: in a rotation in the order they are asked next, else as published."""
    known = {one.id: one for one in queries.living(work.session, row.id)}
    order = queries.waiting(work.session, row.id) if row.way is Way.ROTATION else tuple(known)
    waiting = [known[member_id] for member_id in order]
    return Panel(waiting, queries.unfit(work.session, row, waiting, beijing_day(work.clock.now())))


def _bound(row: Framework, need: Need, command: CallOffFrom, panel: Panel) -> list[Bound]:
    """Return who may serve, each with the most it may ask; of a direct choice the one chosen."""
    if row.way is Way.DIRECT:
        return [_chosen(need, command, panel)]
    able = rules.able_in_turn([one.id for one in panel.waiting], panel.unable)
    if not able:
        raise Conflict("call-nobody-able", what=panel.lacking)
    return [Bound(one, _cap(one, need, command)) for one in panel.waiting if one.id in able]


def _chosen(need: Need, command: CallOffFrom, panel: Panel) -> Bound:
    """Return the member a direct choice names, bound by the price agreed for this call. Raises Invalid."""
    member = next((one for one in panel.waiting if one.id == command.member_id), None)
    if member is None:
        raise Invalid("call-member-unknown", field="member_id")
    if member.id in panel.unable:
        raise Invalid("call-member-unfit", field="member_id", what=Said(panel.unable[member.id]))
    rules.reason(command.reason)
    most = _cap(member, need, command)
    if command.amount is not None and command.amount > most:
        raise Invalid("call-above-price", field="amount", amount=command.amount, most=most)
    return Bound(member, command.amount or most)


def _cap(member: FrameworkMember, need: Need, command: CallOffFrom) -> Money:
    """Return the most a member may ask. Raises Invalid where nothing can be worked out."""
    most = rules.cap(member.price, member.discount_rate, command.quantity, need.benchmark_base)
    if most is None:
        raise Invalid("call-no-benchmark", field="fee_inputs")
    if most.fen <= 0:
        raise Invalid("call-quantity", field="quantity")
    return most


def _asked(work: Work, row: Framework, command: CallOffFrom, town: str) -> WriteNeed:
    """Return the need a call becomes; its ceiling is set once it is known who may serve."""
    method, notice = METHODS[row.way], queries.need_of(work.session, row)
    return WriteNeed(
        row.item_code, command.title, command.scale, row.fund, project_code=command.project_code,
        requirements=command.requirements or row.requirements,
        time_limit_days=command.time_limit_days or row.time_limit_days,
        no_ceiling_reason="", method=method, method_basis=f"框架协议 {notice.number if notice is not None else ''}",
        criteria=usual_criteria() if row.way is Way.MERIT else (), fee_inputs=command.fee_inputs,
        closes_at=command.closes_at, contact_phone=row.contact_phone, town_code=town,
    )  # fmt: skip


def _written(work: Work, row: Framework, need: Need, command: CallOffFrom, panel: Panel) -> CallOff:
    """Write down the call: who was asked in which order, and who was passed over because of what."""
    made = CallOff(
        framework_id=row.id, need_id=need.id, number=len(queries.called(work.session, row.id)) + 1, way=row.way,
        quantity=command.quantity, ceiling=need.ceiling or Money(0), reason=command.reason.strip(),
        called_at=work.clock.now(), order=[one.id for one in panel.waiting] if row.way is Way.ROTATION else [],
        skipped=[
            {"member_id": one.id, "agency_id": one.agency_id, "lacks": [_kept(lack) for lack in panel.unable[one.id]]}
            for one in panel.waiting
            if one.id in panel.unable
        ],
    )  # fmt: skip
    work.add(made, "call_off.made", framework_id=row.id, need_id=need.id, way=str(row.way), skipped=len(made.skipped))
    return made


def _kept(lack: Missing) -> dict[str, Any]:
    """Return what a member lacks as plain values."""
    plain = {name: value if isinstance(value, int | str) else str(value) for name, value in lack.facts.items()}
    return {"code": lack.code, "facts": plain}


def _award(work: Work, need: Need, bound: Sequence[Bound], made: CallOff) -> None:
    """Put the members' prices down, open them and award the chosen one, or whoever is next."""
    put_down: list[Any] = []
    for one in bound:
        agency = work.session.get_one(Agency, one.member.agency_id)
        stated = SubmitQuote(one.cap, None, one.member.days)
        put_down.append(quotes.put_down(work, need, agency, stated))
    open_at_once(work, need, put_down)
    selection.begin(work, need.id)
    reason = made.reason if made.way is Way.DIRECT else IN_TURN
    selection.award(work, need.id, GiveAward(put_down[0].id, reason))
