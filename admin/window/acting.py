"""How the room's pages say no: beside the field, in the sentence of whichever room refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app

from core.errors import Conflict, DomainError, Invalid
from core.forms import Form
from core.i18n import gettext as _


def refuse(form: Form[Any], refusal: DomainError) -> None:
    """Write a refusal onto its field, with the sentence of its code. Raises the refusal when it is of another kind."""
    if not isinstance(refusal, Invalid | Conflict) or "field" not in refusal.facts:
        raise refusal
    known: Mapping[str, Any] = current_app.extensions["sentences"]
    sentence = str(known.get(refusal.code, _("不能这样做"))) % refusal.facts
    form.refuse(str(refusal.facts["field"]), sentence)
