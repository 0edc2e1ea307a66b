"""Every route × every role × mine or another's: the answer is the policy's, and never a fault of ours."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from accounts.gate import public, refuse_ungated
from core.access import Actor, is_system
from tests.access.matrix import NO, OK, PUBLIC, UNSAFE, Call, Door, Tally, calls, judged, rules, surprise
from tests.conftest import ON_POSTGRESQL


@pytest.fixture(scope="module")
def every(door: Door) -> list[Call]:
    """List every call with what the policy expects."""
    return list(calls(door.app, door.world))


@pytest.fixture(scope="module")
def tally(door: Door, every: list[Call]) -> Tally:
    """Make every call once; on PostgreSQL those that are let in, and a stranger's of what is public.

    The gate sends others away before any room, and what is public is the same for everybody.
    """
    found = Tally()
    for call in every:
        if to_make(call):
            found.take(call, door.knock(call))
    return found


def to_make(call: Call) -> bool:
    if not ON_POSTGRESQL:
        return call.made
    return call.made and (call.expected == OK or (call.expected == PUBLIC and call.role.name == "anonymous"))


@pytest.mark.timeout(1800)
def test_every_route_answers_every_role_as_the_policy_says(
    tally: Tally, every: list[Call], record_property: Callable[[str, object], None]
) -> None:
    record_property("calls", tally.made)
    sys.stdout.write(f"\n{tally.made} calls, {len(tally.surprises)} surprises\n")
    assert Counter(one.rsplit(": ", 1)[1] for one in tally.surprises) == Counter()
    assert tally.surprises == []
    assert tally.made == sum(map(to_make, every)) > 4_000
    assert {call.expected for call in every} == {OK, NO, PUBLIC, "sign in"}


def test_whom_the_gate_lets_in_the_service_refuses_only_where_it_must(tally: Tally) -> None:
    assert set(tally.deeper) <= DEEPER, set(tally.deeper) - DEEPER


# Where the gate is coarser than the service: the gate asks for a kind of reader, the service for the very object.
DEEPER = {
    "DELETE /api/v1/needs/<int:need_id>/quotes/own",  # a reader sees the receipt and withdraws nothing
    "POST /needs/<int:need_id>/quote/withdraw",
    "POST /needs/<int:need_id>/quote/confirm",  # nor confirms
    "POST /api/v1/needs/<int:need_id>/quotes/own/confirm",
    "GET /join",  # for agencies, behind a door for everybody signed in
    "POST /api/v1/registrations",
    "POST /messages/read",  # a reader marks nothing as read
    "POST /account/second-factor/drop",  # staff keep theirs
    "POST /organisation/members/<int:membership_id>/second-factor/clear",  # one's own is dropped on another page
}


def test_a_thing_of_another_agency_is_not_touched_under_ones_own_address(tally: Tally, door: Door) -> None:
    """The gate judges the agency in the address; what hangs below it must be that agency's own."""
    wrong = [
        str(call)
        for call in tally.succeeded
        for name, value in call.words
        if name in {"practitioner_id", "qualification_id"} and "agency_id" in dict(call.words)
        if (name, dict(call.words)["agency_id"], value) not in door.world.nested
    ]
    assert wrong == []


def test_a_draft_is_seen_by_its_own_enterprise_alone(tally: Tally, door: Door) -> None:
    mine, theirs = door.world.sides
    owner_of = {side.needs["draft"]: side.owner.org_id for side in (mine, theirs)}
    seen = [call for call in tally.succeeded if dict(call.words).get("need_id") in owner_of]
    assert [str(call) for call in seen if call.actor.org_id != owner_of[dict(call.words)["need_id"]]] == []
    assert seen != []


def test_a_method_nobody_declared_is_refused(door: Door, every: list[Call]) -> None:
    """For each address and one role that may enter, the unsafe methods no route declares change nothing."""
    declared: dict[str, set[str]] = {}
    for rule, method in rules(door.app):
        declared.setdefault(rule.rule, set()).add(method)
    first: dict[str, Call] = {}
    for call in every:
        if call.expected in {OK, PUBLIC}:
            first.setdefault(call.rule.rule, call)
    wrong = []
    for url, call in first.items():
        for method in set(UNSAFE) - declared[url]:
            answer = door.knock(call, method)
            if answer.status_code not in {404, 405}:
                wrong.append(f"{method} {url}: {answer.status_code}")
    assert wrong == []


def test_every_role_is_let_in_somewhere_and_kept_out_somewhere(every: list[Call]) -> None:
    named: dict[str, set[str]] = {}
    for call in every:
        named.setdefault(call.role.name, set()).add(call.expected)
    for name, expected in named.items():
        assert PUBLIC in expected, name
        assert expected & {NO, "sign in"}, name


def clauses(app: Flask, asked: set[str]) -> Iterator[tuple[str, int]]:
    """Yield every line of the policy that some gate asks for and a person may use."""
    for permission, lines in app.extensions["policy"].items():
        if permission in asked:
            yield from ((permission, place) for place, line in enumerate(lines) if is_system not in line)


def met_by_all(_actor: Actor, _subject: object) -> bool:
    return True


def test_a_line_taken_out_of_the_policy_changes_what_is_expected(door: Door, every: list[Call]) -> None:
    policy = door.app.extensions["policy"]
    by_permission: dict[str, list[Call]] = {}
    for call in every:
        if call.gate.permission and call.expected in {OK, NO} and call.actor.signed_in and not call.role.unproven:
            by_permission.setdefault(call.gate.permission, []).append(call)
    alive = []
    for permission, place in clauses(door.app, set(by_permission)):
        lines = [line for number, line in enumerate(policy[permission]) if number != place]
        judges = by_permission[permission]
        if not any(call.expected == OK and judged({permission: lines}, call) == NO for call in judges):
            alive.append(f"{permission}, line {place}: {[one.__name__ for one in policy[permission][place]]}")
    assert alive == []


def test_a_condition_taken_out_of_the_policy_lets_somebody_in(door: Door, every: list[Call]) -> None:
    """Most conditions keep somebody out whom the rest of the line would let in; those that never do are named."""
    policy = door.app.extensions["policy"]
    kept_out: dict[str, list[Call]] = {}
    for call in every:
        if call.gate.permission and call.expected == NO and call.subject is not None and call.actor.signed_in:
            kept_out.setdefault(call.gate.permission, []).append(call)
    alive, dead = [], 0
    for permission, place in clauses(door.app, set(kept_out)):
        line = policy[permission][place]
        for spot, condition in enumerate(line):
            # a condition all meet in its place, and not a shorter line: an empty one would grant nothing
            wider = [[met_by_all if number == spot else one for number, one in enumerate(line)]]
            if any(judged({permission: wider}, call) == OK for call in kept_out[permission]):
                dead += 1
            else:
                alive.append(f"{permission}, line {place}: {condition.__name__}")
    sys.stdout.write(f"\n{dead} widenings noticed, {len(alive)} not: {alive}\n")
    assert dead > 3 * len(alive)


@pytest.mark.parametrize("permission", ["need:edit", "contract:sign", "fee_case:read", "registration:review"])
def test_the_matrix_notices_an_application_that_lost_a_line(door: Door, every: list[Call], permission: str) -> None:
    whole = door.app.extensions["policy"]
    less = {**whole, permission: whole[permission][1:]}
    asked = [call for call in every if call.gate.permission == permission and call.expected == OK]
    lost = [call for call in asked if judged(less, call) == NO and not call.role.unproven][:3]
    assert [surprise(call, door.knock(call)) for call in lost] == [""] * len(lost)
    door.app.extensions["policy"] = less
    try:
        refused = [door.knock(call).status_code for call in lost]
    finally:
        door.app.extensions["policy"] = whole
    assert refused == [403] * len(lost)
    assert lost != []


def test_the_matrix_notices_a_gate_left_open(door: Door, every: list[Call]) -> None:
    call = next(one for one in every if one.rule.endpoint == "oversight.record" and one.expected == NO)
    endpoint, kept = call.rule.endpoint, door.app.view_functions[call.rule.endpoint]
    assert surprise(call, door.knock(call)) == ""
    door.app.view_functions[endpoint] = public(kept.__wrapped__)
    try:
        assert "forbidden call got" in surprise(call, door.knock(call))
    finally:
        door.app.view_functions[endpoint] = kept


def test_a_view_without_a_gate_stops_the_start() -> None:
    app = Flask("planted")
    app.extensions["policy"] = {}
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(RuntimeError, match="open declares no gate"):
        refuse_ungated(app)


def test_a_route_whose_words_nobody_knows_is_met(door: Door) -> None:
    planted = Flask("planted")
    planted.extensions["policy"] = {}
    planted.add_url_rule("/vaults/<int:vault_id>", "vault", public(lambda vault_id: ""))
    with pytest.raises(KeyError, match="vault_id"):
        list(calls(planted, door.world))
