"""Messages: the id is the simplified-Chinese sentence; 繁體 and English are catalogues."""

from __future__ import annotations

from typing import Any, Final

import flask_babel
from flask_babel import get_locale, lazy_gettext

LOCALES: Final = {"zh_Hans_CN": "简体中文", "zh_Hant": "繁體中文", "en": "English"}
LANGS: Final = {"zh_Hans_CN": "zh-Hans-CN", "zh_Hant": "zh-Hant", "en": "en"}

__all__ = ["LANGS", "LOCALES", "current_lang", "gettext", "lazy_gettext", "ngettext"]


def gettext(message: str, **values: Any) -> str:
    """Return a sentence in the reader's language, its %(names)s filled in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, count: int, **values: Any) -> str:
    """Return the sentence for this count."""
    return str(flask_babel.ngettext(one, many, count, **values))


def current_lang() -> str:
    """Return the language tag of the reader: zh-Hans-CN, zh-Hant or en."""
    locale = get_locale()
    return LANGS.get(str(locale), "zh-Hans-CN") if locale is not None else "zh-Hans-CN"
