"""Lines of a price list given as inputs of their own: which input is which part is told by the item."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agencies.fees.engine.choosing import fold
from agencies.fees.engine.line_gathering import gather
from agencies.fees.engine.price_items import Grade, Price, PriceItem
from agencies.fees.engine.reader import read_text
from agencies.fees.engine.schedule import InputField, Kind
from agencies.fees.engine.words import Words

F: Any = Fraction
LIST = read_text((Path(__file__).parent / "every_list.toml").read_text(encoding="utf-8"), "every_list.toml")
FIELD = LIST.versions[0].services[0].field("tests")
LABEL = "检测项目"
ARCH, BEAM = {"item": "static", "grade": "arch"}, {"item": "static", "grade": "beam"}


def gathered(known: dict[str, str] | None = None, **given: object) -> dict[str, object] | None:
    """Gather inputs; known: names that belong to other fields."""
    return gather(FIELD, {fold(name): (field, "") for name, field in (known or {}).items()}, given)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"item": "索力", "根": 3}, {"item": "cable", "quantity": 3}),
        ({"项目": "索力测量", "根数": 3}, {"item": "cable", "quantity": 3}),
        ({"item": "cable", "pcs": 3}, {"item": "cable", "quantity": 3}),
        ({"item": "Cable", "PCSs": 3}, {"item": "cable", "quantity": 3}),
        ({"item": "cable", "count": 3}, {"item": "cable", "quantity": 3}),
        ({"item": "cable", "数量": 3}, {"item": "cable", "quantity": 3}),
        ({"item": "cable", "count": 3, "quantity": 4}, {"item": "cable", "quantity": 4, "count": 3}),
        ({"item": "回弹法", "测区": 4, "构件": 2}, {"item": "rebound", "quantity": 4, "count": 2}),
        ({"item": "回弹法", "测区数": 4, "构件数": 2}, {"item": "rebound", "quantity": 4, "count": 2}),
        ({"item": "回弹法", "areas": 4, "memberss": 2}, {"item": "rebound", "quantity": 4, "count": 2}),
        ({"item": "回弹法", "构件测区数": 4, "members": 2}, {"item": "rebound", "quantity": 4, "count": 2}),
        ({"item": "竖向静载试验", "荷载": 500, "根数": 3}, {"item": "load", "quantity": 500, "count": 3}),
        ({"item": "load", "max_load_t": 500, "piles": 3}, {"item": "load", "quantity": 500, "count": 3}),
        ({"item": "load", "荷载_公斤": 500}, {"item": "load", "quantity": F("0.5")}),
        ({"item": "load", "荷载（kg）": "500"}, {"item": "load", "quantity": F("0.5")}),
        ({"item": "load", "荷载_公斤": "五百"}, {"item": "load", "quantity": "五百"}),
        ({"item": "load", "荷载": 500, "coefficient": 1.2}, {"item": "load", "quantity": 500, "coefficient": 1.2}),
        ({"item": "static", "跨径": 30, "孔": 2, "grade": "拱"}, {**ARCH, "quantity": 30, "count": 2}),
        ({"item": "static", "span_m": 30, "结构": "梁"}, {**BEAM, "quantity": 30}),
        ({"item": "static", "跨径_公里": 2, "openings": 2, "型": "Beam"}, {**BEAM, "quantity": 2000, "count": 2}),
        ({"item": "static", "跨径_cm": 30, "grade": "拱"}, {**ARCH}),
        ({"item": "static", "面积": 30, "grade": "拱"}, {**ARCH}),
        ({"item": "static", "跨径": 30, "grade": "没有"}, {"item": "static", "grade": "没有", "quantity": 30}),
        ({"比例尺": "地形图", "面积_公顷": 200}, {"item": "sheet", "quantity": 2}),
        ({"item": "地形", "比例": "图", "面积_km2": 4}, {"item": "sheet", "quantity": 4}),
        ({"scale": "地形图", "面积": 4}, {"item": "sheet", "quantity": 4}),
    ],
)  # fmt: skip
def test_inputs_that_describe_a_line_become_it(given: dict[str, object], line: dict[str, object]) -> None:
    over = {name: value for name, value in given.items() if name in {"跨径_cm", "面积"} and "grade" in given}
    assert gathered(None, **given) == {**over, LABEL: [line]}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"根": 3},
        {"item": "没有这项", "根": 3},
        {"item": "cable", "项目": "rebound"},
        {"scale": "cable", "比例": "rebound"},
        {"item": "cable", LABEL: "索力 3"},
    ],
)
def test_no_line_comes_of_no_item_or_of_two(given: dict[str, object]) -> None:
    assert gathered(None, **given) is None


def test_an_input_of_another_field_is_left_to_it() -> None:
    assert gathered({"根": "extra"}, item="cable", 根=3) == {"根": 3, LABEL: [{"item": "cable"}]}
    assert gathered({"根": "tests"}, item="cable", 根=3) == {LABEL: [{"item": "cable", "quantity": 3}]}
    assert gathered({"item": "extra"}, item="cable", 根=3) is None
    assert gathered({"scale": "extra"}, scale="cable", 根=3) == {LABEL: [{"item": "cable", "quantity": 3}]}


@pytest.mark.parametrize("value", [True, [3], (3,), {"a": 3}])
def test_what_is_no_plain_answer_is_no_part_of_a_line(value: object) -> None:
    assert gathered(None, item="cable", 根=value) == {"根": value, LABEL: [{"item": "cable"}]}


def test_the_second_answer_to_one_part_is_left_over() -> None:
    assert gathered(None, item="cable", 根=3, 数量=4) == {"数量": 4, LABEL: [{"item": "cable", "quantity": 3}]}
    assert gathered(None, item="load", 荷载=3, 根数=4, count=5) == {
        "count": 5, LABEL: [{"item": "load", "quantity": 3, "count": 4}],
    }  # fmt: skip
    assert gathered(None, 说不清="3", item="cable") == {"说不清": "3", LABEL: [{"item": "cable"}]}


def piles(*grades: tuple[str, str, tuple[str, ...]]) -> InputField:
    """Return a list of one item, a pile counted in metres of length, with these grades."""
    named = tuple(Grade(key, Words(label, label), names) for key, label, names in grades)
    item = PriceItem(
        key="pile", label=Words("桩基", "Pile"), unit=Words("测线延米", "m of line"),
        prices={grade.key: Price() for grade in named}, grades=named,
    )  # fmt: skip
    return InputField(name="tests", kind=Kind.LINES, label=Words(LABEL, "Tests"), items=(item,))


SIGNED = piles(("a", "<80", ()), ("b", "80-150", ("≤150cm",)), ("c", "＞150", (">= 151",)))
OPEN = piles(("a", "10-20", ()), ("b", "20-30", ()), ("c", "大型", ("≥30",)))
SHUT = piles(("a", "10-20", ()), ("b", "20-30m2", ()), ("c", "大型", ()))


@pytest.mark.parametrize(
    ("field", "size", "grade"),
    [
        (SIGNED, 79, "a"), (SIGNED, "79.9", "a"), (SIGNED, 80, "b"), (SIGNED, 150, "b"), (SIGNED, 151, "c"),
        (SIGNED, Decimal("150.5"), "c"), (SIGNED, 90, "b"), (SIGNED, "120", "b"),
        (OPEN, 10, "a"), (OPEN, 20, "b"), (OPEN, 29, "b"), (OPEN, 30, "c"), (OPEN, 300, "c"),
        (SHUT, 10, "a"), (SHUT, 20, "a"), (SHUT, 21, "b"), (SHUT, 30, "b"), (SHUT, "大型", "c"),
    ],
)  # fmt: skip
def test_a_size_chooses_the_grade_whose_bounds_hold_it(field: InputField, size: object, grade: str) -> None:
    given = {"item": "pile", "桩径_cm": size, "测线长度": 12}
    assert gather(field, {}, given) == {LABEL: [{"item": "pile", "grade": grade, "quantity": 12}]}


def test_a_size_of_no_grade_is_left_over() -> None:
    assert gather(SHUT, {}, {"item": "pile", "桩径": 9}) == {"桩径": 9, LABEL: [{"item": "pile"}]}
    assert gather(SHUT, {}, {"item": "pile", "桩径": 31}) == {"桩径": 31, LABEL: [{"item": "pile"}]}
    assert gather(SHUT, {}, {"item": "pile", "桩径": "粗"}) == {"桩径": "粗", LABEL: [{"item": "pile"}]}


def test_a_length_in_another_unit_is_turned_into_metres() -> None:
    assert gather(SHUT, {}, {"item": "pile", "桩长_公里": "0.012"}) == {
        LABEL: [{"item": "pile", "quantity": F(12)}]
    }  # fmt: skip
    assert gather(SHUT, {}, {"item": "pile", "桩长_m": "12"}) == {LABEL: [{"item": "pile", "quantity": "12"}]}
    assert gather(SHUT, {}, {"item": "pile", "桩长_t": "8"}) == {"桩长_t": "8", LABEL: [{"item": "pile"}]}


NEAREST = piles(("a", ">10", ()), ("b", ">20", ()), ("c", "≤10", ()))
MEETING = piles(("a", "<=10", ()), ("b", ">=10", ()))
FLOOR = piles(("a", "10-20", ()), ("b", "20-30", ()), ("c", "大型", (">=30",)))


@pytest.mark.parametrize(
    ("field", "size", "grade"),
    [
        (NEAREST, 25, "b"), (NEAREST, 21, "b"), (NEAREST, 20, "a"), (NEAREST, 10, "c"), (NEAREST, 9, "c"),
        (MEETING, 10, "a"), (MEETING, 9, "a"), (MEETING, 11, "b"), (FLOOR, 20, "b"), (FLOOR, 30, "c"),
    ],
)  # fmt: skip
def test_the_nearest_bound_that_holds_decides_and_the_first_of_two(field: InputField, size: int, grade: str) -> None:
    assert gather(field, {}, {"item": "pile", "桩径": size}) == {LABEL: [{"item": "pile", "grade": grade}]}


def test_a_remark_is_part_of_the_line_and_a_name_that_only_ends_like_a_unit_is_none() -> None:
    found = gathered(None, item="load", 荷载=500, text="夜间")
    assert found == {LABEL: [{"item": "load", "quantity": 500, "text": "夜间"}]}
    assert gathered(None, item="load", 荷载_吨位=500) == {"荷载_吨位": 500, LABEL: [{"item": "load"}]}
    assert gathered(None, item="cable", 根_cm=3) == {LABEL: [{"item": "cable", "quantity": 3}]}
