"""The mapping page: which column is what, with what was guessed filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from admin.audits import wording
from admin.audits.guessing import guess
from admin.audits.judging import NEEDED, UNITS, Columns
from core.forms import Form, Item, blank_form
from core.i18n import gettext as _

ASKED: Final = ("schedule", "on", "base", "charged", "service", "funding")
LONGEST: Final = 120


def layout(headings: Sequence[str]) -> list[Item]:
    """Return the fields: a column and a fixed value for each role, units, and the columns that are inputs."""
    columns = [("", _("不用列")), *((str(place), text) for place, text in enumerate(headings))]
    items: list[Item] = []
    for role in ASKED:
        label = str(wording.ROLES[role])
        optional = role not in (*NEEDED, "base")
        items += [
            Item(f"col_{role}", _("%(role)s：哪一列", role=label), "select", choices=columns, optional=optional),
            Item(f"fix_{role}", _("%(role)s：固定值", role=label), hint=_("列里空着的行也用它"), optional=True),
        ]
        if role in {"base", "charged"}:
            units = [(one, one) for one in UNITS]
            items.append(Item(f"unit_{role}", _("%(role)s：不写单位的数是", role=label), "select", choices=units))
    items.append(
        Item(
            "inputs", _("其他录入项"), "checkboxes", optional=True, choices=columns[1:],
            hint=_("勾选的列按列名当作标准的录入项，例如“专业调整系数”“复杂程度”。"),
        )
    )  # fmt: skip
    return items


def mapping_form(headings: Sequence[str]) -> Form[Any]:
    """Draw the mapping with what the headings suggest."""
    found = guess(headings)
    initial: dict[str, Any] = {f"col_{role}": str(place) for role, place in found.places.items()}
    return blank_form(layout(headings), {**initial, "unit_base": found.base_unit, "unit_charged": found.charged_unit})


def again(headings: Sequence[str], data: Any, errors: Sequence[tuple[str, str]]) -> Form[Any]:
    """Draw the mapping as sent, with what is wrong."""
    kept = {**{name: data.get(name, "") for name in data}, "inputs": data.getlist("inputs")}
    form = blank_form(layout(headings), kept)
    for name, sentence in errors:
        form.refuse(name, sentence)
    return form


def read_mapping(headings: Sequence[str], data: Any) -> Columns:
    """Read what was chosen; a column that is not there counts as none."""
    known = {str(place): place for place in range(len(headings))}
    places = {role: known[data[f"col_{role}"]] for role in ASKED if data.get(f"col_{role}") in known}
    fixed = {role: text for role in ASKED if (text := data.get(f"fix_{role}", "").strip()[:LONGEST])}
    inputs = tuple(known[one] for one in data.getlist("inputs") if one in known)
    units = [data.get(f"unit_{role}") if data.get(f"unit_{role}") in UNITS else "元" for role in ("base", "charged")]
    return Columns(places, fixed, inputs, *units)


def by_headings(headings: Sequence[str], given: Mapping[str, Any]) -> Columns:
    """Read a mapping that names columns by their headings, as the API and the command line give it.

    Keys: the roles with a heading, `fixed` with values by role, `inputs` with headings, `base_unit`, `charged_unit`.
    Raises KeyError with the heading that is not in the table.
    """
    at = {text: place for place, text in reversed(list(enumerate(headings)))}
    roles = {role: at[str(given[role])] for role in wording.ROLES if given.get(role)}
    fixed = {role: str(text) for role, text in dict(given.get("fixed") or {}).items() if role in wording.ROLES}
    found = guess(headings) if not roles and not fixed else Columns(roles, fixed)
    units = [one if one in UNITS else "元" for one in (
        given.get("base_unit") or found.base_unit, given.get("charged_unit") or found.charged_unit)]  # fmt: skip
    inputs = tuple(at[str(one)] for one in given.get("inputs") or ())
    return Columns(found.places, found.fixed, inputs, *units)
