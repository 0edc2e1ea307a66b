"""What consultation refuses with and tells, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "consultation-not-found": _l("没有找到这条咨询。"),
    "consultation-too-short": _l("至少写 %(least)s 个字，现在 %(given)s 个字。"),
    "consultation-review-day": _l("复核日要晚于今天，最迟 %(latest)s。"),
    "consultation-item-unknown": _l("没有编号为“%(item)s”的服务事项。"),
    "consultation-cite-unknown": _l("没有“%(name)s”这条规则或者指南，从列表里选。"),
}

MESSAGES: Final[dict[str, Any]] = {
    "consultation-asked": _l("第 %(number)s 号咨询等答复。"),
    "consultation-answered": _l("您的咨询有了答复。"),
    "consultation-to-approve": _l("有一条咨询答复等审核，审核后公开。"),
    "consultation-closed": _l("您的咨询已办结，原因见详情。"),
    "consultation-overdue": _l("有一条咨询超过期限还没有答复。"),
    "consultation-review": _l("有一条公开答复到了复核日，看看是否仍然适用。"),
}
