"""The rulebook in words: values with their units, how far a rule reaches, states, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from accounts.wording import town_name
from agencies.catalogue.wording import item_name
from agencies.rulebook.lifecycle import ChangeState, NoticeState
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.workdays import Source

FUNDS: Final[Mapping[str, Any]] = {"social": _l("社会资金"), "fiscal": _l("财政资金"), "": _l("各类资金")}
REACH: Final[Mapping[str, Any]] = {"city": _l("全市"), "town": _l("本镇街"), "item": _l("本事项")}
STATES: Final[Mapping[ChangeState, tuple[Any, str]]] = {
    ChangeState.PROPOSED: (_l("等第二人审核"), "warn"),
    ChangeState.APPROVED: (_l("已通过"), "ok"),
    ChangeState.REJECTED: (_l("没有通过"), "bad"),
    ChangeState.WITHDRAWN: (_l("已撤回"), "plain"),
}
NOTICE_STATES: Final[Mapping[NoticeState, tuple[Any, str]]] = {
    NoticeState.PROPOSED: (_l("等第二人审核"), "warn"),
    NoticeState.APPROVED: (_l("已通过"), "ok"),
    NoticeState.REJECTED: (_l("没有通过"), "bad"),
    NoticeState.WITHDRAWN: (_l("已撤回"), "plain"),
}
SOURCES: Final[Mapping[Source, Any]] = {
    Source.NOTICE: _l("本市录入的通知"),
    Source.FILE: _l("随系统收录的通知"),
    Source.STATE_COUNCIL: _l("国务院办公厅年度放假通知"),
    Source.PROVISIONAL: _l("暂按法定节日推算，通知未出"),
}
HOLIDAYS: Final[Mapping[str, Any]] = {
    "New Year's Day": _l("元旦"),
    "Spring Festival": _l("春节"),
    "Tomb-sweeping Day": _l("清明节"),
    "Labour Day": _l("劳动节"),
    "Dragon Boat Festival": _l("端午节"),
    "Mid-autumn Festival": _l("中秋节"),
    "National Day": _l("国庆节"),
}
TOLD: Final[Mapping[str, Any]] = {
    "calendar_notice.proposed": _l("提出"),
    "calendar_notice.approve": _l("第二人通过"),
    "calendar_notice.reject": _l("第二人没有通过"),
    "calendar_notice.withdraw": _l("撤回"),
    "rule_change.proposed": _l("提出"),
    "rule_change.approve": _l("第二人通过"),
    "rule_change.reject": _l("第二人没有通过"),
    "rule_change.withdraw": _l("撤回"),
}


def value_words(value: Any, unit: str) -> str:
    """Write a rule's value with its unit; a dash where there was none."""
    if value is None:
        return "—"
    if unit == "flag":
        return _("开") if value else _("关")
    if unit == "ratio":
        return f"{format((Decimal(str(value)) * 100).normalize(), 'f')}%"
    counted: dict[str, str] = {
        "working_days": _("%(value)s 个工作日", value=value),
        "quotes": _("%(value)s 家", value=value),
        "months": _("%(value)s 个月", value=value),
        "times": _("%(value)s 次", value=value),
        "numbers": _("%(value)s 个号", value=value),
    }
    return counted.get(unit, str(value))


def scope_words(row: Any) -> str:
    """Say for whom a row or change holds: fund, item, town."""
    parts = [str(FUNDS.get(row.fund, row.fund))]
    if row.item_code:
        parts.append(item_name(row.item_code))
    if row.town_code:
        parts.append(town_name(row.town_code))
    return _("，").join(parts)
