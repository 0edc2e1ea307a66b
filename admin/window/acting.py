"""What the room's pages do alike: act on a form, and show what was typed again with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, flash, redirect
from flask.typing import ResponseReturnValue

from accounts.gate import reading, writing
from core.errors import Conflict, DomainError, Invalid
from core.forms import Form
from core.i18n import gettext as _
from core.work import Work


def refuse(form: Form[Any], refusal: DomainError) -> None:
    """Write a refusal onto its field, with the sentence of its code. Raises the refusal when it is of another kind."""
    if not isinstance(refusal, Invalid | Conflict) or "field" not in refusal.facts:
        raise refusal
    known: Mapping[str, Any] = current_app.extensions["sentences"]
    sentence = str(known.get(refusal.code, _("不能这样做"))) % refusal.facts
    form.refuse(str(refusal.facts["field"]), sentence)


def acted(
    form: Form[Any],
    deed: Callable[[Work, Any], Any],
    told: str,
    url: str,
    again: Callable[[Work], str],
) -> ResponseReturnValue:
    """Do what was asked and go on; what was typed comes back on the page with what is wrong."""
    if form.command is not None:
        try:
            with writing() as work:
                deed(work, form.command)
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            flash(told, "ok")
            return redirect(url, 303)
    with reading() as work:
        return again(work), 422
