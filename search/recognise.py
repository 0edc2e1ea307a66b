"""Recognise in a folded line what is no word: document and notice numbers, amounts, days, towns, stages, states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final

from core.clock import BEIJING
from core.money import WAN, YI, Money
from search import analysis, lexicon, vocabulary
from search.folding import HAN
from search.plan import Chip, ChipKind, Conditions, PriceBand

MOST_FEN: Final = 10**15
SHORTEST_TOWN: Final = 4
_NUMBER_DIGITS: Final = 6
_LATIN: Final = re.compile(r"(?<![\w'])[a-z][a-z']{3,}(?![\w'])")
_N: Final = r"\d[\d,]{0,15}(?:\.\d{1,6})?"
_U: Final = r"(?:亿元|万元|亿|万(?!江)|元|块|w(?![a-z]))"
_NOTICE: Final = re.compile(
    r"(?<![a-z])dg[-\s]?(?:\d{4}[-\s]?\d{4,6}|[a-d][-\s]?\d{2})(?!\d)|(?<!\d)20\d{2}-\d{6}(?!\d)号?"
)
_BEGUN: Final = re.compile(r"(?<![a-z])dg[-\s]?(\d{4})(?:[-\s](\d{0,3}))?(?!\d)")
_PROJECT: Final = re.compile(r"(?<!\d)20\d{2}-\d{6}-\d{2}-\d{2}-\d{6}(?!\d)")
_CREDIT: Final = re.compile(r"(?<![a-z0-9])[0-9a-hj-npqrtuwxy]{2}\d{6}[0-9a-hj-npqrtuwxy]{10}(?![a-z0-9])")
_DOCUMENT: Final = re.compile(
    rf"(?P<issuer>[{HAN}]{{1,12}}?)?\s*[\[(〔【〈]?\s*(?P<year>(?:19|20)\d{{2}})\s*[\])〕】〉]?\s*年?\s*第?\s*(?P<number>\d{{1,5}})\s*号(?:文件|文)?"
)
_BARE_DOCUMENT: Final = re.compile(
    rf"(?P<issuer>[{HAN}]{{1,6}}[价格函监])\s*[\[(〔【〈]?\s*(?P<year>(?:19|20)\d{{2}})\s*[\])〕】〉]?\s*(?P<number>\d{{1,5}})(?!\d)"
)
_SHORT_DOCUMENT: Final = re.compile(r"(?<!\d)(?P<number>\d{2,5})\s*号(?:文)?(?![楼线路])")
_ON_TIME: Final = re.compile(r"(?:准时率?|按时率?)\s*(?:>=|>|≥|高于|超过|不低于)?\s*(\d{1,3})\s*%\s*(?:以上)?")
_RANGE: Final = re.compile(rf"({_N})\s*({_U})?\s*(?:-|~|—|至|到)\s*({_N})\s*({_U})")
_BELOW: Final = re.compile(
    rf"(?:低于|不超过|不高于|少于|小于|<=?|≤)\s*({_N})\s*({_U})|({_N})\s*({_U})\s*(?:以下|以内|之内|封顶)"
)
_ABOVE: Final = re.compile(rf"(?:高于|超过|不低于|大于|>=?|≥)\s*({_N})\s*({_U})|({_N})\s*({_U})\s*(?:以上|起)")
_AMOUNT: Final = re.compile(rf"({_N})\s*({_U})")
_QUANTITY: Final = re.compile(
    rf"{_N}\s*(?:万|千|百|多|余|来)*\s*(?:平方米|平米|平方|m2|立方米|立方|m3|亩|公顷|公里|千米|米|吨|层楼?|千伏|kv|千瓦|kw)(?![a-z])"
)
_DAY: Final = re.compile(
    r"(?<!\d)(20\d{2})年(?:\s*(\d{1,2})月份?(?:\s*(\d{1,2})日)?)?|(?<!\d)(20\d{2})-(\d{1,2})(?:-(\d{1,2}))?(?!\d)"
)
_STATES: Final = {
    "open": ("报价中", "正在报价", "公开报价", "可报价", "可以报价", "报名中", "正在报名", "可以报名", "可报名"),
    "selecting": ("选取中", "评选中", "比选中"),
    "awarded": ("已选定", "已中选", "已定标"),
    "completed": ("已完成", "已办结"),
    "failed": ("流标", "选取失败"),
    "withdrawn": ("已撤回", "已撤销"),
}
_STATE_OF: Final = {word: state for state, words in _STATES.items() for word in words}
_STATE: Final = re.compile(rf"(?<![{HAN}])({'|'.join(_STATE_OF)})(?:的|(?![{HAN}]))")


class Line:
    """A folded line from which pieces are taken; what is taken turns into blanks."""

    def __init__(self, clean: str, folded: str) -> None:
        self.clean = clean if len(clean) == len(folded) else folded
        self.left = folded
        self.chips: list[Chip] = []
        self.codes: list[tuple[str, str]] = []
        self.begun: list[tuple[str, tuple[str, ...]]] = []
        self.amounts: list[int] = []
        self.towns: list[tuple[str, str]] = []
        self.prices: list[PriceBand] = []
        self.days: list[tuple[datetime, datetime]] = []
        self.stages: list[str] = []
        self.states: list[str] = []
        self.on_time: float | None = None
        self.kinds: list[str] = []

    def take(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Give each match of a pattern in what is left; the caller blanks the ones it uses."""
        at = 0
        while match := pattern.search(self.left, at):
            yield match
            at = max(match.end(), at + 1)

    def blank(self, start: int, end: int) -> None:
        """Take a piece out."""
        self.left = self.left[:start] + " " * (end - start) + self.left[end:]

    def chip(self, kind: ChipKind, value: str, start: int, end: int) -> None:
        """Take a piece out and show it as a chip."""
        rest = " ".join((self.clean[:start] + " " + self.clean[end:]).split())
        self.chips.append(Chip(kind, value, self.clean[start:end].strip(), rest))
        self.blank(start, end)

    def conditions(self) -> Conditions:
        """Return what the chips demand."""
        return Conditions(
            towns=tuple(dict.fromkeys(self.towns)),
            prices=tuple(self.prices),
            days=tuple(self.days),
            stages=tuple(dict.fromkeys(self.stages)),
            states=tuple(dict.fromkeys(self.states)),
            on_time=self.on_time,
            kinds=tuple(dict.fromkeys(self.kinds)),
        )


def recognise(line: Line) -> None:
    """Take out of a line all that is no word, surest first."""
    _documents(line)
    _numbers(line)
    _quantities(line)
    _shares(line)
    _amounts(line)
    _days(line)
    _towns(line)
    _names(line)


def _documents(line: Line) -> None:
    for pattern in (_DOCUMENT, _BARE_DOCUMENT, _SHORT_DOCUMENT):
        for match in line.take(pattern):
            groups = match.groupdict()
            code = f"{groups.get('year') or ''}#{groups['number']}"
            line.codes.append((match[0].strip(), code))
            line.chip(ChipKind.DOCUMENT, match[0].strip(), *match.span())


def _numbers(line: Line) -> None:
    for pattern in (_PROJECT, _NOTICE, _CREDIT):
        for match in line.take(pattern):
            line.codes.append((match[0].strip(), analysis.whole(match[0]).removesuffix("号")))
            line.chip(ChipKind.NUMBER, match[0].strip().upper(), *match.span())
    for match in line.take(_BEGUN):
        whole = f"dg{match[1]}{match[2]:0>{_NUMBER_DIGITS}}" if match[2] else ""
        line.begun.append((match[0].strip(), tuple(filter(None, (analysis.whole(match[0]), whole)))))
        line.chip(ChipKind.NUMBER, match[0].strip().upper(), *match.span())


def _quantities(line: Line) -> None:
    """Take out how large or long a thing is: it narrows nothing, and 1.8 万平方米 is no price."""
    for match in line.take(_QUANTITY):
        line.blank(*match.span())


def _shares(line: Line) -> None:
    for match in line.take(_ON_TIME):
        percent = min(int(match[1]), 100)
        line.on_time = percent / 100
        line.chip(ChipKind.ON_TIME, str(percent), *match.span())


def _amounts(line: Line) -> None:
    for match in line.take(_RANGE):
        low, high = _fen(match[1], match[2] or match[4]), _fen(match[3], match[4])
        if low is not None and high is not None and low <= high:
            _price(line, (low, high + 1), match)
    for match in line.take(_BELOW):
        high = _fen(match[1] or match[3], match[2] or match[4])
        if high is not None:
            _price(line, (None, high + 1), match)
    for match in line.take(_ABOVE):
        low = _fen(match[1] or match[3], match[2] or match[4])
        if low is not None:
            _price(line, (low, None), match)
    for match in line.take(_AMOUNT):
        amount = _fen(match[1], match[2])
        if amount is not None:
            line.amounts.append(amount)
            line.chip(ChipKind.AMOUNT, str(amount), *match.span())


def _price(line: Line, band: PriceBand, match: re.Match[str]) -> None:
    line.prices.append(band)
    line.chip(ChipKind.PRICE, f"{band[0] or ''}-{band[1] or ''}", *match.span())


def _fen(number: str, unit: str) -> int | None:
    factor = YI if unit.startswith("亿") else WAN if unit[0] in "万w" else 1
    fen = Money.from_yuan(Decimal(number.replace(",", "")) * factor).fen
    return fen if 0 < fen <= MOST_FEN else None


def _days(line: Line) -> None:
    for match in line.take(_DAY):
        year, month, day = (int(part) if part else 0 for part in match.groups()[:3] or ())
        if not year:
            year, month, day = (int(part) if part else 0 for part in match.groups()[3:])
        span = _span(year, month, day)
        if span is not None:
            line.days.append((_midnight(span[0]), _midnight(span[1])))
            line.chip(ChipKind.DAY, f"{span[0].isoformat()}/{span[1].isoformat()}", *match.span())


def _span(year: int, month: int, day: int) -> tuple[date, date] | None:
    """Return the first day and the day after the last; None for a day that is not in the calendar."""
    try:
        start = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return start, start + timedelta(days=1)
    if month:
        return start, date(year + month // 12, month % 12 + 1, 1)
    return start, date(year + 1, 1, 1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)


def _towns(line: Line) -> None:
    """Take towns: a whole word of the text, by name or stem, or alone in pinyin."""
    by_word = _towns_by_word()
    for token in list(analysis.tokens(line.left)):
        town = by_word.get(token.text)
        if town is not None:
            line.towns.append((town.code, town.stem))
            line.chip(ChipKind.TOWN, town.code, token.start, token.end)
    for match in line.take(_LATIN):
        end = _town_end(match[0])
        if end:
            code = vocabulary.town_by_pinyin(match[0][:end]) or ""
            stem = next(town.stem for town in lexicon.towns() if town.code == code)
            line.towns.append((code, stem))
            line.chip(ChipKind.TOWN, code, match.start(), match.start() + end)


@cache
def _towns_by_word() -> dict[str, lexicon.Town]:
    return {word: town for town in lexicon.towns() for word in (town.name, town.stem)}


def _town_end(run: str) -> int:
    """Return how much of a Latin run is a town: all of it, or what stands before the pinyin of a known word; else 0."""
    if vocabulary.town_by_pinyin(run):
        return len(run)
    for end in range(len(run) - SHORTEST_TOWN, SHORTEST_TOWN - 1, -1):
        if vocabulary.longest_pinyin(run, end) == run[end:] and vocabulary.town_by_pinyin(run[:end]):
            return end
    return 0


def _names(line: Line) -> None:
    """Take stages where they stand alone, as 竣工验收 and not in 竣工验收测量, and states alone or before 的."""
    for match in line.take(_STATE):
        line.states.append(_STATE_OF[match[1]])
        line.chip(ChipKind.STATE, _STATE_OF[match[1]], *match.span())
    for match in line.take(re.compile(rf"(?<!\S)[{HAN}]+(?!\S)")):
        if (stage := lexicon.stages().get(match[0].removesuffix("阶段"))) is not None:
            line.stages.append(stage)
            line.chip(ChipKind.STAGE, stage, *match.span())
