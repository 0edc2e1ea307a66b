"""The forms of fees: what a person posting a price, replying to a case or deciding it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agencies.catalogue.models import ServiceItem
from agencies.fees import queries, register
from agencies.fees.commands import PriceBasis
from agencies.fees.wording import BASES, said
from core.forms import Item, with_choices
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

# The style sheet hides what a way of pricing does not ask for; where it cannot, the hints say when to fill it in.
PRICE: Final[Sequence[Item]] = (
    Item("basis", _l("计价方式"), "radios"),
    Item("amount", _l("价格"), "money", unit=_l("元"), hint=_l("一口价或每单位的价格")),
    Item("unit_name", _l("计价单位"), hint=_l("按单位计价时填，如“平方米”“份”")),
    Item("schedule_id", _l("收费标准"), "select", hint=_l("按收费标准计算或下浮时选")),
    Item("discount_rate", _l("下浮"), "number", unit="%", hint=_l("按收费标准下浮时填")),
    Item("included", _l("价格包含"), "textarea", hint=_l("写清这个价格包含哪些工作和成果"), rows=3, optional=True),
    Item(
        "extra",
        _l("另行收费"),
        "textarea",
        hint=_l("写清哪些情形另收费、怎么收；没有就写“没有”"),
        rows=3,
        optional=True,
    ),
    Item("valid_from", _l("生效日"), "date", hint=_l("不填就是现在起"), optional=True),
)
REPLY: Final[Sequence[Item]] = (
    Item("text", _l("情况说明"), "textarea", hint=_l("写明价格高出的原因和依据，10 到 2000 字"), rows=6),
)
DECISION: Final[Sequence[Item]] = (
    Item(
        "verdict",
        _l("认定"),
        "radios",
        choices=(("uphold", _l("认定成立")), ("dismiss", _l("不成立，撤销"))),
    ),
    Item("reason", _l("理由"), "textarea", hint=_l("机构能看到；10 到 2000 字"), rows=4),
)
APPEAL: Final[Sequence[Item]] = (
    Item("text", _l("复核申请"), "textarea", hint=_l("写明不同意的地方和依据，10 到 2000 字"), rows=6),
)
REVIEW: Final[Sequence[Item]] = (
    Item("verdict", _l("复核结论"), "radios", choices=(("confirm", _l("维持原认定")), ("overturn", _l("改变原认定")))),
    Item("reason", _l("理由"), "textarea", hint=_l("机构能看到；10 到 2000 字"), rows=4),
)
RETURN: Final[Sequence[Item]] = (Item("amount", _l("已退还金额"), "money", unit=_l("元"), hint=_l("按退款凭证填")),)


def price_layout(item: ServiceItem) -> list[Item]:
    """Return the form of a posted price for an item; ways of pricing by a schedule only where one fits."""
    ids = queries.schedules_of(item)
    by_schedule = {PriceBasis.FORMULA, PriceBasis.DISCOUNT}
    bases = [(str(basis), str(label)) for basis, label in BASES.items() if ids or basis not in by_schedule]
    schedules = [
        (one, _("%(document)s %(title)s", document=register.SCHEDULES[one].document,
                title=said(register.SCHEDULES[one].title)))
        for one in ids
    ]  # fmt: skip
    kept = [item for item in PRICE if ids or item.name not in {"schedule_id", "discount_rate"}]
    return with_choices(kept, basis=bases, schedule_id=schedules)
