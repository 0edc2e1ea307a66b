"""Sample data for every part of the design system, and the page that shows them all."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader

from core.money import Money, capitals
from web import charts

WEB = Path(__file__).parents[2] / "web"
BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 3, 13, 4, 47, 27, tzinfo=UTC)


def in_words(money: Money) -> str:
    """Write an amount as pages do: 元, 万元 or 亿元."""
    yuan = money.yuan
    if abs(yuan) >= 10**8:
        return f"{yuan / 10**8:,.2f} 亿元"
    return f"{yuan / 10**4:,.2f} 万元" if abs(yuan) >= 10**4 else f"{yuan:,.0f} 元"


def moment(at: datetime) -> str:
    """Write a moment in Beijing time with its weekday."""
    here = at.astimezone(BEIJING)
    return f"{here.year}年{here.month}月{here.day}日（周{'一二三四五六日'[here.weekday()]}）{here:%H:%M}"


def day_of(day: date) -> str:
    """Write a day."""
    return f"{day.year}年{day.month}月{day.day}日"


def environment(theme: str = "light", **context: Any) -> Environment:
    """Make a template environment with what the app factory gives every page."""
    env = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(lambda s: s, lambda s, p, n: s if n == 1 else p, newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {
        "money": in_words,
        "yuan": lambda m: f"{m} 元",
        "capitals": capitals,
        "when": moment,
        "day": day_of,
        "percent": lambda v: f"{v}%",
        "group": str,
    }
    env.globals |= {
        "charts": charts,
        "csrf_token": lambda: "token",
        "url_for": lambda name, **_: f"/{name}",
        "asset": lambda name: f"/static/{name}",
        "get_flashed_messages": lambda **_: [("ok", "公告已发布。")],
        "lang": "zh-Hans-CN",
        "theme": theme,
        "text_size": "normal",
        "demo_data": True,
        "now": NOW,
        "viewer": SimpleNamespace(signed_in=False),
        "nav": [
            ("找机构", "/agencies", True),
            ("看公告", "/needs", False),
            ("收费标准", "/fees", False),
            ("公开摇号", "/draws", False),
            ("信用公示", "/standing", False),
            ("办事咨询", "/ask", False),
        ],
        "footer_links": [("无障碍声明", "/a"), ("隐私说明", "/p"), ("运行状态", "/s"), ("开放数据", "/o")],
        "request": SimpleNamespace(full_path="/gallery?", args={"q": "工程预算编制"}),
        **context,
    }
    return env


def wan(text: str) -> Money:
    """Make money of an amount in 万元."""
    return Money.from_wan(text)


def agencies() -> list[dict[str, Any]]:
    """Describe four invented agencies as the search page does."""
    bar = {"low": wan("8.74"), "mid": wan("9.80"), "high": wan("13.10")}
    rows = [
        ("衡", "东莞衡准工程咨询有限公司", "9.30", ("低于中位 5.1%", "ok"), [1, 0, 2, 9, 42], 4.6),
        ("筑", "东莞筑诚造价事务所", "10.05", ("高于中位 2.6%", "plain"), [1, 1, 3, 11, 23], 4.3),
        ("恒", "广东恒度项目管理有限公司", "12.40", ("高于中位 26.5%", "warn"), [3, 3, 8, 25, 58], 4.4),
    ]
    shown: list[dict[str, Any]] = [
        {
            "name": name,
            "url": "#",
            "mark": mark,
            "about": ["南城", "从业 12 年", "在册造价师 18 人"],
            "tags": [("信用 A 级", "ok"), ("无投诉成立", "plain"), ("本地机构", "plain")],
            "rating": {"mean": mean, "n": sum(counts), "low": mean - 0.2, "high": mean + 0.2, "counts": counts},
            "on_time": {"value": "96%", "note": "48 件中 46 件准时"},
            "promise": {"value": "10 天", "note": "实际中位 9 天"},
            "review": {"text": "两轮答疑都当天回复，清单漏项主动补了。", "source": "长安 · 装备制造企业 · 2月"},
            "price": wan(price),
            "price_label": "按您的项目计",
            "bar": {"price": wan(price), **bar},
            "price_tag": tagged,
            "action": ("邀请报价", "#"),
            "compare": {"value": mark, "checked": mark != "恒"},
        }
        for mark, name, price, tagged, counts, mean in rows
    ]
    return [
        *shown,
        {
            "name": "东莞明算咨询（个人独资）",
            "url": "#",
            "mark": "明",
            "about": ["松山湖", "从业 2 年"],
            "tags": [("新入驻", "info")],
            "price": None,
            "action": ("邀请报价", "#"),
            "compare": {"value": "明", "checked": False},
        },
    ]


def sample_fields() -> list[dict[str, Any]]:
    """Describe a field of every type, some wrong."""
    return [
        {"name": "title", "label": "项目名称", "error": "填写项目名称，如“长安厂房扩建”。", "required": True},
        {
            "name": "sum",
            "label": "项目总投资额",
            "type": "money",
            "value": "3200",
            "error": ["只填数字，如 3200。"],
            "hint": "不含土地款",
        },
        {
            "name": "fund",
            "label": "资金性质",
            "type": "radios",
            "value": "own",
            "choices": [("own", "企业自有资金"), ("gov", "财政资金", "含国有资金占控股地位的项目")],
        },
        {
            "name": "want",
            "label": "成果送达",
            "type": "checkboxes",
            "value": ["net"],
            "choices": [("net", "网上送达"), ("post", "快递")],
            "error": "至少选一种。",
        },
        {
            "name": "town",
            "label": "所在镇街",
            "type": "select",
            "value": "2",
            "choices": [(1, "南城"), (2, "长安")],
            "required": False,
        },
        {
            "name": "about",
            "label": "补充说明",
            "type": "textarea",
            "required": False,
            "hint": "不写个人信息",
            "attrs": {"maxlength": 500},
        },
        {"name": "days", "label": "交付时间", "type": "number", "value": 15, "unit": "个工作日"},
        {"name": "on", "label": "计划开工", "type": "date", "value": "2026-04-09"},
        {"name": "closes", "label": "报价截止时间", "type": "datetime", "value": "2026-03-18T17:00"},
        {"name": "plan", "label": "总平面图", "type": "file", "hint": "PDF、DWG，50 MB 以内"},
        {"name": "phone", "label": "联系人手机", "type": "tel", "autocomplete": "tel", "width": "short"},
        {"name": "mail", "label": "电子邮箱", "type": "email", "autocomplete": "email", "width": "medium"},
        {"name": "secret", "label": "密码", "type": "password", "autocomplete": "current-password", "width": "medium"},
        {"name": "agree", "label": "内容属实，愿意公开", "type": "checkbox", "value": True},
        {"name": "version", "type": "hidden", "value": 3},
    ]


def calculation() -> dict[str, Any]:
    """Describe a fee worked in four steps."""
    clause = "示例费率表 2026 版 第 12 条"
    return {
        "title": "工程预算编制 · 基准价",
        "version_label": "示例费率表 2026 版",
        "echo": "项目总投资额 3,200 万元；复杂程度：较复杂 1.05",
        "low": wan("8.74"),
        "base": wan("10.92"),
        "high": wan("13.10"),
        "status_label": "历史参考",
        "status_sentence": "这项收费已放开，由双方商定；原标准只作参考，不是上限，也不是下限。",
        "bar": {"price": wan("10.92"), "low": wan("8.74"), "high": wan("13.10"), "band": "history"},
        "steps": [
            {
                "label": "0—500 万元",
                "expression": "500 万元 × 4.0‰",
                "value": wan("2"),
                "clause": clause,
                "clause_url": "#",
            },
            {"label": "500—1,000 万元", "expression": "500 万元 × 3.6‰", "value": wan("1.8"), "clause": clause},
            {"label": "1,000—3,200 万元", "expression": "2,200 万元 × 3.0‰", "value": wan("6.6"), "clause": clause},
            {"label": "复杂系数", "expression": "10.40 万元 × 1.05", "value": wan("10.92"), "clause": clause},
        ],
        "share_url": "?amount=3200",
    }


def town_tiles() -> list[charts.Tile]:
    """Lay out invented figures for the towns."""
    rows = [
        "..中堂:3.7 高埗:1.9 石碣:1.2 石龙:0 石排:0 企石:0 桥头:3.7",
        "麻涌:5.6 望牛墩:2.4 道滘:0 万江:0 莞城:1.2 茶山:1.2 横沥:0 常平:2.4 谢岗:0",
        ".洪梅:1.2 沙田:0 南城:0 东城:2.4 寮步:0 东坑:1.2 .樟木头:0",
        "...厚街:2.4 大岭山:0 松山湖:1.9 大朗:3.1 黄江:4.8 清溪:1.9",
        "...虎门:7.1 长安:3.1 ...塘厦:11.8 凤岗:8.3",
    ]
    tiles = []
    for row, text in enumerate(rows):
        column = 0
        for word in text.split():
            column += word.count(".", 0, len(word) - len(word.lstrip(".")))
            name, value = word.lstrip(".").split(":")
            few = name in {"石龙", "企石"}
            tiles.append(charts.Tile(name, row, column, float(value), f"{value}%", few=few, url="#" if few else None))
            column += 1
    return tiles


def compared() -> list[dict[str, Any]]:
    """Describe what the compare page lays side by side."""
    return [
        {
            "label": "价格",
            "rows": [
                {"label": "按您的项目", "cells": [{"text": "9.30 万元", "best": "最低"}, "10.05 万元", "12.40 万元"]},
                {
                    "label": "与成交中位比",
                    "cells": ["低于中位 5.1%", "高于中位 2.6%", {"text": "高于中位 26.5%", "kind": "warn"}],
                },
            ],
        },
        {
            "label": "履约",
            "rows": [
                {"label": "准时", "cells": [{"text": "96%", "note": "46/48"}, {"text": "92%", "note": "34/37"}, None]}
            ],
        },
    ]


def figures() -> dict[str, Any]:
    """Give the numbers of the dashboard charts."""
    counts = [2, 1, 3, 4, 38, 66, 98, 84, 49, 30, 17, 11, 4, 2, 2, 1]
    bins = [charts.Bin(0.6 + 0.05 * i, 0.65 + 0.05 * i, n) for i, n in enumerate(counts)]
    rates = [91.2, 92.0, 90.8, 89.4, 87.9, 90.3, 91.7, 92.6, 93.4, 92.2, 92.8, 93.1]
    tiles = town_tiles()
    return {
        "bins": bins,
        "bin_rows": [[f"{b.low:.2f}—{b.high:.2f}", b.count] for b in bins],
        "months": [(f"{(i + 3) % 12 + 1}月", rate) for i, rate in enumerate(rates)],
        "tiles": tiles,
        "tile_rows": [[t.name, t.text] for t in tiles],
        "funnel": [("发布", 486), ("收到报价", 474), ("选定", 441), ("签约", 412), ("交付", 371), ("评价", 298)],
        "boxes": [
            charts.Box("预算编制", 0.6, 0.85, 0.91, 0.99, 1.35, 63),
            charts.Box("施工图审查", 0.5, 0.7, 1.0, 1.2, 1.5, 21),
        ],
        "dots": [charts.Interval("衡准咨询", 4.4, 4.6, 4.8, 54), charts.Interval("筑诚造价", 3.6, 4.3, 4.8, 9)],
    }


def samples() -> SimpleNamespace:
    """Gather what the gallery shows."""
    closes_at = NOW + timedelta(days=5, hours=4, minutes=12, seconds=33)
    return SimpleNamespace(
        low=wan("8.74"),
        mid=wan("9.80"),
        base=wan("10.92"),
        high=wan("13.10"),
        over=wan("14.20"),
        closes_at=closes_at,
        groups=[
            {"label": "收费", "name": "fee", "options": [("p", "有公示收费", 41, True), ("b", "低于中位", 22, False)]},
            {
                "label": "履约",
                "name": "done",
                "options": [("t", "准时率 90% 以上", 24, True), ("y", "近一年有成交", 33, False)],
            },
            {"label": "资格与信用", "name": "q", "open": False, "options": [("a", "信用 A 级", 12, False)]},
        ],
        agencies=agencies(),
        steps=[
            {"label": "发布公告", "state": "done", "date": "3月10日"},
            {"label": "提问与报价", "state": "current", "date": "至 3月18日 17:00"},
            {"label": "开启与选定", "state": "todo", "date": "3月18日 17:05"},
            {"label": "签约交付", "state": "todo", "date": "约 15 个工作日"},
            {"label": "评价", "state": "todo", "date": "交付后"},
        ],
        calculation=calculation(),
        events=[
            (NOW, "公告有改动", "交付时间由 12 改为 15 个工作日", ("看前后对照", "#d")),
            (NOW - timedelta(days=3), "发布公告", None, "#p"),
        ],
        fields=sample_fields(),
        tasks=[
            {"label": "核对机构信息", "url": "#", "done": True},
            {
                "label": "勾选服务事项",
                "url": "#",
                "done": False,
                "status": "还差 2 项",
                "hint": "按目录勾选，每项填一个下浮比例",
            },
        ],
        columns=[
            {"name": "衡准工程咨询", "url": "#", "note": "南城"},
            {"name": "筑诚造价", "url": "#"},
            {"name": "恒度管理"},
        ],
        compare=compared(),
        notices=[
            {
                "title": "智能装备厂房扩建项目工程预算编制",
                "url": "#",
                "code": "DG-2026-031842",
                "status": ("密封报价中", "info"),
                "about": ["长安镇", "择优选取"],
                "price": wan("10.92"),
                "facts": [("交付", "15 个工作日")],
                "closes_at": closes_at,
            }
        ],
        cases=[
            [
                {"text": "HT-2026-0311", "url": "#"},
                "工程预算编制",
                "8.20 万元",
                "8.74—13.10",
                {"text": "低 6.2%", "kind": "bad"},
                "已提交",
            ],
            [
                {"text": "HT-2026-0298", "url": "#"},
                "水土保持方案",
                "15.60 万元",
                "9.10—13.65",
                {"text": "高 14.3%", "kind": "bad"},
                None,
            ],
        ],
        **figures(),
    )


def wrong_form() -> SimpleNamespace:
    """Describe a form refused with three errors."""
    errors = [("title", "填写项目名称，如“长安厂房扩建”。"), ("sum", "只填数字，如 3200。"), ("want", "至少选一种。")]
    return SimpleNamespace(errors=errors)


def gallery(theme: str = "light", **context: Any) -> str:
    """Render the gallery."""
    return environment(theme, **context).get_template("gallery.html").render(s=samples(), form=wrong_form())


def part(source: str, **data: Any) -> str:
    """Render a snippet that imports a part."""
    return environment().from_string(source).render(**data)
