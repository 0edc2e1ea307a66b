"""Where upper rooms hang what this room's pages show and cannot know: prices, and panels on an agency's page.

The application puts one price book under ``app.extensions["price_book"]`` and a list of panels under
``app.extensions["agency_panels"]``; without them the pages say that prices are agreed, and show no panel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias

from flask import current_app

from agencies.catalogue.models import ServiceItem
from agencies.registration.models import Agency
from core.money import Money
from core.work import Work

PANELS: Final = "agency_panels"
PRICES: Final = "price_book"

Panel: TypeAlias = tuple[Any, str, Mapping[str, Any]]
PanelOf: TypeAlias = Callable[[Work, Agency], Panel | None]


@dataclass(frozen=True, slots=True)
class FeePanel:
    """What the fee room says of an item for the reader's data.

    fields: what to ask, as ``parts/fields.html`` draws it, filled with what was typed. workings: for
    ``parts/fees.html``, one a schedule, none before an amount is given. calculation: the fee room's own result, handed
    back when prices are asked for. carry: the query that keeps the data on the way to a need.
    """

    fields: Sequence[Mapping[str, Any]] = ()
    workings: Sequence[Mapping[str, Any]] = ()
    calculation: Any = None
    carry: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """An agency's posted price for an item: the amount for the reader's data, if any, and its basis in words."""

    amount: Money | None
    label: str
    note: str = ""


class PriceBook(Protocol):
    """What the fee room answers to this room's pages."""

    def panel(self, work: Work, item: ServiceItem, args: Mapping[str, str]) -> FeePanel:
        """Return what to ask for an item, and the fee for what was typed."""
        ...

    def prices(
        self, work: Work, item_code: str, agency_ids: Sequence[int], at: datetime, calculation: Any
    ) -> Mapping[int, ShownPrice]:
        """Return the posted price of each agency that has one."""
        ...

    def posted(self, work: Work, agency_id: int, at: datetime) -> Mapping[str, ShownPrice]:
        """Return every price an agency has posted, by item code."""
        ...


class NoPrices:
    """The book of an application without fees: nothing to ask, nothing posted."""

    def panel(self, _work: Work, _item: ServiceItem, _args: Mapping[str, str]) -> FeePanel:
        """Ask nothing."""
        return FeePanel()

    def prices(
        self, _work: Work, _item_code: str, _agency_ids: Sequence[int], _at: datetime, _calculation: Any
    ) -> Mapping[int, ShownPrice]:
        """Know none."""
        return {}

    def posted(self, _work: Work, _agency_id: int, _at: datetime) -> Mapping[str, ShownPrice]:
        """Know none."""
        return {}


def price_book() -> PriceBook:
    """Return the application's price book."""
    book: PriceBook = current_app.extensions.get(PRICES) or NoPrices()
    return book


def own_panels(work: Work, agency: Agency) -> list[Mapping[str, Any]]:
    """Return what upper rooms show an agency beside its registration; they hang under ``registration_panels``."""
    found = (panel_of(work, agency) for panel_of in current_app.extensions.get("registration_panels", ()))
    return [panel for panel in found if panel is not None]


def panels(work: Work, agency: Agency) -> list[dict[str, Any]]:
    """Return the panels upper rooms add to an agency's page, in the order they were hung."""
    shown: list[dict[str, Any]] = []
    for panel_of in current_app.extensions.get(PANELS, ()):
        panel = panel_of(work, agency)
        if panel is not None:
            shown.append({"title": panel[0], "template": panel[1], "data": panel[2]})
    return shown
