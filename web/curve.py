"""Draw amounts over amounts on logarithmic axes: a fee over its base, one line a choice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log10

from markupsafe import Markup

from web.svg import Number, picture, scale, stroke, words_at

# Where the plot begins, right of the axis labels, in percent.
_LEFT = 15.0
_HEIGHT = 190
_LEGEND = 18
# Labels of the lower axis stand at least so far apart, in percent.
_GAP = 16.0


def curve(
    lines: Sequence[tuple[str, Sequence[tuple[Number, Number]]]],
    label: str,
    *,
    x_ticks: Sequence[tuple[Number, str]],
    y_ticks: Sequence[tuple[Number, str]],
) -> Markup:
    """Draw lines over logarithmic axes.

    lines: (name, points), points ascending, both coordinates above nought; the first four are told apart by their
    dashes. x_ticks, y_ticks: marks of the axes with their words, ascending; the picture ends where points end.
    """
    points = [point for _name, path in lines for point in path]
    if len(points) < 2:  # noqa: PLR2004 - one point is no line
        return picture(label, 1, [])
    named = [(place, name) for place, (name, _path) in enumerate(lines) if name]
    top = 10 + _LEGEND * len(named)
    base = top + _HEIGHT
    x_ends = _ends([float(x) for x, _y in points])
    y_ends = _ends([float(y) for _x, y in points] + [float(mark) for mark, _words in y_ticks])
    parts = [_legend(place, name, row) for row, (place, name) in enumerate(named)]
    for mark, words in y_ticks:
        y = scale(log10(mark), *y_ends, base, top)
        parts += [stroke(_LEFT, y, 100, y, "grid"), words_at(0, y + 4, words)]
    shown = [(scale(log10(mark), *x_ends, _LEFT, 99), words) for mark, words in x_ticks if _within(mark, x_ends)]
    parts += [stroke(x, base, x, base + 4, "axis") for x, _words in shown]
    parts += _below(shown, base + 18)
    parts.append(stroke(_LEFT, base, 100, base, "axis"))
    for place, (_name, path) in enumerate(lines):
        spots = [(scale(log10(x), *x_ends, _LEFT, 99), scale(log10(y), *y_ends, base, top)) for x, y in path]
        parts += [stroke(a[0], a[1], b[0], b[1], _css(place)) for a, b in pairwise(spots)]
    return picture(label, base + 26, parts)


def _below(marks: Sequence[tuple[float, str]], y: float) -> list[Markup]:
    """Write the words of the lower axis, leaving out those that would touch their left neighbour."""
    parts: list[Markup] = []
    last = -_GAP
    for x, words in marks:
        middle = min(x, 100 - _GAP / 2)
        if middle - last >= _GAP:
            parts.append(words_at(100 if middle < x else x, y, words, "end" if middle < x else "mid"))
            last = middle
    return parts


def _legend(place: int, name: str, row: int) -> Markup:
    """Draw a piece of a line with its name above the plot."""
    y = 12 + row * _LEGEND
    return Markup("").join([stroke(_LEFT, y - 4, _LEFT + 8, y - 4, _css(place)), words_at(_LEFT + 10, y, name)])


def _css(place: int) -> str:
    return "path" if place == 0 else f"path s{min(place, 3)}"


def _ends(values: Sequence[float]) -> tuple[float, float]:
    low, high = log10(min(values)), log10(max(values))
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _within(mark: Number, ends: tuple[float, float]) -> bool:
    return ends[0] - 0.001 <= log10(mark) <= ends[1] + 0.001
