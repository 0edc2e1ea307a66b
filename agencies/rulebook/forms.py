"""The forms of the rulebook: what a proposer and a second person are asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.wording import town_names
from agencies.catalogue.queries import METHOD
from agencies.catalogue.wording import in_english, item_names
from agencies.rulebook import self_check
from agencies.rulebook.wording import FUNDS
from core.forms import Item
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

HINTS = {
    "flag": _l("开或者关"),
    "ratio": _l("0 到 1 的小数，如 0.5，也可以写 50%"),
    "working_days": _l("工作日数，整数"),
    "quotes": _l("家数，整数"),
    "times": _l("次数，整数"),
    "numbers": _l("号数，整数"),
    "months": _l("月数，整数"),
}
JUDGING = (Item("reason", _l("审核意见"), "textarea", hint=_l("写明核对了什么；5 到 1000 字，留存在记录里"), rows=3),)

NOTICE = (
    Item("document", _l("文件名和文号"), hint=_l("如“关于2027年部分节假日安排的通知（国办发明电〔2026〕8号）”")),
    Item("source", _l("在哪里读到的"), hint=_l("网址，公开在日历里"), optional=True),
    Item(
        "days", _l("改哪些天"), "textarea", rows=8,
        hint=_l("一行一天：日期、上班或放假、名称。如“2027-02-07 上班 春节调休”。只写和现在不同的日子"),
    ),
    Item("reason", _l("说明"), "textarea", hint=_l("5 到 1000 字，第二人看得到，留在记录里"), rows=3),
)  # fmt: skip


def proposing(key: str, unit: str, funds: Sequence[str], today: date) -> list[Item]:
    """Return the fields of a change of one rule; the switch of a method asks its self-check too."""
    value = (
        Item("value", _l("新值"), "radios", choices=[("on", _("开")), ("off", _("关"))])
        if unit == "flag"
        else Item("value", _l("新值"), hint=HINTS.get(unit, ""), inputmode="decimal")
    )
    items = [
        Item("fund", _l("资金性质"), "radios", choices=[(one, FUNDS[one]) for one in funds]),
        value,
        Item("effective_on", _l("生效日"), "date", hint=_l("最早明天：今天发布的公告按现在的规则冻结")),
        Item("ends_on", _l("失效日"), "date", hint=_l("这一天起回到原来的规则；不失效就空着"), optional=True),
        Item(
            "item_code", _l("只对一个服务事项"), "select", optional=True,
            choices=[("", _("全部事项")), *item_names().items()],
        ),
        Item(
            "town_code", _l("只对一个镇街"), "select", optional=True,
            choices=[("", _("全市")), *town_names().items()],
        ),
        Item("reason", _l("为什么改"), "textarea", hint=_l("5 到 1000 字，第二人看得到，留在记录里"), rows=3),
        Item("citation", _l("法律依据"), "textarea", hint=_l("文件名、文号和条款，公开在规则表里"), rows=2),
    ]  # fmt: skip
    return [*items, *_checking(today)] if key.startswith(METHOD) else items


def _checking(today: date) -> list[Item]:
    said = "text_en" if in_english() else "text"
    asked = [(one.code, f"{getattr(one, said)}（{one.basis}）") for one in self_check.asked_on(today)]
    return [
        Item(
            "risks", _l("公平竞争自查：答“是”的勾上"), "checkboxes", choices=asked, optional=True,
            hint=_l("启用一种选取方式前逐题核对；关闭不用填"),
        ),
        Item("note", _l("答“是”的，为什么仍可施行"), "textarea", optional=True, rows=3),
        Item("answered", _l("已逐题核对"), "checkbox", optional=True),
    ]  # fmt: skip
