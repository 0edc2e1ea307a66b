"""What performance refuses with, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "town-not-yours": _l("只能看本镇街的明细，全市数字看方格图"),
    "data-set-not-found": _l("没有这个数据集，看开放数据页列出的几种"),
}
