"""The calculator's form, drawn from a schedule: its fields, what was typed, and the result. No web in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from agencies.fees import register
from agencies.fees.choice_marks import marks_of, with_marks
from agencies.fees.engine import exact
from agencies.fees.engine.calculation import Calculation, Reading, calculate, other_readings
from agencies.fees.engine.inputs import FUNDING, service_field
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import Choice, InputField, Kind, Schedule, Version
from agencies.fees.price_tables import prices
from agencies.fees.wording import fields_by_name, problem_sentence, said, unit_name
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

SERVICE: Final = "service"
AMOUNT: Final = "amount"
CARRIED: Final = "fee-"
FEW: Final = 4
LONGEST: Final = 200
LONGEST_LIST: Final = 6000
_LINES_HINT: Final = _l("每行一项：项目、等级、数量，如“%(example)s”；有调整系数的在后面写“系数1.2”")


class Answers:
    """What was typed, by name: one text or a list of texts a name; a need's form and addresses name them ``fee-…``."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        self.args = args

    def get(self, key: str, default: str = "") -> Any:
        """Return the first value of a name."""
        found = self.getlist(key)
        return found[0] if found else default

    def getlist(self, key: str) -> list[str]:
        """Return every value of a name; a bar sets several apart where a query could not repeat the name."""
        value = self.args.get(key) or self.args.get(f"{CARRIED}{key}", "")
        if isinstance(value, list | tuple):
            return [str(one) for one in value]
        return [part for part in str(value).split("|") if part]


@dataclass(slots=True)
class Calculator:
    """One schedule's form on one day: fields for ``parts/fields.html``, errors, and the result when there is one.

    ``carry`` is the query that makes the same calculation again; ``inputs`` what the engine was given, fit to be kept
    with a need and given to ``service.benchmark``.
    """

    schedule: Schedule
    version: Version
    on: date
    service: str
    fields: list[dict[str, Any]]
    errors: list[tuple[str, str]] = field(default_factory=list)
    calculation: Calculation | None = None
    readings: Sequence[Reading] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    carry: Sequence[tuple[str, str]] = ()


def open_calculator(schedule: Schedule, on: date, typed: Answers, *, strict: bool) -> Calculator:
    """Draw the form for what was typed and calculate.

    strict: whether missing answers are errors; otherwise a form half filled simply shows no result.
    """
    version = schedule.version_on(on) or schedule.versions[0]
    service = _service(version, typed)
    wanted = [one for one in register.fields(schedule, version, service or None) if one.name != SERVICE]
    shown = wanted if service else []
    inputs, carry = _read(shown, typed)
    if service and len(version.services) > 1:
        inputs[SERVICE] = service
        carry.insert(0, (SERVICE, service))
    drawn = [with_marks(one, _drawn(one, shown, typed), marks_of(version, service)) for one in shown]
    made = Calculator(schedule, version, on, service, drawn, inputs=inputs)
    made.carry = [*carry, ("on", on.isoformat())]
    answered = any(name not in {SERVICE, FUNDING.name} for name in inputs)
    if service and (strict or answered):
        _calculate(made, strict=strict)
    return made


def service_choices(version: Version) -> list[tuple[str, str]]:
    """Return the services of a version to choose from; empty when there is one only."""
    if len(version.services) == 1:
        return []
    return [(one.key, said(one.label)) for one in service_field(version).choices]


def _service(version: Version, typed: Answers) -> str:
    """Return the service chosen; the only one when there is one, empty when none is chosen."""
    if len(version.services) == 1:
        return version.services[0].key
    given = str(typed.get(SERVICE, "") or "")
    return given if given in {one.key for one in version.services} else ""


def _calculate(made: Calculator, *, strict: bool) -> None:
    try:
        made.calculation = calculate(made.schedule, made.on, made.inputs)
        made.readings = other_readings(made.schedule, made.on, made.inputs)
    except InputRefused as refused:
        problems = [one for one in refused.problems if strict or one.code != "missing"]
        known = fields_by_name(made.schedule)
        drawn = {one["name"]: one for one in made.fields}
        for problem in problems:
            sentence = problem_sentence(problem, known)
            if problem.name in drawn:
                drawn[problem.name]["error"] = sentence
            made.errors.append((drawn[problem.name]["id"] if problem.name in drawn else "", sentence))
        return
    echoes = {one.name: said(one.taken) for one in made.calculation.inputs_echo if one.given}
    for one in made.fields:
        if one["type"] == "text" and one["name"] in echoes:
            one["echo"] = echoes[one["name"]]


def _read(fields: Sequence[InputField], typed: Answers) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the engine's inputs and the query they came from."""
    inputs: dict[str, Any] = {}
    carry: list[tuple[str, str]] = []
    for one in fields:
        values = [value[: _longest(one)] for value in _values(one, fields, typed) if value.strip()]
        carry += [(one.name, value) for value in values]
        numbered: list[str] = []
        for value in values:
            number = _coefficient(one, value, typed)
            if number:
                carry.append((_extra_name(one, value), number))
            numbered.append(f"{value} {number}" if number else value)
        if numbered:
            inputs[one.name] = numbered if one.kind is Kind.CHOICES else numbered[0]
    return inputs, carry


def _values(one: InputField, fields: Sequence[InputField], typed: Answers) -> list[str]:
    """Return what was typed for a field; the first amount may come under the plain name ``amount``."""
    values = typed.getlist(one.name)
    first = next((other for other in fields if other.kind is Kind.AMOUNT), None)
    if not any(values) and one is first:
        values = typed.getlist(AMOUNT)
    return values if one.kind is Kind.CHOICES else values[:1]


def _coefficient(one: InputField, value: str, typed: Answers) -> str:
    """Return the coefficient typed beside a choice whose document gives a range."""
    choice = next((other for other in one.choices if other.key == value), None)
    if choice is None or not _is_range(choice):
        return ""
    return str(typed.get(_extra_name(one, value), "") or "").strip()[:LONGEST]


def _extra_name(one: InputField, key: str) -> str:
    return f"{one.name}.{key}"


def _is_range(choice: Choice) -> bool:
    return choice.value is None and choice.low is not None


# What adjusts a fee stands aside until it is wanted; amounts and lists are what a fee is of.
_ADJUSTS: Final = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.QUANTITY})


def _drawn(one: InputField, fields: Sequence[InputField], typed: Answers) -> dict[str, Any]:
    """Return a field as ``parts/fields.html`` draws it, with what was typed; coefficients asked beside go with it."""
    kind, value = _control(one), (_values(one, fields, typed) or [""])
    drawn: dict[str, Any] = {
        "id": f"fee-{one.name}", "name": one.name, "label": said(one.label), "type": kind,
        "hint": said(one.help) if one.help is not None else "", "error": "",
        "required": one.required or one.asked,
        "value": value if kind == "checkboxes" else value[0] or (one.default or ""),
        "aside": not (one.required or one.asked) and one.kind in _ADJUSTS,
        "chosen": any(value) and value != [one.default],
    }  # fmt: skip
    if kind == "textarea":
        drawn |= {
            "rows": 6,
            "prices": prices(one),
            "hint": drawn["hint"] or str(_LINES_HINT) % {"example": _example(one)},
        }
    elif kind == "text":
        drawn["unit"] = unit_name(one.unit) if one.kind is not Kind.AMOUNTS else ""
        drawn["inputmode"] = "decimal" if one.kind is Kind.QUANTITY else ""
        drawn["width"] = "medium"
    else:
        drawn["choices"] = [_choice(choice) for choice in one.choices]
    drawn["extras"] = [_extra(one, choice, typed) for choice in one.choices if _is_range(choice)]
    return drawn


def _longest(one: InputField) -> int:
    return LONGEST_LIST if one.kind is Kind.LINES else LONGEST


def _control(one: InputField) -> str:
    if one.kind is Kind.CHOICES:
        return "checkboxes"
    if one.kind is Kind.LINES:
        return "textarea"
    if one.kind is Kind.CHOICE:
        return "radios" if len(one.choices) <= FEW and (one.required or one.default is not None) else "select"
    return "text"


def _example(one: InputField) -> str:
    """Return a line as it may be written, out of the list's first item."""
    item = one.items[0]
    grade = f" {said(item.grades[0].label)}" if item.grades else ""
    return f"{said(item.label)}{grade} 10"


def _choice(choice: Choice) -> tuple[str, str, str]:
    """Return a choice with its coefficient behind its name, unless the name says it as a share."""
    if choice.value is not None and "%" not in choice.label.zh:
        return choice.key, _("%(name)s（%(number)s）", name=said(choice.label), number=exact.text(choice.value)), ""
    return choice.key, said(choice.label), _("由双方协商") if choice.negotiated else ""


def _extra(one: InputField, choice: Choice, typed: Answers) -> dict[str, Any]:
    low = exact.text(choice.low) if choice.low is not None else ""
    high = exact.text(choice.high) if choice.high is not None else ""
    name = _extra_name(one, choice.key)
    return {
        "id": f"fee-{one.name}-{choice.key}", "name": name, "type": "text", "inputmode": "decimal", "width": "short",
        "label": _("“%(choice)s”的系数", choice=said(choice.label)),
        "hint": _("选了这一项才填，%(low)s 到 %(high)s 之间", low=low, high=high),
        "value": str(typed.get(name, "") or ""), "required": False, "error": "",
    }  # fmt: skip
