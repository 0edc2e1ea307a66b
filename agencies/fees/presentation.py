"""A calculation as pages and programs show it: one plain object for ``parts/fees.html``, one for JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agencies.fees import register
from agencies.fees.engine import exact
from agencies.fees.engine.calculation import Calculation, Reading
from agencies.fees.engine.working import Step
from agencies.fees.wording import fields_by_name, note_sentence, reason_sentence, said, status_tag, unit_name
from core.i18n import gettext as _
from core.money import Money


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of the working, in the reader's language."""

    label: str
    expression: str
    value: str
    clause: str
    clause_url: str


@dataclass(frozen=True, slots=True)
class ReadingView:
    """What comes out when a rule the text leaves open is read otherwise."""

    field: str
    label: str
    low: Money | None
    base: Money | None
    high: Money | None


@dataclass(frozen=True, slots=True)
class CalculationView:
    """Everything a page says of a calculation; the names are those ``working`` of ``parts/fees.html`` reads."""

    title: str
    version_label: str
    echo: str
    low: Money | None
    base: Money | None
    high: Money | None
    status_label: str
    status_kind: str
    status_sentence: str
    reason_text: str
    steps: Sequence[StepView]
    share_url: str
    notes: Sequence[str] = ()
    readings: Sequence[ReadingView] = ()
    lots: Sequence[Money] = ()
    is_maximum: bool = False
    bar: Mapping[str, Any] = field(default_factory=dict)
    open: bool = True
    next_steps: Sequence[tuple[str, str]] = ()
    """Where to go when no single amount came out: words and address."""


def calculation_view(
    calculation: Calculation, *, readings: Sequence[Reading] = (), title: str | None = None, share_url: str = "",
    bar: Mapping[str, Any] | None = None, is_open: bool = True,
) -> CalculationView:  # fmt: skip
    """Put a calculation into the reader's language for ``working`` of ``parts/fees.html``.

    title: None names the schedule. share_url: an address that shows this calculation again. bar: keywords of
    ``price_bar``. is_open: whether the working is unfolded.
    """
    schedule = register.SCHEDULES[calculation.schedule_id]
    fields = fields_by_name(schedule)
    label, kind = status_tag(calculation.status)
    return CalculationView(
        title=said(schedule.title) if title is None else title,
        version_label=_("%(document)s，按 %(day)s 的规定", document=calculation.document, day=str(calculation.on)),
        echo=_("；").join(
            _("%(label)s：%(value)s", label=said(one.label), value=said(one.taken)) for one in calculation.inputs_echo
        ),
        low=calculation.low, base=calculation.base, high=calculation.high,
        status_label=label, status_kind=kind, status_sentence=said(calculation.status_citation),
        reason_text=reason_sentence(calculation.reason, fields) if calculation.reason is not None else "",
        steps=[_step(schedule.id, one) for one in calculation.steps],
        share_url=share_url,
        notes=[note_sentence(note, fields) for note in calculation.notes],
        readings=[_reading(one, said(fields[one.field].label)) for one in readings],
        lots=calculation.lots, is_maximum=calculation.is_maximum, bar=bar or {}, open=is_open,
    )  # fmt: skip


def clause_anchor(clause: str) -> str:
    """Return the id a clause has on its schedule's page."""
    return f"c-{hashlib.sha256(clause.encode()).hexdigest()[:8]}"


def clause_url(schedule_id: str, clause: str) -> str:
    """Return the address of a clause on its schedule's page."""
    return f"/fees/{schedule_id}#{clause_anchor(clause)}" if clause else ""


def in_unit(money: Money | None, unit: str) -> str | None:
    """Write an amount as a plain decimal in a schedule's unit: ``9.3`` for 93,000 yuan in 万元."""
    if money is None:
        return None
    value = money.yuan / Decimal(int(exact.YUAN[unit]))
    return format(value.normalize(), "f")


def calculation_json(calculation: Calculation, readings: Sequence[Reading] = ()) -> dict[str, Any]:
    """Return a calculation for a program: whole fen, the base in the schedule's unit, every step with its clause."""
    view = calculation_view(calculation, readings=readings)
    cap = calculation.binding_cap()
    return {
        "schedule": calculation.schedule_id, "document": calculation.document, "version": calculation.version,
        "service": calculation.service, "on": calculation.on, "stage": calculation.stage, "unit": calculation.unit,
        **_amounts(calculation), "binding_cap_fen": None if cap is None else cap.fen,
        "is_maximum": calculation.is_maximum,
        "status": str(calculation.status), "status_label": view.status_label, "citation": view.status_sentence,
        "funding": calculation.funding or None,
        "inputs": [
            {"name": one.name, "label": said(one.label), "given": one.given, "taken": said(one.taken)}
            for one in calculation.inputs_echo
        ],
        "steps": [
            {"label": said(one.label), "expression": one.expression, "value": one.value, "unit": one.unit,
             "clause": one.clause}
            for one in calculation.steps
        ],
        "readings": [
            {"field": one.field, "choice": one.choice, "label": said(one.label), **_amounts(one.calculation)}
            for one in readings
        ],
        "lots_fen": [one.fen for one in calculation.lots],
        "reason": {"code": calculation.reason.code, "sentence": view.reason_text} if calculation.reason else None,
        "notes": [
            {"code": code, "sentence": sentence} for code, sentence in zip(calculation.notes, view.notes, strict=True)
        ],
    }  # fmt: skip


def _amounts(calculation: Calculation) -> dict[str, Any]:
    return {
        "low_fen": calculation.low.fen if calculation.low is not None else None,
        "base_fen": calculation.base.fen if calculation.base is not None else None,
        "high_fen": calculation.high.fen if calculation.high is not None else None,
        "base": in_unit(calculation.base, calculation.unit),
    }


def _step(schedule_id: str, step: Step) -> StepView:
    value = _("%(value)s %(unit)s", value=step.value, unit=unit_name(step.unit)) if step.unit else step.value
    expression = step.expression
    for unit in ("亿元", "万元"):
        expression = expression.replace(unit, unit_name(unit))
    return StepView(said(step.label), expression, value, step.clause, clause_url(schedule_id, step.clause))


def _reading(reading: Reading, field_label: str) -> ReadingView:
    found = reading.calculation
    return ReadingView(field_label, said(reading.label), found.low, found.base, found.high)
