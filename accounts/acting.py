"""What the rooms' pages do alike with a posted form: do what it asks and go on, or show it again with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from accounts.gate import reading, writing
from accounts.refusing import sentence
from core.errors import Conflict, DomainError, Invalid
from core.forms import Form, Item, blank_form, read_form
from core.work import Work

Mark = Callable[[Form[Any], DomainError], None]
"""What puts a refusal beside its field, and raises it again when it has no sentence for it."""


def asked_form(schema: Schema, layout: Sequence[Item], initial: Mapping[str, Any] | None = None) -> Form[Any]:
    """Return the form as it is first drawn, or what was sent of it: for a page with one address for both."""
    return read_form(schema, layout, request.form) if request.method == "POST" else blank_form(layout, initial)


def marker(sentences: Mapping[str, Any], field: str = "") -> Mark:
    """Return what puts a refusal beside the field it names, or the one given, in a room's sentences by code."""

    def mark(form: Form[Any], refusal: DomainError) -> None:
        if refusal.code not in sentences:
            raise refusal
        form.refuse(str(refusal.facts.get("field", field)), str(sentences[refusal.code]) % refusal.facts)

    return mark


def saying(say: Callable[[DomainError], str], field: str = "") -> Mark:
    """Return what puts every refusal beside the field it names, or the one given, as a room says it."""

    def mark(form: Form[Any], refusal: DomainError) -> None:
        form.refuse(str(refusal.facts.get("field", field)), say(refusal))

    return mark


def acted(
    form: Form[Any],
    deed: Callable[[Work, Any], Any],
    onward: str | Callable[[Any], str],
    again: Callable[[Work], str],
    *,
    mark: Mark,
    told: str | Callable[[Any], str] = "",
    conflict: int = 422,
) -> ResponseReturnValue:
    """Do what a form asks and go on, or show its page again with what was typed and what is wrong.

    onward, told: the address to go on to and what is said there, or what makes them from what the deed returned.
    conflict: the status of a page shown again after a Conflict; after anything else it is 422, and 200 where nothing
    was sent yet.

    Raises what ``mark`` raises again, and every refusal but Conflict and Invalid.
    """
    status = 422 if request.method == "POST" else 200
    if form.command is not None:
        try:
            with writing() as work:
                made = deed(work, form.command)
        except (Conflict, Invalid) as refusal:
            if not _marked(form, refusal, mark):
                return _again_with(form, refusal, again)
            status = conflict if isinstance(refusal, Conflict) else status
        else:
            said = told(made) if callable(told) else told
            if said:
                flash(said, "ok")
            return redirect(onward(made) if callable(onward) else onward, 303)
    with reading() as work:
        return again(work), status


def _marked(form: Form[Any], refusal: DomainError, mark: Mark) -> bool:
    """Put a refusal beside its field, and say whether there was one."""
    try:
        mark(form, refusal)
    except DomainError as left:
        if left is not refusal:
            raise
        return False
    return True


def _again_with(form: Form[Any], refusal: DomainError, again: Callable[[Work], str]) -> ResponseReturnValue:
    """Show a page again above which a refusal of no field stands, so that nothing typed is lost.

    Raises the refusal when nothing was typed, or when the page is shut now too.
    """
    if not form.fields:
        raise refusal
    form.refuse("", sentence(refusal))
    try:
        with reading() as work:
            return again(work), 409 if isinstance(refusal, Conflict) else 422
    except DomainError:
        raise refusal from None
