"""The forms of revisions: what a writer and a second person are asked."""

from __future__ import annotations

from typing import Final

from agencies.revisions import rules
from core.forms import Item
from core.i18n import lazy_gettext as _l

WRITING: Final = (
    Item(
        "schedule_id", _l("标准编号"),
        hint=_l("与文本里的 id 一致；改现有标准时不用动，新标准用小写字母、数字和短横"),
    ),
    Item(
        "effective_on", _l("生效日"), "date",
        hint=_l("这一天起按新文本算；早于今天就是更正，会重算以往核查"),
    ),
    Item("reason", _l("为什么改"), "textarea", hint=_l("5 到 1000 字，第二人看得到，留在记录里"), rows=3),
    Item("citation", _l("依据"), "textarea", hint=_l("文件名、文号和条款"), rows=2),
    Item(
        "text", _l("标准全文（TOML）"), "textarea",
        hint=_l("整份文本；保存时用同一套规则检查，有错会指出第几行"), rows=28,
        attrs={"spellcheck": "false", "maxlength": str(rules.LONGEST_TEXT)},
    ),
    Item("base_sha256", "", "hidden", optional=True),
)  # fmt: skip
JUDGING: Final = (
    Item("reason", _l("审核意见"), "textarea", hint=_l("写明核对了什么；5 到 1000 字，留存在记录里"), rows=3),
)
