"""Labels, hints and order of the fields of frameworks' pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from accounts.wording import town_names
from core.forms import Item
from core.i18n import lazy_gettext as _l
from marketplace.frameworks.lifecycle import Way
from marketplace.frameworks.wording import ENTRIES, ENTRY_HINTS, LEAVING, REMOVAL, WAY_HINTS, WAYS
from marketplace.needs.wording import FUND_HINTS, FUNDS, QUOTING

MAIN: Final = (
    Item("title", _l("框架协议名称"), hint=_l("如“年度环评报告表框架协议”。公告上显示。"), autocomplete="off"),
    Item("scale", _l("每次成交大致是什么"), "textarea", hint=_l("规模、深度、成果，机构据此报价。"), rows=3),
    Item(
        "fund", _l("资金性质"), "radios",
        choices=tuple((code, name, FUND_HINTS[code]) for code, name in FUNDS.items()),
    ),
    Item("unit", _l("单价按什么计"), hint=_l("如“份”“点”“平方米”。报下浮率的不用填。"), optional=True),
    Item("ceiling", _l("最高单价"), unit=_l("元"), inputmode="decimal", optional=True, hint=_l("报下浮率的不用填。")),
    Item(
        "way", _l("以后怎么成交"), "radios",
        choices=tuple((str(way), name, WAY_HINTS[way]) for way, name in WAYS.items()),
    ),
)  # fmt: skip
MORE: Final = (
    Item(
        "total", _l("协议总额"), unit=_l("万元"), inputmode="decimal", optional=True,
        hint=_l("全部成交加起来的上限。"),
    ),
    Item("months", _l("协议期"), "number", unit=_l("个月"), inputmode="numeric", hint=_l("从公示期满起算。")),
    Item("wanted", _l("最多入围几家"), "number", unit=_l("家"), inputmode="numeric"),
    Item(
        "share", _l("淘汰比例"), "number", unit="%", inputmode="numeric",
        hint=_l("按计入的报价算，向上取整，至少一家。不低于规定的比例。"),
    ),
    Item(
        "entry", _l("怎么入围"), "radios",
        choices=tuple((str(code), name, ENTRY_HINTS[code]) for code, name in ENTRIES.items()),
    ),
    Item("towns", _l("服务哪些镇街"), "checkboxes", choices=lambda: list(town_names().items()), optional=True,
         hint=_l("不勾就是全市。")),
    Item("quoting", _l("报价方式"), "radios", choices=tuple(QUOTING.items())),
    Item("closes_at", _l("报价截止时间"), "datetime", hint=_l("北京时间。留空按规定的最早时间。"), optional=True),
    Item("time_limit_days", _l("每次成交的服务时限"), "number", unit=_l("天"), inputmode="numeric"),
    Item("requirements", _l("服务内容和其他要求"), "textarea", rows=4, optional=True),
    Item(
        "contact_phone", _l("咨询电话"), "tel", inputmode="tel", optional=True,
        hint=_l("公告上显示。留空用单位登记的电话。"),
    ),
)  # fmt: skip
ALL: Final = (*MAIN, *MORE)
ADMIT: Final = (Item("reason", _l("确定的理由"), "textarea", hint=_l("至少 10 个字。会公开显示。"), rows=2),)
ENDING: Final = (Item("reason", _l("理由"), "textarea", hint=_l("至少 10 个字。会公开显示。"), rows=3),)
LEAVE: Final = (
    Item("cause", _l("为什么退出"), "radios", choices=tuple((str(code), name) for code, name in LEAVING.items())),
    *ENDING,
)
REMOVE: Final = (
    Item("cause", _l("为什么移出"), "radios", choices=tuple((str(code), name) for code, name in REMOVAL.items())),
    *ENDING,
)
_CALL: Final = (
    Item("title", _l("项目名称"), hint=_l("如“长安厂房扩建环评报告表”。"), autocomplete="off"),
    Item("scale", _l("规模或要点"), "textarea", rows=3),
)
_PRICE: Final = (
    Item(
        "amount", _l("成交价"), unit=_l("元"), inputmode="decimal", optional=True,
        hint=_l("留空按它的框架价。只能低，不能高。"),
    ),
    Item("reason", _l("选它的理由"), "textarea", hint=_l("至少 10 个字。会公开显示。"), rows=2),
)  # fmt: skip
_CLOSES: Final = Item(
    "closes_at", _l("报价截止时间"), "datetime", hint=_l("北京时间。留空按规定的最早时间。"), optional=True
)


def calling(way: Way, unit: str, towns: Sequence[tuple[str, str]], members: Sequence[tuple[str, str]]) -> list[Item]:
    """Return the fields of a call-off by the way its framework states; unit: empty where discounts are agreed."""
    found = [*_CALL, Item("town_code", _l("在哪个镇街"), "select", choices=towns)]
    if unit:
        found.append(Item("quantity", _l("数量"), unit=unit, inputmode="decimal"))
    if way is Way.DIRECT:
        found += [Item("member_id", _l("选哪一家"), "radios", choices=members), *_PRICE]
    if way in {Way.PRICE, Way.MERIT}:
        found.append(_CLOSES)
    return found
