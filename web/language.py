"""Which language a reader gets: what was chosen on a page, else what the browser asks for, else 简体."""

from __future__ import annotations

from typing import Final

from flask import has_request_context, request

from core.i18n import LANGS

CODES: Final = {tag: code for code, tag in LANGS.items()}
ASKED: Final = {
    "zh-hant": "zh_Hant", "zh-tw": "zh_Hant", "zh-hk": "zh_Hant", "zh-mo": "zh_Hant", "zh": "zh_Hans_CN",
    "zh-cn": "zh_Hans_CN", "zh-hans": "zh_Hans_CN", "zh-sg": "zh_Hans_CN", "en": "en",
}  # fmt: skip


def choose_locale() -> str:
    """Return the locale of this request."""
    if not has_request_context():
        return "zh_Hans_CN"
    chosen = request.args.get("lang") or request.cookies.get("lang", "")
    if chosen in CODES:
        return CODES[chosen]
    for asked, _quality in request.accept_languages:
        tag = asked.lower()
        for known in (tag, "-".join(tag.split("-")[:2]), tag.split("-")[0]):
            if known in ASKED:
                return ASKED[known]
    return "zh_Hans_CN"
