"""What fees refuses with and tells, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "fee-schedule-not-found": _l("没有收录“%(document)s”这个收费标准。到“收费标准”里挑一个。"),
    "fee-service-not-found": _l("这个收费标准没有“%(service)s”这项服务。从列出的服务里选一项。"),
    "fee-inputs-refused": _l("有的内容算不了，按各项提示改。"),
    "fee-case-not-found": _l("没有找到这件收费核查。"),
    "case-not-above": _l("这个价格没有高出限额，不用核查。"),
    "case-reply-awaited": _l("机构的说明期限还没到，等机构说明后再认定；不成立的可以现在撤销。"),
    "case-text-too-short": _l("至少写 %(least)s 个字，现在 %(given)s 个字。"),
    "case-text-too-long": _l("最多写 %(most)s 个字，现在 %(given)s 个字。"),
    "case-rule-not-in-force": _l("这一天没有生效的核查规则。"),
    "case-appeal-late": _l("申请复核的期限已经过了，认定已经生效。"),
    "case-not-upheld": _l("认定成立以后才登记退还金额。"),
    "case-return-above": _l("退还金额最多 %(most)s 元，对照核查的差额再填。"),
    "case-verdict": _l("选“认定成立”或“不成立，撤销”。"),
    "price-item-not-offered": _l("贵机构还没有登记“%(item)s”这项服务，先在入驻信息里选上它。"),
    "price-amount-required": _l("填大于 0 的价格。"),
    "price-basis-unknown": _l("选一种计价方式。"),
    "price-unit-required": _l("写明按什么单位计价，如“平方米”“份”。"),
    "price-schedule-not-of-item": _l("选一个适用于这项服务的收费标准。"),
    "price-discount-required": _l("填 0 到 100 之间的下浮百分数，不含 100。"),
    "price-in-the-past": _l("生效日填今天（%(today)s）或以后的日子。"),
    "day-unreadable": _l("日期写成 2026-03-18 的样子。"),
}

MESSAGES: Final[dict[str, Any]] = {
    "price-begun": _l("“%(item)s”的新价格今天起生效。"),
    "fee-case-opened": _l("贵机构有一件收费核查，在期限内写明情况。"),
    "fee-case-to-check": _l("系统发现一处价格高出限额，已请机构说明。"),
    "fee-case-replied": _l("机构已就收费核查作出说明，等待认定。"),
    "fee-case-unanswered": _l("机构没有在期限内说明，可以认定。"),
    "fee-case-upheld": _l("收费核查认定成立，理由见详情。"),
    "fee-case-appealed": _l("一件收费核查申请了复核，由另一个人复核。"),
    "fee-case-review-late": _l("一件收费核查的复核过了期限。"),
    "fee-case-confirmed": _l("收费核查复核维持原认定，理由见详情。"),
    "fee-case-overturned": _l("收费核查复核改变了原认定，理由见详情。"),
    "fee-case-dismissed": _l("收费核查不成立，已撤销，理由见详情。"),
}
