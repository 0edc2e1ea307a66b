"""Draw SVG shapes with horizontal places in percent and vertical ones in pixels.

Geometry is in attributes and colour in classes, so that a strict content policy, dark mode and print all hold.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from markupsafe import Markup

Number = int | float | Decimal

# Labels this near an edge, in percent, lie inwards so that they stay in the picture.
_EDGE = 18
# So many points of a line may lie under a label at its end.
_NEAR = 3


def picture(label: str, height: int, parts: Iterable[Markup], *, linked: bool = False, css: str = "chart") -> Markup:
    """Wrap drawn parts in a named picture; links inside make it a group, since an image hides its children."""
    role = "group" if linked else "img"
    return Markup(
        '<svg class="{}" role="{}" aria-label="{}" width="100%" height="{}"><title>{}</title>{}</svg>',
    ).format(css, role, label, height, label, Markup("").join(parts))


def coordinate(value: float) -> str:
    """Write a coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def words_at(x: float, y: float, words: object, css: str = "") -> Markup:
    """Draw words at x percent, y pixels."""
    return Markup('<text x="{}%" y="{}" class="{}">{}</text>').format(coordinate(x), coordinate(y), css, words)


def box(x: float, y: float, width: float, height: float, css: str, *, radius: int = 2) -> Markup:
    """Draw a box at x percent and y pixels, width in percent and height in pixels."""
    return Markup('<rect x="{}%" y="{}" width="{}%" height="{}" rx="{}" class="{}"/>').format(
        coordinate(x), coordinate(y), coordinate(max(width, 0)), coordinate(max(height, 0)), radius, css
    )


def stroke(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    """Draw a line between points given in percent and pixels."""
    return Markup('<line x1="{}%" y1="{}" x2="{}%" y2="{}" class="{}"/>').format(
        coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2), css
    )


def dot(x: float, y: float, radius: int, css: str) -> Markup:
    """Draw a dot at x percent, y pixels."""
    return Markup('<circle cx="{}%" cy="{}" r="{}" class="{}"/>').format(coordinate(x), coordinate(y), radius, css)


def scale(value: Number, low: Number, high: Number, start: float = 0.0, end: float = 100.0) -> float:
    """Place a value between two ends; a span of nothing puts it in the middle, and nothing leaves the picture."""
    span = float(high) - float(low)
    share = 0.5 if span <= 0 else (float(value) - float(low)) / span
    return start + (end - start) * min(max(share, 0.0), 1.0)


def anchor(x: float) -> str:
    """Choose on which side of its point a label lies, so that it stays in the picture."""
    if x < _EDGE:
        return ""
    return "end" if x > 100 - _EDGE else "mid"


def apart(labels: Sequence[tuple[float, str]], y: float, gap: float = 15.0) -> list[Markup]:
    """Write labels along a line, leaving out one that would touch its left neighbour."""
    parts: list[Markup] = []
    last = -gap
    for x, words in labels:
        if x - last >= gap:
            parts.append(words_at(x, y, words, anchor(x)))
            last = x
    return parts


def beside_line(y: float, heights: Sequence[float], start: float, words: str) -> Markup:
    """Write what a level line means over or under it, at the end where the nearest points leave most room.

    y: the height of the line; heights: those of the points, from left to right; start: where the plot begins (percent).
    """
    spots = [(y + away, at_end) for at_end in (True, False) for away in (-5, 15)]

    def room(spot: tuple[float, bool]) -> float:
        near = heights[-_NEAR:] if spot[1] else heights[:_NEAR]
        return min((abs(height - spot[0] + 4) for height in near), default=0.0)

    height, at_end = max(spots, key=room)
    return words_at(100 if at_end else start, height, words, "end halo" if at_end else "halo")
