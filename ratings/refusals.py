"""What ratings refuse with and tell, as sentences by code."""

from __future__ import annotations

from typing import Any, Final

from core.i18n import lazy_gettext as _l

SENTENCES: Final[dict[str, Any]] = {
    "rating-not-found": _l("没有找到这条评价"),
    "rating-too-early": _l("成果验收通过后才能评价"),
    "rating-window-closed": _l("评价期已于 %(closed_at)s 结束，不能再评价；对方的评价仍可以回复"),
    "rating-given-already": _l("贵单位已经评价过这份合同，每份合同评价一次"),
    "rating-reason-missing": _l("有一项选了最低或最高，写明理由，至少 %(least)s 个字"),
    "rating-score-range": _l("每一项选 1 到 5 中的一档"),
    "rating-tag-unknown": _l("只能选列出的标签"),
    "rating-replied-already": _l("已经回复过这条评价，每条评价回复一次"),
    "rating-hidden": _l("评价还没有公开，双方都评价或评价期结束后同时公开"),
    "rating-words-removed-already": _l("这条评价的文字已经移除"),
}

MESSAGES: Final[dict[str, Any]] = {
    "rate-now": _l("“%(need)s”已验收，可以评价对方。双方都评价或期满后同时公开。"),
    "ratings-published": _l("“%(need)s”的评价已公开，可以回复。"),
    "rating-replied": _l("“%(need)s”的评价有了回复。"),
    "rating-removed": _l("“%(need)s”的一条评价被移除，理由见评价页。"),
}
