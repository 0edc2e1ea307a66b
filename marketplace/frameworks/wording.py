"""The words of frameworks on pages: states, ways, causes, prices, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from accounts.wording import town_name
from agencies.registration.refusals import missing_sentence
from agencies.registration.rules import Missing
from core.errors import DomainError
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.money import Money
from marketplace.frameworks.lifecycle import NOBODY_LEFT, Entry, FrameworkState, Leaving, MemberState, Removal, Way
from marketplace.frameworks.models import Framework, FrameworkMember
from marketplace.frameworks.refusals import SENTENCES
from marketplace.needs.refusals import FAILED
from marketplace.needs.refusals import SENTENCES as OF_NEEDS
from marketplace.needs.wording import moment
from marketplace.selection.refusals import SENTENCES as OF_SELECTION

_S = FrameworkState
STATES: Final[Mapping[FrameworkState, tuple[Any, str]]] = {
    _S.DRAFT: (_l("草稿"), "plain"),
    _S.INVITING: (_l("征集中"), "info"),
    _S.PROVISIONAL: (_l("入围公示中"), "info"),
    _S.SUSPENDED: (_l("因投诉暂不生效"), "warn"),
    _S.IN_FORCE: (_l("生效中"), "ok"),
    _S.EXPIRED: (_l("已期满"), "plain"),
    _S.CLOSED: (_l("提前结束"), "plain"),
    _S.FAILED: (_l("征集未成"), "bad"),
    _S.WITHDRAWN: (_l("已撤回"), "plain"),
}
MEMBERS: Final[Mapping[MemberState, tuple[Any, str]]] = {
    MemberState.MEMBER: (_l("入围"), "ok"),
    MemberState.WITHDRAWN: (_l("已退出"), "plain"),
    MemberState.REMOVED: (_l("已移出"), "warn"),
}
WAYS: Final[Mapping[Way, Any]] = {
    Way.DIRECT: _l("直接选定"),
    Way.ROTATION: _l("顺序轮候"),
    Way.PRICE: _l("二次竞价"),
    Way.MERIT: _l("二次比选"),
}
WAY_HINTS: Final[Mapping[Way, Any]] = {
    Way.DIRECT: _l("每次从入围机构里选一家，写明理由，不高于它的框架价"),
    Way.ROTATION: _l("按入围名次轮流承接，各按自己的框架价"),
    Way.PRICE: _l("每次请入围机构密封再报一次价，最低的中选"),
    Way.MERIT: _l("每次请入围机构密封再报一次价和方案，总分最高的中选"),
}
ENTRIES: Final[Mapping[Entry, Any]] = {Entry.PRICE: _l("价格优先"), Entry.CREDIT: _l("信用优先")}
ENTRY_HINTS: Final[Mapping[Entry, Any]] = {
    Entry.PRICE: _l("报价低的入围"),
    Entry.CREDIT: _l("信用评分高的入围，给暂无评分的机构留位置"),
}
LEAVING: Final[Mapping[str, Any]] = {
    Leaving.CAPACITY: _l("人手不足"),
    Leaving.COST: _l("成本变化，做不下来"),
    Leaving.CLOSING: _l("不再做这项服务"),
    Leaving.OTHER: _l("其他"),
}
REMOVAL: Final[Mapping[str, Any]] = {
    Removal.UNFIT: _l("不再符合条件"),
    Removal.REFUSED: _l("多次无故不承接"),
    Removal.BREACH: _l("不履行合同"),
    Removal.AGREED: _l("双方商定"),
}


def cause(code: str) -> str:
    """Say why an agency is no member any more."""
    return str({**LEAVING, **REMOVAL}.get(code, code))


def price(member: FrameworkMember, unit: str) -> str:
    """Write a member's frozen price: an amount a unit, or the discount."""
    if member.price is not None:
        return _("%(amount)s 元/%(unit)s", amount=str(member.price), unit=unit)
    rate = (Decimal(member.discount_rate or 0) * 100).normalize()
    return _("下浮 %(rate)s%%", rate=format(rate, "f"))


def towns(row: Framework) -> str:
    """Say which towns a framework serves."""
    return _("、").join(town_name(code) for code in row.towns) or _("全市")


def lacking(lacks: Sequence[Mapping[str, Any]]) -> str:
    """Say what a member lacked when it was passed over."""
    return _("；").join(missing_sentence(Missing(one["code"], one["facts"])) for one in lacks)


def end_reason(row: Framework) -> str:
    """Say why a framework ended: in its enterprise's words, or by the code of what befell it."""
    if row.end_reason == NOBODY_LEFT:
        return _("入围机构都已退出。")
    return str(FAILED.get(row.end_reason, row.end_reason))


def refusal(error: DomainError) -> str:
    """Write a refusal's sentence with its times and amounts written out."""
    text = str({**OF_SELECTION, **OF_NEEDS, **SENTENCES}.get(error.code, error.code))
    return text % {key: _said(value) for key, value in error.facts.items()}


def _said(value: Any) -> Any:
    if isinstance(value, Money):
        return str(value)
    return moment(value) if hasattr(value, "astimezone") else value
