"""What people type is understood, or refused by name; nothing fails and nothing is silent."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.fees.engine import amounts, exact
from agencies.fees.engine.calculation import Calculation, calculate
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import Schedule
from agencies.fees.register import SCHEDULES, fields, find

ON = date(2012, 6, 1)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("3200万", 32_000_000),
        ("0.32亿", 32_000_000),
        ("3,200.5", 32_005_000),
        ("３２００", 32_000_000),
        ("３，２００．５万元", 32_005_000),
        ("¥ 3200000 元", 3_200_000),
        ("人民币3200万元整", 32_000_000),
        ("1亿2000万", 120_000_000),
        ("1亿2000万500元", 120_000_500),
        ("3千万", 30_000_000),
        (" 50 W ", 500_000),
        (3200, 32_000_000),
        (0.32, 3_200),
        (Decimal("91.5022"), 915_022),
        (".5", 5_000),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: object, yuan: int) -> None:
    assert amounts.parse(typed, "万元") == yuan


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "not-an-amount"), ("万", "not-an-amount"), ("abc", "not-an-amount"),
        ("3,20.5", "not-an-amount"), ("1.2.3", "not-an-amount"), ("1e5", "not-an-amount"),
        ("1亿2000", "not-an-amount"), ("2000万1亿", "not-an-amount"), ("12x", "not-an-amount"),
        ("٣٢", "not-an-amount"), (True, "not-an-amount"), (None, "not-an-amount"),
        (float("nan"), "not-an-amount"), (float("inf"), "not-an-amount"),
        ("9" * 60, "not-an-amount"), ("-5", "negative"), (-5, "negative"), ("－5万", "negative"),
        ("99999999亿", "too-large"), (10**40, "too-large"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed: object, code: str) -> None:
    with pytest.raises(amounts.AmountRefused) as refused:
        amounts.parse(typed)
    assert refused.value.code == code


def test_an_amount_is_echoed_exactly() -> None:
    assert amounts.echo(Decimal(32_000_000)).zh == "3,200 万元"
    assert amounts.echo(Decimal("128000000.01")).zh == "1.2800000001 亿元"
    assert amounts.echo(Decimal(9300)).zh == "9,300 元"
    assert amounts.echo(Decimal(9300)).en == "CNY 9,300"


@given(st.fractions(0, 10**9, max_denominator=10**6))
def test_a_number_is_written_exactly_or_as_a_fraction(value: Fraction) -> None:
    written = exact.text(value).split(" ≈ ")[0].replace(",", "")
    assert Fraction(written) == value


def test_halves_are_rounded_up() -> None:
    assert exact.rounded(Fraction("21.245"), 2) == Decimal("21.25")
    assert exact.rounded(Fraction("-0.5"), 0) == -1


def refusal(document: str, **inputs: object) -> list[tuple[str, str]]:
    """Return the names and codes a calculation is refused with."""
    with pytest.raises(InputRefused) as refused:
        calculate(find(document), ON, inputs)
    return [(problem.name, problem.code) for problem in refused.value.problems]


def test_all_problems_are_named_at_once() -> None:
    assert refusal("计价格[2002]1980号", award_amount="abc", category="船", colour="red") == [
        ("award_amount", "not-an-amount"),
        ("category", "unknown-choice"),
        ("colour", "unknown-input"),
    ]


def test_a_missing_answer_is_named() -> None:
    assert refusal("计价格[2002]1980号", award_amount=1) == [("category", "missing")]
    assert refusal("计价格[2002]1980号", category="works") == [("award_amount", "missing")]
    assert refusal("发改价格[2007]670号") == [("base_amount", "missing")]
    assert refusal("计价格[2002]125号", investment=1) == [("service", "missing")]


def test_zero_is_refused_and_not_charged() -> None:
    assert refusal("计价格[2002]10号", base_amount=0) == [("base_amount", "not-positive")]
    assert refusal("发改价格[2007]670号", 建安="0元", 设备=0) == [("construction_cost", "not-positive")]


def test_one_field_given_under_two_names_is_refused() -> None:
    assert refusal("计价格[2002]10号", base_amount=500, base_amount_wan=500) == [("base_amount", "given-twice")]


def test_an_input_of_another_service_is_refused_as_such() -> None:
    assert refusal("计价格[2002]125号", service="review_form", investment=1, 行业="化工") == [
        ("行业", "not-applicable")
    ]


def test_a_coefficient_of_another_choice_is_refused() -> None:
    assert refusal("计价格[2002]125号", service="report", investment=1, 行业="建筑 0.8") == [
        ("industry", "value-not-of-choice")
    ]
    assert refusal("计价格[2002]10号", base_amount=500, additional="改扩建") == [("additional", "value-needed")]
    assert refusal("计价格[2002]10号", base_amount=500, additional="改扩建 1.5") == [
        ("additional", "value-not-of-choice")
    ]
    assert refusal("计价格[2002]10号", base_amount=500, additional=["弱电", "弱电"]) == [("additional", "given-twice")]


@pytest.mark.parametrize("suffix", ["", "_wan", "_yuan", "_yi", "(万元)", "（亿元）"])
def test_the_unit_may_stand_in_the_name(suffix: str) -> None:
    size = {"_yuan": 10_000, "_yi": Fraction(1, 10_000), "（亿元）": Fraction(1, 10_000)}
    inputs = {f"中标金额{suffix}": 6000 * size.get(suffix, 1), "类型": "工程"}
    assert calculate(find("计价格[2002]1980号"), ON, inputs).exact_base == Fraction("22.55")


def test_coefficients_not_given_are_shown_as_one() -> None:
    result = calculate(find("发改价格[2007]670号"), ON, {"base_amount": 1000})
    assert result.notes == ("not-given:specialty", "not-given:complexity")
    assert any("未选" in step.label.zh for step in result.steps)


def test_the_working_ends_in_the_one_rounding() -> None:
    result = calculate(find("计价格[2002]125号"), ON, {"service": "编制报告书", "invest_yi": 1.5, "敏感": "一般"})
    assert "≈" in result.steps[0].value
    assert result.steps[0].expression == "6 + (15 − 6) ÷ (2 − 0.3) × (1.5 − 0.3)"
    assert result.steps[-1].label.en.startswith("Rounded")
    assert str(result.base) in result.steps[-1].value


HOSTILE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=80), st.binary(),
    st.lists(st.one_of(st.text(max_size=8), st.integers()), max_size=4),
    st.dictionaries(st.text(max_size=6), st.integers(), max_size=3),
    st.sampled_from(["９" * 40, "1" * 48, "'; drop table", "\x00", "Ⅲ", "%", "()", "(1)",
                     Decimal("NaN"), Decimal("1E+999999"), Decimal("-0"), float("-inf"), object()]),
)  # fmt: skip
NAMES = sorted({field.name for schedule in SCHEDULES.values() for version in schedule.versions
                for field in fields(schedule, version)} | {"stage", "附加(x)", "x(y)", "", "（）"})  # fmt: skip


def outcome(schedule: Schedule, inputs: dict[str, object]) -> Calculation | InputRefused:
    """Return what comes of a calculation; any other exception than a refusal is a failure."""
    try:
        return calculate(schedule, ON, inputs)
    except InputRefused as refused:
        return refused


def is_sound(result: Calculation | InputRefused) -> bool:
    """Tell whether a result is an amount, a range, or a reason; never a silent nothing."""
    if isinstance(result, InputRefused):
        return bool(result.problems and str(result))
    return result.reason is not None or (result.base is not None and result.base.fen >= 0)


@given(st.sampled_from(list(SCHEDULES)), st.dictionaries(st.sampled_from(NAMES), HOSTILE))
def test_hostile_inputs_are_refused_or_computed_and_nothing_else(name: str, inputs: dict) -> None:
    assert is_sound(outcome(SCHEDULES[name], inputs))


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=list(SCHEDULES))
@given(data=st.data())
def test_one_hostile_answer_beside_good_ones_is_handled(schedule: Schedule, data: st.DataObject) -> None:
    version = schedule.version_on(ON) or schedule.versions[0]
    service = data.draw(st.sampled_from(version.services))
    good: dict[str, object] = {"service": service.key} if len(version.services) > 1 else {}
    for field in service.fields:
        if field.required or field.name in {"award_amount", "base_amount"}:
            good[field.name] = field.choices[0].key if field.choices else 5000
    name = data.draw(st.sampled_from([field.name for field in service.fields] + ["funding"]))
    assert is_sound(outcome(schedule, good | {name: data.draw(HOSTILE)}))


@pytest.mark.parametrize("name", ["award_amount", "category", "lots", "funding", "scope"])
def test_a_number_too_long_to_write_down_is_refused(name: str) -> None:
    inputs = {"award_amount": 1, "category": "works"} | {name: 10**5000}
    assert [problem[0] for problem in refusal("计价格[2002]1980号", **inputs)] == [name]
