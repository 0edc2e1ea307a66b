"""What a refusal says, found by its code among the sentences of all rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app

from core.errors import DomainError


def sentences() -> Mapping[str, Any]:
    """Return the sentences of all rooms by code, in the reader's language once they are turned into text."""
    found: Mapping[str, Any] = current_app.extensions["sentences"]
    return found


def sentence(refusal: DomainError) -> str:
    """Return what a refusal says; one whose code nobody has a sentence for says what is general."""
    return sentence_of(refusal.code, refusal.facts)


def sentence_of(code: str, facts: Mapping[str, Any]) -> str:
    """Return a code's sentence filled with facts; as it stands where they do not fit."""
    known = sentences()
    text = str(known.get(code, known["not-allowed" if code.startswith("not-") else "wrong-state"]))
    try:
        return text % dict(facts) if facts else text
    except (KeyError, ValueError, TypeError):
        return text
