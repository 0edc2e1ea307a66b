"""What a search is asked in an address or an API call, and its answer in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from accounts.timing import INSTANT, PACES
from core.forms import Amount, Choice, CommandSchema, Fen, Text
from search.backend import MOST_PAGES, PAGE_SIZE, Filters, Query, Relaxed, Sort
from search.commands import FollowSearch
from search.documents import Kind
from search.faceting import read_band

MOST_VALUES: Final = 40
LONGEST_VALUE: Final = 40
LISTS: Final = ("town", "item", "stage", "grade", "state", "price")


def _values(description: str, **options: Any) -> Any:
    each = fields.String(validate=validate.Length(max=LONGEST_VALUE), **options)
    return fields.List(
        each, load_default=list, validate=validate.Length(max=MOST_VALUES), metadata={"description": description}
    )


def _percent(description: str) -> Any:
    return fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(0, 100), metadata={"description": description}
    )


class SearchQuerySchema(Schema):
    """One question; repeated parameters are "or", different ones "and"."""

    class Meta:
        """Parameters nobody reads, such as a language, are passed over."""

        unknown = EXCLUDE

    q = fields.String(load_default="", metadata={"description": "What is looked for: words, pinyin, numbers, amounts"})
    kind = fields.Enum(Kind, by_value=True, load_default=None, allow_none=True)
    town = _values("Town codes; `outside` for agencies from elsewhere")
    item = _values("Service item codes")
    stage = _values("Approval stages")
    grade = _values("Grades of standing")
    state = _values("States of notices")
    price = _values("Price bands in whole fen, `from-to`, either end empty")
    on_time = _percent("Least share of deliveries in time, in percent")
    rating = _percent("Least lower bound of the rating, in percent of five stars")
    sort = fields.Enum(Sort, by_value=True, load_default=Sort.RELEVANCE)
    page = fields.Integer(load_default=1, validate=validate.Range(1, MOST_PAGES))
    limit = fields.Integer(load_default=PAGE_SIZE, validate=validate.Range(1, 100))


def to_query(asked: Mapping[str, Any]) -> Query:
    """Make a question of what the schema read; parts it refused may be left out."""
    bands = (read_band(value) for value in asked.get("price", ()))
    on_time, rating = asked.get("on_time"), asked.get("rating")
    return Query(
        text=asked.get("q", ""),
        kind=asked.get("kind"),
        filters=Filters(
            towns=tuple(asked.get("town", ())),
            items=tuple(asked.get("item", ())),
            stages=tuple(asked.get("stage", ())),
            grades=tuple(asked.get("grade", ())),
            states=tuple(asked.get("state", ())),
            prices=tuple(band for band in bands if band is not None),
            on_time=None if on_time is None else on_time / 100,
            rating=None if rating is None else rating / 100,
        ),
        sort=asked.get("sort", Sort.RELEVANCE),
        page=asked.get("page", 1),
        size=asked.get("limit", PAGE_SIZE),
    )


class WhySchema(Schema):
    """One reason a thing was found."""

    where = fields.String()
    found = fields.String()
    typed = fields.String()
    via = fields.String()
    text = fields.String(metadata={"description": "The reason as a sentence"})


class HitSchema(Schema):
    """One thing found."""

    kind = fields.String()
    id = fields.String()
    title = fields.String()
    url = fields.String()
    snippet = fields.String()
    score = fields.Float()
    why = fields.List(fields.Nested(WhySchema))
    town_code = fields.String()
    item_codes = fields.List(fields.String())
    grade = fields.String()
    state = fields.String()
    price_fen = fields.Integer(allow_none=True)
    on_time = fields.Float(allow_none=True)
    rating = fields.Float(allow_none=True)
    published_at = fields.DateTime(allow_none=True)
    closes_at = fields.DateTime(allow_none=True)


class CountSchema(Schema):
    """A value and how many things have it."""

    value = fields.String()
    count = fields.Integer()


class ChipSchema(Schema):
    """A piece of the line that was recognised, and the line without it."""

    kind = fields.String()
    value = fields.String()
    text = fields.String()
    rest = fields.String()


class SearchResultSchema(Schema):
    """An answer. `offers` says how many there would be without each filter in force.

    `beside`: where few lie in the towns of the line, the best of other towns, agencies first; not counted.
    """

    items = fields.List(fields.Nested(HitSchema))
    beside = fields.List(fields.Nested(HitSchema))
    total = fields.Integer()
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(CountSchema)))
    offers = fields.Dict(keys=fields.String(), values=fields.Integer())
    chips = fields.List(fields.Nested(ChipSchema))
    relaxed = fields.String(
        metadata={"description": f"What gave way: {', '.join(one.value or 'empty' for one in Relaxed)}"}
    )
    corrected = fields.String()
    amount_fen = fields.Integer(allow_none=True)
    degraded = fields.Boolean(metadata={"description": "Whether the database answered in place of the index"})
    took_ms = fields.Float()
    next = fields.String(allow_none=True)


class FollowSchema(CommandSchema):
    """A search to follow. town, item: one code, or several with commas between; amounts in yuan or whole fen."""

    command = FollowSearch
    name = Text(max=60)
    pace = Choice(PACES, load_default=INSTANT)
    words = Text(max=100, required=False)
    town = Text(max=400, required=False)
    item = Text(max=400, required=False)
    method = Text(max=10, required=False)
    least = Amount()
    most = Amount()
    least_fen = Fen(load_default=None)
    most_fen = Fen(load_default=None)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> FollowSearch:
        fen = {name: data.pop(f"{name}_fen") for name in ("least", "most")}
        return FollowSearch(**{**data, **{name: value for name, value in fen.items() if value is not None}})


class SavedSearchSchema(Schema):
    """A search that is followed."""

    id = fields.Integer()
    name = fields.String()
    pace = fields.String()
    words = fields.String()
    town = fields.String()
    item = fields.String()
    method = fields.String()
    least_fen = fields.Integer(attribute="least.fen", allow_none=True)
    most_fen = fields.Integer(attribute="most.fen", allow_none=True)
    made_at = fields.AwareDateTime()
    stopped_at = fields.AwareDateTime(allow_none=True)
