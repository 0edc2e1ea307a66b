"""What revisions refuse with and tell, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "fee-revision-not-found": _l("没有找到这件标准修订。"),
    "revision-text-unreadable": _l("%(sentence)s"),
    "revision-other-schedule": _l("文本里的 id 是“%(given)s”，这件修订改的是“%(schedule)s”。把 id 改成一致。"),
    "revision-unchanged": _l("文本和现在的一样，没有改动。先改文本再保存。"),
    "revision-past-changed": _l(
        "%(day)s 以前施行的版本“%(versions)s”不能在原处改价。新价另写一个版本，从生效日起；"
        "要更正以前的，把生效日提前到那个版本的首日。"
    ),
    "revision-past-force": _l("%(day)s 以前的法律效力不能改动。要更正以前的，把生效日提前。"),
    "revision-stale": _l("起草以后，这个标准又有新文本通过。对照新文本改好草稿，再提交。"),
    "revision-day-passed": _l("生效日 %(day)s 已过，这件修订没有标为更正。退回改生效日，再提交。"),
    "revision-schedule-id": _l("标准编号用小写字母、数字和短横，如 demo-fee。"),
    "revision-file-type": _l("上传 .toml 文件，用 UTF-8 编码，不超过 400 KB。"),
    "revision-reason-too-short": _l("至少写 %(least)s 个字，现在 %(given)s 个字。"),
}

MESSAGES: Final[dict[str, Any]] = {
    "fee-revision-proposed": _l("有一件收费标准修订等第二人审核。"),
    "fee-revision-approved": _l("收费标准修订已通过，从生效日起施行。"),
    "fee-revision-rejected": _l("收费标准修订没有通过，理由见详情。"),
    "fee-revision-recomputed": _l("更正后重算了以往核查，有 %(count)s 件数额变动，逐件处理。"),
}
