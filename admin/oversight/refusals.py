"""What oversight refuses with and tells, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "organisation-not-found": _l("没有找到这个单位"),
    "organisation-suspended-already": _l("这个单位已经停用"),
    "organisation-not-suspended": _l("这个单位没有停用"),
    "own-organisation": _l("不能停用自己所在的单位"),
}

MESSAGES: Final[dict[str, Any]] = {
    "organisation-suspended": _l("贵单位的账号已停用。理由：%(reason)s"),
    "organisation-resumed": _l("贵单位的账号已恢复。理由：%(reason)s"),
}
