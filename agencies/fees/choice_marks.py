"""The mark behind a coefficient on a form: 30 is 30 % where the document prints its coefficients as percentages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agencies.fees.engine import exact
from agencies.fees.engine.schedule import InputField, Version
from agencies.fees.wording import said
from core.i18n import gettext as _


def marks_of(version: Version, service: str) -> Mapping[str, str]:
    """Return the mark of each coefficient field of a service, by name; fields without a mark are left out."""
    found = next((one for one in version.services if one.key == service), None)
    if found is None:
        return {}
    named = [(getattr(one, "field", ""), getattr(one, "mark", "")) for one in found.operations]
    return {name: mark for name, mark in named if isinstance(name, str) and name and mark}


def with_marks(one: InputField, drawn: dict[str, Any], marks: Mapping[str, str]) -> dict[str, Any]:
    """Return a drawn field with its mark behind the coefficients of its choices, unless the name says the share."""
    mark = marks.get(one.name, "")
    if not mark:
        return drawn
    written = {
        choice.key: _("%(name)s（%(number)s）", name=said(choice.label), number=f"{exact.text(choice.value)}{mark}")
        for choice in one.choices
        if choice.value is not None and mark not in choice.label.zh
    }
    drawn["choices"] = [(key, written.get(key, label), *more) for key, label, *more in drawn.get("choices", [])]
    for extra in drawn.get("extras", ()):
        extra["unit"] = mark
    return drawn
