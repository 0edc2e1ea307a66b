"""What things cost in the demo world: near what the schedule says where one fits, else near a number of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from agencies.catalogue import reference
from agencies.catalogue.reference_types import ItemData
from agencies.fees import service as fees
from core.money import Money

INVESTMENT_WAN: Final = (2400, 2800, 3200, 3600, 4200)
USUAL_WAN: Final = 3200
PRICES_WAN: Final = (2, 4, 6, 9, 14, 22)
COMPETITION: Final = Decimal("0.85")
PRICED_ON: Final = date(2026, 1, 5)


@cache
def usual_price(item_code: str) -> Money:
    """Return what an item usually costs in the demo world."""
    item = reference.item(item_code)
    inputs = fee_inputs(item, USUAL_WAN)
    found = fees.benchmark(item_code, item.schedules, PRICED_ON, inputs) if inputs else None
    if found is not None and found.base is not None:
        return found.base.times(COMPETITION)
    return Money.from_wan(PRICES_WAN[item.number % len(PRICES_WAN)])


def fee_inputs(item: ItemData, wan: int) -> dict[str, Any]:
    """Return answers for the schedule that fits an item and a project of so many 万元; nothing where none does."""
    first = item.schedules[0] if item.schedules else ""
    known: dict[str, dict[str, Any]] = {
        "计价格[1999]1283号": {
            "service": "feasibility" if "可行" in item.name else "proposal",
            "investment_wan": wan,
            "industry": "building",
        },
        "计价格[2002]10号": {"base_amount_wan": wan, "specialty": "building_municipal", "complexity": "II"},
        "计价格[2002]125号": {
            "service": "form" if "报告表" in item.name else "report",
            "investment_wan": wan,
            "industry": "light",
            "sensitivity": "ordinary",
        },
        "发改价格[2007]670号": {
            "base_amount_wan": max(wan, 600),
            "specialty": "building_municipal",
            "complexity": "II",
        },
        "计价格[2002]1980号": {"award_amount_wan": wan, "category": "works"},
        "粤价函[2011]742号": {"service": "control_price", "base_wan": wan},
    }
    return known.get(first, {})
