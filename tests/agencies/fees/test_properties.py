"""What holds for every schedule whatever it is asked: bounds, one rounding, ends that meet, one answer everywhere."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.fees import programs
from agencies.fees.calculator import Answers, open_calculator
from agencies.fees.engine import exact, shapes
from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import Kind, Schedule, Service, Version
from agencies.fees.engine.soundness import edges, flaws
from agencies.fees.engine.working import Chosen, Working
from agencies.fees.register import SCHEDULES
from core.errors import Invalid
from core.money import round_half_up
from tests.agencies.fees.answering import CASES, NAMES, answers, plain_answers

SAME_APP = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
Case = tuple[Schedule, Version, Service]


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=list(SCHEDULES))
def test_ends_meet_fees_never_fall_and_examples_come_out(schedule: Schedule) -> None:
    assert flaws(schedule) == ()


@pytest.mark.parametrize("case", CASES, ids=NAMES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_amount_lies_in_its_range_and_is_rounded_once(case: Case, data: st.DataObject) -> None:
    schedule, version, service = case
    try:
        result = calculate(schedule, version.since, data.draw(answers(schedule, version, service)))
    except InputRefused:  # lots that don't add up to the total, a coefficient too many
        return
    ends = [one.fen for one in (result.low, result.base, result.high) if one is not None]
    assert ends == sorted(ends)
    assert ends or result.reason is not None
    if result.base is not None:
        assert result.exact_base is not None
        assert result.base.fen == round_half_up(result.exact_base * exact.YUAN[result.unit] * 100)
        assert result.steps[-1].label.en == "Rounded half up to the fen"
        assert sum(step.label.en.startswith("Rounded") for step in result.steps) == 1
        assert not result.lots or sum(lot.fen for lot in result.lots) == result.base.fen


@pytest.mark.parametrize("case", CASES, ids=NAMES)
@SAME_APP
@given(data=st.data())
def test_page_and_program_agree(app: Flask, case: Case, data: st.DataObject) -> None:
    schedule, version, service = case
    inputs = data.draw(answers(schedule, version, service))
    with app.test_request_context():
        made = open_calculator(schedule, version.since, Answers(_typed(schedule, inputs)), strict=True)
        try:
            answer = programs.worked_out(schedule.document, version.since, inputs)
        except Invalid:
            assert made.errors
            return
    assert made.calculation is not None, made.errors
    shown = [None if end is None else end.fen for end in
             (made.calculation.low, made.calculation.base, made.calculation.high)]  # fmt: skip
    assert shown == [answer["low_fen"], answer["base_fen"], answer["high_fen"]]
    assert [step.value for step in made.calculation.steps] == [step["value"] for step in answer["steps"]]


def _typed(schedule: Schedule, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return inputs as the page's form sends them: a coefficient beside its choice, several amounts in one text."""
    kinds = {one.name: one.kind for version in schedule.versions for each in version.services for one in each.fields}
    typed: dict[str, Any] = {}
    for name, value in inputs.items():
        kind = kinds.get(name)
        if kind is Kind.AMOUNTS:
            typed[name] = ["；".join(value)]
        elif kind in {Kind.CHOICE, Kind.CHOICES}:
            parts = [one.partition(" ") for one in (value if isinstance(value, list) else [value])]
            typed[name] = [key for key, _, _ in parts]
            typed |= {f"{name}.{key}": [number] for key, _, number in parts if number}
        else:
            typed[name] = [value]
    return typed


def test_page_program_and_command_line_agree_over_the_wire(app: Flask, client: FlaskClient) -> None:
    for schedule, version, service in CASES:
        inputs, day = plain_answers(schedule, version, service), version.since.isoformat()
        asked = {"schedule": schedule.document, "on": day, "inputs": inputs}
        answer = client.post("/api/v1/fee-calculations", json=asked)
        pairs = [f"{name}={value}" for name, value in inputs.items()]
        told = app.test_cli_runner().invoke(args=["fees", "calculate", schedule.id, "--on", day, "--json", *pairs])
        page = client.get(f"/fees/{schedule.id}/calculate", query_string={**inputs, "on": day})
        assert told.exit_code == (0 if answer.status_code == 200 else 2), told.output
        assert page.status_code == answer.status_code
        if answer.status_code == 200:
            assert _in_order(json.loads(told.stdout)) == _in_order(answer.get_json())
            if answer.get_json()["base_fen"] is not None:
                assert _written(answer.get_json()["base_fen"]) in page.get_data(as_text=True)


def _in_order(answer: dict[str, Any]) -> dict[str, Any]:
    """Put the echo in the order of the names: the client sends an object's members sorted, the terminal as typed."""
    return {**answer, "inputs": sorted(answer["inputs"], key=lambda one: one["name"])}


def _written(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


SMALL = st.lists(st.integers(1, 60), min_size=0, max_size=5, unique=True).map(sorted)


@given(uppers=SMALL, rates=st.lists(st.integers(0, 50), min_size=6, max_size=6), amount=st.integers(0, 80))
def test_bands_equal_a_count_yuan_by_yuan(uppers: list[int], rates: list[int], amount: int) -> None:
    """The reference walks the amount one yuan at a time and asks for each which band it lies in."""
    rates = rates[: len(uppers) + 1]
    counted = 0
    for yuan in range(1, amount + 1):
        band = sum(1 for end in uppers if yuan > end)
        counted += rates[band]
    slices = shapes.progressive(
        [Fraction(end) for end in uppers], [Fraction(rate, 1000) for rate in rates], Fraction(amount)
    )
    assert sum(part.fee for part in slices) * 1000 == counted
    assert sum(part.amount for part in slices) == amount


PRINTED = [
    (f"{name} {operation.label} {column}", operation, service, column)
    for (_, _, service), name in zip(CASES, NAMES, strict=True)
    for operation in service.operations
    if hasattr(operation, "uppers") and hasattr(operation, "rates")
    for column in operation.rates
]


@pytest.mark.parametrize("printed", PRINTED, ids=[one[0] for one in PRINTED])
@settings(deadline=None)
@given(fen=st.integers(1, 10**13))
def test_printed_bands_equal_a_reckoning_in_whole_numbers(printed: tuple, fen: int) -> None:
    """The reference charges each band by itself in integers: fen times the rate times 10^9."""
    _, operation, service, column = printed
    unit = int(exact.YUAN[service.unit]) * 100
    ends = [0, *(int(end * unit) for end in operation.uppers), 10**30]
    rates = [int(rate * 10**9) for rate in operation.rates[column]]
    counted = sum(
        max(0, min(fen, high) - low) * rate for low, high, rate in zip(ends[:-1], ends[1:], rates, strict=True)
    )
    assert [Fraction(rate, 10**9) for rate in rates] == list(operation.rates[column])
    answered: dict[str, Any] = {operation.base: Fraction(fen, unit)}
    if operation.column:
        choice = next(each for each in service.field(operation.column).choices if each.key == column)
        answered[operation.column] = Chosen(choice.key, choice.label)
    work = Working(answered, service.unit)
    operation.apply(work)
    assert work.span.base * unit == Fraction(counted, 10**9)


TABLES = [
    (f"{name} {operation.label}", operation, service)
    for (_, _, service), name in zip(CASES, NAMES, strict=True)
    for operation in service.operations
    if hasattr(operation, "points")
]


@pytest.mark.parametrize("table", TABLES, ids=[one[0] for one in TABLES])
@given(share=st.fractions(0, 1, max_denominator=1000), data=st.data())
def test_interpolation_passes_through_all_anchors_and_stays_between(table: tuple, share: Fraction, data: Any) -> None:
    _, operation, service = table
    for x, y in operation.points:
        assert _alone(operation, service, x) == y
    index = data.draw(st.integers(0, len(operation.points) - 2))
    (x1, y1), (x2, y2) = operation.points[index : index + 2]
    assert _alone(operation, service, x1 + share * (x2 - x1)) == y1 + share * (y2 - y1)


def _alone(operation: Any, service: Service, amount: Fraction) -> Fraction | None:
    work = Working({operation.base: amount}, service.unit)
    operation.apply(work)
    return work.span.base


def test_edges_are_those_of_the_table() -> None:
    tender = SCHEDULES["tender-agency"].version_on(date(2012, 6, 1))
    assert [len(edges(one)) for one in tender.services[0].operations] == [0, 9, 0, 0, 0]
