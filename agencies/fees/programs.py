"""Fees for programs: one answer to a calculation, whoever asks, over the API or on the command line. No web in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any, Final

from agencies.fees import register
from agencies.fees.engine import exact
from agencies.fees.engine.calculation import calculate, other_readings
from agencies.fees.engine.choosing import fold
from agencies.fees.engine.line_gathering import SCALES
from agencies.fees.engine.price_lines import PART_NAMES
from agencies.fees.engine.refusal import InputRefused, Problem
from agencies.fees.engine.schedule import Schedule, Service, Status, Version
from agencies.fees.input_schemas import inputs_schema
from agencies.fees.presentation import calculation_json
from agencies.fees.schemas import schedule_fields
from agencies.fees.wording import fields_by_name, problem_sentence, said
from core.errors import Invalid, NotFound

_MOST_NAMED: Final = 20
STAGES: Final[Mapping[str, str]] = {
    "计费额": "charge_base", "收费基价": "base_price", "基本设计收费": "basic_fee", "收费基准价": "benchmark",
    "基准价": "benchmark",
}  # fmt: skip
"""Which amount is meant where it is named behind a document: 发改价格[2007]670号 施工监理 计费额."""


def schedule_named(document: str) -> Schedule:
    """Return the schedule of any spelling of a number, a title or an id.

    Raises NotFound whose facts name the documents that are `known`.
    """
    try:
        return register.find(document)
    except NotFound as missing:
        known = [one.document for one in register.SCHEDULES.values()]
        raise NotFound(missing.code, **missing.facts, known=known) from missing


def worked_out(document: str, on: date, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a calculation with its other readings as the API writes it.

    An amount named behind the document (计费额) is the one worked out, unless `inputs` asks for a stage.
    A service named there (验收技术评估) is the one charged, when the inputs leave it open.

    Raises NotFound for a schedule nobody knows, and Invalid with `problems`, a sentence for each input.
    """
    found = schedule_named(document)
    stage = next((key for name, key in STAGES.items() if document.strip().endswith(name)), "")
    asked = {"stage": stage, **inputs} if stage else inputs
    service = _service_beside(found, document, on, asked)
    if service:
        asked = {**asked, "service": service}
    try:
        asked = _item_beside(found, document, on, asked)
        return calculation_json(calculate(found, on, asked), other_readings(found, on, asked))
    except InputRefused as refused:
        problems = [_problem(found, one) for one in refused.problems]
        raise Invalid("fee-inputs-refused", problems=problems) from refused


def _service_beside(found: Schedule, document: str, on: date, inputs: Mapping[str, Any]) -> str:
    """Return the service the document's text names where the inputs leave it open."""
    version = found.version_on(on)
    if version is None or len(version.services) == 1:
        return ""
    try:
        calculate(found, on, inputs)
    except InputRefused as refused:
        if any((one.name, one.code) == ("service", "missing") for one in refused.problems):
            return register.service_beside(version, document)
    return ""


def _item_beside(found: Schedule, document: str, on: date, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the inputs with the item of a price list the document's text names (竖向静载), where they name none."""
    version = found.version_on(on)
    scale = next((str(value)[:20] for name, value in inputs.items() if fold(name) in SCALES), "")
    item = register.item_beside(version, document + scale) if version is not None else ""
    if not item or any(PART_NAMES.get(fold(name)) == "item" for name in inputs):
        return inputs
    rest = {name: value for name, value in inputs.items() if fold(name) not in SCALES}
    with_item = {**rest, "项目": item}
    for named in (with_item, inputs):
        with suppress(InputRefused):
            calculate(found, on, named)
            return named
    return with_item


def _problem(schedule: Schedule, one: Problem) -> dict[str, Any]:
    """Return what is wrong with one input, in a sentence, and what may be given instead."""
    choices = one.facts.get("choices")
    told = one
    if one.code == "missing" and isinstance(choices, tuple) and 0 < len(choices) <= _MOST_NAMED:
        told = replace(one, code="unknown-choice")  # who sees no form is told what there is to choose from
    problem: dict[str, Any] = {
        "field": one.name, "code": one.code, "sentence": problem_sentence(told, fields_by_name(schedule)),
    }  # fmt: skip
    for fact in ("choices", "known"):
        named = one.facts.get(fact)
        if isinstance(named, list | tuple):
            problem[fact] = [str(name) for name in named]
    return problem


def listed(on: date, *, q: str = "", status: Status | None = None) -> Sequence[Schedule]:
    """Return the schedules whose names hold a text and whose legal force on a day is the one asked for, by id."""
    wanted = "".join(q.split()).casefold()
    found = [
        one
        for one in register.SCHEDULES.values()
        if not wanted or wanted in "\n".join(_names(one)).casefold() or _is_named(one, q)
        if status is None or _force(one, on) is status
    ]
    return sorted(found, key=lambda one: one.id)


def _is_named(schedule: Schedule, text: str) -> bool:
    """Tell whether a text is one of the spellings of a schedule."""
    try:
        return register.find(text).id == schedule.id
    except NotFound:
        return False


def _names(schedule: Schedule) -> list[str]:
    texts = [schedule.title, schedule.subject, schedule.issuer]
    return [
        schedule.id, schedule.document, *schedule.aliases, *(one.zh for one in texts), *(one.en for one in texts),
    ]  # fmt: skip


def _force(schedule: Schedule, on: date) -> Status | None:
    period = schedule.status_on(on)
    return period.status if period is not None else None


def summary(found: Schedule, on: date) -> dict[str, Any]:
    """Return a schedule as a row of the list, with its legal force on a day."""
    period = found.status_on(on)
    return {
        "id": found.id,
        "document": found.document,
        "title": said(found.title),
        "issuer": said(found.issuer),
        "level": found.level,
        "subject": said(found.subject),
        "unit": found.unit,
        "in_force_from": found.in_force_from,
        "status": str(period.status) if period else None,
        "citation": said(period.citation) if period else None,
        "mark": found.source.mark,
        "url": f"/fees/{found.id}",
    }


def detail(found: Schedule, on: date) -> dict[str, Any]:
    """Return a schedule whole: what it is, its force over time, its versions with what each service asks for."""
    return {
        **summary(found, on),
        "aliases": list(found.aliases),
        "charge_base": said(found.charge_base),
        "statuses": [
            {"status": str(one.status), "since": one.since.isoformat(), "until": _day(one.until),
             "citation": said(one.citation), "funding": one.funding or None, "services": list(one.services),
             "at_least": None if one.at_least is None else exact.text(one.at_least),
             "below": None if one.below is None else exact.text(one.below), "unit": one.unit}
            for one in found.statuses
        ],
        "repeals": [
            {"document": one.document, "on": one.on.isoformat(), "effect": said(one.effect)} for one in found.repeals
        ],
        "notes": [said(one) for one in found.notes],
        "versions": [
            {"key": one.key, "document": one.document, "since": one.since.isoformat(), "until": _day(one.until),
             "services": [_service(found, one, service) for service in one.services]}
            for one in found.versions
        ],
    }  # fmt: skip


def _service(found: Schedule, version: Version, one: Service) -> dict[str, Any]:
    return {
        "key": one.key, "label": said(one.label), "unit": one.unit,
        "fields": [schedule_fields(field) for field in register.fields(found, version, one.key)],
        "inputs_schema": inputs_schema(found, version, one),
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
