"""The search page, and suggestions while typing."""

from __future__ import annotations

from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from accounts.gate import public, reading
from accounts.refusing import sentence
from core.clock import beijing_day
from core.errors import Invalid
from core.i18n import gettext as _
from search import cards, feeds, narrowing, rotation, saved_pages, service, wording
from search.backend import MOST_PAGES, Query, Sort
from search.pages import pages
from search.schemas import LISTS, SearchQuerySchema, to_query

__all__ = ["feeds", "pages", "saved_pages"]


@pages.get("/search")
@public
def results() -> ResponseReturnValue:
    """Show what was found, with ways to narrow it and, where there is nothing, ways out."""
    query = _asked()
    try:
        with reading() as work:
            found = service.search(work, query)
            hits = (*found.results.hits, *found.results.beside)
            drawn = cards.cards(work, hits, found.results.amount_fen)
    except Invalid as refusal:
        return _refused(query, refusal), 422
    return render_template(
        "search/results.html",
        query=query,
        found=found.results,
        degraded=found.degraded,
        cards=drawn[: len(found.results.hits)],
        beside=drawn[len(found.results.hits) :],
        form=None,
        kinds=narrowing.kind_tabs(query, found.results),
        tabs=narrowing.sort_tabs(query),
        rule=wording.SORT_RULES[query.sort],
        groups=narrowing.groups(query, found.results),
        chips=narrowing.chips(query, found.results),
        clear_url=narrowing.cleared(query),
        hidden=narrowing.hidden(query),
        gave_way=wording.gave_way(found.results),
        missing=wording.missing(found.results),
        ways_out=narrowing.ways_out(query, found.results) if not found.results.total else [],
        previous_url=narrowing.address(query, page=query.page - 1) if query.page > 1 else None,
        next_url=_next(query, found.results.total),
        follow_url=narrowing.follow(query, found.results) if narrowing.asks_notices(query, found.results) else "",
    )


@pages.get("/search/order")
@public
def order() -> str:
    """Say by which rule results stand where they do, with the day's seed."""
    with reading() as work:
        day = beijing_day(work.clock.now())
    return render_template(
        "search/order.html",
        rules=wording.relevance_rules(),
        others=[rule for sort, rule in wording.SORT_RULES.items() if sort is not Sort.RELEVANCE],
        words=wording.synonym_rows(),
        day=day.isoformat(),
        seed=rotation.seed_of(day),
        seed_text=rotation.text_of(day),
        lift=round(100 * rotation.LIFT),
    )


@pages.get("/suggest")
@public
def suggest() -> ResponseReturnValue:
    """Return names that go on as was typed, for the box to offer."""
    with reading() as work:
        found = service.suggest(work, request.args.get("q", "")[:40])
    named = [{"kind": str(wording.KINDS[one.kind]), "title": one.title, "url": one.url} for one in found]
    return jsonify(items=named)


def _asked() -> Query:
    """Read the address; a parameter that makes no sense is passed over, since the reader did not type it."""
    given: dict[str, Any] = {
        name: request.args.getlist(name) if name in LISTS else request.args[name]
        for name in request.args
        if name in LISTS or request.args[name]
    }
    schema = SearchQuerySchema()
    try:
        return to_query(schema.load(given))
    except ValidationError as error:
        return to_query(error.valid_data if isinstance(error.valid_data, dict) else {})


def _next(query: Query, total: int) -> str | None:
    if query.page * query.size >= total or query.page >= MOST_PAGES:
        return None
    return narrowing.address(query, page=query.page + 1)


def _refused(query: Query, refusal: Invalid) -> str:
    """Show the box again with what is wrong; what was typed stays."""
    said = sentence(refusal)
    return render_template(
        "search/refused.html", query=query, form={"errors": [("q", said)]}, error=said, title=_("搜索")
    )
