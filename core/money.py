"""Money in whole fen, and how it is written: in yuan, in 万元 and in capitals (大写)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

FEN_PER_YUAN: Final = 100
WAN: Final = 10_000
YI: Final = 100_000_000
DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
PLACES: Final = ("", "拾", "佰", "仟")
GROUPS: Final = ("", "万", "亿", "万亿")


def round_half_up(value: Decimal | Fraction) -> int:
    """Round an exact value to a whole number, halves away from zero."""
    exact = _exact(value)
    sign = -1 if exact < 0 else 1
    whole, rest = divmod(abs(exact.numerator), exact.denominator)
    return sign * (whole + (1 if 2 * rest >= exact.denominator else 0))


def _exact(value: Decimal | Fraction) -> Fraction:
    """Leave decimals for fractions: a product of decimals is itself rounded, to 28 digits and half to even."""
    return Fraction(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of renminbi in whole fen; may be negative as a difference."""

    fen: int

    @classmethod
    def from_yuan(cls, yuan: Decimal | Fraction | int | str) -> Money:
        """Make money of an exact amount in yuan, rounded half up to the fen."""
        exact = Decimal(yuan) if isinstance(yuan, str) else yuan
        if isinstance(exact, int):
            return cls(exact * FEN_PER_YUAN)
        return cls(round_half_up(_exact(exact) * FEN_PER_YUAN))

    @classmethod
    def from_wan(cls, wan: Decimal | Fraction | int | str) -> Money:
        """Make money of an exact amount in 万元, rounded half up to the fen."""
        exact = Decimal(wan) if isinstance(wan, str) else wan
        return cls.from_yuan(exact * WAN if isinstance(exact, int) else _exact(exact) * WAN)

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan, two decimals, exact."""
        return (Decimal(self.fen) / FEN_PER_YUAN).quantize(Decimal("0.01"))

    @property
    def wan(self) -> Decimal:
        """The amount in 万元, exact."""
        return Decimal(self.fen) / (FEN_PER_YUAN * WAN)

    def __add__(self, other: Money) -> Money:
        """Add two amounts."""
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        """Take one amount from another."""
        return Money(self.fen - other.fen)

    def times(self, factor: Decimal | Fraction) -> Money:
        """Multiply by an exact factor and round half up, once."""
        return Money(round_half_up(_exact(factor) * self.fen))

    def __str__(self) -> str:
        """Write the exact amount in yuan, grouped by three: ``93,000.00``."""
        return f"{self.yuan:,.2f}"


def capitals(money: Money) -> str:
    """Write an amount in the capital numerals used on contracts and bills (大写金额).

    Raises ValueError for a negative amount. Source: 支付结算办法附件一 正确填写票据和结算凭证的基本规定.
    """
    if money.fen < 0:
        raise ValueError("negative")
    yuan, cents = divmod(money.fen, FEN_PER_YUAN)
    jiao, fen = divmod(cents, 10)
    head = f"{_whole(yuan)}元" if yuan else ""
    if not cents:
        return f"{head or '零元'}整"
    tail = f"{DIGITS[jiao]}角" if jiao else ("零" if head else "")
    return head + tail + (f"{DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    """Write a positive whole number in capital numerals, groups of four digits."""
    groups: list[int] = []
    while number:
        number, group = divmod(number, WAN)
        groups.append(group)
    text, gap = "", False
    for index in reversed(range(len(groups))):
        group = groups[index]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < WAN // 10):
            text += "零"
        text += _four(group) + _group_name(index, groups)
        gap = False
    return text


def _group_name(index: int, groups: list[int]) -> str:
    """Name a group; the 亿 of 万亿 is said once, after the lower of the two groups when that is not empty."""
    if index == len(GROUPS) - 1 and groups[2]:
        return "万"
    return GROUPS[index]


def _four(group: int) -> str:
    """Write one to four digits with their places; a run of inner zeros is said once."""
    text, zero = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + DIGITS[digit] + PLACES[place]
            zero = False
        else:
            zero = True
    return text
