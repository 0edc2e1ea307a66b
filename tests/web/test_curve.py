"""Curves over logarithmic axes."""

import itertools
import re

from web.curve import curve

TICKS = [(100, "100"), (1000, "1000")]


def test_a_line_on_a_power_law_is_straight() -> None:
    points = [(10.0**power, 3 * 10.0 ** (power / 2)) for power in range(1, 6)]
    drawn = curve([("", points)], "x", x_ticks=TICKS, y_ticks=[(10, "10"), (100, "100")])
    spots = [tuple(map(float, one)) for one in re.findall(r'x1="([\d.]+)%" y1="([\d.]+)"[^/]+class="path"', drawn)]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in itertools.pairwise(spots)]
    assert len(slopes) == 3
    assert max(slopes) - min(slopes) < 0.02
    assert slopes[0] < 0, "more costs more: the line rises"


def test_lines_are_told_apart_and_named() -> None:
    points = [(1.0, 1.0), (10.0, 5.0)]
    drawn = curve([("货物", points), ("服务<b>", points)], "x", x_ticks=TICKS, y_ticks=TICKS)
    assert 'class="path s1"' in drawn
    assert ">货物<" in drawn
    assert "服务&lt;b&gt;" in drawn


def test_words_under_the_axis_never_touch() -> None:
    ticks = [(10.0**power, f"1e{power}") for power in range(15)]
    drawn = curve([("", [(1.0, 1.0), (1e14, 2.0)])], "x", x_ticks=ticks, y_ticks=[(1, "1")])
    places = [float(one) for one in re.findall(r'<text x="([\d.]+)%"[^>]*>1e', drawn)]
    assert all(b - a >= 15 for a, b in itertools.pairwise(places))


def test_too_few_points_draw_nothing() -> None:
    assert "<line" not in curve([("", [(1.0, 1.0)])], "x", x_ticks=[], y_ticks=[])
