"""The calculator for everybody: the form, the result at a shareable address, as CSV, as JSON and as an issued sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import may, public, writing
from agencies.fees import guidance, register, sheet
from agencies.fees.calculator import AMOUNT, Answers, Calculator, open_calculator, service_choices
from agencies.fees.csvfile import csv_file
from agencies.fees.listing import asked_day, row, today
from agencies.fees.pages import pages
from agencies.fees.presentation import calculation_json, calculation_view
from agencies.fees.schemas import FeeCalculationSchema
from core.i18n import gettext as _


@pages.get("/fees/calculate")
@public
def calculate() -> ResponseReturnValue:
    """Send a reader who names a schedule and an amount to that schedule's calculator."""
    document = request.args.get("schedule", "").strip()
    if not document:
        return redirect(url_for("fees.schedules"), 303)
    found = register.find(document)
    amount = request.args.get(AMOUNT, "").strip()[:60]
    return redirect(url_for("fees.calculator", schedule_id=found.id, amount=amount or None), 303)


@pages.get("/fees/<string:schedule_id>/calculate")
@public
def calculator(schedule_id: str) -> ResponseReturnValue:
    """Show the calculator; with answers in the address, the fee worked step by step."""
    made = _made(schedule_id, request.args, strict="on" in request.args)
    return _page(made), 422 if made.errors else 200


@pages.get("/fees/<string:schedule_id>/calculate.csv")
@public
def result_csv(schedule_id: str) -> ResponseReturnValue:
    """Hand out the result of the same query as CSV; without one, show the form with what is missing."""
    made = _made(schedule_id, request.args, strict=True)
    if made.calculation is None:
        return _page(made), 422
    headers, rows = sheet.csv_rows(made)
    return csv_file(f"fee-{made.schedule.id}-{made.on.isoformat()}", headers, rows)


@pages.get("/fees/<string:schedule_id>/calculate.json")
@public
def result_json(schedule_id: str) -> ResponseReturnValue:
    """Hand out the result of the same query as the API gives it; without one, a sentence for each field."""
    made = _made(schedule_id, request.args, strict=True)
    if made.calculation is None:
        return jsonify(errors=[{"field": field, "sentence": sentence} for field, sentence in made.errors]), 422
    return jsonify(FeeCalculationSchema().dump(calculation_json(made.calculation, made.readings)))


@pages.post("/fees/<string:schedule_id>/sheet")
@may("fee_sheet:issue")
def issue_sheet(schedule_id: str) -> ResponseReturnValue:
    """Issue the result as a sheet with a verification code and show it."""
    made = _made(schedule_id, request.form, strict=True)
    if made.calculation is None:
        return _page(made), 422
    with writing() as work:
        code = sheet.issue(work, made).code
    return redirect(f"/papers/{code}", 303)


def _made(schedule_id: str, typed: Any, *, strict: bool) -> Calculator:
    """Open the calculator for what was typed. Raises NotFound for an unknown schedule."""
    found = register.find(schedule_id)
    day, wrong = asked_day(typed.get("on", ""), today())
    made = open_calculator(found, day, Answers(typed.to_dict(flat=False)), strict=strict)
    if wrong:
        made.errors.insert(0, ("fee-on", wrong))
        made.calculation = None
    return made


def _page(made: Calculator) -> str:
    day_error = next((sentence for field_id, sentence in made.errors if field_id == "fee-on"), "")
    return render_template(
        "fees/calculator.html",
        schedule=row(made.schedule, today()),
        made=made,
        form={"errors": made.errors} if made.errors else None,
        choices=service_choices(made.version),
        day=_day_field(made.on, day_error),
        result=_result(made),
        links=_links(made),
        version=made.version.document,
    )


def _day_field(day: date, error: str) -> dict[str, Any]:
    return {
        "id": "fee-on", "name": "on", "label": _("按哪一天的规定算"), "type": "date", "value": day.isoformat(),
        "hint": _("标准改过或放开过，不同日子结果和效力不同"), "error": error,
    }  # fmt: skip


def _result(made: Calculator) -> Any:
    if made.calculation is None:
        return None
    view = calculation_view(
        made.calculation, readings=made.readings, title=_("计算结果"), share_url=guidance.address(made)
    )
    return replace(view, next_steps=guidance.next_steps(made))


def _links(made: Calculator) -> Mapping[str, str]:
    """Return where the result can be had in other forms."""
    if made.calculation is None:
        return {}
    query, here = urlencode(made.carry), guidance.address(made)
    return {
        "csv": f"{url_for('fees.result_csv', schedule_id=made.schedule.id)}?{query}",
        "json": f"{url_for('fees.result_json', schedule_id=made.schedule.id)}?{query}",
        "print": f"{here}&format=print",
        "sheet": url_for("fees.issue_sheet", schedule_id=made.schedule.id),
        "sign_in": f"/sign-in?{urlencode({'next': here})}",
    }
