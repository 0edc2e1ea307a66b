"""Operations built by hand: what holds when the file leaves a thing out, and what they meet only in odd files."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agencies.fees.engine import calculation
from agencies.fees.engine.adjustments import Additions, Clamp, Extra, Factor, FactorSum, Float
from agencies.fees.engine.calculation import calculate, other_readings
from agencies.fees.engine.charges import Bands, CappedShare, Rate, UnitPrice
from agencies.fees.engine.reader import read_schedule
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.shapes import Bracket
from agencies.fees.engine.tables import Brackets, End, FixedEnd, Interpolate, LineEnd, Matrix
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import NOTHING, Chosen, Span, Working
from core.money import Money

F: Any = Fraction
SAID: dict[str, Any] = {"label": Words("步", "Step"), "clause": "第一条"}
SCHEDULE = read_schedule(Path(__file__).parent / "every_shape.toml")
GUIDED, SPLIT = date(2020, 6, 1), date(2021, 6, 1)


def working(charged: Any = None, /, **answers: Any) -> Any:
    """Return a working on its way, so much charged already."""
    work = Working(answers, "万元")
    if charged is not None:
        work.span = Span.point(F(charged))
    return work


def chosen(key: str, value: Any = None) -> Chosen:
    return Chosen(key, Words(key, key), None if value is None else F(str(value)))


def bands(**more: Any) -> Bands:
    """Return 1 % to 100 and 2 % above, and nothing else said."""
    return Bands(**SAID, base="x", uppers=(F(100),), rates={"": (F("0.01"), F("0.02"))}, mark="%", **more)


def test_bands_know_no_column_and_no_lots_unless_told() -> None:
    work = working(5, x=F(200))
    bands().apply(work)
    assert (work.span.base, work.charge_base, work.weights, work.turned_on) == (3, 200, (), [])
    assert [step.expression for step in work.steps] == ["100 × 1%", "100 × 2%", "1 + 2"]


def test_two_bands_of_one_file_keep_apart() -> None:
    one, two = bands(), bands()
    for each in (one, two):
        work = working(x=F(150))
        each.apply(work)
        assert work.span.base == 2
    assert one == two
    assert "worked_out" not in repr(one)
    with pytest.raises(TypeError):
        bands(worked_out={})


def test_bands_add_to_what_is_charged_when_told() -> None:
    work = working(5, x=F(50))
    bands(adds=True).apply(work)
    assert work.span.base == F("5.5")
    again = working(5, x=F(50))
    again.charge_base = F(7)
    bands().apply(again)
    assert again.charge_base == 7


def test_one_band_alone_has_no_end() -> None:
    work = working(x=F(70))
    Bands(**SAID, base="x", uppers=(), rates={"": (F("0.1"),)}, mark="%").apply(work)
    assert (work.span.base, [step.label.zh for step in work.steps]) == (7, ["超过 0 万元的部分"])


def test_one_lot_turns_no_method_on() -> None:
    work = working(x=F(50), lots=(F(50),), how=chosen("alone"))
    bands(parts="lots", method="how", per_part="alone").apply(work)
    assert (work.turned_on, work.weights) == ([], (50,))
    several = working(x=F(50), lots=(F(20), F(30)), how=chosen("alone"))
    bands(parts="lots", method="how", per_part="alone").apply(several)
    assert (several.turned_on, several.weights, several.span.base) == (["how"], (F("0.2"), F("0.3")), F("0.5"))
    assert several.steps[-1].expression == "0.2 + 0.3"


def test_a_rate_replaces_what_is_charged_unless_it_adds() -> None:
    work = working(5, x=F(100))
    Rate(**SAID, bases=("x",), rate=F("0.01"), mark="%").apply(work)
    assert (work.span.base, len(work.steps), work.charge_base) == (1, 1, 100)
    more = working(5, x=F(100))
    more.charge_base = F(7)
    Rate(**SAID, bases=("x",), rate=F("0.01"), mark="%", adds=True).apply(more)
    assert (more.span.base, more.charge_base, more.steps[-1].expression) == (6, 7, "5 + 1")


def test_a_unit_price_has_no_least_quantity_and_adds_nothing_unless_told() -> None:
    work = working(5, n=F("0.5"))
    UnitPrice(**SAID, quantity="n", price=F(4)).apply(work)
    assert work.span.base == 2
    none = working(5, n=F(0))
    UnitPrice(**SAID, quantity="n", price=F(4)).apply(none)
    assert none.span.base == 0
    with pytest.raises(InputRefused):
        UnitPrice(**SAID, quantity="n", price=F(4)).apply(working(5))


def test_a_charge_base_between_nothing_and_one_is_one() -> None:
    operation = CappedShare(**SAID, total="t", works="w", equipment="e", into="b", share=F("0.4"))
    work = working(t=F("0.5"))
    operation.apply(work)
    assert (work.values["b"], work.charge_base, work.span.base) == (F("0.5"), F("0.5"), F("0.5"))
    with pytest.raises(InputRefused) as refused:
        operation.apply(working(w=F(0), e=F(0)))
    assert str(refused.value) == "w: not-positive"


def test_a_line_is_straight_before_its_point_unless_flat() -> None:
    edge = (F(10), F(20))
    work = working()
    LineEnd(**SAID, x=F(5), y=F(10)).apply(work, F(1), edge)
    assert work.span.base == 2
    level = working()
    LineEnd(**SAID, x=F(5), y=F(10), flat=True).apply(level, F(5), edge)
    assert (level.span.base, level.steps[0].expression, level.steps[0].value) == (10, "10", "10")


def table(**more: Any) -> Interpolate:
    """Return a table of two rows with fixed ends."""
    return Interpolate(
        **SAID, base="x", points=((F(10), F(1)), (F(20), F(3)), (F(30), F(4))), above=End(**SAID),
        below={"": FixedEnd(**SAID, value=F("0.5"))}, **more,
    )  # fmt: skip


def test_a_table_asks_no_choice_where_the_text_decides() -> None:
    work = working(5, x=F(9))
    table().apply(work)
    assert (work.span.base, work.turned_on, work.charge_base) == (F("0.5"), [], 9)
    kept = working(x=F(15))
    kept.charge_base = F(7)
    table().apply(kept)
    assert (kept.charge_base, kept.span.base) == (7, 2)


def test_beyond_a_table_the_last_row_is_the_edge() -> None:
    work = working(x=F(31))
    table().apply(work)
    assert (work.span, work.reason.code, work.reason.facts["edge"]) == (NOTHING, "outside-table", "30")


def test_what_a_table_charges_replaces_what_was_charged() -> None:
    for amount, fee in ((9, F("0.5")), (10, 1), (15, 2), (20, 3)):
        work = working(5, x=F(amount))
        table().apply(work)
        assert work.span.base == fee


def test_brackets_write_percent_unless_told() -> None:
    work = working(5, x=F(150))
    work.charge_base = F(7)
    rows = (Bracket(F(100), F(1)), Bracket(None, F(1), None, F(100), F("0.02")))
    Brackets(**SAID, base="x", rows=rows, ranges=False).apply(work)
    assert (work.span.base, work.steps[0].expression, work.charge_base) == (2, "1 + (150 − 100) × 2%", 7)


def test_a_factor_counts_whole_and_shows_one_unless_told() -> None:
    work = working(10)
    Factor(**SAID, field="f").apply(work)
    assert (work.notes, work.steps[0].expression) == (["not-given:f"], "10 × 1")
    half = working(10, f=chosen("half", "0.5"))
    Factor(**SAID, field="f").apply(half)
    assert (half.span.base, half.steps[0].expression) == (5, "10 × 0.5")
    assert (Factor(**SAID, field="f").base, FactorSum(**SAID, field="f").stage) == ("", "")


@pytest.mark.parametrize(("values", "fee"), [(("0.5",), 5), (("0.3", "0.7"), None), (("0.6", "0.6"), 2)])
def test_coefficients_that_come_to_nothing_stop(values: tuple, fee: object) -> None:
    work = working(10, f=tuple(chosen(str(number), value) for number, value in enumerate(values)))
    FactorSum(**SAID, field="f").apply(work)
    assert work.span.base == fee
    assert (work.reason is None) == (fee is not None)


def test_additions_and_extras_are_percent_unless_told() -> None:
    work = working(10, f=(chosen("a", 5),), n=F(2))
    Additions(**SAID, field="f").apply(work)
    Extra(**SAID, quantity="n", rate=F("0.5")).apply(work)
    assert work.span.base == 21
    assert [step.expression for step in work.steps] == ["10 × 5%", "10 + 0.5", "10.5 × (1 + 2 × 50%)"]


def test_an_open_end_stays_open_under_additions() -> None:
    work = working(f=(chosen("a", 5),))
    work.span = Span(F(10), None, None)
    Additions(**SAID, field="f").apply(work)
    assert work.span == Span(F("10.5"), None, None)
    upper = working(f=(chosen("a", 5),))
    upper.span = Span(None, F(10), F(20))
    Additions(**SAID, field="f").apply(upper)
    assert upper.span == Span(None, F("10.5"), F(21))


def test_a_float_of_nothing_moves_nothing() -> None:
    work = working(10)
    Float(**SAID).apply(work)
    assert (work.span, work.turned_on) == (Span.point(F(10)), [])
    assert work.steps[0].expression == "10 × (1 − 0%) – 10 × (1 + 0%)"


def test_limits_without_columns_hold_for_all() -> None:
    work = working(10)
    Clamp(**SAID, most={"": F(8)}).apply(work)
    assert work.span.base == 8
    assert [step.expression for step in work.steps] == ["≤ 8"]
    free = working(10)
    Clamp(**SAID).apply(free)
    assert (free.span.base, free.steps) == (10, [])


def test_a_note_of_the_funding_stands_behind_the_others() -> None:
    result = calculate(SCHEDULE, SPLIT, {"service": "table", "amount": 1000})
    assert result.notes == ("not-given:trade", "funding-not-given")
    assert calculate(SCHEDULE, GUIDED, {"service": "table", "amount": 1000}).notes == ("not-given:trade",)


def test_nothing_charged_names_the_first_field() -> None:
    with pytest.raises(InputRefused) as refused:
        calculate(SCHEDULE, GUIDED, {"service": "ranges"})
    assert str(refused.value) == "amount: missing"


def test_there_are_no_other_readings_before_the_beginning() -> None:
    assert other_readings(SCHEDULE, date(2019, 1, 1), {"amount": 1}) == ()


def test_a_fee_is_split_by_weight_to_the_fen() -> None:
    assert calculation._split(Money(10), (F(1), F(1), F(1))) == (Money(4), Money(3), Money(3))
    assert calculation._split(Money(10), (F(1), F(2))) == (Money(3), Money(7))
    assert calculation._split(Money(10), (F(1),)) == ()
    assert calculation._split(Money(10), (F(0), F(0))) == ()
    assert calculation._split(None, (F(1), F(1))) == ()
    assert calculation._split(Money(3), (F("0.5"), F("0.5"))) == (Money(2), Money(1))


def test_a_matrix_replaces_what_is_charged() -> None:
    work = working(5, r=chosen("a"), c=chosen("b"))
    Matrix(**SAID, row="r", column="c", fees={"a": {"b": F(3)}}).apply(work)
    assert work.span.base == 3


def test_above_brackets_that_end_nothing_is_charged() -> None:
    work = working(5, x=F(101))
    Brackets(**SAID, base="x", rows=(Bracket(F(100), F(1)),), ranges=False).apply(work)
    assert (work.reason.code, work.reason.facts["edge"], work.span) == ("outside-table", "100", NOTHING)


def test_limits_behind_coefficients_wait_for_one() -> None:
    work = working(10)
    Clamp(**SAID, most={"": F(8)}, after=("f",)).apply(work)
    assert (work.span.base, work.notes) == (10, ["before-limits"])
    held = working(10, f=chosen("a"))
    Clamp(**SAID, most={"": F(8)}, after=("f",)).apply(held)
    assert (held.span.base, held.notes) == (8, [])
