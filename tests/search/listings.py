"""Made-up listings of any number, drawn from a seed: the first ten thousand of a million are the ten thousand.

Some 190 characters each: phrases of the trade, and a long tail of two-character words, the commoner the lower.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate

from accounts import reference as places
from agencies.catalogue import reference as catalogue
from agencies.catalogue.reference_types import ItemData
from search.documents import Document, Kind
from tests.search.corpus import BRANDS, GRADES, STATES, TRADES, WORDS, WORKS

START = datetime(2024, 1, 2, tzinfo=UTC)
CHARACTERS = (
    "东莞城市建设工程项目管理服务中心技术咨询有限责任公司环境水土保持规划设计施工监督检测评估报告编制审查验收"
    "交通道路桥梁隧道排水电力燃气消防绿化园林医院学校厂房仓储物流港口码头河道堤防水库山体边坡地质勘察测量图纸"
    "预算结算招标采购合同质量安全节能减排噪声废气固体危险化学职业卫生健康防疫人民政府街道办事处村民委员会"
)
TAIL = 4000
AGENCIES = 3  # of ten listings, the others are notices
MORE_TRADES = ("东部", "松山湖", "滨海", "水乡", "城区", "临深", "西部", "南部", "北部", "中心")


def listings(count: int, seed: int = 2026) -> Iterator[Document]:
    """Draw so many listings."""
    for number in range(1, count + 1):
        draw = random.Random(seed * 10_000_019 + number)
        yield _agency(number, draw) if number % 10 < AGENCIES else _notice(number, draw)


@cache
def tail() -> tuple[list[str], list[float]]:
    """Return the words of the long tail and their cumulated weights: the n-th comes one n-th as often as the first."""
    draw = random.Random(4711)
    known: dict[str, None] = {}
    while len(known) < TAIL:
        known["".join(draw.choices(CHARACTERS, k=2))] = None
    return list(known), list(accumulate(1 / (place + 10) for place in range(TAIL)))


@cache
def _items() -> tuple[ItemData, ...]:
    return tuple(catalogue.items())


@cache
def _towns() -> tuple[tuple[str, str], ...]:
    return tuple((town.code, town.name) for town in places.divisions())


def _body(draw: random.Random, least: int, most: int) -> str:
    words, weights = tail()
    parts: list[str] = []
    length, wanted = 0, draw.randint(least, most)
    while length < wanted:
        parts.append(draw.choice(WORDS) if draw.random() < 0.3 else draw.choices(words, cum_weights=weights)[0])
        length += len(parts[-1])
        if draw.random() < 0.12:
            parts.append("，")
    return "".join(parts) + "。"


def _agency(number: int, draw: random.Random) -> Document:
    code, name = draw.choice(_towns())
    offered = draw.sample(_items(), draw.randint(1, 4))
    stem = name.removesuffix("镇").removesuffix("街道")
    words, weights = tail()
    brand = draw.choice(BRANDS) if draw.random() < 0.5 else draw.choices(words, cum_weights=weights)[0]
    return Document(
        kind=Kind.AGENCY,
        id=str(number),
        title=f"东莞市{stem}{brand}{draw.choice(TRADES)}有限公司",
        url=f"/agencies/{number}",
        body=_body(draw, 60, 200),
        about=tuple(item.name for item in offered),
        codes=(f"91441900MA{number:07d}X",),
        town_code=code,
        item_codes=tuple(item.code for item in offered),
        stages=tuple(dict.fromkeys(item.stage for item in offered)),
        grade=draw.choice(GRADES),
        price_fen=draw.randint(300_000, 80_000_000) if draw.random() < 0.7 else None,
        on_time=draw.randint(60, 100) / 100 if draw.random() < 0.8 else None,
        rating=draw.randint(50, 99) / 100 if draw.random() < 0.8 else None,
        published_at=START + timedelta(minutes=draw.randint(0, 1_400_000)),
        boosts={"standing": draw.randint(0, 20) / 100},
    )


def _notice(number: int, draw: random.Random) -> Document:
    (code, name), item = draw.choice(_towns()), draw.choice(_items())
    at = START + timedelta(minutes=draw.randint(0, 1_400_000))
    return Document(
        kind=Kind.NOTICE,
        id=str(number),
        title=f"{name}{draw.choice(MORE_TRADES)}{draw.choice(WORKS)}{item.name}",
        url=f"/needs/{number}",
        body=_body(draw, 80, 260),
        about=(item.name, *item.aliases),
        codes=(f"DG-{at.year}-{number:07d}",),
        town_code=code,
        item_codes=(item.code,),
        stages=(item.stage,),
        price_fen=draw.randint(500_000, 90_000_000) if draw.random() < 0.8 else None,
        published_at=at,
        closes_at=at + timedelta(days=10),
        state=draw.choice(STATES),
    )
