"""Labels, hints and order of a project's fields."""

from __future__ import annotations

from typing import Final

from accounts.wording import town_names
from agencies.catalogue.necessity import VARIABLES
from core.forms import Item
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from marketplace.needs.wording import FUND_HINTS, FUNDS
from marketplace.projects.wording import kinds


def _towns() -> list[tuple[str, str]]:
    return [("", _("单位登记的镇街")), *town_names().items()]


FACTS: Final = tuple(
    Item(name, label, "number", unit=unit, inputmode="decimal", optional=True)
    for name, (label, unit) in VARIABLES.items()
    if not name.endswith("_contract_cny")
)
PROJECT: Final = (
    Item(
        "code", _l("投资项目统一代码"), hint=_l("24 位，在立项备案或核准文件上，如 2026-441900-47-01-000123。"),
        autocomplete="off",
    ),
    Item("name", _l("项目名称"), hint=_l("如“长安厂房扩建”。"), autocomplete="off"),
    Item("kind", _l("项目类型"), "radios", choices=kinds),
    Item(
        "fund", _l("资金性质"), "radios",
        choices=tuple((code, name, FUND_HINTS[code]) for code, name in FUNDS.items()),
    ),
    Item("scale", _l("规模"), "textarea", hint=_l("面积、产能、用地等，采购草稿里照用。"), rows=3, optional=True),
    Item("investment", _l("总投资"), unit=_l("万元"), inputmode="decimal", optional=True),
    Item("starts_on", _l("计划开始的日子"), "date", optional=True, hint=_l("留空从今天算。")),
    Item("town_code", _l("所在镇街"), "select", choices=_towns, optional=True),
    *FACTS,
)  # fmt: skip
ADD: Final = (Item("item_code", _l("添加事项"), "select"),)
ENTRY: Final = (
    Item(
        "days", _l("用时"), "number", unit=_l("天"), inputmode="numeric",
        hint=_l("从签约到交付。有了公告和合同，按它们的天数算。"),
    ),
    Item("before", _l("要等哪些事项完成"), "checkboxes", optional=True, hint=_l("不勾选的就是可以一开始就办。")),
)  # fmt: skip
