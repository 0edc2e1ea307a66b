"""What the catalogue says no with."""

from __future__ import annotations

from typing import Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final = {
    "item-not-found": _l("服务目录里没有编号为 %(item)s 的事项"),
    "number-unreadable": _l("%(field)s 只填大于等于 0 的数字，如 3200 或 3,200.5"),
    "rule-not-found": _l("没有找到 %(on)s 有效的参数 %(key)s，联系市级运营机构补录"),
}
