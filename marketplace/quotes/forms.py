"""The quote's form: one number for the price, one for the days, one tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.forms import Item
from core.i18n import lazy_gettext as _l

PRICES: Final = {
    "amount": Item(
        "amount", _l("报价"), unit=_l("元"), inputmode="decimal", autocomplete="off",
        hint=_l("全部费用在内的总价。可以写 93000、9.3万。"),
    ),
    "discount": Item(
        "discount_rate", _l("下浮率"), unit="%", inputmode="decimal", autocomplete="off",
        hint=_l("在收费基准上下浮百分之几。填 15 就是按基准的 85%% 收。"),
    ),
}  # fmt: skip
REST: Final = (
    Item("days", _l("完成天数"), "number", unit=_l("天"), inputmode="numeric", hint=_l("从签约起算。")),
    Item(
        "plan", _l("服务方案"), "textarea", rows=8, optional=True,
        hint=_l("谁来做、怎么做、分几步。开启后业主看得到，选定后公开。不要写个人联系方式。"),
    ),
    Item(
        "commitment_given", _l("资质和人员真实有效，报价包含公告要求的全部工作，选定后按此签约"), "checkbox",
    ),
)  # fmt: skip


def layout(quoting: str) -> Sequence[Item]:
    """Return the fields for a notice that asks for an amount or for a discount."""
    return (PRICES[quoting], *REST)
