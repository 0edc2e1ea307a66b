"""Labels, hints and order of the ratings' fields."""

from __future__ import annotations

from typing import Any, Final

from core.forms import Item
from core.i18n import lazy_gettext as _l
from ratings.lifecycle import Side
from ratings.wording import DIMENSIONS, REMOVALS, TAGS

REPLY: Final = (
    Item("reply", _l("回复"), "textarea", hint=_l("公开显示在评价下面，只能回复一次。不写个人信息。"), rows=4),
)
REMOVE: Final = (
    Item(
        "removal_reason",
        _l("移除的理由"),
        "radios",
        hint=_l("只有这几种理由可以移除；分数低不是理由。"),
        choices=[(str(reason), words) for reason, words in REMOVALS.items()],
    ),
    Item("note", _l("说明"), "textarea", hint=_l("至少 5 个字，双方都会看到。"), rows=3),
)


def rate_layout(side: Side) -> list[Item]:
    """Return the fields a side fills: five dimensions with named steps, tags, the reason, words."""
    rows: list[Item] = []
    for number, (name, steps) in enumerate(DIMENSIONS[side], 1):
        choices: list[tuple[Any, ...]] = [(str(place), step) for place, step in enumerate(steps, 1)]
        rows.append(Item(f"d{number}", name, "radios", choices=choices))
    return [
        *rows,
        Item(
            "reason",
            _l("选最低或最高的理由"),
            "textarea",
            hint=_l("有一项选了第一档或第五档时要写，至少 5 个字：发生了什么事。"),
            rows=3,
            optional=True,
        ),
        Item("tags", _l("标签"), "checkboxes", choices=list(TAGS[side].items()), optional=True),
        Item(
            "text",
            _l("还想说的"),
            "textarea",
            hint=_l("会公开显示。不写人名、电话等个人信息。"),
            rows=4,
            optional=True,
        ),
    ]
