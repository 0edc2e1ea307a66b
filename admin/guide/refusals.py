"""Sentences of what the guide refuses."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "guide-not-found": _l("没有这份办事指南。请从办事指南首页选择。"),
}
