"""Every life the code declares: whole, worded, and moved only by who may, from where it may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from admin.guide.life_words import LIVES, STATES
from admin.guide.move_words import CLOCKS, NEEDS, WHO
from admin.guide.rules import reach_an_end
from admin.guide.verb_words import VERBS
from core.access import ANONYMOUS, SYSTEM, Actor, MemberRole, OrgKind, Policy, allows
from core.clock import FixedClock
from core.errors import Conflict, Forbidden, SignInRequired
from core.lifecycle import Lifecycle, Move
from core.work import Work
from web import rooms
from web.cli import life_tables, lifecycles
from web.wiring import DEADLINES

LIFE = list(lifecycles().values())
MOVES = [(life, move) for life in LIFE for move in life.moves]
POLICY: Policy = rooms.policy()
MINE, OTHERS = 7, 8


def names(one: Any) -> str:
    return f"{one.name}" if isinstance(one, Lifecycle) else f"{one.verb}" if isinstance(one, Move) else str(one)


@pytest.mark.parametrize("table", life_tables(), ids=lambda table: table["name"])
def test_every_state_can_come_to_an_end_and_ends_are_ends(table: dict[str, Any]) -> None:
    assert table["ends"], "a life without an end"
    assert reach_an_end(table) == set(table["states"])


@pytest.mark.parametrize(("life", "move"), MOVES, ids=names)
def test_every_move_is_somebodys(life: Lifecycle[Any], move: Move[Any]) -> None:
    clauses = POLICY[f"{life.name}:{move.verb}"]
    assert clauses
    assert all(clauses)


def test_everything_has_its_word_and_every_word_is_used() -> None:
    states = {life.name: {str(state) for state in life.states} for life in LIFE}
    verbs = {life.name: {move.verb for move in life.moves} for life in LIFE}
    assert set(LIVES) == set(states)
    assert {name: set(words) for name, words in STATES.items()} == states
    assert {name: set(words) for name, words in VERBS.items()} == verbs
    who = {predicate.__name__ for life, move in MOVES for c in POLICY[f"{life.name}:{move.verb}"] for predicate in c}
    assert who <= set(WHO)
    assert {code for _life, move in MOVES for code in move.needs} == set(NEEDS)


def test_clocks_of_the_table_are_clocks_of_the_house() -> None:
    named = {kind for _life, move in MOVES for kind in (*move.sets, *move.drops)}
    assert named <= set(DEADLINES)
    assert set(DEADLINES) == set(CLOCKS)


def roles() -> Iterator[tuple[str, Actor]]:
    yield "anonymous", ANONYMOUS
    yield "system", SYSTEM
    for kind, role, org in product(OrgKind, MemberRole, (MINE, OTHERS)):
        yield f"{kind} {role} {org}", Actor(org, org, kind, role, town_code=str(org), second_factor=True)


@dataclass
class Thing:
    """A row of any kind that belongs to organisation 7 of town 7, whatever the predicates ask it by."""

    state: Any
    id: int = 1
    __tablename__: str = "thing"
    org_id: int = MINE
    town_code: str = str(MINE)
    more: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """Answer for what only one kind of row has: ids are those of the owner, all else is absent."""
        if name.startswith("__") or name == "more":
            raise AttributeError(name)
        return self.more.get(name, MINE if name.endswith(("org_id", "_by", "user_id", "author_id")) else None)


@pytest.mark.parametrize("life", LIFE, ids=names)
def test_every_state_times_every_move_times_every_role(life: Lifecycle[Any]) -> None:
    """A move writes one leaf and one event, or refuses and leaves everything as it was."""
    made = refused = 0
    for (_name, actor), state, move in product(roles(), life.states.__members__.values(), life.moves):
        thing = Thing(state)
        work = Work(session=None, actor=actor, clock=FixedClock(datetime(2026, 3, 18, tzinfo=UTC)), request_id="t")  # type: ignore[arg-type]  # a move asks the session nothing
        may = allows(POLICY, f"{life.name}:{move.verb}", actor, thing)
        starts = state in move.sources
        if may and starts:
            work.move(life, POLICY, thing, move.verb)
            made += 1
            assert thing.state == move.target
            assert [(leaf.state_from, leaf.state_to) for leaf in work.entries] == [(str(state), str(move.target))]
            assert [name for name, _facts in work.events] == [f"{life.name}.{move.event}"]
            continue
        refused += 1
        with pytest.raises(Conflict if may else Forbidden if actor.signed_in or actor.is_system else SignInRequired):
            work.move(life, POLICY, thing, move.verb)
        assert thing.state == state
        assert (work.entries, work.events) == ([], [])
    assert made
    assert refused
