"""Read an amount in capital numerals (大写金额) back: the other half of ``core.money.capitals``."""

from __future__ import annotations

import re
from typing import Final

from core.money import DIGITS, FEN_PER_YUAN, WAN, YI, Money, capitals

PLACES: Final = (("仟", 1000), ("佰", 100), ("拾", 10), ("", 1))
LONGEST: Final = 80
MOST_YUAN: Final = 10**16
_DIGIT: Final = f"[{DIGITS[1:]}]"
_STRAY: Final = re.compile(rf"(?<![拾佰仟万亿元角])零|零(?!{_DIGIT})")
_FOUR: Final = re.compile("".join(f"(?:({_DIGIT}){place})?" for place, _worth in PLACES))
_AMOUNT: Final = re.compile(
    rf"(?:(?P<yuan>[{DIGITS[1:]}拾佰仟万亿]*)元)?(?:(?P<jiao>{_DIGIT})角)?(?:(?P<fen>{_DIGIT})分)?"
)


def read_capitals(text: str) -> Money:
    """Return the amount a text in capital numerals means: 壹万贰仟元零壹分 is 12,000.01 yuan.

    人民币 before it, 圆 for 元, 正 for 整 and blanks are taken; so is 零 wherever the rules let a writer choose. All
    else must be written as ``capitals`` writes it, since on a contract a doubtful amount is no amount.

    Raises ValueError for any other text. Source: 支付结算办法附件一 正确填写票据和结算凭证的基本规定.
    """
    folded = re.sub(r"\s+", "", text[:LONGEST]).removeprefix("人民币").replace("圆", "元").replace("正", "整")
    said = _bare(folded)
    if len(text) > LONGEST or not said:
        raise ValueError("no amount in capital numerals")
    found = _AMOUNT.fullmatch(said)
    if found is None:
        raise ValueError("no amount in capital numerals")
    yuan = _whole(found["yuan"] or "")
    if yuan >= MOST_YUAN or (folded != "零元整" and _STRAY.search(folded)):
        raise ValueError("not a standard spelling")
    fen = yuan * FEN_PER_YUAN + _digit(found["jiao"]) * 10 + _digit(found["fen"])
    money = Money(fen)
    if _bare(capitals(money)) != said or _ends_wrongly(folded, fen):
        raise ValueError("not a standard spelling")
    return money


def _bare(text: str) -> str:
    """Leave out what the rules let a writer choose: 零 between the digits, and 整 at the end."""
    return text.replace("零", "").removesuffix("整")


def _ends_wrongly(text: str, fen: int) -> bool:
    """Tell whether 整 closes an amount that ends in 分, or is missing from one that ends in 元, or 元 has no number."""
    return (text.endswith("整") and fen % 10 != 0) or text.endswith("元") or text.startswith("元")


def _digit(letter: str | None) -> int:
    return DIGITS.index(letter) if letter else 0


def _whole(text: str) -> int:
    """Read the yuan: what stands before the last 亿 counts as hundred millions, before the last 万 as ten thousands."""
    for unit, worth in (("亿", YI), ("万", WAN)):
        before, found, after = text.rpartition(unit)
        if found:
            return _whole(before) * worth + _whole(after)
    match = _FOUR.fullmatch(text)
    if match is None:
        raise ValueError("no number in capital numerals")
    return sum(_digit(match[place]) * worth for place, (_name, worth) in enumerate(PLACES, start=1))
