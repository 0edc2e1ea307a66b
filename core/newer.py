"""Looking for newer data at most once a request: who opens it says how, who first needs the data has it done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Look = Callable[[], None]


class Newer:
    """How one kind of data is looked for in this request or task; each thread and each request has its own."""

    def __init__(self, name: str) -> None:
        self._look: ContextVar[Look | None] = ContextVar(name, default=None)

    def watch(self, look: Look | None) -> None:
        """Say how to look for newer data; the next question does it, once. None: nobody looks."""
        self._look.set(look)

    @contextmanager
    def watching(self, look: Look) -> Iterator[None]:
        """Watch while a task runs."""
        self.watch(look)
        try:
            yield
        finally:
            self.watch(None)

    def take_up(self) -> None:
        """Look for newer data, where somebody said how and nobody has looked since."""
        look = self._look.get()
        if look is not None:
            self.watch(None)
            look()
