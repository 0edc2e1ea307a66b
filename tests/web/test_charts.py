"""The charts draw what they are given, say it in words, and fit any width."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import charts


@dataclass(frozen=True)
class Amount:
    """An amount in fen, as much as the price bar asks of money."""

    fen: int


def wan(value: int) -> Amount:
    """Make an amount of so many 万元."""
    return Amount(value * 1_000_000)


DRAWINGS = {
    "histogram": charts.histogram([charts.Bin(0, 1, 3), charts.Bin(1, 2, 5)], "分布", band=(0, 1)),
    "line": charts.line([("1月", 90), ("2月", None), ("3月", 80)], "准时率", target=85),
    "bars": charts.bars([("虎门", 3, "3 件")], "件数"),
    "bars with long names": charts.bars([("报价高于自己公示的收费", 3, "3 件")], "件数"),
    "distribution of each": charts.distribution_with_marker((2, 3, 4, 5, 6), 4, "同类", each=[1, 4, 9]),
    "funnel": charts.funnel([("发布", 4), ("签约", 2)], "漏斗"),
    "tiles": charts.tiles([charts.Tile("虎门", 0, 0, 1, "1%", few=True)], "镇街"),
    "boxes": charts.box_rows([charts.Box("审图", 1, 2, 3, 4, 5, 9)], "离散"),
    "dots": charts.dots_with_intervals([charts.Interval("衡准", 4, 4.5, 5, 9)], "评分"),
    "distribution": charts.distribution_with_marker((1, 2, 3, 4, 5), 6, "同类"),
    "price": charts.price_bar(wan(9), low=wan(8), mid=wan(10), high=wan(13), cap=wan(14), words={"price": "本价"}),
    "stars": charts.stars([1, 0, 0, 2, 9], "条数"),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_chart_is_a_named_image_without_style_or_scaling(name: str) -> None:
    drawing = ET.fromstring(str(DRAWINGS[name]))
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == (drawing.find("title").text if drawing.find("title") is not None else None)
    for part in drawing.iter():
        assert not {"style", "viewBox", "id", "fill", "onclick"} & set(part.attrib)


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_shape_leaves_its_picture(name: str) -> None:
    drawing = ET.fromstring(str(DRAWINGS[name]))
    for part in drawing.findall("rect") + drawing.findall("circle"):
        x = float((part.get("x") or part.get("cx") or "0").rstrip("%"))
        width = float((part.get("width") or "0").rstrip("%"))
        assert -0.01 <= x <= 100.01
        assert x + width <= 100.01


def test_words_are_escaped() -> None:
    drawing = charts.bars([("<b>", 1, "&")], '"quoted"')
    assert "<b>" not in drawing
    assert "&lt;b&gt;" in drawing
    ET.fromstring(str(drawing))


def test_a_long_name_stands_above_its_bar() -> None:
    short, long = (str(charts.bars([(name, 3, "3 件")], "x")) for name in ("虎门", "报价高于自己公示的收费"))
    assert '<rect x="24%"' in short
    assert '<rect x="0%" y="22"' in long


def test_each_similar_value_is_a_tick_inside_the_picture() -> None:
    drawing = str(charts.distribution_with_marker((2, 3, 4, 5, 6), 4, "x", each=[1, 4, 9]))
    assert drawing.count('class="each"') == 3


def test_bars_outside_the_band_are_marked() -> None:
    drawing = charts.histogram([charts.Bin(0, 1, 3), charts.Bin(1, 2, 5), charts.Bin(2, 3, 1)], "x", band=(1, 2))
    assert len(re.findall(r'class="out"', drawing)) == 2
    assert len(re.findall(r'class="bar"', drawing)) == 1


def test_nothing_is_marked_outside_a_former_schedule() -> None:
    bins = [charts.Bin(0, 1, 3), charts.Bin(1, 2, 5), charts.Bin(2, 3, 1)]
    assert 'class="out"' in charts.histogram(bins, "x", band=(1, 2))
    assert 'class="out"' not in charts.histogram(bins, "x", band=(1, 2), history=True)


def test_a_month_without_a_value_leaves_a_gap() -> None:
    whole = charts.line([("1", 1), ("2", 2), ("3", 3)], "x")
    gap = charts.line([("1", 1), ("2", None), ("3", 3)], "x")
    assert whole.count('class="path"') == 2
    assert gap.count('class="path"') == 0


def test_points_under_the_target_are_marked() -> None:
    assert charts.line([("1", 80), ("2", 95)], "x", target=90).count("dot out") == 1


def test_a_funnel_gives_the_share_of_the_step_before() -> None:
    drawing = charts.funnel([("发布", 400), ("报价", 200), ("签约", 50)], "x")
    assert "50.0%" in drawing
    assert "25.0%" in drawing


def test_a_funnel_that_runs_dry_does_not_divide_by_nothing() -> None:
    assert "%</tspan>" not in charts.funnel([("发布", 0), ("报价", 0)], "x")


def test_a_tile_over_the_bound_is_red_and_one_with_few_cases_is_hatched() -> None:
    grid = [
        charts.Tile("甲", 0, 0, 12, "12%"),
        charts.Tile("乙", 0, 1, 3, "3%", few=True),
        charts.Tile("丙", 0, 2, None, "—"),
    ]
    drawing = charts.tiles(grid, "x", bad_from=10)
    assert drawing.count("lvx") == 1
    assert "hatch" in drawing
    assert drawing.count("lv0") == 1


def test_tiles_with_links_are_a_group_so_that_the_links_are_heard() -> None:
    drawing = charts.tiles([charts.Tile("甲", 0, 0, 1, "1%", url="/a?b=1&c=2")], "x")
    assert ET.fromstring(str(drawing)).get("role") == "group"
    assert 'aria-label="甲 1%"' in drawing


def test_a_price_over_the_ceiling_is_red_and_one_at_it_is_not() -> None:
    assert "pin out" in charts.price_bar(wan(15), cap=wan(14))
    assert "pin out" not in charts.price_bar(wan(14), cap=wan(14))


def test_a_former_schedule_is_grey() -> None:
    drawing = charts.price_bar(wan(9), low=wan(8), high=wan(13), band="history")
    assert 'class="old"' in drawing
    assert 'class="strong"' not in drawing


def test_small_prices_are_written_in_yuan() -> None:
    assert ">800<" in charts.price_bar(Amount(90_000), low=Amount(80_000), high=Amount(130_000))
    assert ">8.00<" in charts.price_bar(wan(9), low=wan(8), high=wan(13))


def test_without_amounts_there_is_no_price_bar() -> None:
    assert charts.price_bar(None) == ""


@pytest.mark.parametrize(
    "drawing",
    [
        charts.histogram([], "x"),
        charts.line([], "x"),
        charts.line([("1", None)], "x"),
        charts.bars([], "x"),
        charts.funnel([], "x"),
        charts.tiles([], "x"),
        charts.box_rows([], "x"),
        charts.dots_with_intervals([], "x"),
        charts.stars([0, 0, 0, 0, 0], "x"),
    ],
)
def test_nothing_to_draw_is_still_a_picture(drawing: str) -> None:
    assert ET.fromstring(str(drawing)).get("aria-label") == "x"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=24))
def test_every_point_of_a_line_lies_in_the_picture(values: list[float]) -> None:
    drawing = ET.fromstring(str(charts.line([(str(i), v) for i, v in enumerate(values)], "x")))
    for dot in drawing.findall("circle"):
        assert 13.9 <= float(str(dot.get("cy"))) <= 164.1


def axis_of(drawing: str) -> list[str]:
    """Return what is written at the left of a line chart, lowest first."""
    return [part.text or "" for part in ET.fromstring(drawing).findall("text") if part.get("x") == "0%"]


@pytest.mark.parametrize(
    ("low", "marks"),
    [
        (99, ["97%", "98%", "99%", "100%"]),
        (72, ["70%", "80%", "90%", "100%"]),
        (0, ["0%", "25%", "50%", "75%", "100%"]),
    ],
)
def test_an_axis_of_shares_ends_at_the_whole(low: int, marks: list[str]) -> None:
    assert axis_of(str(charts.line([("1月", low), ("2月", 100)], "准时率", unit="%"))) == marks


def test_an_axis_of_counts_does_not_start_below_nothing() -> None:
    assert axis_of(str(charts.line([("1月", 0), ("2月", 5)], "件数")))[0] == "0"


@given(*[st.integers(0, 10**12)] * 5)
def test_a_price_bar_can_be_drawn_of_any_amounts(price: int, a: int, b: int, c: int, cap: int) -> None:
    low, mid, high = sorted((a, b, c))
    drawing = charts.price_bar(Amount(price), low=Amount(low), mid=Amount(mid), high=Amount(high), cap=Amount(cap))
    ET.fromstring(str(drawing))
