"""Draw where a price stands: against finished contracts, a former schedule, a ceiling in force."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from markupsafe import Markup

from web.svg import anchor, apart, box, dot, picture, scale, stroke, words_at

# Fen in ten thousand yuan, the unit of every amount from there up.
_FEN_IN_WAN = 1_000_000
# The width of two labels on a card, in percent.
_TWO_LABELS = 34


class HasFen(Protocol):
    """Any amount that knows its whole fen."""

    @property
    def fen(self) -> int:
        """Return the amount in fen."""
        ...


def price_bar(
    price: HasFen | None,
    *,
    low: HasFen | None = None,
    mid: HasFen | None = None,
    high: HasFen | None = None,
    cap: HasFen | None = None,
    band: str = "contracts",
    words: Mapping[str, str] | None = None,
) -> Markup:
    """Draw where a price stands.

    band: 'contracts' when low and high are the quartiles of finished contracts (green), 'history' when they are the
    former schedule of a freed service, which binds nobody (grey), 'binding' when they are the range of a schedule that
    had to be followed (green). cap: a ceiling in force; a price over it is red.
    words: the translated words for price, mid, cap and band. Amounts are written in 万元 from 10,000 yuan up.
    """
    named = {"price": "", "mid": "", "cap": "", "band": "", **(words or {})}
    given = [amount.fen for amount in (price, low, mid, high, cap) if amount is not None]
    if not given:
        return Markup("")
    start, end = _domain(given, low, high)
    unit = _FEN_IN_WAN if max(given) >= _FEN_IN_WAN else 100
    parts = [box(0, 24, 100, 8, "track", radius=4)]
    if low is not None and high is not None:
        left, right = scale(low.fen, start, end), scale(high.fen, start, end)
        parts.append(box(left, 24, right - left, 8, "old" if band == "history" else "strong", radius=0))
        ends = [(left, _amount(low.fen, unit)), (right, _amount(high.fen, unit))]
        parts += apart(ends, 50, 13)
    parts += _price_marks(mid, cap, (start, end), unit, named)
    if price is not None:
        over = cap is not None and price.fen > cap.fen
        parts.append(dot(scale(price.fen, start, end, 3, 97), 28, 8, "pin out" if over else "pin"))
    return picture(_spoken(named, {"price": price, "mid": mid, "cap": cap, "low": low, "high": high}), 56, parts)


def _domain(given: Sequence[int], low: HasFen | None, high: HasFen | None) -> tuple[int, int]:
    """Choose the ends of a price bar: the band with half its width on either side, and every amount."""
    least, most = min(given), max(given)
    room = (high.fen - low.fen) // 2 if low is not None and high is not None else (most - least) // 4
    room = max(room, most // 20, 1)
    return max(least - room, 0), most + room


def _amount(fen: int, unit: int) -> str:
    """Write an amount in its unit, with two decimals for 万元 and whole yuan below."""
    places = Decimal("0.01") if unit == _FEN_IN_WAN else Decimal(1)
    return f"{(Decimal(fen) / unit).quantize(places, ROUND_HALF_UP):,}"


def _price_marks(
    mid: HasFen | None, cap: HasFen | None, ends: tuple[int, int], unit: int, named: Mapping[str, str]
) -> list[Markup]:
    """Draw the median and the ceiling with their words above; the ceiling's words win where they would touch."""
    parts: list[Markup] = []
    at_cap = scale(cap.fen, *ends) if cap is not None else None
    if mid is not None:
        at_mid = scale(mid.fen, *ends)
        parts.append(stroke(at_mid, 19, at_mid, 37, "tick"))
        if at_cap is None or abs(at_cap - at_mid) > _TWO_LABELS:
            parts.append(words_at(at_mid, 13, f"{named['mid']} {_amount(mid.fen, unit)}".strip(), anchor(at_mid)))
    if cap is not None and at_cap is not None:
        parts.append(stroke(at_cap, 17, at_cap, 39, "cap"))
        parts.append(words_at(at_cap, 13, f"{named['cap']} {_amount(cap.fen, unit)}".strip(), anchor(at_cap)))
    return parts


def _spoken(named: Mapping[str, str], amounts: Mapping[str, HasFen | None]) -> str:
    """Say the bar in words, in yuan; `amounts` has price, mid, cap, low and high."""
    parts = [
        f"{named[key]} {_amount(amount.fen, 100)}"
        for key in ("price", "mid", "cap")
        if (amount := amounts[key]) is not None
    ]
    low, high = amounts["low"], amounts["high"]
    if low is not None and high is not None:
        parts.append(f"{named['band']} {_amount(low.fen, 100)}—{_amount(high.fen, 100)}")
    return ", ".join(parts)
