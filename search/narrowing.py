"""Tabs, filters, chips and ways out of an empty page: everything on the search page that leads to another search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from search import wording
from search.backend import Dimension, Query, Results, Sort
from search.documents import Kind
from search.faceting import PRICE_BANDS, RATINGS, SHARES, band_value
from search.plan import ChipKind

PATH: Final = "/search"
FOLLOW: Final = "/account/searches/new"
MOST_OPTIONS: Final = 12
FEW_OPTIONS: Final = 6
NAMES: Final = {
    Dimension.KIND: "kind",
    Dimension.TOWN: "town",
    Dimension.ITEM: "item",
    Dimension.STAGE: "stage",
    Dimension.GRADE: "grade",
    Dimension.STATE: "state",
    Dimension.PRICE: "price",
    Dimension.ON_TIME: "on_time",
    Dimension.RATING: "rating",
}
USUAL: Final = (Dimension.TOWN, Dimension.ITEM, Dimension.GRADE, Dimension.PRICE, Dimension.ON_TIME)
SHOWN: Final = {
    None: USUAL,
    Kind.ITEM: (Dimension.STAGE,),
    Kind.AGENCY: (
        Dimension.GRADE,
        Dimension.ON_TIME,
        Dimension.RATING,
        Dimension.PRICE,
        Dimension.ITEM,
        Dimension.TOWN,
    ),
    Kind.NOTICE: (Dimension.STATE, Dimension.PRICE, Dimension.STAGE, Dimension.ITEM, Dimension.TOWN),
    Kind.SCHEDULE: (Dimension.STAGE, Dimension.ITEM),
    Kind.GUIDE: (),
    Kind.ANSWER: (Dimension.ITEM,),
}
SORTS: Final = {
    None: (Sort.RELEVANCE, Sort.NEWEST, Sort.PRICE),
    Kind.ITEM: (Sort.RELEVANCE,),
    Kind.AGENCY: (Sort.RELEVANCE, Sort.PRICE, Sort.ON_TIME, Sort.RATING, Sort.NEWEST),
    Kind.NOTICE: (Sort.RELEVANCE, Sort.NEWEST, Sort.CLOSING, Sort.PRICE),
    Kind.SCHEDULE: (Sort.RELEVANCE,),
    Kind.GUIDE: (Sort.RELEVANCE,),
    Kind.ANSWER: (Sort.RELEVANCE, Sort.NEWEST),
}
ORDER: Final = {
    Dimension.PRICE: [band_value(band) for band in PRICE_BANDS],
    Dimension.ON_TIME: [str(share) for share in SHARES],
    Dimension.RATING: [str(share) for share in RATINGS],
}


def address(query: Query, **changes: Any) -> str:
    """Return the address of a question with some parameters changed; None or nothing takes one out, and the page."""
    values = {**parameters(query), **changes}
    pairs = [(name, one) for name, value in values.items() for one in _each(value)]
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def parameters(query: Query) -> dict[str, Any]:
    """Return a question as parameters of an address, without the page."""
    asked = query.filters
    return {
        "q": query.text,
        "kind": query.kind.value if query.kind else None,
        "town": list(asked.towns),
        "item": list(asked.items),
        "stage": list(asked.stages),
        "grade": list(asked.grades),
        "state": list(asked.states),
        "price": [band_value(band) for band in asked.prices],
        "on_time": _percent(asked.on_time),
        "rating": _percent(asked.rating),
        "sort": query.sort.value if query.sort is not Sort.RELEVANCE else None,
    }


def kind_tabs(query: Query, results: Results) -> list[tuple[str, str, bool]]:
    """Return a tab for each kind, with how many it would show."""
    counts = dict(results.facets.get(Dimension.KIND, ()))
    total = sum(counts.values())
    tabs = [(wording.all_kinds(total), address(query, kind=None, sort=None), query.kind is None)]
    for kind in Kind:
        label = wording.counted(str(wording.KINDS[kind]), counts.get(kind.value, 0))
        tabs.append((label, address(query, kind=kind.value, sort=None), query.kind is kind))
    return tabs


def sort_tabs(query: Query) -> list[tuple[str, str, bool]]:
    """Return the orders that make sense for the kind."""
    orders = SORTS[query.kind]
    if len(orders) == 1:
        return []
    return [(str(wording.SORTS[one]), address(query, sort=_sort(one)), one is query.sort) for one in orders]


def groups(query: Query, results: Results) -> list[dict[str, Any]]:
    """Return the filters with counts, each counted under all other filters; ticked values stay even when empty."""
    found = []
    for dimension in SHOWN[query.kind]:
        options = _options(dimension, query, results)
        if not options:
            continue
        ticked = any(option[3] for option in options)
        single = dimension in (Dimension.ON_TIME, Dimension.RATING)
        found.append(
            {
                "label": wording.DIMENSIONS[dimension],
                "name": NAMES[dimension],
                "type": "radio" if single else "checkbox",
                "open": ticked or len(options) <= FEW_OPTIONS,
                "options": options,
            }
        )
    return found


def _options(dimension: Dimension, query: Query, results: Results) -> list[tuple[str, str, int | None, bool]]:
    counts = dict(results.facets.get(dimension, ()))
    chosen = set(_chosen(dimension, query))
    known = ORDER.get(dimension)
    values: Iterable[str] = [one for one in known if one in counts] if known else list(counts)[:MOST_OPTIONS]
    if dimension is Dimension.TOWN:
        values = list(counts)
    listed = [*values, *sorted(chosen - set(values))]
    options: list[tuple[str, str, int | None, bool]] = []
    for value in listed:
        shown = _percent(float(value)) if dimension in (Dimension.ON_TIME, Dimension.RATING) else value
        options.append((str(shown), wording.value_name(dimension, value), counts.get(value, 0), value in chosen))
    return options


def _chosen(dimension: Dimension, query: Query) -> Sequence[str]:
    asked = query.filters
    values: dict[Dimension, Sequence[str]] = {
        Dimension.TOWN: asked.towns,
        Dimension.ITEM: asked.items,
        Dimension.STAGE: asked.stages,
        Dimension.GRADE: asked.grades,
        Dimension.STATE: asked.states,
        Dimension.PRICE: [band_value(band) for band in asked.prices],
        Dimension.ON_TIME: [] if asked.on_time is None else [str(asked.on_time)],
        Dimension.RATING: [] if asked.rating is None else [str(asked.rating)],
    }
    return values[dimension]


def chips(query: Query, results: Results) -> list[tuple[str, str]]:
    """Return what was recognised in the line and what was ticked, each with the address without it."""
    found = [(wording.chip_name(chip), address(query, q=chip.rest)) for chip in results.chips]
    for dimension, name in NAMES.items():
        if dimension is Dimension.KIND:
            continue
        chosen = list(_chosen(dimension, query))
        for value in chosen:
            left = [other for other in parameters(query)[name] if other != value] if name in LISTED else None
            found.append((wording.value_name(dimension, value), address(query, **{name: left})))
    return found


LISTED: Final = frozenset({"town", "item", "stage", "grade", "state", "price"})


def cleared(query: Query) -> str:
    """Return the address of the bare line."""
    return address(Query(query.text, query.kind))


def ways_out(query: Query, results: Results) -> list[tuple[str, str]]:
    """Return what to do about an empty page: for each filter, how many there are without it; else where to look."""
    found = []
    for dimension, count in results.offers:
        if count:
            without = results_without(query, dimension, results)
            found.append((wording.offer(dimension, count), without))
    if results.offers and not found:
        found.append((wording.without_filters(), address(Query(_bare(query, results)))))
    return found + wording.elsewhere()


def results_without(query: Query, dimension: Dimension, results: Results) -> str:
    """Return the address of the question without one dimension's filters."""
    if dimension is Dimension.CHIPS:
        return address(query, q=_bare(query, results))
    return address(query, **{NAMES[dimension]: None})


def asks_notices(query: Query, results: Results) -> bool:
    """Tell whether notices alone are searched, by the tab or by a word of the line."""
    by_word = (chip.value for chip in results.chips if chip.kind is ChipKind.KIND)
    return query.kind is Kind.NOTICE or (query.kind is None and Kind.NOTICE in by_word)


def follow(query: Query, results: Results) -> str:
    """Return where a search of notices may be followed: words, items, towns and ceilings as the list takes them."""
    towns = [*query.filters.towns, *(chip.value for chip in results.chips if chip.kind is ChipKind.TOWN)]
    bands = query.filters.prices
    low = min((band[0] or 0 for band in bands), default=0)
    high = max((-1 if band[1] is None else band[1] for band in bands), default=-1)
    is_open = any(band[1] is None for band in bands)
    found = {
        "words": _bare(query, results),
        "town": ",".join(dict.fromkeys(towns)),
        "item": ",".join(query.filters.items),
        "least": str(low // 100) if low else "",
        "most": str(high // 100) if high > 0 and not is_open else "",
    }
    kept = {name: value for name, value in found.items() if value}
    return f"{FOLLOW}?{urlencode(kept)}" if kept else FOLLOW


def _bare(query: Query, results: Results) -> str:
    """Return the line without all that was recognised in it."""
    text = query.text
    for chip in results.chips:
        text = text.replace(chip.text, " ")
    return " ".join(text.split())


def hidden(query: Query) -> list[tuple[str, str]]:
    """Return what the filters' form carries along."""
    kept = {"q": query.text, "kind": query.kind.value if query.kind else "", "sort": _sort(query.sort) or ""}
    return [(name, value) for name, value in kept.items() if value]


def _sort(sort: Sort) -> str | None:
    return None if sort is Sort.RELEVANCE else sort.value


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share * 100:.0f}"


def _each(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
