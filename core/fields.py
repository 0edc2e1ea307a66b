"""The fields the schemas share, as people type them: text, money, rates, days, instants, numbers with check digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from marshmallow import ValidationError, fields

from core import identifiers
from core.clock import BEIJING
from core.i18n import gettext as _
from core.money import WAN, YI, Money

UNITS: Final = {"": None, "元": 1, "万": WAN, "万元": WAN, "亿": YI, "亿元": YI}
AMOUNT: Final = re.compile(r"(-?\d+(?:\.\d*)?|-?\.\d+)\s*(元|万元|万|亿元|亿)?")
MOST_FEN: Final = 10**15
LONGEST_AMOUNT: Final = 60
EXACT: Final = Context(prec=2 * LONGEST_AMOUNT)  # the usual 28 digits would round a long amount unseen
DAY: Final = re.compile(r"([1-9]\d{3})\s*[-/.年\s]\s*(\d{1,2})\s*[-/.月\s]\s*(\d{1,2})\s*[日号號]?")
UNKEPT: Final = re.compile("[\x00\ud800-\udfff]")  # nobody sees them, and no database keeps them

MISSING: Final = "required"
EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_ERRORS: dict[str, Any] = {"required": MISSING, "null": MISSING}


def fold(text: str) -> str:
    """Fold full-width letters and digits to ordinary ones and trim."""
    return unicodedata.normalize("NFKC", text).strip()


def read_amount(text: str, default_unit: int = 1) -> Decimal | None:
    """Read an amount as people type it (3200万, 0.32亿, 3,200.5, full width) as exact yuan, or None."""
    match = AMOUNT.fullmatch(fold(text).replace(",", "").replace("，", "").replace(" ", ""))
    if match is None or len(match[1]) > LONGEST_AMOUNT:
        return None
    factor = UNITS[match[2] or ""] or default_unit
    return EXACT.multiply(Decimal(match[1]), factor)


class Text(fields.String):
    """Text of bounded length; an empty one counts as missing."""

    default_error_messages = _ERRORS

    def __init__(
        self,
        *,
        max: int = 200,  # noqa: A002 - reads as the limit it is
        min: int = 0,  # noqa: A002 - reads as the limit it is
        required: bool = True,
        **options: Any,
    ) -> None:
        required = required and "load_default" not in options
        if not required:
            options.setdefault("load_default", "")
        super().__init__(required=required, **options)
        self.most, self.least = max, min

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = UNKEPT.sub("", str(super()._deserialize(value, attr, data, **options)))
        text = unicodedata.normalize("NFC", text).strip()
        if not text and self.required:
            raise ValidationError(MISSING)
        if len(text) > self.most:
            raise ValidationError(_("最多写 %(max)s 个字", max=self.most))
        if text and len(text) < self.least:
            raise ValidationError(_("至少写 %(min)s 字，现在 %(count)s 字", min=self.least, count=len(text)))
        return text


class Amount(fields.Field[Money]):
    """Money typed in yuan or 万元; a JSON number is yuan or 万元 alike, ``*_fen`` fields use Fen."""

    default_error_messages = _ERRORS

    def __init__(self, *, unit: str = "yuan", zero: bool = False, **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", None)
        super().__init__(**options)
        self.factor = WAN if unit == "wan" else 1
        self.zero = zero
        self.metadata = {"type": "string", **self.metadata}

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
        fen = Fraction(yuan) * 100
        if fen.denominator != 1:
            raise ValidationError(_("最多精确到分"))
        if fen > MOST_FEN:
            raise ValidationError(_("金额偏大。若单位是元，改填万元数"))
        return Money(fen.numerator)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        return None if value is None else format(value.yuan, "f")


class Fen(fields.Integer):
    """Money as whole fen in JSON, ``low`` (nought) or more; a fraction of a fen is refused, never cut off."""

    default_error_messages = _ERRORS

    def __init__(self, *, low: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.low = low

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if isinstance(value, bool) or re.fullmatch(r"-?\d{1,4000}", str(value).strip()) is None:
            raise ValidationError(_("填整数"))
        fen = int(super()._deserialize(value, attr, data, **options) or 0)
        if not self.low <= fen <= MOST_FEN:
            raise ValidationError(_("填 %(low)s 到 %(high)s 之间的数", low=self.low, high=MOST_FEN))
        return Money(fen)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> Any:
        return None if value is None else value.fen


class Rate(fields.Field[Decimal]):
    """A percentage typed as 12.5, kept as the fraction 0.125."""

    default_error_messages = _ERRORS

    def __init__(self, *, low: str = "0", high: str = "100", **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", None)
        super().__init__(**options)
        self.low, self.high = Decimal(low), Decimal(high)
        self.metadata = {"type": "string", **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Decimal:
        text = fold(str(value))
        if not text:
            raise ValidationError(MISSING)
        try:
            percent = Decimal(text.rstrip("%"))
        except InvalidOperation:
            raise ValidationError(_("只填数字，如 12.5")) from None
        if percent.is_nan():
            raise ValidationError(_("只填数字，如 12.5"))
        if not self.low <= percent <= self.high:
            raise ValidationError(_("填 %(low)s 到 %(high)s 之间的数", low=self.low, high=self.high))
        return percent / 100

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        return None if value is None else format((value * 100).normalize(), "f")


class Whole(fields.Field[int]):
    """A whole number within limits."""

    default_error_messages = _ERRORS

    def __init__(self, *, low: int = 0, high: int = 10**9, **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", None)
        super().__init__(**options)
        self.low, self.high = low, high
        self.metadata = {"type": "integer", **self.metadata}

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
    """A calendar day: 2026-03-18, 2026年3月18日 or 2026/3/18, its year in four digits."""

    default_error_messages = _ERRORS

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> date:
        match = DAY.fullmatch(fold(str(value)))
        try:
            return date(*(int(part) for part in (match.groups() if match else ())))
        except (ValueError, TypeError):
            raise ValidationError(_("填日期，如 2026-03-18") if str(value).strip() else MISSING) from None


class Instant(fields.Field[datetime]):
    """A minute in 北京时间 as a date-time control sends it, or an ISO time with zone; kept aware, in UTC."""

    default_error_messages = _ERRORS

    def __init__(self, **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", None)
        super().__init__(**options)
        self.metadata = {"type": "string", **self.metadata}
        self.metadata = {"format": "date-time", **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> datetime:
        try:
            instant = datetime.fromisoformat(fold(str(value)))
            return (instant if instant.tzinfo else instant.replace(tzinfo=BEIJING)).astimezone(UTC)
        except (ValueError, OverflowError):  # the first and last days of the calendar have no UTC
            raise ValidationError(_("填日期和时间，如 2026-03-18 17:00") if str(value).strip() else MISSING) from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Choice(fields.Field[Any]):
    """One of a closed set: an enum's values or a list of words."""

    default_error_messages = _ERRORS

    def __init__(self, words: type[StrEnum] | Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self.words = words if isinstance(words, type) else tuple(words)
        self.metadata = {"type": "string", **self.metadata}
        self.metadata = {"enum": [str(word) for word in self.words], **self.metadata}

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


class Many(fields.List[Any]):
    """Several values of one field."""

    default_error_messages = _ERRORS

    def __init__(self, inner: fields.Field[Any], **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", list)
        super().__init__(inner, **options)


class Flag(fields.Boolean):
    """A tick box: missing means no."""

    default_error_messages = _ERRORS

    def __init__(self, **options: Any) -> None:
        if not options.get("required", False):
            options.setdefault("load_default", False)
        super().__init__(
            truthy={"on", "1", "true", "yes", True}, falsy={"", "0", "false", "off", "no", False}, **options
        )


class Mobile(Text):
    """An 11-digit mainland mobile number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        number = re.sub(r"[\s-]", "", fold(str(super()._deserialize(value, attr, data, **options))))
        if number and not identifiers.is_mobile(number):
            raise ValidationError(_("手机号是 11 位数字，现在填了 %(count)s 位", count=len(number)))
        return number


class Email(Text):
    """An e-mail address."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        address = fold(str(super()._deserialize(value, attr, data, **options)))
        if address and EMAIL.fullmatch(address) is None:
            raise ValidationError(_("邮箱写成 name@example.com 的样子"))
        return address


class CreditCode(Text):
    """A unified social credit code whose check character fits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        code = fold(str(super()._deserialize(value, attr, data, **options))).upper().replace(" ", "")
        if code and len(code) != identifiers.CREDIT_LENGTH:
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
