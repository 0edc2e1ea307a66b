"""How the room's pages say no: beside the field, in the sentence of whichever room refused."""

from __future__ import annotations

from typing import Any

from accounts.refusing import sentence
from core.errors import Conflict, DomainError, Invalid
from core.forms import Form


def refuse(form: Form[Any], refusal: DomainError) -> None:
    """Write a refusal onto its field, with the sentence of its code. Raises the refusal when it is of another kind."""
    if not isinstance(refusal, Invalid | Conflict) or "field" not in refusal.facts:
        raise refusal
    form.refuse(str(refusal.facts["field"]), sentence(refusal))
