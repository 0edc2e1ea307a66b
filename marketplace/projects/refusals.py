"""The sentences of refusals and messages about projects."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "project-not-found": _l("没有找到这个项目。项目计划只有本单位能看；公告可以按项目代码查。"),
    "plan-entry-not-found": _l("计划里没有这一项。它可能已被移出计划。"),
    "project-code-wrong": _l("项目代码是 24 位：写成 2026-441900-47-01-000123 的样子。"),
    "project-code-known": _l("本单位已有代码 %(known)s 的项目。到“项目计划”里打开它。"),
    "project-code-fixed": _l("项目代码建立后不能改，仍是 %(known)s。代码填错的，取消这个项目后另建。"),
    "project-choice-unknown": _l("从列表里选一项。"),
    "project-ended": _l("这个项目已经结束，不能再改计划。已完成的可以重新打开。"),
    "plan-item-known": _l("这项服务已在计划里。"),
    "plan-days": _l("填写天数，填大于 0 的整数。"),
    "plan-before-unknown": _l("只能等本计划里的其他事项。"),
    "plan-loop": _l("这样会绕成一圈，谁也开始不了：%(loop)s。去掉其中一处再保存。"),
    "plan-entry-bought": _l("这一项已经在采购或履约，不能再标为不需要、自行编制或移出。先撤回需求。"),
    "nothing-ready": _l("现在没有可以采购的事项：要么已在办，要么前面的事项还没完成。"),
    "plan-not-done": _l("计划里还有没完成的事项，不能标为已完成。不需要的，先标明。"),
}
MESSAGES: Final[dict[str, Any]] = {
    "plan-item-ready": _l("“%(done)s”的成果已验收：“%(project)s”现在可以采购“%(item)s”"),
}
