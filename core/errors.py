"""Refusals: what the domain says no with. A stable code and its facts, never a sentence.

The sentence in the reader's language is found by code in each room's ``refusals.py``; the status by class in
``web/errors.py``.
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A refusal with a stable code and the facts that explain it."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(DomainError):
    """The thing asked for is not there, or not for this reader."""


class Forbidden(DomainError):
    """The actor may not do this."""


class SignInRequired(DomainError):
    """Nobody is signed in and the act needs somebody."""


class Conflict(DomainError):
    """The thing is not in a state, or at a version, that allows the act."""


class Invalid(DomainError):
    """What was given breaks a rule; ``field`` among the facts names where."""


class TooMany(DomainError):
    """The act was tried too often; ``retry_after`` among the facts gives seconds."""


class Unavailable(DomainError):
    """A part of the system that the act needs is out of reach for now."""
