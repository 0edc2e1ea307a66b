"""Messages: the id is the simplified-Chinese sentence; 繁體 and English are catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, Final

import flask_babel
from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel.speaklater import LazyString

LOCALES: Final = {"zh_Hans_CN": "简体中文", "zh_Hant": "繁體中文", "en": "English"}
LANGS: Final = {"zh_Hans_CN": "zh-Hans-CN", "zh_Hant": "zh-Hant", "en": "en"}

__all__ = [
    "LANGS",
    "LOCALES",
    "begin",
    "current_lang",
    "end",
    "force_locale",
    "gettext",
    "lazy_gettext",
    "ngettext",
    "weekday",
]


def gettext(message: str, **values: Any) -> str:
    """Return a sentence in the reader's language, its %(names)s filled in."""
    said = str(_reader()[0].ugettext(message))
    return said % values if values else said


def lazy_gettext(message: str, **values: Any) -> LazyString:
    """Return a sentence that is put into the reader's language when it is shown."""
    return LazyString(gettext, message, **values)


def ngettext(one: str, many: str, count: int, **values: Any) -> str:
    """Return the sentence for this count, which its words may name as %(num)s."""
    return str(_reader()[0].ungettext(one, many, count)) % {"num": count, **values}


def current_lang() -> str:
    """Return the language tag of the reader: zh-Hans-CN, zh-Hant or en."""
    return _reader()[1]


def weekday(day: date) -> str:
    """Return the short name of a day of the week in the reader's language: 周三, 週三, Wed."""
    return str(get_day_names("abbreviated", locale=get_locale() or "zh_Hans_CN")[day.weekday()])


@contextmanager
def force_locale(locale: str) -> Iterator[None]:
    """Speak to another reader for a while: zh_Hans_CN, zh_Hant or en."""
    with flask_babel.force_locale(locale):
        before = _known.set(_found())
        try:
            yield
        finally:
            _known.reset(before)


def begin() -> None:
    """Look the reader's catalogue up once for the request that begins: a page says some two hundred sentences."""
    _known.set(_found())


def end(_error: BaseException | None = None) -> None:
    """Forget the reader when the request is over."""
    _known.set(None)


_known: ContextVar[tuple[Any, str] | None] = ContextVar("reader", default=None)


def _found() -> tuple[Any, str]:
    return flask_babel.get_translations(), LANGS.get(str(get_locale()), LANGS["zh_Hans_CN"])


def _reader() -> tuple[Any, str]:
    return _known.get() or _found()
