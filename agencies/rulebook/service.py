"""Use cases of the rulebook: propose a change, approve it as a second person, reject, withdraw."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from accounts import messages
from accounts.queries import offices
from accounts.reference import divisions
from agencies.catalogue import queries as catalogue
from agencies.catalogue.models import Rule
from agencies.catalogue.queries import METHOD
from agencies.rulebook import queries, rules, self_check, two_persons
from agencies.rulebook.commands import ProposeChange
from agencies.rulebook.lifecycle import RULE_CHANGE, ChangeState
from agencies.rulebook.models import RuleChange
from agencies.rulebook.permissions import POLICY
from core.access import OrgKind
from core.clock import beijing_day
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.work import Work

APPROVED_MARK: Final = "R"


def propose(work: Work, command: ProposeChange) -> RuleChange:
    """Propose a new value for a rule, with its reason and citation.

    Raises Forbidden, NotFound for a rule nobody knows, Invalid naming the field for a value, day, item, town, reason
    or self-check that does not do, or for a change that changes nothing.
    """
    work.require(POLICY, "rule_change:propose")
    if work.actor.user_id is None or work.actor.org_id is None:
        raise Forbidden("not-allowed", permission="rule_change:propose")
    named = queries.general_row(work.session, command.key, command.fund)
    today = beijing_day(work.clock.now())
    value = rules.read_value(command.value, named.unit)
    rules.judge_days(command.effective_on, command.ends_on, today)
    _judge_reach(work, command)
    asked = _asked(work, command, value=value)
    row = RuleChange(
        key=command.key, fund=named.fund, item_code=command.item_code, town_code=command.town_code, unit=named.unit,
        value=value, before=_before(work, command, value), effective_on=command.effective_on, ends_on=command.ends_on,
        reason=rules.worded(command.reason, "reason"), citation=rules.worded(command.citation, "citation"),
        self_check=[{"code": code, "risk": code in command.risks} for code in asked],
        note=command.note.strip() if asked else "", state=ChangeState.PROPOSED, author_id=work.actor.user_id,
        author_org_id=work.actor.org_id, proposed_at=work.clock.now(),
    )  # fmt: skip
    work.add(row, "rule_change.proposed", **_facts(row))
    for org_id in offices(work.session, OrgKind.ADMINISTRATION):
        messages.tell(work, org_id, "rule-change-proposed", url_of(row.id), is_todo=True)
    return row


def approve(work: Work, change_id: int, reason: str) -> RuleChange:
    """Let a proposed change stand: its row holds from its day on. The second person's act.

    Raises NotFound, Forbidden for the author, Conflict("rule-day-passed-waiting") when its day came while it waited,
    Conflict("rule-day-taken") when another change holds from that day, Conflict("wrong-state"), Invalid.
    """
    row = locked(work, change_id)
    work.require(POLICY, "rule_change:approve", row)
    RULE_CHANGE.follow("approve", row.state)
    if row.effective_on <= beijing_day(work.clock.now()):
        raise Conflict("rule-day-passed-waiting", day=row.effective_on.isoformat())
    _refuse_taken(work, row)
    two_persons.decide(work, row, reason)
    named = queries.general_row(work.session, row.key, row.fund)
    made = Rule(
        key=row.key, fund=row.fund, item_code=row.item_code, town_code=row.town_code, name=named.name,
        name_en=named.name_en, value=row.value, unit=row.unit, valid_from=row.effective_on, valid_to=row.ends_on,
        basis=row.citation, confidence=APPROVED_MARK,
    )  # fmt: skip
    work.add(made, "catalogue.rule_added", change_id=row.id)
    row.rule_id = made.id
    work.move(RULE_CHANGE, POLICY, row, "approve", **_facts(row), rule_id=made.id)
    two_persons.tell_author(work, row, "rule-change-approved", url_of(row.id))
    return row


def reject(work: Work, change_id: int, reason: str) -> RuleChange:
    """Refuse a proposed change with a reason. Raises NotFound, Forbidden, Conflict("wrong-state"), Invalid."""
    row = locked(work, change_id)
    work.require(POLICY, "rule_change:reject", row)
    RULE_CHANGE.follow("reject", row.state)
    two_persons.decide(work, row, reason)
    work.move(RULE_CHANGE, POLICY, row, "reject", **_facts(row))
    two_persons.tell_author(work, row, "rule-change-rejected", url_of(row.id))
    return row


def withdraw(work: Work, change_id: int) -> RuleChange:
    """Take a proposal back. Raises NotFound, Forbidden, Conflict("wrong-state")."""
    row = locked(work, change_id)
    work.move(RULE_CHANGE, POLICY, row, "withdraw", **_facts(row))
    two_persons.settle(work, url_of(row.id))
    return row


def locked(work: Work, change_id: int) -> RuleChange:
    """Lock and return one change. Raises NotFound."""
    return work.locked(RuleChange, change_id, "rule-change-not-found")


def url_of(change_id: int) -> str:
    """Return the address of a change's page."""
    return f"/rule-changes/{change_id}"


def _judge_reach(work: Work, command: ProposeChange) -> None:
    if command.item_code:
        try:
            catalogue.item_by_code(work.session, command.item_code)
        except NotFound as error:
            raise Invalid("rule-item-unknown", field="item_code", item=command.item_code) from error
    if command.town_code and command.town_code not in {one.code for one in divisions()}:
        raise Invalid("rule-town-unknown", field="town_code", town=command.town_code)


def _asked(work: Work, command: ProposeChange, *, value: Any) -> tuple[str, ...]:
    """Return the codes of the self-check a switched-on method must answer; none for any other change."""
    if not command.key.startswith(METHOD) or value is not True:
        return ()
    asked = tuple(one.code for one in self_check.asked_on(beijing_day(work.clock.now())))
    rules.judge_self_check(asked, answered=command.answered, risks=command.risks, note=command.note)
    return asked


def _before(work: Work, command: ProposeChange, value: Any) -> Any:
    """Return the value that would hold without the change. Raises Invalid when the change changes nothing."""
    where = {"item_code": command.item_code, "town_code": command.town_code}
    try:
        held = catalogue.rule_row(
            work.session, command.key, fund=command.fund, on=command.effective_on, item_code=where["item_code"],
            town_code=where["town_code"],
        )  # fmt: skip
    except NotFound:
        return None
    same_reach = (held.item_code, held.town_code) == (command.item_code, command.town_code)
    if same_reach and rules.same(held.value, value):
        raise Invalid("rule-unchanged", field="value")
    return held.value


def _refuse_taken(work: Work, row: RuleChange) -> None:
    taken = select(Rule.id).where(
        Rule.key == row.key, Rule.fund == row.fund, Rule.item_code == row.item_code, Rule.town_code == row.town_code,
        Rule.valid_from == row.effective_on,
    )  # fmt: skip
    if work.session.scalar(taken) is not None:
        raise Conflict("rule-day-taken", day=row.effective_on.isoformat())


def _facts(row: RuleChange) -> dict[str, Any]:
    return {
        "key": row.key, "fund": row.fund, "item": row.item_code, "town": row.town_code, "value": row.value,
        "before": row.before, "effective_on": row.effective_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else "",
    }  # fmt: skip
