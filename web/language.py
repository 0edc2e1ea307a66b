"""Which language a reader gets: what was chosen on a page, else what the browser asks for, else 简体."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from flask import has_request_context, request

from core.i18n import LANGS

CODES: Final = {tag: code for code, tag in LANGS.items()}
ASKED: Final = {
    "zh-hant": "zh_Hant", "zh-tw": "zh_Hant", "zh-hk": "zh_Hant", "zh-mo": "zh_Hant", "zh": "zh_Hans_CN",
    "zh-cn": "zh_Hans_CN", "zh-hans": "zh_Hans_CN", "zh-sg": "zh_Hans_CN", "en": "en",
}  # fmt: skip


TRANSLATIONS: Final = Path(__file__).parent / "translations"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages the site can say everything in: 简体 itself, and those that have a catalogue."""
    return tuple(tag for tag, code in CODES.items() if code == "zh_Hans_CN" or (TRANSLATIONS / code).is_dir())


def choose_locale() -> str:
    """Return the locale of this request, among the languages there are."""
    chosen = _asked_locale()
    return chosen if LANGS[chosen] in languages() else "zh_Hans_CN"


def _asked_locale() -> str:
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
