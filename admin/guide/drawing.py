"""A life as a picture: states in rows by how many moves lie before them, one line a move, ends with a double rim."""

from __future__ import annotations

from markupsafe import Markup

from admin.guide.rules import Table, depths
from admin.guide.wording import life_name, state_name
from core.i18n import gettext as _

WIDE = 340
ROW = 74
BOX = 34
GAP = 8


def picture(table: Table) -> Markup:
    """Draw the life; the table beside it says the same in words."""
    places = _places(table)
    height = (max(y for _x, y, _w in places.values()) + BOX + 10) if places else 1
    label = _("“%(name)s”的流程图", name=life_name(table["name"]))
    parts = [*_lines(table, places), *(_box(table, state, *place) for state, place in places.items())]
    return Markup(
        '<svg class="chart life" role="img" aria-label="{}" viewBox="0 0 {} {}"><title>{}</title>{}</svg>'
    ).format(label, WIDE, height, label, Markup("").join(parts))


def _places(table: Table) -> dict[str, tuple[float, float, float]]:
    """Place every state: left edge, top, width."""
    rows: dict[int, list[str]] = {}
    for state, depth in depths(table).items():
        rows.setdefault(depth, []).append(state)
    found: dict[str, tuple[float, float, float]] = {}
    for depth, states in rows.items():
        width = min(110.0, (WIDE - GAP * (len(states) + 1)) / len(states))
        start = (WIDE - width * len(states) - GAP * (len(states) - 1)) / 2
        for place, state in enumerate(states):
            found[state] = (start + place * (width + GAP), 6 + depth * ROW, width)
    return found


def _box(table: Table, state: str, x: float, y: float, width: float) -> Markup:
    end = state in table["ends"]
    rim = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" rx="6" class="state{}"/>')
    drawn = [rim.format(x, y, width, BOX, " end-state" if end else "")]
    if end:
        drawn.append(rim.format(x + 3, y + 3, width - 6, BOX - 6, " inner"))
    words = Markup('<text x="{:.1f}" y="{:.1f}" class="mid">{}</text>')
    drawn.append(words.format(x + width / 2, y + BOX / 2 + 4, state_name(table["name"], state)))
    return Markup("").join(drawn)


def _lines(table: Table, places: dict[str, tuple[float, float, float]]) -> list[Markup]:
    pairs = {(source, move["target"]) for move in table["moves"] for source in move["sources"]}
    return [_line(places[source], places[target]) for source, target in sorted(pairs) if source != target]


def _line(start: tuple[float, float, float], end: tuple[float, float, float]) -> Markup:
    """Draw one move: down as a straight line, up or sideways as a bow, so that both ways are seen."""
    (x1, y1, w1), (x2, y2, w2) = start, end
    head = Markup('<path d="{}" class="move"/><path d="{}" class="head"/>')
    if y2 > y1:
        ax, ay, bx, by = x1 + w1 / 2, y1 + BOX, x2 + w2 / 2, y2
        return head.format(f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}", _tip(bx, by, 1))
    if y2 == y1:
        ax, bx, top = x1 + w1 / 2, x2 + w2 / 2, y1 + BOX
        return head.format(
            f"M{ax:.1f} {top:.1f}Q{(ax + bx) / 2:.1f} {top + 26:.1f} {bx:.1f} {top:.1f}", _tip(bx, top, -1)
        )
    ax, ay, bx, by = x1 + w1 * 0.8, y1, x2 + w2 * 0.8, y2 + BOX
    side = max(ax, bx) + 30
    return head.format(f"M{ax:.1f} {ay:.1f}Q{side:.1f} {(ay + by) / 2:.1f} {bx:.1f} {by:.1f}", _tip(bx, by, -1))


def _tip(x: float, y: float, down: int) -> str:
    return f"M{x - 4:.1f} {y - 7 * down:.1f}L{x:.1f} {y:.1f}L{x + 4:.1f} {y - 7 * down:.1f}"
