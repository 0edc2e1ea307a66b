"""A life as plain data, and what changed between two versions of it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from core.access import Policy
from core.lifecycle import Lifecycle, Move

Table: TypeAlias = dict[str, Any]
Told: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]

PARTS: Final = ("sources", "target", "who", "needs", "sets", "drops", "tells")


class Kind(StrEnum):
    """What happened to a line of the table."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One line that differs: a state, or a part of a move; before and after are as in the table, None where absent."""

    kind: Kind
    subject: str
    part: str
    before: Any
    after: Any


def table_of(life: Lifecycle[Any], policy: Policy, told: Told) -> Table:
    """Write a life as plain data: states, ends, and of each move who may, what it needs, its clock and who is told.

    told: event name to ``(recipient, message code)``. Lists keep the order of the code, sets are sorted.
    """
    return {
        "name": life.name,
        "initial": str(life.initial),
        "states": [str(state) for state in life.states],
        "ends": sorted(str(state) for state in life.ends),
        "moves": [_move(life, move, policy, told) for move in life.moves],
    }


def _move(life: Lifecycle[Any], move: Move[Any], policy: Policy, told: Told) -> Table:
    clauses = policy[f"{life.name}:{move.verb}"]
    return {
        "verb": move.verb,
        "event": f"{life.name}.{move.event}",
        "sources": [str(state) for state in move.sources],
        "target": str(move.target),
        "who": [[predicate.__name__ for predicate in clause] for clause in clauses],
        "needs": list(move.needs),
        "sets": list(move.sets),
        "drops": list(move.drops),
        "tells": [list(one) for one in told.get(f"{life.name}.{move.event}", ())],
    }


def hash_of(table: Table) -> str:
    """Return the SHA-256 of a table's canonical JSON, in hex."""
    return hashlib.sha256(json.dumps(table, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def differences(old: Table, new: Table) -> tuple[Change, ...]:
    """List what the new version of a life does otherwise: states first, then moves in the order of the new table."""
    return (*_states(old, new), *_moves(old, new))


def _states(old: Table, new: Table) -> Iterable[Change]:
    for state in new["states"]:
        if state not in old["states"]:
            yield Change(Kind.ADDED, state, "state", None, state)
    for state in old["states"]:
        if state not in new["states"]:
            yield Change(Kind.REMOVED, state, "state", state, None)


def _moves(old: Table, new: Table) -> Iterable[Change]:
    before = {move["verb"]: move for move in old["moves"]}
    after = {move["verb"]: move for move in new["moves"]}
    for verb, move in after.items():
        if verb not in before:
            yield Change(Kind.ADDED, verb, "move", None, move)
            continue
        for part in PARTS:
            if before[verb].get(part) != move.get(part):
                yield Change(Kind.CHANGED, verb, part, before[verb].get(part), move.get(part))
    for verb, move in before.items():
        if verb not in after:
            yield Change(Kind.REMOVED, verb, "move", move, None)


def depths(table: Table) -> dict[str, int]:
    """Return how many moves away from birth each state is, by the shortest way."""
    found, edge = {table["initial"]: 0}, [table["initial"]]
    while edge:
        state = edge.pop(0)
        for move in table["moves"]:
            if state in move["sources"] and move["target"] not in found:
                found[move["target"]] = found[state] + 1
                edge.append(move["target"])
    return found


def reach_an_end(table: Table) -> frozenset[str]:
    """Return the states from which some chain of moves leads to an end."""
    reaching = set(table["ends"])
    grew = True
    while grew:
        more = {state for move in table["moves"] if move["target"] in reaching for state in move["sources"]}
        grew = not more <= reaching
        reaching |= more
    return frozenset(reaching)
