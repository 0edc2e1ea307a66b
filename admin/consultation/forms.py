"""The forms of consultation."""

from __future__ import annotations

from collections.abc import Sequence

from core.forms import Item
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

CLOSING = (Item("reason", _l("原因"), "textarea", hint=_l("提问的人看得到；至少 5 个字"), rows=2),)
APPROVING = (
    Item(
        "review_on",
        _l("复核日"),
        "date",
        hint=_l("最迟一年后；到时请答复单位再看一遍"),
    ),
)


def asking(items: Sequence[tuple[str, str]], lives: Sequence[tuple[str, str]]) -> list[Item]:
    """Return the fields of a question."""
    return [
        Item("question", _l("您的问题"), "textarea", hint=_l("写明要办什么、卡在哪里；不要写证件号、手机号"), rows=4),
        Item("item_code", _l("关于哪项服务"), "select", choices=[("", _("不确定")), *items], optional=True),
        Item("life", _l("关于哪件事"), "select", choices=[("", _("不确定")), *lives], optional=True),
        Item("about", "", "hidden", optional=True),
    ]  # fmt: skip


def answering(rules: Sequence[tuple[str, str]], lives: Sequence[tuple[str, str]]) -> list[Item]:
    """Return the fields of an answer."""
    return [
        Item("answer", _l("答复"), "textarea", hint=_l("先说结论，再说怎么办；至少 5 个字"), rows=6),
        Item("rule_key", _l("依据的规则"), "select", choices=[("", _("没有")), *rules], optional=True),
        Item("life", _l("依据的指南"), "select", choices=[("", _("没有")), *lives], optional=True),
    ]
