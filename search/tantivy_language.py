"""Write a tree as tantivy's query, and a document as it keeps one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Any, Final, TypeAlias

import tantivy

from search import native_asking
from search.analysis import query_grams
from search.documents import Kind
from search.faceting import Facts
from search.matching import GRAM_FIELDS, WORD_FIELDS
from search.native_asking import Holds, Wanted
from search.native_rows import NATIVE_LOOKUPS, ORDERS, READS, Row, kind_place, lifted, pieces, tie_key, wanted_pieces

Searcher: TypeAlias = Any
TQuery: TypeAlias = Any

NUMBERS: Final = ("on_time", "rating", "price", "published")
SHARES: Final = NUMBERS[:2]
GRAMS: Final = "grams"
"""The field of all pairs of a document, in its names or in its texts."""
MANY: Final = 50
"""How many documents share a beginning is not counted but taken for one in so many of all."""
FEW: Final = 16
_KINDS: Final = [kind.value for kind in Kind]
_MOST_ID: Final = 1 << 59


@dataclass(frozen=True)
class Numbered(Wanted):
    """Documents with a number in an order of their own."""

    order: str
    number: int


class Language:
    """Writes trees for one snapshot, whose counts weigh them."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self.documents = max(1, int(searcher.num_docs))

    def query(self, wanted: Wanted) -> TQuery:
        """Write a tree as tantivy's query."""
        write: Callable[[Any], TQuery] = getattr(self, f"_{type(wanted).__name__.lower()}")
        return write(wanted)

    def _everything(self, _wanted: Wanted) -> TQuery:
        return tantivy.Query.all_query()

    def _nothing(self, _wanted: Wanted) -> TQuery:
        return tantivy.Query.empty_query()

    def _holds(self, wanted: native_asking.Holds) -> TQuery:
        return tantivy.Query.term_query(schema(), wanted.field, wanted.token, index_option="freq")

    def _starts(self, wanted: native_asking.Starts) -> TQuery:
        return tantivy.Query.fuzzy_term_query(schema(), wanted.field, wanted.prefix, distance=0, prefix=True)

    def _reads(self, wanted: native_asking.Reads) -> TQuery:
        field, tokens = READS[wanted.field], wanted_pieces(wanted.text)
        if len(wanted.text) == 1:
            return self._starts(native_asking.Starts(field, tokens[0]))
        if len(tokens) == 1:
            return self._holds(native_asking.Holds(field, tokens[0]))
        return tantivy.Query.phrase_query(schema(), field, list(tokens))

    def _among(self, wanted: native_asking.Among) -> TQuery:
        """Ask for each value by itself: twenty times as quick as a set of them, while they are few."""
        held = [f"{wanted.dimension.value}={value}" for value in wanted.values]
        if len(held) > FEW:
            return tantivy.Query.term_set_query(schema(), "facets", held)
        terms = [tantivy.Query.term_query(schema(), "facets", value, index_option="basic") for value in held]
        return terms[0] if len(terms) == 1 else tantivy.Query.boolean_query([(tantivy.Occur.Should, t) for t in terms])

    def _between(self, wanted: native_asking.Between) -> TQuery:
        share = wanted.column in SHARES
        kind = tantivy.FieldType.Float if share else tantivy.FieldType.Integer
        low, high = ((float if share else int)(end) if end is not None else None for end in (wanted.low, wanted.high))
        if low is None and high is None:
            return tantivy.Query.exists_query(wanted.column)
        return tantivy.Query.range_query(schema(), wanted.column, kind, low, high, include_upper=high is None)

    def _all(self, wanted: native_asking.All) -> TQuery:
        return self._joined(tantivy.Occur.Must, wanted.parts)

    def _any(self, wanted: native_asking.Any) -> TQuery:
        parts = _gathered(wanted.parts)
        return self.query(parts[0]) if len(parts) == 1 else self._joined(tantivy.Occur.Should, parts)

    def _most(self, wanted: native_asking.Most) -> TQuery:
        parts = [(tantivy.Occur.Should, self.query(part)) for part in wanted.parts]
        return tantivy.Query.boolean_query(parts, minimum_number_should_match=wanted.least)

    def _best(self, wanted: native_asking.Best) -> TQuery:
        if len(wanted.parts) == 1:
            return self.query(wanted.parts[0])
        return tantivy.Query.disjunction_max_query([self.query(part) for part in wanted.parts])

    def _weighed(self, wanted: native_asking.Weighed) -> TQuery:
        part = self.query(wanted.part)
        return part if wanted.weight == 1 else tantivy.Query.boost_query(part, wanted.weight)

    def _even(self, wanted: native_asking.Even) -> TQuery:
        rarity = log(1 + self.documents / max(1, self._at_most(wanted.part)))
        return tantivy.Query.const_score_query(self.query(wanted.part), wanted.boost * rarity)

    def _lifted(self, wanted: native_asking.Lifted) -> TQuery:
        lifts = [(tantivy.Occur.Should, self.query(lift)) for lift in wanted.lifts]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, self.query(wanted.needed)), *lifts])

    def _ahead(self, wanted: native_asking.Ahead) -> TQuery:
        behind = native_asking.Weighed(wanted.rest, native_asking.BEHIND)
        return self._lifted(native_asking.Lifted(behind, (wanted.first,)))

    def _narrowed(self, wanted: native_asking.Narrowed) -> TQuery:
        passed = [tantivy.Query.const_score_query(self.query(one), 0.0) for one in wanted.filters]
        part = self.query(wanted.part)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in (part, *passed)]) if passed else part

    def _numbered(self, wanted: Numbered) -> TQuery:
        number = wanted.number
        return tantivy.Query.range_query(schema(), f"at_{wanted.order}", tantivy.FieldType.Unsigned, number, number)

    def _joined(self, occur: Any, parts: Sequence[Wanted]) -> TQuery:
        return tantivy.Query.boolean_query([(occur, self.query(part)) for part in parts])

    def _at_most(self, wanted: Wanted) -> int:
        """Guess how many documents a set holds, from how many hold its tokens."""
        if isinstance(wanted, native_asking.Holds):
            return int(self.searcher.doc_freq(wanted.field, wanted.token))
        if isinstance(wanted, native_asking.Reads):
            field = READS[wanted.field]
            return min(int(self.searcher.doc_freq(field, one)) for one in wanted_pieces(wanted.text))
        if isinstance(wanted, native_asking.All):
            return min(map(self._at_most, wanted.parts))
        if isinstance(wanted, native_asking.Any):
            return max(map(self._at_most, wanted.parts))
        return self.documents // MANY


def _gathered(parts: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Ask for a pair wherever it stands by one field, not by that of names and that of texts.

    A name that is that pair but for signs and blanks has it there too.
    """
    both = {
        one.token
        for one in parts
        if isinstance(one, Holds) and one.field == "name_grams" and Holds("text_grams", one.token) in parts
    }
    if not both:
        return parts
    fields = (*GRAM_FIELDS, "exact")
    kept = (one for one in parts if not (isinstance(one, Holds) and one.field in fields and one.token in both))
    return (*(Holds(GRAMS, pair) for pair in sorted(both)), *kept)


@cache
def schema() -> Any:
    """Return the fields of the index; tokens come cut, so every text field splits at blanks."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("document", stored=True)
    for name in WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in READS.values():
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in (GRAMS, *NATIVE_LOOKUPS):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("facets", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("lift", *SHARES):
        builder.add_float_field(name, fast=True)
    for name in ("price", "published"):
        builder.add_integer_field(name, fast=True)
    for name in ("serial", "lifted", *(f"at_{order}" for order in ORDERS)):
        builder.add_unsigned_field(name, fast=True)
    builder.add_text_field("tie", fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def packed(one: Row) -> Any:
    """Return a row as tantivy takes it. It multiplies by log2(2 + lift), which is to be 1 + boost."""
    document = tantivy.Document()
    document.add_text("key", one.key)
    document.add_bytes("document", one.document.encode())
    for name in (*WORD_FIELDS, *NATIVE_LOOKUPS):
        document.add_text(name, " ".join(one.tokens[name]))
    for name, field in READS.items():
        document.add_text(field, " ".join(pieces(one.reads[name])))
    whole = (gram for name in one.tokens["exact"] for gram in query_grams(name))
    document.add_text(GRAMS, " ".join({gram for name in GRAM_FIELDS for gram in one.tokens[name]}.union(whole)))
    for value in one.facets:
        document.add_text("facets", value)
    document.add_float("lift", 2 ** (1 + one.boost) - 2)
    for name in NUMBERS:
        number = getattr(one.facts, name)
        if number is not None and number >= 0:
            (document.add_float if name in SHARES else document.add_integer)(name, number)
    for name, order in ORDERS.items():
        document.add_unsigned(f"at_{name}", order(one.facts))
    document.add_unsigned("lifted", lifted(one.facts))
    document.add_text("tie", tie_key(one.facts))
    if (number := serial(one.facts)) is not None:
        document.add_unsigned("serial", number)
    return document


def serial(facts: Facts) -> int | None:
    """Return kind, id and whether it takes turns as one number, from which `named` reads them; None for other ids."""
    identity = facts.key.partition(":")[2]
    if not (identity.isascii() and identity.isdigit() and str(int(identity)) == identity and int(identity) < _MOST_ID):
        return None
    turns = facts.kind == Kind.AGENCY and facts.rating is None
    return int(identity) << 4 | kind_place(facts) << 1 | turns


def named(number: int) -> tuple[str, bool]:
    """Return a document's key, and whether it takes turns, from its serial number."""
    return f"{_KINDS[number >> 1 & 7]}:{number >> 4}", bool(number & 1)
