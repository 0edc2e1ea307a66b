"""What the rulebook refuses with and tells, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "rule-unknown": _l("没有这条规则。从规则表里选一条。"),
    "rule-change-not-found": _l("没有找到这件规则变更。"),
    "rule-value-flag": _l("选“开”或者“关”。"),
    "rule-value-ratio": _l("填 0 到 1 的小数，如 0.5，也可以写 50%%。"),
    "rule-value-whole": _l("填 0 到 %(most)s 的整数。"),
    "rule-day-passed": _l("生效日最早是 %(earliest)s：今天发布的公告已经按现在的规则冻结。"),
    "rule-day-far": _l("生效日不能超过三年以后。"),
    "rule-ends-before": _l("失效日要晚于生效日 %(effective)s；不失效就空着。"),
    "rule-day-passed-waiting": _l("生效日 %(day)s 已到，不能再通过。撤回后改生效日，重新提出。"),
    "rule-day-taken": _l("同一范围已有一条从 %(day)s 起的规则。撤回后换一天，重新提出。"),
    "rule-unchanged": _l("和到时施行的值一样，没有改动。改了值再提交。"),
    "rule-item-unknown": _l("没有编号为“%(item)s”的服务事项。"),
    "rule-town-unknown": _l("没有代码为“%(town)s”的镇街。"),
    "rule-reason-too-short": _l("至少写 %(least)s 个字，现在 %(given)s 个字。"),
    "calendar-notice-not-found": _l("没有找到这件日历通知。"),
    "calendar-days-missing": _l("至少填一个日期。一行一天，如“2026-10-10 上班 国庆节调休”。"),
    "calendar-days-many": _l("一件通知最多 %(most)s 天，分几件录入。"),
    "calendar-line": _l("第 %(line)s 行写成“日期 上班或放假 名称”，如“2026-10-10 上班 国庆节调休”。"),
    "calendar-day-passed": _l("%(day)s 已过或就是今天，只能改明天以后的日子。"),
    "calendar-day-far": _l("%(day)s 太远，最多提前三年。"),
    "calendar-day-twice": _l("%(day)s 写了两次，留一行。"),
    "calendar-day-unchanged": _l("%(day)s 现在就是这样，没有改动，删去这一行。"),
    "calendar-document-short": _l("写明通知的文件名和文号，至少 %(least)s 个字，现在 %(given)s 个字。"),
    "calendar-days-passed-waiting": _l("通知里的 %(day)s 已到，不能再通过。撤回后删去这一天，重新提出。"),
    "self-check-missing": _l("启用选取方式要先做公平竞争自查：逐题看过，再勾“已逐题核对”。"),
    "self-check-unknown": _l("没有编号为“%(question)s”的自查题。"),
    "self-check-note": _l("有一题答“是”的，写明为什么仍可施行，至少 %(least)s 个字。"),
}

MESSAGES: Final[dict[str, Any]] = {
    "rule-change-proposed": _l("有一件规则变更等第二人审核。"),
    "rule-change-approved": _l("规则变更已通过，从生效日起施行。"),
    "rule-change-rejected": _l("规则变更没有通过，理由见详情。"),
    "calendar-notice-proposed": _l("有一件工作日历通知等第二人审核。"),
    "calendar-notice-approved": _l("工作日历通知已通过，从现在起按它计算期限。"),
    "calendar-notice-rejected": _l("工作日历通知没有通过，理由见详情。"),
}
