"""A small made-up city to search in: the real catalogue, and agencies and notices drawn from a seed."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from accounts import reference as places
from agencies.catalogue import reference as catalogue
from agencies.catalogue.reference_types import ItemData
from search.documents import Document, Kind

START = datetime(2026, 1, 5, tzinfo=UTC)
BRANDS = (
    "粤诚",
    "鼎正",
    "绿源",
    "华测",
    "岭南",
    "明德",
    "恒信",
    "天衡",
    "瑞安",
    "东建",
    "科正",
    "众创",
    "宏图",
    "安信",
    "清禾",
)
TRADES = ("环境科技", "工程咨询", "工程监理", "造价咨询", "测绘技术", "检测技术", "勘察设计", "安全技术", "招标代理")
WORKS = ("厂房", "道路改造工程", "学校扩建", "污水处理厂", "商品房小区", "医院综合楼", "仓储物流中心", "河道整治工程")
WORDS = ("编制", "审查", "现场踏勘", "成果", "资料", "按期交付", "质量", "专家评审", "验收", "建设单位", "报告", "业主")
STATES = ("open", "selecting", "awarded", "completed", "failed")
GRADES = ("A", "B", "C", "")
DOCUMENTS = (
    ("tender-agency", "招标代理服务收费管理暂行办法", "计价格[2002]1980号", "招标代理"),
    ("construction-supervision", "建设工程监理与相关服务收费管理规定", "发改价格[2007]670号", "工程监理"),
    ("engineering-design", "工程勘察设计收费管理规定", "计价格[2002]10号", "工程设计"),
    ("environmental-impact", "规范环境影响咨询收费有关问题", "计价格[2002]125号", "环境影响评价"),
    ("cost-consulting", "广东省建设工程造价咨询服务收费项目和收费标准表", "粤价函[2011]742号", "造价咨询"),
)


def items() -> list[Document]:
    """Make a document of every service item of the catalogue."""
    return [
        Document(
            kind=Kind.ITEM,
            id=item.code,
            title=item.name,
            url=f"/items/{item.code}",
            body=f"{item.approval} {item.deliverable}",
            names=(*item.aliases, item.name_en),
            codes=(item.code,),
            item_codes=(item.code,),
            stages=(item.stage,),
        )
        for item in catalogue.items()
    ]


def schedules() -> list[Document]:
    """Make a document of five of the fee schedules."""
    return [
        Document(
            Kind.SCHEDULE, name, title, f"/fees/{name}", about=(about,), codes=(number,), body=f"{number} 收费标准"
        )
        for name, title, number, about in DOCUMENTS
    ]


def agencies(count: int, seed: int = 1) -> list[Document]:
    """Draw so many agencies, the same ones for a seed."""
    draw = random.Random(seed)
    towns, all_items = places.divisions(), catalogue.items()
    return [_agency(number, draw, towns, all_items) for number in range(1, count + 1)]


def notices(count: int, seed: int = 2) -> list[Document]:
    """Draw so many notices, the same ones for a seed."""
    draw = random.Random(seed)
    towns, all_items = places.divisions(), catalogue.items()
    return [_notice(number, draw, towns, all_items) for number in range(1, count + 1)]


def city(agency_count: int = 60, notice_count: int = 200) -> list[Document]:
    """Make all of it together: items, schedules, agencies, notices."""
    return [*items(), *schedules(), *agencies(agency_count), *notices(notice_count)]


def _agency(
    number: int,
    draw: random.Random,
    towns: Sequence[places.DivisionData],
    all_items: Sequence[ItemData],
) -> Document:
    town, offered = draw.choice(towns), draw.sample(all_items, draw.randint(1, 4))
    stem = town.name.removesuffix("镇").removesuffix("街道")
    return Document(
        kind=Kind.AGENCY,
        id=str(number),
        title=f"东莞市{draw.choice((stem, ''))}{draw.choice(BRANDS)}{draw.choice(TRADES)}有限公司",
        url=f"/agencies/{number}",
        body="".join(draw.choice(WORDS) for _ in range(12)),
        about=tuple(item.name for item in offered),
        town_code=town.code,
        item_codes=tuple(item.code for item in offered),
        stages=tuple({item.stage: None for item in offered}),
        grade=draw.choice(GRADES),
        price_fen=draw.randint(300_000, 80_000_000),
        on_time=draw.randint(60, 100) / 100,
        rating=draw.randint(50, 99) / 100,
        published_at=START + timedelta(days=draw.randint(0, 200)),
        boosts={"standing": draw.randint(0, 20) / 100},
    )


def _notice(
    number: int,
    draw: random.Random,
    towns: Sequence[places.DivisionData],
    all_items: Sequence[ItemData],
) -> Document:
    town, item = draw.choice(towns), draw.choice(all_items)
    at = START + timedelta(days=draw.randint(0, 300))
    return Document(
        kind=Kind.NOTICE,
        id=str(number),
        title=f"{town.name}{draw.choice(WORKS)}{item.name}",
        url=f"/needs/{number}",
        body="".join(draw.choice(WORDS) for _ in range(draw.randint(10, 40))),
        about=(item.name, *item.aliases),
        codes=(f"DG-2026-{number:06d}",),
        town_code=town.code,
        item_codes=(item.code,),
        stages=(item.stage,),
        price_fen=draw.randint(500_000, 90_000_000) if draw.random() < 0.8 else None,
        published_at=at,
        closes_at=at + timedelta(days=10),
        state=draw.choice(STATES),
    )
