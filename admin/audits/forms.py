"""The mapping page: which column is what, with what was guessed filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from admin.audits import wording
from admin.audits.guessing import guess
from admin.audits.judging import NEEDED, UNITS, Columns, main_of
from agencies.fees.engine.schedule import InputField, Schedule
from agencies.fees.wording import said
from core.forms import Form, Item, blank_form
from core.i18n import gettext as _

ASKED: Final = ("schedule", "on", "base", "charged", "service", "funding")
LONGEST: Final = 120
MOST_FIELDS: Final = 60


def further_fields(schedules: Iterable[Schedule]) -> list[InputField]:
    """Return what schedules ask beside their bases, each name once: what is required first, at most MOST_FIELDS."""
    found: dict[str, InputField] = {}
    for schedule in schedules:
        for service in schedule.versions[-1].services:
            main = main_of(service)
            for one in service.fields:
                if one is not main and (one.name not in found or one.required):
                    found[one.name] = one
    return sorted(found.values(), key=lambda one: not one.required)[:MOST_FIELDS]


def layout(headings: Sequence[str], fields: Sequence[InputField] = ()) -> list[Item]:
    """Return the fields: a column and a fixed value for each role, units, a column for each field, other inputs."""
    columns = [("", _("不用列")), *((str(place), text) for place, text in enumerate(headings))]
    items: list[Item] = []
    for role in ASKED:
        label = str(wording.ROLES[role])
        optional = role not in (*NEEDED, "base")
        items += [
            Item(f"col_{role}", _("%(role)s：哪一列", role=label), "select", choices=columns, optional=optional),
            Item(f"fix_{role}", _("%(role)s：固定值", role=label), optional=True),
        ]
        if role in {"base", "charged"}:
            units = [(one, one) for one in UNITS]
            items.append(Item(f"unit_{role}", _("%(role)s：不写单位的数是", role=label), "select", choices=units))
    items += [Item(f"as_{one.name}", said(one.label), "select", choices=columns, optional=True) for one in fields]
    items.append(
        Item(
            "inputs", _("其他录入项"), "checkboxes", optional=True, choices=columns[1:],
            hint=_("勾选的列按列名当作标准的录入项，例如“专业调整系数”“复杂程度”。"),
        )
    )  # fmt: skip
    return items


def mapping_form(headings: Sequence[str], fields: Sequence[InputField] = ()) -> Form[Any]:
    """Draw the mapping with what the headings suggest."""
    found = guess(headings)
    initial: dict[str, Any] = {f"col_{role}": str(place) for role, place in found.places.items()}
    at = {text.casefold(): place for place, text in enumerate(headings) if place not in found.places.values()}
    for one in fields:
        names = [one.label.zh, one.label.en, one.name, *one.aliases]
        place = next((at[text.casefold()] for text in names if text.casefold() in at), None)
        if place is not None:
            initial[f"as_{one.name}"] = str(place)
    units = {"unit_base": found.base_unit, "unit_charged": found.charged_unit}
    return blank_form(layout(headings, fields), {**initial, **units})


def again(
    headings: Sequence[str], fields: Sequence[InputField], data: Any, errors: Sequence[tuple[str, str]]
) -> Form[Any]:
    """Draw the mapping as sent, with what is wrong."""
    kept = {**{name: data.get(name, "") for name in data}, "inputs": data.getlist("inputs")}
    form = blank_form(layout(headings, fields), kept)
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
    named = {key.removeprefix("as_"): known[data[key]] for key in data if key.startswith("as_") and data[key] in known}
    return Columns(places, fixed, inputs, units[0], units[1], named)


def by_headings(headings: Sequence[str], given: Mapping[str, Any]) -> Columns:
    """Read a mapping that names columns by their headings, as the API and the command line give it.

    Keys: the roles with a heading, `fixed` with values by role, `fields` with a heading for each name of a field,
    `inputs` with headings, `base_unit`, `charged_unit`.
    Raises KeyError with the heading that is not in the table.
    """
    at = {text: place for place, text in reversed(list(enumerate(headings)))}
    roles = {role: at[str(given[role])] for role in wording.ROLES if given.get(role)}
    fixed = {role: str(text) for role, text in dict(given.get("fixed") or {}).items() if role in wording.ROLES}
    found = guess(headings) if not roles and not fixed else Columns(roles, fixed)
    units = [one if one in UNITS else "元" for one in (
        given.get("base_unit") or found.base_unit, given.get("charged_unit") or found.charged_unit)]  # fmt: skip
    inputs = tuple(at[str(one)] for one in given.get("inputs") or ())
    named = {str(name): at[str(heading)] for name, heading in dict(given.get("fields") or {}).items()}
    return Columns(found.places, found.fixed, inputs, units[0], units[1], named)
