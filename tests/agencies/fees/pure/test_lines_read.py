"""Lines of a price list as people write them: in a text, as cells, as a table of parts; and what is refused."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agencies.fees.engine.price_items import PricedLine
from agencies.fees.engine.price_lines import MOST_LINES, grade_named, item_of, read_lines
from agencies.fees.engine.reader import read_text
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import InputField
from agencies.fees.engine.words import Words

WHOLE = (Path(__file__).parent / "every_list.toml").read_text(encoding="utf-8")


def field() -> InputField:
    """Read the price list anew, so that nothing of another test is remembered."""
    return read_text(WHOLE, "every_list.toml").versions[0].services[0].field("tests")


def short(line: PricedLine) -> str:
    """Write a line as item, grade, quantity, count and coefficients."""
    parts = [line.item.key, line.grade.key if line.grade else "-", str(line.quantity), str(line.count)]
    return " ".join([*parts, *(f"{label.en}={float(value):g}" for label, value in line.coefficients)])


def read(given: object) -> list[str]:
    return [short(line) for line in read_lines(field(), given)]


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ("索力 3", ["cable - 3 1"]),
        ("索力测量3根", ["cable - 3 1"]),
        ("索  力　测 量：3 根", ["cable - 3 1"]),
        ("CABLE FORCE, 3 pcs", ["cable - 3 1"]),
        ("cableforce 1,234.5", ["cable - 2469/2 1"]),
        ("cable=.5个根", ["cable - 1/2 1"]),
        ("cable | 3 pcss", ["cable - 3 1"]),
        ("索力3；索力4;索力5\n索力 6\r\n\r\n ; 索力7", [f"cable - {count} 1" for count in range(3, 8)]),
        ("回弹 法 6×2", ["rebound - 6 2"]),
        ("回弹法 6 x 2", ["rebound - 6 2"]),
        ("回弹法 2构件 6", ["rebound - 6 2"]),
        ("回弹法 2个构件 6测区", ["rebound - 6 2"]),
        ("回弹法 6 areas * 2 members", ["rebound - 6 2"]),
        ("rebound hammer (6/2)", ["rebound - 6 2"]),
        ("外观检查 简支 8", ["look simple 8 1"]),
        ("外观检查 8 梁桥", ["look simple 8 1"]),
        ("外观检查 8米 2跨 悬索斜拉", ["look hung 8 2"]),
        ("外观检查 8 metres hung 2", ["look hung 8 2"]),
        ("look 8 simple beam", ["look simple 8 1"]),
        ("外观 hung 8", ["look hung 8 1"]),
        ("竖向静载 500 吨 3", ["load - 500 3"]),
        ("竖向静载 500 tons 3", ["load - 500 3"]),
        ("pile 500 3 根", ["load - 500 3"]),
        ("地形图 7 平方公里", ["sheet - 7 1"]),
        ("地形图 7km2", ["sheet - 7 1"]),
        ("索力 3 夜间", ["cable - 3 1 at night=1.5"]),
        ("索力 夜里 做 3", ["cable - 3 1 at night=1.5"]),
        ("索力 at night 3 系数:1.2", ["cable - 3 1 at night=1.5 coefficient=1.2"]),
        ("索力 3 系数 1.2 factor=1.1 coefficient 2", ["cable - 3 1 coefficient=1.2 coefficient=1.1 coefficient=2"]),
        ("索力 另有说明 3", ["cable - 3 1 with a remark=1"]),
        ("索力 3 系数100", ["cable - 3 1 coefficient=100"]),
        ("索力 1000000000", ["cable - 1000000000 1"]),
        ("回弹法 1 1000000000", ["rebound - 1 1000000000"]),
        (["索力 3", "索力 4；索力 5"], ["cable - 3 1", "cable - 4 1", "cable - 5 1"]),
        (("索力 3", ["索力", 4], ["回弹法", Decimal(6), 2.0]), ["cable - 3 1", "cable - 4 1", "rebound - 6 2"]),
        ({"item": "索力", "quantity": 3}, ["cable - 3 1"]),
        ([{"项目": "索力", "数量": "3 根", "系数": ["1.2", 1.3]}], ["cable - 3 1 coefficient=1.2 coefficient=1.3"]),
        ([{"item": "cable", "工程量": "1,200", "grade": ""}], ["cable - 1200 1"]),
        ([{"item": "cable", "quantity": "3个根", "coefficient": []}], ["cable - 3 1"]),
        ([{"item": "cable", "quantity": "1,200 根", "count": ""}], ["cable - 1200 1"]),
        ([{"item": "回弹法 6", "quantity": 2}], ["rebound - 6 2"]),
        ([{"item": "回弹法", "行": "6 测区", "count": 2}], ["rebound - 6 2"]),
        ([{"item": "回弹法", "quantity": "6 测区", "个数": "2 构件"}], ["rebound - 6 2"]),
        ([{"item": "回弹法", "text": "2构件", "quantity": 6}], ["rebound - 6 2"]),
        ([{"item": "外观检查", "等级": "梁桥", "长度": "8m", "跨数": 2}], ["look simple 8 2"]),
        ([{"item": "外观检查 梁桥", "quantity": Decimal("8.5")}], ["look simple 17/2 1"]),
        ([{"item": "索力", "quantity": 3, "附加": "夜间"}], ["cable - 3 1 at night=1.5"]),
        ([{"item": "索力", "quantity": 3, "coefficient": ("夜间", 2)}], ["cable - 3 1 at night=1.5 coefficient=2"]),
        ([{"item": "索力", "quantity": 3, "count": None, "grade": []}], ["cable - 3 1"]),
        ("", []),
        ([], []),
    ],
)  # fmt: skip
def test_a_line_is_read_however_it_is_written(given: object, lines: list[str]) -> None:
    assert read(given) == lines


@pytest.mark.parametrize(
    ("unit", "english", "written"),
    [
        ("株", "tree", ("株", "个株", "tree", "trees", " Trees")),
        ("米", "running metre", ("米", "个米", "m", "ms", "metre", "meters", "running metre", "running metres")),
        ("公顷", "hectare", ("公顷", "ha", "hectares", "个公顷")),
    ],
)
def test_a_unit_is_known_by_all_its_spellings(unit: str, english: str, written: tuple[str, ...]) -> None:
    text = WHOLE.replace('unit = "根"', f'unit = "{unit}"').replace('"根" = "pcs"', f'"{unit}" = "{english}"')
    one = read_text(text, "x").versions[0].services[0].field("tests")
    for name in written:
        assert [short(line) for line in read_lines(one, f"索力 3{name}")] == ["cable - 3 1"]
    for name in ("个trees", "株s", "km", "个", "株株"):
        with pytest.raises(InputRefused):
            read_lines(one, f"索力 3{name}")


def refused(given: object) -> list[tuple[str, str, dict]]:
    """Return name, code and facts of every problem."""
    with pytest.raises(InputRefused) as raised:
        read_lines(field(), given)
    return [(one.name, one.code, dict(one.facts)) for one in raised.value.problems]


GRADES = (Words("简支", "simple beam"), Words("悬索、斜拉", "hung"))
PIECES, AREAS, MEMBERS = Words("根", "pcs"), Words("测区", "areas"), Words("构件", "members")


@pytest.mark.parametrize(
    ("given", "code", "facts"),
    [
        ("索力", "line-quantity", {"unit": PIECES}),
        ("索力 0", "line-quantity", {"unit": PIECES}),
        ("索力 -3", "line-quantity", {"unit": PIECES}),
        ("索力 − 3", "line-quantity", {"unit": PIECES}),
        ("索力 1000000000.1", "line-quantity", {"unit": PIECES}),
        ("回弹法 1 1000000001", "line-quantity", {"unit": AREAS}),
        ("回弹法 6 0", "line-quantity", {"unit": AREAS}),
        ("回弹法 6 1.5", "line-count", {"unit": MEMBERS}),
        ("外观检查 8", "line-grade", {"choices": GRADES}),
        ("外观检查 8 拱", "line-grade", {"choices": GRADES}),
        ("外观检查 简支 梁桥 8", "line-unread", {"rest": "梁桥 8"}),
        ("索力 3 km", "line-unit", {"unit": PIECES}),
        ("索力 3 吨,4", "line-unit", {"unit": PIECES}),
        ("索力 3 什么", "line-unread", {"rest": "什么"}),
        ("索力 3 " + "甲" * 40, "line-unread", {"rest": "甲" * 30}),
        ("索力 3 4", "line-unread", {"rest": "4"}),
        ("索力 3 1,234.5根", "line-unread", {"rest": "1,234.5"}),
        ("回弹法 6测区 7测区", "line-unread", {"rest": "7"}),
        ("回弹法 6 2 3", "line-unread", {"rest": "3"}),
        ("回弹法 6 2构件 3构件", "line-unread", {"rest": "3"}),
        ("cableforces 3", "line-unknown-item", {"close": ()}),
        ("索力 3 系数0", "line-coefficient", {}),
        ("索力 3 系数100.1", "line-coefficient", {}),
        ("索力 3 系数0.5 系数0.5", "line-coefficient", {}),
        ([{"item": "索力", "quantity": "many"}], "line-quantity", {"unit": PIECES, "text": "索力 many"}),
        ([{"item": "索力", "quantity": "3 km"}], "line-quantity", {"unit": PIECES, "text": "索力 3 km"}),
        ([{"item": "索力", "quantity": True}], "line-quantity", {"unit": PIECES, "text": "索力 True"}),
        ([{"item": "索力", "quantity": 3, "count": "x"}], "line-count", {"unit": PIECES, "text": "索力 3 x"}),
        ([{"item": "回弹法", "quantity": 3, "count": "2 km"}], "line-count",
         {"unit": MEMBERS, "text": "回弹法 3 2 km"}),
        ([{"item": "索力", "colour": 3}], "line-unread", {"rest": "colour", "text": "索力 3"}),
        ([{"item": "索力", "c" * 40: 3}], "line-unread", {"rest": "c" * 30, "text": "索力 3"}),
        ([{"item": "索力", "项目": "索力"}], "line-unread", {"rest": "项目", "text": "索力 索力"}),
        ([{"item": "索力 3", "quantity": "4" * 40}], "line-unread", {"rest": "4" * 30, "text": "索力 3 " + "4" * 40}),
        ([{"item": "回弹法 6 2", "quantity": 4}], "line-unread", {"rest": "4", "text": "回弹法 6 2 4"}),
        ([{"item": "回弹法 6", "quantity": 4, "count": 2}], "line-unread", {"rest": "4", "text": "回弹法 6 4 2"}),
        ([{"quantity": 3}], "line-unknown-item", {"close": (), "text": "3"}),
        ([{"item": "", "quantity": 3}], "line-unknown-item", {"close": (), "text": " 3"}),
        ([[]], "line-unknown-item", {"close": (), "text": ""}),
        ([["索力", None]], "line-unknown-item", {"close": (), "text": "索力 None"}),
        (7, "line-unknown-item", {"close": (), "text": "7"}),
        (None, "line-unknown-item", {"close": (), "text": "None"}),
        ("索力 " + "3" * 198, "line-unknown-item", {"close": (), "text": "索力 " + "3" * 57}),
        ("zzzz 3", "line-unknown-item", {"close": ()}),
        ("静载 300t", "line-unknown-item",
         {"close": (Words("竖向静载试验", "Pile load"), Words("桥梁静载试验", "Bridge load"))}),
        ("外 观 3", "line-unknown-item", {"close": (Words("外观检查", "Inspection"),)}),
        ("外貌检验 3", "line-unknown-item", {"close": (Words("外观检查", "Inspection"),)}),
        ("载 5", "line-unknown-item",
         {"close": (Words("竖向静载试验", "Pile load"), Words("桥梁静载试验", "Bridge load"))}),
        ([["a"] * 9], "line-unknown-item", {"close": (), "text": "a a a a a a a a"}),
        ([["a" * 50, "b" * 50]], "line-unknown-item", {"close": (), "text": "a" * 50 + " " + "b" * 9}),
    ],
)  # fmt: skip
def test_what_is_no_line_is_refused_by_its_code(given: object, code: str, facts: dict) -> None:
    said = {"line": 1, "text": given.strip()[:60] if isinstance(given, str) else "", **facts}
    assert refused(given) == [("tests", code, said)]


def test_every_bad_line_is_named_by_its_number() -> None:
    found = refused("什么 3\n索力 3\n索力 -1\n 外观检查 3 ")
    assert [(code, facts["line"], facts["text"]) for _, code, facts in found] == [
        ("line-unknown-item", 1, "什么 3"), ("line-quantity", 3, "索力 -1"), ("line-grade", 4, "外观检查 3"),
    ]  # fmt: skip


def test_so_many_lines_are_read_and_one_more_is_not() -> None:
    assert len(read_lines(field(), ["索力 1"] * MOST_LINES)) == 200
    assert refused(["索力 1"] * 201) == [("tests", "too-many", {"high": 200})]
    assert len(read_lines(field(), "索力 1;" * 199 + " " * 60_000 + "索力 1")) == 199


def test_a_line_of_two_hundred_signs_is_read_and_a_longer_one_is_not() -> None:
    line = "索力 3" + "，" * 196
    assert read(line) == ["cable - 3 1"]
    assert refused(line + "，")[0][1] == "line-unknown-item"


def test_an_item_is_found_by_exactly_its_name() -> None:
    one = field()
    found = {name: item_of(one, name) for name in ("cable", "索力", "Cable Force", " 索 力测量", "索", "索力测量3")}
    assert [item.key if item else None for item in found.values()] == ["cable"] * 4 + [None] * 2


def test_the_longest_name_wins_and_a_number_is_never_cut() -> None:
    text = WHOLE.replace(
        'names = ["索力", "Cable"]', 'names = ["索力", "Cable", "3m", "A1", "外观检查1", "外观检查 12"]'
    )
    one: Any = read_text(text, "x").versions[0].services[0].field("tests")
    assert [short(line) for line in read_lines(one, "外观检查12 7；外观检查1 7；3m 7；a1 7；A1,7")] == [
        "cable - 7 1"
    ] * 5
    with pytest.raises(InputRefused):
        read_lines(one, "A12 7")
    with pytest.raises(InputRefused):
        read_lines(one, "A1.5 7")
    assert read_lines(one, "外观检查 13 简支")[0].quantity == Fraction(13)


@pytest.mark.parametrize("dash", ["-", "~", "～", "–", "—", "－"])
def test_a_range_in_a_name_is_met_by_any_dash(dash: str) -> None:
    text = WHOLE.replace('zh = "梁", en = "beam"', 'zh = "20-30m", en = "beam"')
    one = read_text(text, "every_list.toml").versions[0].services[0].field("tests")
    assert [short(line) for line in read_lines(one, f"桥梁静载 20{dash}30m 25m 2孔")] == ["static beam 25 2"]
    assert [short(line) for line in read_lines(one, [{"item": "static", "grade": f"20{dash}30m", "quantity": 25}])] == [
        "static beam 25 1"
    ]


def test_a_grade_is_named_by_all_of_its_name_and_nothing_more() -> None:
    item = item_of(field(), "look")
    assert item is not None
    named = {name: grade_named(item, name) for name in ("简支", "SIMPLE  beam", "悬索、斜拉", "简支 8", "没有", "")}
    assert {name: grade.key for name, grade in named.items() if grade is not None} == {
        "简支": "simple", "SIMPLE  beam": "simple", "悬索、斜拉": "hung",
    }  # fmt: skip
    assert grade_named(item, "简支" + " " * 5000) is not None
