"""What a program sends: a key nobody reads is refused, and every refusal of a field is said in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any, Final

from flask_smorest import Blueprint
from marshmallow import RAISE
from webargs.flaskparser import FlaskParser

from core.fields import MISSING
from core.i18n import lazy_gettext as _l

SENTENCES: Final[Mapping[str, Any]] = {
    MISSING: _l("填写这一项"),
    "Missing data for required field.": _l("填写这一项"),
    "Field may not be null.": _l("填写这一项"),
    "Unknown field.": _l("没有这个字段，检查拼写"),
    "Not a valid integer.": _l("填整数"),
    "Not a valid string.": _l("填文字"),
    "Not a valid boolean.": _l("填 true 或 false"),
    "Not a valid list.": _l("填一个列表"),
    "Invalid input type.": _l("填一个对象，列出各个字段"),
}


def install() -> None:
    """Refuse unknown keys of JSON bodies: a misspelt amount must not be taken for none."""
    Blueprint.ARGUMENTS_PARSER = parser = _Parser()
    parser.DEFAULT_UNKNOWN_BY_LOCATION = {**parser.DEFAULT_UNKNOWN_BY_LOCATION, "json": RAISE}


class _Parser(FlaskParser):
    """Read bodies as webargs does; refuse what Python won't read: numbers of thousands of digits, endless nesting."""

    def _raw_load_json(self, req: Any) -> Any:
        """Return the body's value. Raises JSONDecodeError, which is answered with 400."""
        try:
            return super()._raw_load_json(req)
        except JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise JSONDecodeError("no number or nesting so long is read", "", 0) from error


def told(messages: Any) -> Any:
    """Return marshmallow's messages, nested as they are, each in the reader's words."""
    if isinstance(messages, Mapping):
        return {str(key): told(inner) for key, inner in messages.items()}
    if isinstance(messages, list | tuple):
        return [told(one) for one in messages]
    return str(SENTENCES.get(str(messages), messages))
