"""One marshmallow schema serves the page and the API: reading a posted form, and the fields the schemas share.

A room lists its page's items (label, hint, order) in ``forms.py``; nothing typed is lost when something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final, Generic, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load

from core import recall
from core.clock import BEIJING
from core.fields import (
    MISSING,
    Amount,
    Choice,
    CreditCode,
    Day,
    Email,
    Fen,
    Flag,
    Identity,
    Instant,
    Many,
    Mobile,
    Rate,
    Text,
    Whole,
    fold,
    read_amount,
)  # fmt: skip
from core.i18n import gettext as _
from core.money import Money

__all__ = [
    "MISSING",
    "Amount",
    "Choice",
    "CommandSchema",
    "CreditCode",
    "Day",
    "Email",
    "Fen",
    "Field",
    "Flag",
    "Form",
    "Identity",
    "Instant",
    "Item",
    "Many",
    "Mobile",
    "PostedSchema",
    "Rate",
    "Text",
    "Whole",
    "blank_form",
    "first_sentence",
    "fold",
    "page_of",
    "read_amount",
    "read_form",
    "with_choices",
]

C = TypeVar("C")
TICKED: Final = ("checkbox", "checkboxes")


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
        self.errors.append((known.id if known else "", sentence))


class PostedSchema(Schema):
    """A schema of what is posted, by a page or a program."""

    class Meta:
        """Unknown keys, such as the CSRF token, are left aside."""

        unknown = EXCLUDE


class CommandSchema(PostedSchema):
    """A schema whose loaded values become the frozen dataclass named in ``command``."""

    command: ClassVar[type[Any] | None] = None

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


def page_of(row: type[Schema], name: str) -> type[Schema]:
    """Make the schema of a page of rows: ``items``, and ``next``, the address of the page after, or null at the end."""
    return Schema.from_dict(
        {"items": fields.List(fields.Nested(row)), "next": fields.String(allow_none=True)}, name=name
    )


def blank_form(layout: Sequence[Item], initial: Mapping[str, Any] | None = None) -> Form[Any]:
    """Draw a form before anything was sent; ``initial`` fills fields by name, what was typed here before goes first."""
    typed = recall.typed_here()
    kept = {item.name: typed[item.name] for item in layout if typed.get(item.name) and item.type != "password"}
    lists = {item.name for item in layout if item.type == "checkboxes"}
    given = {**(initial or {}), **{name: values if name in lists else values[-1] for name, values in kept.items()}}
    return Form({item.name: _draw(item, given.get(item.name, "")) for item in layout})


def read_form(schema: Schema, layout: Sequence[Item], data: Any, initial: Mapping[str, Any] | None = None) -> Form[Any]:
    """Load a posted form (a MultiDict or mapping); return the command, or the form with what is wrong.

    Errors stand in the layout's order, each with the id of its field.
    """
    values = _values(schema, data)
    # A box without its tick is not sent at all, and must not be ticked again from what was there before.
    usual = {item.name: (initial or {}).get(item.name, "") for item in layout if item.type not in TICKED}
    drawn = {item.name: _draw(item, values.get(item.name, usual.get(item.name, ""))) for item in layout}
    form: Form[Any] = Form(drawn)
    try:
        form.command = schema.load(values)
    except ValidationError as error:
        found: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow's own
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


def with_choices(layout: Sequence[Item], **choices: Sequence[tuple[Any, ...]]) -> list[Item]:
    """Return the layout with the choices of some items filled in."""
    return [replace(item, choices=choices[item.name]) if item.name in choices else item for item in layout]
