"""What the bulletin refuses with, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "bulletin-not-found": _l("没有 %(month)s 的价格监管月报，从月份列表里选一个。"),
    "bulletin-month-running": _l("%(month)s 还没有结束，下个月起可以签发。"),
}
