"""A life declared once: states, moves, and what may follow what. Pure.

The column and its CHECK, the permission of each move, its event and audit line, the buttons on a page, the refusal,
the diagram and the test of every state with every move are all drawn from the same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from core.errors import Conflict

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One way from some states to another: the verb, the event it tells, where from, where to.

    needs: codes of what must be given or be so, such as ``reason``; the room's wording says each in words.
    sets, drops: kinds of deadline the move puts on the clock and takes off it.
    """

    verb: str
    event: str
    sources: tuple[S, ...]
    target: S
    needs: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()


class Lifecycle(Generic[S]):
    """The whole life of one kind of thing. Refuses at import a state nobody reaches."""

    def __init__(self, name: str, states: type[S], *, initial: S, moves: Sequence[Move[S]]) -> None:
        self.name: Final = name
        self.states: Final = states
        self.initial: Final = initial
        self.moves: Final = tuple(moves)
        verbs = [move.verb for move in self.moves]
        if len(set(verbs)) != len(verbs):
            message = f"{name}: a verb is declared twice"
            raise ValueError(message)
        lost = set(states) - self._reached()
        if lost:
            message = f"{name}: nobody reaches {', '.join(sorted(lost))}"
            raise ValueError(message)

    def _reached(self) -> set[S]:
        reached, grew = {self.initial}, True
        while grew:
            found = {move.target for move in self.moves if reached.intersection(move.sources)}
            grew = not found <= reached
            reached |= found
        return reached

    def move(self, verb: str) -> Move[S]:
        """Return the move of that verb. Raises KeyError."""
        for move in self.moves:
            if move.verb == verb:
                return move
        raise KeyError(f"{self.name}:{verb}")

    def follow(self, verb: str, state: S) -> Move[S]:
        """Return the move if it starts in this state. Raises Conflict("wrong-state")."""
        move = self.move(verb)
        if state not in move.sources:
            raise Conflict("wrong-state", kind=self.name, state=str(state), verb=verb)
        return move

    def open_to(self, state: S) -> tuple[str, ...]:
        """Return the verbs that may follow this state, in the order declared."""
        return tuple(move.verb for move in self.moves if state in move.sources)

    @property
    def ends(self) -> frozenset[S]:
        """The states nothing follows."""
        return frozenset(self.states) - {source for move in self.moves for source in move.sources}

    def permissions(self) -> Iterable[str]:
        """Yield the permission each move needs, such as ``need:publish``."""
        return (f"{self.name}:{move.verb}" for move in self.moves)
