"""A hit as the page shows it: its card, its reasons in words, the matched words marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from agencies.catalogue import wording as catalogue
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.queries import items_by_code
from agencies.registration import cards as agency_cards
from agencies.registration.models import Agency
from agencies.registration.queries import agencies_by_ids, practitioner_counts
from core.clock import beijing_day
from core.i18n import current_lang
from core.i18n import gettext as _
from core.money import Money
from core.work import Work
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.wording import STATES
from search import wording
from search.backend import Hit
from search.documents import Kind


def cards(work: Work, hits: Sequence[Hit], amount_fen: int | None) -> list[dict[str, Any]]:
    """Return what the page draws of each hit: its shape, agency or notice, and its card with reasons."""
    agencies = _agencies(work, hits)
    people = practitioner_counts(work.session, agencies)
    items = items_by_code(work.session, [hit.document.id for hit in hits if hit.document.kind is Kind.ITEM])
    today = beijing_day(work.clock.now())
    found = []
    for hit in hits:
        number = int(hit.document.id) if hit.document.kind is Kind.AGENCY else 0
        if number in agencies:
            shape, card = "agency", _agency(hit, agencies[number], people.get(number, 0), today)
        else:
            shape, card = "notice", _line(hit, items.get(hit.document.id), amount_fen)
        card["why"] = wording.reasons(hit.why)
        shown = hit.document.kind in (Kind.AGENCY, Kind.NOTICE) or any(one.where == "body" for one in hit.why)
        card["snippet"] = hit.snippet if shown else ""
        found.append({"shape": shape, "card": card})
    return found


def marked(title: str, marks: Sequence[tuple[int, int]]) -> Markup:
    """Return a title with the matched places in mark elements; everything else escaped."""
    parts, at = [], 0
    for start, end in marks:
        parts += [escape(title[at:start]), Markup("<mark>"), escape(title[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*parts, escape(title[at:])])


def _agencies(work: Work, hits: Sequence[Hit]) -> Mapping[int, Agency]:
    ids = [int(hit.document.id) for hit in hits if hit.document.kind is Kind.AGENCY]
    return {row.id: row for row in agencies_by_ids(work.session, ids)} if ids else {}


def _agency(hit: Hit, row: Agency, people: int, today: date) -> dict[str, Any]:
    card = agency_cards.card(row, today=today, people=people, price=None, with_price=False, checked=False)
    del card["compare"]
    if row.name == hit.document.title:
        card["name"] = marked(row.name, hit.marks)
    if hit.document.price_fen is not None:
        card["price"], card["price_label"] = Money(hit.document.price_fen), _("公示收费最低")
    return card


def _line(hit: Hit, item: ServiceItem | None, amount_fen: int | None) -> dict[str, Any]:
    """Return the card of an item, a notice or a fee schedule."""
    document = hit.document
    title: Any = marked(document.title, hit.marks)
    card: dict[str, Any] = {"title": title, "url": document.url, "about": [str(wording.KINDS[document.kind])]}
    if document.kind is Kind.NOTICE:
        if document.state in set(NeedState):
            text, tint = STATES[NeedState(document.state)]
            card["status"] = (str(text), tint)
        card["code"] = document.codes[0] if document.codes else ""
        card["about"] += [agency_cards.town_name(document.town_code), *map(catalogue.item_name, document.item_codes)]
        card["closes_at"] = document.closes_at
        if document.price_fen is not None:
            card["price"], card["price_label"] = Money(document.price_fen), _("最高限价")
    elif document.kind is Kind.GUIDE:
        if current_lang() == "en":
            card["title"] = next(iter(document.names), title)
    elif document.kind is Kind.SCHEDULE:
        card["code"] = document.codes[0] if document.codes else ""
        if current_lang() == "en":
            card["title"] = next((name for name in document.names if name.isascii() and " " in name), title)
    elif item is not None:
        card["title"] = title if catalogue.named(item) == document.title else catalogue.named(item)
        card["status"] = catalogue.regime_tag(item)
        card["about"].append(wording.stage_name(item.stage))
        if amount_fen is not None:
            card["url"] = f"{document.url}?{urlencode({'amount': f'{Money(amount_fen).wan.normalize():f}万元'})}"
    return card
