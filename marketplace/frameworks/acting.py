"""What the room's pages do alike: act on a form, and show what was typed again with what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from accounts.gate import reading, writing
from core.errors import Conflict, Invalid
from core.forms import Form
from core.work import Work
from marketplace.frameworks import wording


def acted(
    form: Form[Any],
    deed: Callable[[Work, Any], Any],
    onward: Callable[[Any], str],
    again: Callable[[Work], str],
    told: str = "",
) -> ResponseReturnValue:
    """Do what was asked and go on; what was typed comes back on the page with what is wrong.

    onward: the address to go on to, from what the deed made.
    """
    if form.command is not None:
        try:
            with writing() as work:
                url = onward(deed(work, form.command))
        except (Invalid, Conflict) as refusal:
            form.refuse(str(refusal.facts.get("field", "")), wording.refusal(refusal))
        else:
            if told:
                flash(told, "ok")
            return redirect(url, 303)
    with reading() as work:
        return again(work), 422
