"""Price lists: what a line costs and how that is written, and how a schedule file writes such a list."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agencies.fees.engine.calculation import Calculation, calculate
from agencies.fees.engine.price_items import Charged, Price, PriceStep
from agencies.fees.engine.price_lines import read_lines
from agencies.fees.engine.price_list import PriceList
from agencies.fees.engine.reader import read_text
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import InputField, Schedule
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Span, Working
from core.datafile import DataFileError

F: Any = Fraction
WHOLE = (Path(__file__).parent / "every_list.toml").read_text(encoding="utf-8")
ON = date(2020, 6, 1)


def listed() -> Schedule:
    """Read the schedule anew, so that each test goes through the reader."""
    return read_text(WHOLE, "every_list.toml")


def lines_field(text: str = WHOLE) -> InputField:
    return read_text(text, "every_list.toml").versions[0].services[0].field("tests")


def fee(lines: object, **more: object) -> Calculation:
    return calculate(listed(), ON, {"service": "tests", "tests": lines, **more})


@pytest.mark.parametrize(
    ("line", "zh", "en", "expression", "value"),
    [
        ("索力 3", "索力测量 3 根", "Cable force 3 pcs", "3 × 400", "1,200"),
        ("回弹法 4 2构件", "回弹法 4 测区 × 2 构件（少于 5 测区，按固定数计）",
         "Rebound hammer 4 areas × 2 members (below 5, a fixed amount)", "200 × 2", "400"),
        ("回弹法 5 2构件 夜间", "回弹法 5 测区 × 2 构件，夜间 1.5", "Rebound hammer 5 areas × 2 members, at night 1.5",
         "5 × 60 × 2 × 1.5", "900"),
        ("外观检查 简支 8m 2跨", "外观检查（简支） 8 m × 2 跨（不足 20 m按 20 计）",
         "Inspection (simple beam) 8 m × 2 spans (counted as 20)", "20 × 50 × 2", "2,000"),
        ("外观检查 简支 20m", "外观检查（简支） 20 m × 1 跨", "Inspection (simple beam) 20 m × 1 spans", "20 × 50",
         "1,000"),
        ("外观检查 悬索、斜拉 20.5 系数1.1 系数1.2", "外观检查（悬索、斜拉） 20.5 m × 1 跨，系数 1.1，系数 1.2",
         "Inspection (hung) 20.5 m × 1 spans, coefficient 1.1, coefficient 1.2",
         "20.5 × 80.5 × (1.1 + 1.2 − 2 + 1)", "2,145.325"),
        ("竖向静载 150", "竖向静载试验 150 t × 1 根", "Pile load 150 t × 1 pcs", "15,000", "15,000"),
        ("竖向静载 200t 3根", "竖向静载试验 200 t × 3 根", "Pile load 200 t × 3 pcs", "15,000 × 3", "45,000"),
        ("竖向静载 500t", "竖向静载试验 500 t × 1 根", "Pile load 500 t × 1 pcs", "15,000 + (500 − 200) × 80",
         "39,000"),
        ("竖向静载 1200 2", "竖向静载试验 1,200 t × 2 根", "Pile load 1,200 t × 2 pcs",
         "(15,000 + (1,000 − 200) × 80 + (1,200 − 1,000) × 60) × 2", "182,000"),
        ("桥梁静载 拱 1m 5孔", "桥梁静载试验（拱） 1 m × 5 孔（少于 2 m，按固定数计）（按 3 孔计）",
         "Bridge load (arch) 1 m × 5 openings (below 2, a fixed amount) (counted as 3)", "9 × 3", "27"),
        ("桥梁静载 拱 2m 3孔", "桥梁静载试验（拱） 2 m × 3 孔", "Bridge load (arch) 2 m × 3 openings",
         "(500 + 2 × 7) × 3", "1,542"),
        ("桥梁静载 梁 9m", "桥梁静载试验（梁） 9 m × 1 孔（不足 10 m按 10 计）",
         "Bridge load (beam) 9 m × 1 openings (counted as 10)", "10 × 70", "700"),
        ("桥梁静载 梁 30m 5孔 夜间 系数1.2", "桥梁静载试验（梁） 30 m × 5 孔，夜间 1.5，系数 1.2（按 3 孔计）",
         "Bridge load (beam) 30 m × 5 openings, at night 1.5, coefficient 1.2 (counted as 3)",
         "30 × 70 × 3 × (1.5 + 1.2 − 2 + 1)", "10,710"),
        ("地形图 2", "地形图 2 km2", "Map sheet 2 km2", "2 × 10", "20"),
        ("地形图 4 另有说明", "地形图 4 km2，另有说明 1", "Map sheet 4 km2, with a remark 1",
         "(2 × 10 + (4 − 2) × 8) × 1", "36"),
        ("地形图 7", "地形图 7 km2", "Map sheet 7 km2", "2 × 10 + (5 − 2) × 8 + (7 − 5) × 5", "54"),
    ],
)  # fmt: skip
def test_a_line_is_charged_and_written_as_the_list_prints_it(
    line: str, zh: str, en: str, expression: str, value: str
) -> None:
    first, rounded = fee(line).steps
    assert (first.label, first.expression, first.value, first.unit) == (Words(zh, en), expression, value, "元")
    assert first.clause == ("附表一" if "索力" in line else "附件")
    assert rounded.expression == f"{value} 元"


def test_several_lines_are_added_up_in_a_step_of_their_own() -> None:
    result = fee("索力 2；地形图 1；地形图 2")
    assert [(step.label.zh, step.expression, step.value, step.clause) for step in result.steps[:-1]] == [
        ("索力测量 2 根", "2 × 400", "800", "附表一"), ("地形图 1 km2", "1 × 10", "10", "附件"),
        ("地形图 2 km2", "2 × 10", "20", "附件"), ("各项合计", "800 + 10 + 20", "830", "附件"),
    ]  # fmt: skip
    assert [step.expression for step in fee("索力 2；地形图 1").steps[2:]] == ["800 + 10", "810 元"]
    assert (result.exact_base, result.low, result.notes) == (F(830), result.high, ())


def test_no_line_is_refused_unless_the_list_only_adds() -> None:
    with pytest.raises(InputRefused) as refused:
        fee([])
    assert str(refused.value) == "tests: missing"
    plain = calculate(listed(), ON, {"service": "more", "extra": 7})
    assert (plain.exact_base, len(plain.steps)) == (F(7), 2)
    both = calculate(listed(), ON, {"service": "more", "extra": 7, "tests": "索力 1"})
    assert both.exact_base == 407


def test_a_list_replaces_what_is_charged_unless_it_adds() -> None:
    said: Any = {"label": Words("步", "Step"), "clause": "第一条", "lines": "tests"}
    for operation, total in ((PriceList(**said), 400), (PriceList(**said, adds=True), 405)):
        work = Working({"tests": read_lines(lines_field(), "索力 1")}, "元")
        work.span = Span.point(F(5))
        operation.apply(work)
        assert (work.span.base, len(work.steps)) == (F(total), 1)


def test_a_price_of_nothing_costs_nothing() -> None:
    assert Price().charge(F(3)) == Charged(F(0), "0", "")
    assert Price(under=F(5)).charge(F(4)) == Charged(F(0), "0", "under")
    assert Price(steps=(PriceStep(None, F(2)),)).charge(F("0.5")) == Charged(F(1), "0.5 × 2", "")


def test_a_price_counts_at_its_edges_as_below_them() -> None:
    price = Price(F(10), F(2), (PriceStep(F(5), F(3)), PriceStep(None, F(1))), F(1))
    found: list[Any] = [price.charge(F(quantity)) for quantity in ("0.5", 1, 2, 3, 5, 6)]
    assert [(one.fee, one.expression, one.remark) for one in found] == [
        (10, "10", "least"), (10, "10", ""), (10, "10", ""), (13, "10 + (3 − 2) × 3", ""), (19, "10 + (5 − 2) × 3", ""),
        (20, "10 + (5 − 2) × 3 + (6 − 5) × 1", ""),
    ]  # fmt: skip


def test_an_item_is_read_with_everything_the_file_says_of_it() -> None:
    items = {one.key: one for one in lines_field().items}
    assert list(items) == ["cable", "rebound", "look", "load", "static", "sheet"]
    cable, rebound, look, static = (items[key] for key in ("cable", "rebound", "look", "static"))
    assert (cable.label, cable.unit, cable.each) == (Words("索力测量", "Cable force"), Words("根", "pcs"), None)
    assert (cable.group, cable.clause, cable.names) == (Words("桥梁", "Bridges"), "附表一", ("索力", "Cable"))
    assert (cable.grades, cable.most_count) == ((), None)
    assert dict(cable.prices) == {"": Price(steps=(PriceStep(None, F(400)),))}
    assert (rebound.group, rebound.each, rebound.clause) == (Words("墙", "墙"), Words("构件", "members"), "")
    assert rebound.prices[""] == Price(steps=(PriceStep(None, F(60)),), under=F(5), under_fee=F(200))
    assert (look.unit, look.group, look.names) == (Words("m", "m"), None, ())
    assert [(one.key, one.label, one.names) for one in look.grades] == [
        ("simple", Words("简支", "simple beam"), ("梁桥",)), ("hung", Words("悬索、斜拉", "hung"), ()),
    ]  # fmt: skip
    assert {key: price.steps[0].price for key, price in look.prices.items()} == {"simple": 50, "hung": F("80.5")}
    assert {price.least for price in look.prices.values()} == {20}
    assert static.most_count == 3
    assert static.prices["arch"] == Price(F(500), F(0), (PriceStep(None, F(7)),), F(0), F(2), F(9))
    assert static.prices["beam"] == Price(F(0), F(0), (PriceStep(None, F(70)),), F(10))
    assert items["load"].prices[""] == Price(
        F(15000), F(200), (PriceStep(F(1000), F(80)), PriceStep(None, F(60)))
    )  # fmt: skip


def test_a_list_needs_neither_units_nor_grades() -> None:
    text = WHOLE.split("[fields.tests.units]")[0].replace('grades = "look", prices = [50, 80.5]', "price = 5")
    text = "\n".join(line for line in text.splitlines() if 'key = "static"' not in line)
    field = lines_field(text + "\n" + WHOLE[WHOLE.index("[fields.extra]") :])
    assert [(one.unit.en, one.grades) for one in field.items][:2] == [("根", ()), ("测区", ())]


HERE = r"every_list.toml \[fields\] \[tests\] \[\[items\]\] 1 \(a\)"


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ('price = 3, grades = "look"', f"{HERE}: prices: does not give one price for each of simple, hung"),
        ('grades = "look", prices = [1, 2, 3]', f"{HERE}: prices: does not give one price for each of simple, hung"),
        ('grades = "look", prices = 7', f"{HERE}: prices: does not give one price for each of simple, hung"),
        ('grades = "look", prices = [1, -2]', rf"{HERE} prices: price: is below zero"),
        ('grades = "colour", prices = [1, 2]', f"{HERE}: grades: 'colour' is not a list of grades of this field"),
        ("least = 3", f"{HERE}: price: either a price or steps are needed"),
        ("price = 3, steps = [{ price = 1 }]", f"{HERE}: price: either a price or steps are needed"),
        ("price = -1", f"{HERE}: price: is below zero"),
        ("price = 1, base = -1", f"{HERE}: base: is below zero"),
        ("price = 1, least = -1", f"{HERE}: least: is below zero"),
        ("price = 1, under = -1", f"{HERE}: under: is below zero"),
        ("price = 1, under = 1", f"{HERE}: under_fee: is missing"),
        ("steps = [{ upto = 5, price = 1 }]",
         f"{HERE}: steps: each step but the last ends above the one before, the last is open"),
        ("steps = [{ price = 1 }, { price = 2 }]", f"{HERE}: steps: each step but"),
        ("steps = [{ upto = 5, price = 1 }, { upto = 5, price = 2 }, { price = 2 }]", f"{HERE}: steps: each step but"),
        ("upto = 5, steps = [{ upto = 5, price = 1 }, { price = 2 }]", f"{HERE}: steps: each step but"),
        ('grades = "look", rows = [{ grade = "hung", price = 1 }]',
         f"{HERE}: rows: does not give one row for each of simple, hung"),
        ('grades = "look", rows = [{ grade = "hung", price = 1, upon = 2 }, { grade = "simple", price = 1 }]',
         rf"{HERE} \[\[rows\]\] 1: upon: unknown key"),
        ("price = 3, colour = 1", f"{HERE}: colour: unknown key"),
        ("price = 3, most_count = -1", f"{HERE}: most_count: is below zero"),
        ('price = 3 }, { key = "a", zh = "乙", en = "b", unit = "点", price = 2', "key: stands in the file twice"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_list_is_named_with_its_place(item: str, said: str) -> None:
    start, end = WHOLE.index("items = ["), WHOLE.index("[fields.tests.units]")
    row = f'items = [{{ key = "a", zh = "甲", en = "a", unit = "点", {item} }}]\n'
    with pytest.raises(DataFileError, match=said):
        lines_field(WHOLE[:start] + row + WHOLE[end:])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('lines = "tests", label', 'lines = "none", label', "lines: 'none' is not a field of kind lines of this file"),
        ('lines = "tests", label', 'lines = "extra", label', "lines: 'extra' is not a field of kind lines of this"),
        ('names = ["梁桥"]', 'nams = ["梁桥"]', r"\[\[look\]\] 1 \(simple\): nams: unknown key"),
    ],
)  # fmt: skip
def test_a_mistake_beside_the_items_is_named_too(before: str, after: str, said: str) -> None:
    assert before in WHOLE
    with pytest.raises(DataFileError, match=said):
        lines_field(WHOLE.replace(before, after))


def test_an_item_and_a_line_show_their_key_only() -> None:
    items = lines_field().items
    assert repr(items[0]) == "PriceItem(cable)"


def test_what_costs_nothing_may_stand_in_a_list_and_what_costs_less_may_not() -> None:
    free = WHOLE.replace('unit = "根", price = 400', 'unit = "根", price = 0')
    assert calculate(read_text(free, "every_list.toml"), ON, {"service": "tests", "tests": "索力 3"}).exact_base == 0
    half = WHOLE.replace('unit = "根", price = 400', 'unit = "根", price = 0.5')
    assert calculate(read_text(half, "every_list.toml"), ON, {"service": "tests", "tests": "索力 3"}).exact_base == F(
        "1.5"
    )
    with pytest.raises(DataFileError, match="below zero"):
        read_text(WHOLE.replace('unit = "根", price = 400', 'unit = "根", price = -1'), "every_list.toml")


def test_a_row_with_its_own_least_quantity_has_none_of_its_items_rules() -> None:
    own = WHOLE.replace('{ grade = "beam", price = 70 }', '{ grade = "beam", price = 70, least = 4 }')
    found = calculate(read_text(own, "every_list.toml"), ON, {"service": "tests", "tests": "桥梁静载 梁 3m 1孔"})
    assert found.exact_base == 4 * 70
