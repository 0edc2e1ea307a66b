"""Schedules no office prints yet: units that differ, force by service, readings that ask for more, scales, ranges."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agencies.fees.engine import calculation
from agencies.fees.engine.adjustments import Float
from agencies.fees.engine.calculation import calculate, other_readings
from agencies.fees.engine.charges import Bands, PartsTotal
from agencies.fees.engine.reader import read_text
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.scaling import Scale
from agencies.fees.engine.schedule import Schedule, Status
from agencies.fees.engine.shapes import Bracket, sum_less_count_plus_one
from agencies.fees.engine.tables import Brackets
from agencies.fees.engine.unpriced import BandRange, NoTable
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import NOTHING, Chosen, Span, Working
from core.money import Money

F: Any = Fraction
WHOLE = (Path(__file__).parent / "every_shape.toml").read_text(encoding="utf-8")
SAID: dict[str, Any] = {"label": Words("步", "Step"), "clause": "第一条"}
GUIDED, SPLIT = date(2020, 6, 1), date(2021, 6, 1)


def shapes(*changes: tuple[str, str]) -> Schedule:
    """Read the schedule of every shape, some of its text changed."""
    text = WHOLE
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return read_text(text, "every_shape.toml")


def working(charged: Any = None, /, **answers: Any) -> Any:
    """Return a working on its way, so much charged already."""
    work = Working(answers, "万元")
    if charged is not None:
        work.span = Span.point(F(charged))
    return work


def number(value: Any) -> Chosen:
    return Chosen("k", Words("选", "Chosen"), None if value is None else F(str(value)))


YUAN = ('key = "table"', 'key = "table"\nunit = "元"')


def test_a_charge_base_stays_in_the_unit_of_its_field() -> None:
    schedule = shapes(YUAN)
    base = calculate(schedule, GUIDED, {"service": "table", "amount": 1000, "stage": "charge_base"})
    assert (base.unit, base.base, base.exact_base) == ("万元", Money.from_wan(1000), F(1000))
    fee = calculate(schedule, GUIDED, {"service": "table", "amount": 1000})
    assert (fee.unit, fee.base) == ("元", Money(3010))


def test_the_force_by_size_goes_by_the_charge_base_in_yuan() -> None:
    paid = {"service": "table", "funding": "government"}
    for amount, status in ((1000, Status.BINDING_CAP), (60, Status.REFERENCE), (100, Status.BINDING_CAP)):
        found = calculate(shapes(YUAN), SPLIT, {**paid, "amount": amount, "under": "fixed"})
        assert found.status is status


def test_a_service_without_an_amount_has_its_own_unit() -> None:
    service = next(one for one in shapes().versions[0].services if one.key == "units")
    work = working()
    assert calculation._unit(service, "charge_base") == "元"
    assert calculation._charge_base(service, work) is None
    work.charge_base = F(7)
    assert calculation._charge_base(service, work) == 7
    rates = next(one for one in shapes().versions[0].services if one.key == "rates")
    assert calculation._charge_base(rates, work) == 70_000


def test_the_force_may_be_that_of_one_service_alone() -> None:
    capped = 'citation = { zh = "政府投资设上限"'
    schedule = shapes((capped, f'services = ["bands"]\n{capped}'))
    paid = {"amount": 1000, "funding": "government"}
    for service, status in (("bands", Status.BINDING_CAP), ("table", Status.REFERENCE)):
        given = {"service": service, "kind": "works"} if service == "bands" else {"service": service}
        assert calculate(schedule, SPLIT, {**given, **paid}).status is status
        notes = calculate(schedule, SPLIT, {**given, "amount": 1000}).notes
        assert ("funding-not-given" in notes) is (service == "bands")


def test_nothing_charged_without_a_reason_names_the_first_field() -> None:
    schedule = shapes(("price = 2.005\nleast = 3", "price = 2.005\nadds = true"))
    with pytest.raises(InputRefused) as refused:
        calculate(schedule, GUIDED, {"service": "units"})
    assert str(refused.value) == "count: missing"


def test_other_readings_replace_an_answer_given_by_any_name() -> None:
    schedule = shapes(('label = { zh = "不足首行"', 'aliases = ["低于"]\nlabel = { zh = "不足首行"'))
    for name in ("under", "不足首行", "低于"):
        found = other_readings(schedule, GUIDED, {"service": "table", "amount": 250, name: "line"})
        assert [one.choice for one in found] == ["level", "share", "fixed", "range", "open", "none"]
        assert found[0].calculation.exact_base == F("9.9375")
    asked = other_readings(schedule, GUIDED, {"service": "table", "amount": 250})
    assert len(asked) == 7
    assert other_readings(schedule, GUIDED, {"service": "table", "amount": 1000}) == ()


ALONE = """
[[versions.services.steps]]
do = "rate"
bases = ["second"]
rate = 5
adds = true
when = { field = "method", is = ["alone"] }
label = { zh = "另计", en = "More" }
clause = "第五条"

[[versions.services]]
key = "table"
"""


def test_a_reading_that_decides_when_a_step_applies_is_shown_unless_it_asks_for_more() -> None:
    schedule = shapes(('"method", "kind", "scope"]', '"method", "kind", "scope", "second"]'),
                      ('\n[[versions.services]]\nkey = "table"\n', ALONE))  # fmt: skip
    asked = {"service": "bands", "kind": "works", "amount": 100}
    assert calculate(schedule, GUIDED, asked).readings == ("method",)
    assert other_readings(schedule, GUIDED, asked) == ()
    (other,) = other_readings(schedule, GUIDED, {**asked, "second": 20})
    assert (other.field, other.choice, other.label) == ("method", "alone", Words("分别", "Alone"))
    assert (other.calculation.exact_base, other.calculation.readings) == (F(2), ("method",))


def test_additions_without_a_number_are_passed_over() -> None:
    given = {"service": "table", "amount": 1000, "trade": "plain", "parts": ["nothing", "plan"]}
    assert calculate(shapes(), GUIDED, given).exact_base == F("31.605")


def test_a_float_leaves_an_open_end_open() -> None:
    work = working()
    work.span = Span(None, F(10), None)
    Float(**SAID, low=F("0.2"), high=F("0.1")).apply(work)
    assert work.span == Span(None, F(10), None)


def test_lots_alone_name_the_charge_base() -> None:
    work = working(lots=(F(1), F(2)))
    PartsTotal(**SAID, total="t", parts="lots", into="whole").apply(work)
    assert (work.charge_base, work.values, work.steps[0].expression) == (3, {"whole": 3}, "1 + 2")


def test_every_band_is_named_by_its_ends() -> None:
    work = working(x=F(900))
    Bands(**SAID, base="x", uppers=(F(100), F(500)), rates={"": (F(1), F(2), F(3))}, mark="%").apply(work)
    assert [step.label for step in work.steps] == [
        Words("100 万元以下的部分", "Part up to 100"), Words("100–500 万元的部分", "Part from 100 to 500"),
        Words("超过 500 万元的部分", "Part above 500"), Words("步", "Step"),
    ]  # fmt: skip


def test_brackets_name_their_charge_base_and_what_lies_beyond() -> None:
    work = working(5, x=F(101))
    Brackets(**SAID, base="x", rows=(Bracket(F(100), F(1)),), ranges=False).apply(work)
    assert dict(work.reason.facts) == {"amount": "101", "edge": "100", "clause": "第一条"}
    assert (work.charge_base, work.span) == (101, NOTHING)


def test_coefficients_of_none_are_an_exact_one() -> None:
    assert isinstance(sum_less_count_plus_one(()), Fraction)


@pytest.mark.parametrize(
    ("size", "given", "fee", "expression"),
    [
        (5, None, 10, "10 × 1"), (20, None, 10, "10 × 1"), (30, None, 15, "10 × (1 + (30 − 20) ÷ 20)"),
        (21, None, "10.5", "10 × (1 + (21 − 20) ÷ 20)"), (30, 3, 30, "10 × 3"), (None, "0.5", 5, "10 × 0.5"),
        (None, None, 10, "10 × 1"),
    ],
)  # fmt: skip
def test_a_coefficient_grows_with_size_unless_one_is_given(size: Any, given: Any, fee: Any, expression: str) -> None:
    answers = {"n": None if size is None else F(size), "k": None if given is None else number(given)}
    work = working(10, **{name: one for name, one in answers.items() if one is not None})
    Scale(**SAID, quantity="n", upto=F(20), per=F(20), given="k").apply(work)
    assert (work.span, work.reason) == (Span.point(F(str(fee))), None)
    (step,) = work.steps
    assert (step.expression, step.value, step.clause) == (expression, str(fee), "第一条")
    missing = size is None and given is None
    assert work.notes == (["not-given:n"] if missing else [])
    label = Words("步（未填规模，按 1 计）", "Step (no size given, counted as 1)")
    assert step.label == (label if missing else SAID["label"])


def test_a_choice_without_a_number_leaves_the_scale_to_the_size() -> None:
    work = working(10, n=F(30), k=number(None))
    Scale(**SAID, quantity="n", upto=F(20), per=F(20), given="k").apply(work)
    assert (work.span.base, work.steps[0].value) == (15, "15")


def test_what_has_no_table_stops_with_its_clause() -> None:
    work = working(10)
    NoTable(**SAID).apply(work)
    assert (work.span, work.reason.code, dict(work.reason.facts)) == (NOTHING, "no-table", {"clause": "第一条"})


def test_rates_printed_as_a_range_give_both_sums() -> None:
    work = working(10, x=F(300))
    BandRange(
        **SAID, base="x", uppers=(F(100),), low=(F("0.01"), F("0.005")), high=(F("0.02"), F("0.015")), mark="‰"
    ).apply(work)
    assert (work.span, work.charge_base) == (Span(F(2), None, F(5)), 300)
    assert (work.reason.code, dict(work.reason.facts)) == ("open-bracket", {"amount": "300", "clause": "第一条"})
    assert [(step.label, step.expression, step.value, step.clause) for step in work.steps] == [
        (SAID["label"], "100 × 10‰–20‰", "1–2", "第一条"), (SAID["label"], "200 × 5‰–15‰", "1–3", "第一条"),
    ]  # fmt: skip
    with pytest.raises(InputRefused):
        BandRange(**SAID, base="y", uppers=(), low=(F(1),), high=(F(1),), mark="%").apply(work)


def test_a_span_is_changed_end_by_end_and_written_from_end_to_end() -> None:
    one = F(5)
    assert Span(one, one, F(7)).map(lambda end: end * 2) == Span(F(10), F(10), F(14))
    assert Span(None, None, F(7)).map(lambda end: end * 2) == Span(None, None, F(14))
    assert Span(None, one, one).map(lambda end: end * 2) == Span(None, F(10), F(10))
    assert [str(Span(low, base, high)) for low, base, high in (
        (None, None, F(7)), (F(7), None, None), (F(1), None, F(7)), (F(1), F(2), F(3)), (None, None, None))
    ] == ["–7", "7–", "1–7", "2", "–"]  # fmt: skip


def test_an_answer_of_another_kind_is_none() -> None:
    work = working(how=number(3), size=F(3), sizes=(F(3),))
    assert (work.optional_amount("how"), work.chosen("size"), work.optional_amount("sizes")) == (None, None, None)
    for name in ("how", "size", "none"):
        assert (work.amounts(name), work.all_chosen(name), work.lines(name)) == ((), (), ())
    assert (work.amounts("sizes"), work.all_chosen("sizes"), work.lines("sizes")) == ((F(3),), (), ())


def test_a_value_replaces_what_runs_unless_it_is_told_to_add() -> None:
    work = working(5)
    work.add(F(3))
    assert work.span == Span.point(F(3))
    work.add(F(4), adds=True)
    assert work.span == Span.point(F(7))
    fresh = working()
    fresh.add(F(4), adds=True)
    assert fresh.span == Span.point(F(4))
