"""Draw the platform's charts as inline SVG, on the server, from plain numbers.

Every picture has `role="img"` with a sentence as its name, colours by CSS class only (so that dark mode and print
work), and geometry in attributes only (the content policy forbids style attributes). Horizontal positions are
percentages and there is no `viewBox`: a picture stretches with its column while its words keep their size.

Pages reach these functions through the template global `charts`; the words in them arrive already translated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from web.curve import curve
from web.pricebar import price_bar
from web.svg import Number, anchor, apart, beside_line, box, coordinate, dot, picture, scale, stroke, words_at

__all__ = [
    "Bin",
    "Box",
    "Interval",
    "Tile",
    "bars",
    "box_rows",
    "curve",
    "distribution_with_marker",
    "dots_with_intervals",
    "funnel",
    "histogram",
    "line",
    "price_bar",
    "stars",
    "tiles",
]

# Where the plot begins, right of the axis labels, in percent.
_LEFT = 11.0
_LEVELS = 4
# More labels than this under a histogram touch each other on a phone.
_LABELS = 7
_WHOLE = 100
# A number goes under its point when so many pixels are left above the axis.
_UNDER = 24
_LETTERS = 5  # that fit before a bar on a phone


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a histogram: values from `low` up to `high`, and how many."""

    low: Number
    high: Number
    count: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One town of the tile grid; `row` and `column` count from nought; `value` none means nothing to show."""

    name: str
    row: int
    column: int
    value: Number | None
    text: str
    few: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A five-number summary of one row."""

    label: str
    low: Number
    q1: Number
    median: Number
    q3: Number
    high: Number
    n: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its interval and the number behind it."""

    label: str
    low: Number
    mean: Number
    high: Number
    n: int


def _short(value: Number) -> str:
    """Write an axis number without needless decimals."""
    return f"{float(value):.2f}"


def histogram(
    bins: Sequence[Bin],
    label: str,
    *,
    band: tuple[Number, Number] | None = None,
    band_label: str = "",
    history: bool = False,
) -> Markup:
    """Draw counts by range, with an optional band shaded and the bars outside it marked.

    bins: ascending, of one width. band: from and to, in the units of the bins; a bar with its middle outside is red.
    history: the band is a former schedule, for reference only: it is drawn grey, and nothing outside it is marked.
    """
    height, base, top = 176, 152, 34
    if not bins:
        return picture(label, 1, [])
    low, high, most = bins[0].low, bins[-1].high, max(b.count for b in bins) or 1
    parts: list[Markup] = []
    if band:
        start, end = scale(band[0], low, high), scale(band[1], low, high)
        parts.append(box(start, 6, end - start, base - 6, "old" if history else "band", radius=0))
        parts.append(words_at((start + end) / 2, 18, band_label, "mid"))
    every = 2 if len(bins) > _LABELS else 1
    for place, item in enumerate(bins):
        left, right = scale(item.low, low, high), scale(item.high, low, high)
        middle = (float(item.low) + float(item.high)) / 2
        outside = band is not None and not history and not float(band[0]) <= middle <= float(band[1])
        tall = max(item.count / most * (base - top - 8), 2 if item.count else 0)
        parts.append(box(left + 0.5, base - tall, right - left - 1, tall, "out" if outside else "bar"))
        parts.append(words_at((left + right) / 2, base - tall - 5, item.count, "v mid"))
        if place % every == 0:
            parts.append(words_at(left, base + 17, _short(item.low), _under(place, every)))
    parts.append(stroke(0, base, 100, base, "axis"))
    return picture(label, height, parts)


def _under(place: int, every: int) -> str:
    """Choose how a label under a histogram stands: the first inwards, every second one away on phones."""
    if place == 0:
        return ""
    return "mid" if place % (2 * every) == 0 else "mid wide-only"


def line(
    series: Sequence[tuple[str, Number | None]],
    label: str,
    *,
    target: Number | None = None,
    target_label: str = "",
    unit: str = "",
) -> Markup:
    """Draw values over time, points under the target marked; a month without a value leaves a gap.

    series: (label of the moment, value or none), oldest first.
    """
    height, base, top = 196, 164, 14
    values = [value for _, value in series if value is not None]
    if not values:
        return picture(label, 1, [])
    marks = _axis([*values, *([target] if target is not None else [])], is_share=unit == "%")
    low, high = marks[0], marks[-1]
    parts: list[Markup] = []
    for mark in marks:
        y = scale(mark, low, high, base, top)
        parts += [stroke(_LEFT, y, 100, y, "grid"), words_at(0, y + 4, f"{mark:g}{unit}")]
    if target is not None:
        y = scale(target, low, high, base, top)
        parts.append(stroke(_LEFT, y, 100, y, "target"))
    parts += _path(series, (low, high), (base, top), target)
    if target is not None:
        parts.append(beside_line(y, [scale(value, low, high, base, top) for value in values], _LEFT, target_label))
    last = len(series) - 1
    for place, (moment, value) in enumerate(series):
        x = scale(place, 0, max(last, 1), _LEFT + 3, 97)
        parts.append(words_at(x, height - 8, moment, "mid" if (last - place) % 2 == 0 else "mid wide-only"))
        if place == last and value is not None:
            fell = place > 0 and (series[place - 1][1] or value) > value
            y = scale(value, low, high, base, top)
            parts.append(words_at(100, y + (18 if fell and y < base - _UNDER else -9), f"{value}{unit}", "v end halo"))
    return picture(label, height, parts)


def _axis(values: Sequence[Number], *, is_share: bool) -> list[float]:
    """Choose the marks of an axis that hold every value, lowest first; a share of a whole ends at 100."""
    low, high = _bounds(values)
    if is_share and high > _WHOLE >= max(map(float, values)):
        start = next((one for one in (97, 94, 85, 70, 55, 40, 25, 10) if one < min(map(float, values))), 0)
        return [start + (_WHOLE - start) * mark / 3 for mark in range(4)] if start else [0.0, 25.0, 50.0, 75.0, 100.0]
    return [low + (high - low) * mark / 3 for mark in range(4)]


def _bounds(values: Sequence[Number]) -> tuple[float, float]:
    """Choose round ends for an axis of three equal steps that hold every value with some room."""
    low, high = min(map(float, values)), max(map(float, values))
    room = max(high - low, abs(high) * 0.02, 0.01)
    steps = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 5000, 10000, 10**6, 10**9)
    for step in steps:
        start = step * ((low - room * 0.1) // step)
        start = max(start, 0) if low >= 0 else start
        if start + 3 * step >= high + room * 0.1:
            return round(start, 4), round(start + 3 * step, 4)
    return low, high


def _path(
    series: Sequence[tuple[str, Number | None]],
    ends: tuple[float, float],
    rows: tuple[int, int],
    target: Number | None,
) -> list[Markup]:
    """Join the points that follow each other, then set the points on top."""
    last = max(len(series) - 1, 1)
    points = [
        None if value is None else (scale(place, 0, last, _LEFT + 3, 97), scale(value, *ends, *rows), float(value))
        for place, (_, value) in enumerate(series)
    ]
    parts = [stroke(a[0], a[1], b[0], b[1], "path") for a, b in pairwise(points) if a is not None and b is not None]
    for point in points:
        if point is not None:
            under = target is not None and point[2] < float(target)
            parts.append(dot(point[0], point[1], 4, "dot out" if under else "dot"))
    return parts


def bars(rows: Sequence[tuple[str, Number, str]], label: str, *, out: Iterable[int] = ()) -> Markup:
    """Draw one lying bar a row; where a label would reach under its bar on a phone, all labels stand above the bars.

    rows: (label, value, the value in words). out: indexes of the rows to mark in red.
    """
    most = max((float(value) for _, value, _ in rows), default=0) or 1
    tall, left, under = (48, 0, 20) if any(len(name) > _LETTERS for name, _, _ in rows) else (32, 24, 0)
    marked = set(out)
    parts: list[Markup] = []
    for place, (name, value, words) in enumerate(rows):
        top = place * tall
        width = float(value) / most * 54
        parts.append(words_at(0, top + 18, name))
        parts.append(box(left, top + 2 + under, width, 22, "out" if place in marked else "bar", radius=3))
        parts.append(words_at(left + 1 + width, top + 18 + under, words, "v"))
    return picture(label, max(len(rows) * tall, 1), parts)


def funnel(steps: Sequence[tuple[str, int]], label: str) -> Markup:
    """Draw how many reach each step, with the share of the step before.

    steps: (name, how many), in order; the first is the largest.
    """
    most = max((count for _, count in steps), default=0) or 1
    parts: list[Markup] = []
    for place, (name, count) in enumerate(steps):
        top = place * 34
        width = count / most * 54
        before = steps[place - 1][1] if place else 0
        share = Markup(' <tspan class="share">{}%</tspan>').format(f"{count / before * 100:.1f}") if before else ""
        parts.append(words_at(0, top + 18, name, "v"))
        parts.append(box(20, top + 2, width, 22, "bar", radius=3))
        parts.append(
            Markup('<text x="{}%" y="{}"><tspan class="v">{}</tspan>{}</text>').format(
                coordinate(21 + width), top + 18, count, share
            )
        )
    return picture(label, max(len(steps) * 34, 1), parts)


def tiles(grid: Sequence[Tile], label: str, *, bad_from: Number | None = None, full: Number | None = None) -> Markup:
    """Draw the towns as tiles of equal size in their places, the value printed in each.

    bad_from: values from here up are red. full: the value of the darkest blue (the largest by default).
    A tile with few cases is hatched; one without a value is pale.
    """
    if not grid:
        return picture(label, 1, [])
    columns = max(tile.column for tile in grid) + 1
    rows = max(tile.row for tile in grid) + 1
    ordinary = [
        float(t.value) for t in grid if t.value is not None and (bad_from is None or float(t.value) < float(bad_from))
    ]
    top = float(full) if full is not None else max(ordinary, default=0.0)
    parts = [_tile(tile, 100 / columns, _level(tile, top, bad_from)) for tile in grid]
    return picture(label, rows * 46, parts, linked=any(tile.url for tile in grid))


def _level(tile: Tile, top: float, bad_from: Number | None) -> str:
    """Choose the shade of a tile: 0 to 3, or x for a value that is out of bounds."""
    if tile.value is None:
        return "0"
    value = float(tile.value)
    if bad_from is not None and value >= float(bad_from):
        return "x"
    return str(min(int(value / top * _LEVELS), _LEVELS - 1)) if top > 0 else "0"


def _tile(tile: Tile, width: float, level: str) -> Markup:
    """Draw one tile; hatching is drawn line by line, so that no id has to be unique on the page."""
    slants = range(-60, 100, 22) if tile.few else ()
    hatch = Markup("").join(stroke(start, 46, start + 60, 0, "hatch") for start in slants)
    inner = Markup(
        '<svg class="{}" x="{}%" y="{}" width="{}%" height="43">'
        '<rect width="100%" height="100%" rx="4" class="lv{}"/>{}'
        '<text x="50%" y="18" class="mid on{}">{}</text><text x="50%" y="34" class="mid on{}">{}</text></svg>'
    ).format(
        "tile few" if tile.few else "tile",
        coordinate(tile.column * width),
        tile.row * 46,
        coordinate(width - 0.7),
        level,
        hatch,
        level,
        tile.name,
        level,
        tile.text,
    )
    return (
        Markup('<a href="{}" aria-label="{} {}">{}</a>').format(tile.url, tile.name, tile.text, inner)
        if tile.url
        else inner
    )


def box_rows(rows: Sequence[Box], label: str, *, mark: Number | None = None) -> Markup:
    """Draw five-number summaries on one common scale; `mark` draws a line across all rows (1.00, say)."""
    if not rows:
        return picture(label, 1, [])
    low, high = min(float(r.low) for r in rows), max(float(r.high) for r in rows)
    foot = len(rows) * 34

    def at(value: Number) -> float:
        return scale(value, low, high, 30, 88)

    parts = [stroke(at(mark), 0, at(mark), foot, "target")] if mark is not None else []
    for place, row in enumerate(rows):
        middle = place * 34 + 15
        parts += [
            words_at(0, middle + 4, row.label),
            stroke(at(row.low), middle, at(row.high), middle, "whisk"),
            box(at(row.q1), middle - 8, at(row.q3) - at(row.q1), 16, "bar"),
            stroke(at(row.median), middle - 8, at(row.median), middle + 8, "tick"),
            words_at(100, middle + 4, f"n={row.n}", "end"),
        ]
    parts += [words_at(at(low), foot + 12, _short(low), "mid"), words_at(at(high), foot + 12, _short(high), "mid")]
    return picture(label, foot + 18, parts)


def dots_with_intervals(rows: Sequence[Interval], label: str, *, low: Number = 1, high: Number = 5) -> Markup:
    """Draw means with their intervals on a scale from `low` to `high`, so that small numbers look uncertain."""
    parts: list[Markup] = []
    foot = len(rows) * 30

    def at(value: Number) -> float:
        return scale(value, low, high, 32, 74)

    for place, row in enumerate(rows):
        middle = place * 30 + 14
        parts += [
            words_at(0, middle + 4, row.label),
            stroke(at(low), middle, at(high), middle, "grid"),
            stroke(at(row.low), middle, at(row.high), middle, "whisk"),
            dot(at(row.mean), middle, 5, "dot"),
            words_at(100, middle + 4, f"{float(row.mean):.1f} (n={row.n})", "end"),
        ]
    parts += [words_at(at(low), foot + 12, f"{low:g}", "mid"), words_at(at(high), foot + 12, f"{high:g}", "mid")]
    return picture(label, foot + 18, parts)


def distribution_with_marker(
    quartiles: tuple[Number, Number, Number, Number, Number], value: Number, label: str, *, words: str = "",
    each: Sequence[Number] = (),
) -> Markup:  # fmt: skip
    """Draw one value against a distribution.

    quartiles: least, first quartile, median, third quartile, most. words: written over the marker. each: ticks below.
    """
    least, q1, median, q3, most = quartiles
    low, high = min(map(float, [least, value, *each])), max(map(float, [most, value, *each]))

    def at(number: Number) -> float:
        return scale(number, low, high, 4, 96)

    outside = not float(q1) <= float(value) <= float(q3)
    parts = [
        box(at(least), 28, at(most) - at(least), 10, "track", radius=5),
        box(at(q1), 28, at(q3) - at(q1), 10, "strong", radius=0),
        *(stroke(at(one), 39, at(one), 46, "each") for one in each),
        stroke(at(median), 24, at(median), 42, "tick"),
        dot(at(value), 33, 8, "pin out" if outside else "pin"),
        words_at(at(value), 16, words, "v " + anchor(at(value))),
    ]
    parts += apart([(at(q1), _short(q1)), (at(median), _short(median)), (at(q3), _short(q3))], 58)
    return picture(label, 64, parts)


def stars(counts: Sequence[int], label: str) -> Markup:
    """Draw five small bars, one star to five, for the spread of ratings."""
    most = max(counts, default=0) or 1
    parts: list[Markup] = []
    for place, count in enumerate(counts):
        tall = max(count / most * 22, 1)
        parts.append(box(place * 20 + 2, 24 - tall, 16, tall, "star", radius=1))
        parts.append(words_at(place * 20 + 10, 36, place + 1, "mid"))
    return picture(label, 38, parts, css="chart stars")
