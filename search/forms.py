"""What the page of a followed search asks."""

from __future__ import annotations

from typing import Any, Final

from accounts.forms import pace_choices, town_choices
from agencies.catalogue.wording import item_names
from core.forms import Item
from core.i18n import lazy_gettext as _l
from marketplace.needs.methods import FRAMED
from marketplace.needs.wording import METHODS


def any_town() -> list[tuple[str, Any]]:
    """Return the towns, and none in particular."""
    return [("", _l("不限")), *town_choices()]


def any_item() -> list[tuple[str, Any]]:
    """Return the service items, and none in particular."""
    return [("", _l("不限")), *item_names().items()]


def any_method() -> list[tuple[str, Any]]:
    """Return the ways of selection, and none in particular; a call-off is told to its members, and not followed."""
    known = [(code, name) for code, name in METHODS.items() if code == "framework" or code not in FRAMED]
    return [("", _l("不限")), *known]


SAVED: Final = (
    Item("name", _l("名称"), hint=_l("提醒里会写这个名称"), autocomplete="off"),
    Item("words", _l("词语"), hint=_l("几个词用空格隔开，公告里都要有"), autocomplete="off", optional=True),
    Item("item", _l("服务事项"), "select", choices=any_item, optional=True),
    Item("town", _l("镇街园区"), "select", choices=any_town, optional=True),
    Item("method", _l("选取方式"), "select", choices=any_method, optional=True),
    Item("least", _l("最高限价不低于"), "money", unit=_l("元"), optional=True),
    Item("most", _l("最高限价不高于"), "money", unit=_l("元"), optional=True),
    Item("pace", _l("怎么提醒"), "radios", choices=pace_choices),
)
