"""What fees answers to the shelf and to an agency's page: the fee for the reader's data, and posted prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from agencies.catalogue.models import ServiceItem
from agencies.fees import fitting, queries, register, service
from agencies.fees.calculator import CARRIED, Answers, Calculator, open_calculator, service_choices
from agencies.fees.commands import PriceBasis
from agencies.fees.engine.calculation import Calculation
from agencies.fees.models import PostedPrice
from agencies.fees.presentation import calculation_view
from agencies.registration.hooks import FeePanel, ShownPrice
from core.clock import beijing_day
from core.i18n import gettext as _
from core.money import Money
from core.work import Work

SERVICE_FIELD: Final = "service"


class Book:
    """The price book: implements ``agencies.registration.hooks.PriceBook``."""

    def panel(self, work: Work, item: ServiceItem, args: Mapping[str, str]) -> FeePanel:
        """Return what to ask for an item, and the fee for what was typed, by the first schedule that fits."""
        ids = queries.schedules_of(item)
        if not ids:
            return FeePanel()
        answers = fitting.with_service(Answers(args), item.code, ids[0])
        made = open_calculator(register.SCHEDULES[ids[0]], beijing_day(work.clock.now()), answers, strict=False)
        found = made.calculation
        fields = [*_service_field(made), *(_simple(one) for one in made.fields)]
        workings = [_working(calculation_view(found, readings=made.readings))] if found is not None else []
        carry: dict[str, str] = {}
        for name, value in made.carry:
            key = f"{CARRIED}{name}"
            if name != "on":
                carry[key] = f"{carry[key]}|{value}" if key in carry else value
        return FeePanel(fields, workings, found, carry)

    def prices(
        self, work: Work, item_code: str, agency_ids: Sequence[int], at: datetime, calculation: Any
    ) -> Mapping[int, ShownPrice]:
        """Return the posted price of each agency that has one, worked out for the reader's data where it can be."""
        found = queries.prices_of_item(work.session, item_code, agency_ids, at)
        return {agency_id: shown_price(row, calculation) for agency_id, row in found.items()}

    def posted(self, work: Work, agency_id: int, at: datetime) -> Mapping[str, ShownPrice]:
        """Return every price an agency has posted, by item code."""
        found = queries.posted_prices(work.session, agency_id, at)
        return {code: shown_price(row, None) for code, row in found.items()}


def shown_price(row: PostedPrice, calculation: Calculation | Money | None) -> ShownPrice:
    """Return a posted price in words, with the amount for the reader's data where there is one."""
    notes = []
    if row.included:
        notes.append(_("含：%(included)s", included=row.included))
    if row.extra:
        notes.append(_("另计：%(extra)s", extra=row.extra))
    return ShownPrice(service.posted_amount(row, calculation), basis_sentence(row), _("；").join(notes))


def stated(row: PostedPrice | None) -> set[str]:
    """Return which parts of a price are written down: the price, what it includes, what costs extra."""
    if row is None:
        return set()
    return {"price"} | {part for part in ("included", "extra") if getattr(row, part)}


def basis_sentence(row: PostedPrice) -> str:
    """Say how a posted price is stated."""
    schedule = register.SCHEDULES.get(row.schedule_id or "")
    document = schedule.document if schedule is not None else ""
    if row.basis is PriceBasis.FIXED:
        return _("公示价 %(amount)s 元", amount=str(row.amount))
    if row.basis is PriceBasis.UNIT:
        return _("公示价每%(unit)s %(amount)s 元", unit=row.unit_name, amount=str(row.amount))
    if row.basis is PriceBasis.FORMULA:
        return _("公示：按 %(document)s 计算", document=document)
    return _("公示：按 %(document)s 下浮 %(percent)s%%", document=document, percent=percent(row.discount_rate))


def percent(rate: Decimal | None) -> str:
    """Write a fraction as the number before the percent sign."""
    return format(((rate or Decimal(0)) * 100).normalize(), "f")


def _service_field(made: Calculator) -> list[dict[str, Any]]:
    """Ask for the service where the schedule prices several."""
    choices = service_choices(made.version)
    if not choices:
        return []
    return [{
        "id": "fee-service", "name": SERVICE_FIELD, "label": _("服务内容"), "type": "select", "choices": choices,
        "value": made.service, "error": "", "aside": False,
        "hint": "" if made.service else _("选好后点“计算”，再填数额。"),
    }]  # fmt: skip


def _simple(one: dict[str, Any]) -> dict[str, Any]:
    """Return a field as a page of another room draws it: several choices become one list to choose from."""
    return (
        {**one, "type": "select", "value": (one["value"] or [""])[0], "extras": []}
        if one["type"] == "checkboxes"
        else one
    )


def _working(view: Any) -> dict[str, Any]:
    """Return a view as the mapping ``parts/fees.html`` reads."""
    return {name: getattr(view, name) for name in view.__slots__}
