"""One marshmallow schema serves the page and the API: reading a posted form, and the fields the schemas share.

A room lists its page's items (label, hint, order) in ``forms.py``; nothing typed is lost when something is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, ClassVar, Final, Generic, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load

from core import identifiers
from core.clock import BEIJING
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.money import WAN, YI, Money

C = TypeVar("C")
UNITS: Final = {"": None, "元": 1, "万": WAN, "万元": WAN, "亿": YI, "亿元": YI}
AMOUNT: Final = re.compile(r"(-?\d+(?:\.\d*)?|-?\.\d+)\s*(元|万元|万|亿元|亿)?")
MOST_FEN: Final = 10**15


@dataclass(frozen=True, slots=True)
class Item:
    """One field of a page's form: what the reader sees."""

    name: str
    label: Any
    type: str = "text"
    hint: Any = ""
    unit: Any = ""
    choices: Sequence[tuple[Any, ...]] | Callable[[], Sequence[tuple[Any, ...]]] = ()
    inputmode: str = ""
    autocomplete: str = ""
    rows: int = 0
    optional: bool = False
    attrs: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Field:
    """One field as drawn: the item, what was typed, and what is wrong with it."""

    name: str
    label: str
    type: str
    hint: str
    unit: str
    choices: list[tuple[Any, ...]]
    inputmode: str
    autocomplete: str
    rows: int
    required: bool
    attrs: Mapping[str, str]
    value: Any = ""
    error: str = ""

    @property
    def id(self) -> str:
        """The element's id, which the error summary links to."""
        return f"f-{self.name}"


@dataclass(slots=True)
class Form(Generic[C]):
    """A form on a page: its fields, what is wrong, and the command when nothing is."""

    fields: dict[str, Field]
    errors: list[tuple[str, str]] = field(default_factory=list)
    command: C | None = None

    def refuse(self, name: str, sentence: str) -> None:
        """Mark a field, or the whole form when it has no such field, as wrong."""
        self.command = None
        known = self.fields.get(name)
        if known is not None:
            known.error = sentence
        self.errors.append((known.id if known else "form", sentence))


class CommandSchema(Schema):
    """A schema whose loaded values become the frozen dataclass named in ``command``."""

    command: ClassVar[type[Any] | None] = None

    class Meta:
        """Unknown keys, such as the CSRF token, are left aside."""

        unknown = EXCLUDE

    @pre_load
    def _blank_is_missing(self, data: Any, **_options: Any) -> Any:
        """Treat an empty optional text as not given."""
        if not isinstance(data, Mapping):
            return data
        return {
            key: value
            for key, value in data.items()
            if not (
                isinstance(value, str) and not value.strip() and key in self.fields and not self.fields[key].required
            )
        }

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> Any:
        return self.command(**data) if self.command is not None else data


def blank_form(layout: Sequence[Item], initial: Mapping[str, Any] | None = None) -> Form[Any]:
    """Draw a form before anything was sent; ``initial`` fills fields by name."""
    given = initial or {}
    return Form({item.name: _draw(item, given.get(item.name, "")) for item in layout})


def read_form(schema: Schema, layout: Sequence[Item], data: Any, initial: Mapping[str, Any] | None = None) -> Form[Any]:
    """Load a posted form (a MultiDict or mapping); return the command, or the form with what is wrong.

    Errors stand in the layout's order, each with the id of its field.
    """
    values = _values(schema, data)
    drawn = {item.name: _draw(item, values.get(item.name, (initial or {}).get(item.name, ""))) for item in layout}
    form: Form[Any] = Form(drawn)
    try:
        form.command = schema.load(values)
    except ValidationError as error:
        found = error.normalized_messages()
        for name in [
            *(item.name for item in layout if item.name in found),
            *(key for key in found if key not in drawn),
        ]:
            form.refuse(name, first_sentence(found[name], form.fields.get(name)))
    return form


def first_sentence(messages: Any, drawn: Field | None = None) -> str:
    """Return the first of marshmallow's messages as a sentence that names the field."""
    while isinstance(messages, Mapping):
        messages = next(iter(messages.values()))
    text = str(messages[0]) if isinstance(messages, list) else str(messages)
    if drawn is None:
        return text
    if text == MISSING:
        return _("填写%(field)s", field=drawn.label)
    return text if text.startswith(drawn.label) else _("%(field)s：%(problem)s", field=drawn.label, problem=text)


def _values(schema: Schema, data: Any) -> dict[str, Any]:
    """Flatten a MultiDict: lists stay lists only for fields that take many values."""
    many = {name for name, kind in schema.fields.items() if isinstance(kind, fields.List)}
    if hasattr(data, "getlist"):
        return {key: data.getlist(key) if key in many else data.get(key) for key in data}
    return dict(data)


def _draw(item: Item, value: Any) -> Field:
    choices = item.choices() if callable(item.choices) else item.choices
    return Field(
        item.name, str(item.label), item.type, str(item.hint), str(item.unit), [tuple(choice) for choice in choices],
        item.inputmode, item.autocomplete, item.rows, not item.optional, item.attrs, _shown(value),
    )  # fmt: skip


def _shown(value: Any) -> Any:
    if isinstance(value, Money):
        return format(value.yuan.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [str(one) for one in value]
    return "" if value is None else value if isinstance(value, bool) else str(value)


MISSING: Final = "required"
_ERRORS: Final = {"required": MISSING, "null": MISSING}


def fold(text: str) -> str:
    """Fold full-width letters and digits to ordinary ones and trim."""
    return unicodedata.normalize("NFKC", text).strip()


def read_amount(text: str, default_unit: int = 1) -> Decimal | None:
    """Read an amount as people type it (3200万, 0.32亿, 3,200.5, full width) as exact yuan, or None."""
    match = AMOUNT.fullmatch(fold(text).replace(",", "").replace("，", "").replace(" ", ""))
    if match is None:
        return None
    factor = UNITS[match[2] or ""] or default_unit
    try:
        return Decimal(match[1]) * factor
    except InvalidOperation:
        return None


class Text(fields.String):
    """Text of bounded length; an empty one counts as missing."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        **_ERRORS,
        "long": _l("最多写 %(max)s 个字"),
        "short": _l("至少写 %(min)s 个字"),
    }

    def __init__(self, *, max: int = 200, min: int = 0, required: bool = True, **options: Any) -> None:  # noqa: A002 - reads as the limit it is
        if not required:
            options.setdefault("load_default", "")
        super().__init__(required=required, **options)
        self.most, self.least = max, min

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = unicodedata.normalize("NFC", str(super()._deserialize(value, attr, data, **options))).strip()
        if not text and self.required:
            raise ValidationError(MISSING)
        if len(text) > self.most:
            raise ValidationError(str(self.error_messages["long"]) % {"max": self.most})
        if text and len(text) < self.least:
            raise ValidationError(_("至少写 %(min)s 字，现在 %(count)s 字", min=self.least, count=len(text)))
        return text


class Amount(fields.Field[Money]):
    """Money typed in yuan or 万元; a JSON number is yuan or 万元 alike, ``*_fen`` fields use Fen."""

    default_error_messages: ClassVar[dict[str, Any]] = _ERRORS

    def __init__(self, *, unit: str = "yuan", zero: bool = False, **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", None)
        super().__init__(**options)
        self.factor = WAN if unit == "wan" else 1
        self.zero = zero
        self.metadata.setdefault("type", "string")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Money:
        if isinstance(value, bool):
            raise ValidationError(_("只填数字，如 3200 或 3,200.5"))
        yuan = read_amount(str(value), self.factor)
        if not str(value).strip():
            raise ValidationError(MISSING)
        if yuan is None:
            raise ValidationError(_("只填数字，如 3200 或 3,200.5"))
        if yuan < 0 or (yuan == 0 and not self.zero):
            raise ValidationError(_("填大于 0 的数"))
        if yuan * 100 != int(yuan * 100):
            raise ValidationError(_("最多精确到分"))
        if yuan * 100 > MOST_FEN:
            raise ValidationError(_("金额偏大。若单位是元，改填万元数"))
        return Money.from_yuan(yuan)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        return None if value is None else format(value.yuan, "f")


class Fen(fields.Integer):
    """Money as whole fen in JSON."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        return Money(int(super()._deserialize(value, attr, data, **options) or 0))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> Any:
        return None if value is None else value.fen


class Rate(fields.Field[Decimal]):
    """A percentage typed as 12.5, kept as the fraction 0.125."""

    default_error_messages: ClassVar[dict[str, Any]] = _ERRORS

    def __init__(self, *, low: str = "0", high: str = "100", **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", None)
        super().__init__(**options)
        self.low, self.high = Decimal(low), Decimal(high)
        self.metadata.setdefault("type", "string")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Decimal:
        try:
            percent = Decimal(fold(str(value)).rstrip("%"))
        except InvalidOperation:
            raise ValidationError(_("只填数字，如 12.5")) from None
        if not self.low <= percent <= self.high:
            raise ValidationError(_("填 %(low)s 到 %(high)s 之间的数", low=self.low, high=self.high))
        return percent / 100

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        return None if value is None else format((value * 100).normalize(), "f")


class Whole(fields.Field[int]):
    """A whole number within limits."""

    default_error_messages: ClassVar[dict[str, Any]] = _ERRORS

    def __init__(self, *, low: int = 0, high: int = 10**9, **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", None)
        super().__init__(**options)
        self.low, self.high = low, high
        self.metadata.setdefault("type", "integer")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> int:
        text = fold(str(value))
        if not text:
            raise ValidationError(MISSING)
        if re.fullmatch(r"-?\d{1,12}", text) is None:
            raise ValidationError(_("填整数"))
        if not self.low <= int(text) <= self.high:
            raise ValidationError(_("填 %(low)s 到 %(high)s 之间的数", low=self.low, high=self.high))
        return int(text)


class Day(fields.Date):
    """A calendar day: 2026-03-18, 2026年3月18日 or 2026/3/18."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> date:
        parts = re.findall(r"\d+", fold(str(value)))
        try:
            year, month, day = (int(part) for part in parts)
            return date(year, month, day)
        except (ValueError, TypeError):
            raise ValidationError(_("填日期，如 2026-03-18") if str(value).strip() else MISSING) from None


class Instant(fields.Field[datetime]):
    """A minute in 北京时间 as a date-time control sends it, or an ISO time with zone; kept aware, in UTC."""

    default_error_messages: ClassVar[dict[str, Any]] = _ERRORS

    def __init__(self, **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", None)
        super().__init__(**options)
        self.metadata.setdefault("type", "string")
        self.metadata.setdefault("format", "date-time")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> datetime:
        try:
            instant = datetime.fromisoformat(fold(str(value)))
        except ValueError:
            raise ValidationError(_("填日期和时间，如 2026-03-18 17:00") if str(value).strip() else MISSING) from None
        return (instant if instant.tzinfo else instant.replace(tzinfo=BEIJING)).astimezone(UTC)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Choice(fields.Field[Any]):
    """One of a closed set: an enum's values or a list of words."""

    default_error_messages: ClassVar[dict[str, Any]] = _ERRORS

    def __init__(self, words: type[StrEnum] | Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self.words = words if isinstance(words, type) else tuple(words)
        self.metadata.setdefault("type", "string")
        self.metadata.setdefault("enum", [str(word) for word in self.words])

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Any:
        text = str(value).strip()
        if not text:
            raise ValidationError(_("选一项"))
        try:
            if isinstance(self.words, type):
                return self.words(text)
        except ValueError:
            raise ValidationError(_("选一项")) from None
        if text not in self.words:
            raise ValidationError(_("选一项"))
        return text


class Many(fields.List):
    """Several values of one field."""

    def __init__(self, inner: fields.Field[Any], **options: Any) -> None:
        options.setdefault("load_default", list)
        super().__init__(inner, **options)


class Flag(fields.Boolean):
    """A tick box: missing means no."""

    def __init__(self, **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", False)
        super().__init__(
            truthy={"on", "1", "true", "yes", True, 1}, falsy={"", "0", "false", "off", "no", False, 0}, **options
        )


class Mobile(Text):
    """An 11-digit mainland mobile number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        number = re.sub(r"[\s-]", "", fold(str(super()._deserialize(value, attr, data, **options))))
        if number and not identifiers.is_mobile(number):
            raise ValidationError(_("手机号是 11 位数字，现在填了 %(count)s 位", count=len(number)))
        return number


class Email(fields.Email):
    """An e-mail address."""

    default_error_messages: ClassVar[dict[str, Any]] = {**_ERRORS, "invalid": _l("邮箱写成 name@example.com 的样子")}


class CreditCode(Text):
    """A unified social credit code whose check character fits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        code = fold(str(super()._deserialize(value, attr, data, **options))).upper().replace(" ", "")
        if code and len(code) != 18:
            raise ValidationError(_("统一社会信用代码是 18 位，现在填了 %(count)s 位", count=len(code)))
        if code and not identifiers.is_credit_code(code):
            raise ValidationError(_("代码第 18 位与前面对不上，对照营业执照再填一次"))
        return code


class Identity(Text):
    """A citizen's identity number whose check character fits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        number = fold(str(super()._deserialize(value, attr, data, **options))).upper().replace(" ", "")
        if number and not identifiers.is_identity_number(number):
            raise ValidationError(_("身份证号第 18 位与前面对不上，对照证件再填一次"))
        return number


def with_choices(layout: Sequence[Item], **choices: Sequence[tuple[Any, ...]]) -> list[Item]:
    """Return the layout with the choices of some items filled in."""
    return [replace(item, choices=choices[item.name]) if item.name in choices else item for item in layout]
