"""The quote's form: one number for the price, one for the days, one tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.forms import Item
from core.i18n import lazy_gettext as _l

PRICES: Final = {
    "amount": Item(
        "amount", _l("报价"), unit=_l("元"), inputmode="decimal", autocomplete="off",
        hint=_l("全部费用在内的总价。可以写 93000、9.3万。写了单价清单的可以留空，按清单合计。"),
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


LINES: Final = Item(
    "lines", _l("单价清单"), "textarea", rows=4, optional=True,
    hint=_l("要按单价报的才填。一行一项：名称 单位 数量 单价，如“钻探 米 120 85.5”。合计自动算，最后四舍五入到分。"),
)  # fmt: skip
FILES: Final = Item(
    "files", _l("附件"), "file", optional=True, attrs={"multiple": "multiple"},
    hint=_l("最多 5 个，每个不超过 10 MB，pdf、docx、xlsx、ofd、jpg、png。和报价一起密封，开启前谁都打不开。"),
)  # fmt: skip
ANSWER: Final = (
    Item(
        "text", _l("成本说明"), "textarea", rows=6,
        hint=_l("人工、材料、设备、管理和利润各是多少，凭什么低。业主和价格主管部门看得到。"),
    ),
    Item("file", _l("证明材料"), "file", optional=True, hint=_l("可以不传。pdf、docx、xlsx、ofd、jpg、png。")),
)  # fmt: skip
DECISION: Final = (
    Item(
        "verdict", _l("认定"), "radios",
        choices=(("accept", _l("采信，报价照常计入")), ("reject", _l("不采信，报价不计入"))),
    ),
    Item("reason", _l("理由"), "textarea", rows=3, hint=_l("至少 10 个字，会告诉机构，选定后公开。")),
)  # fmt: skip


def layout(quoting: str) -> Sequence[Item]:
    """Return the fields for a notice that asks for an amount or for a discount; unit prices go with an amount only."""
    days, plan, promise = REST
    by_unit = (LINES,) if quoting == "amount" else ()
    return (PRICES[quoting], *by_unit, days, plan, FILES, promise)
