"""Labels, hints and order of selection's fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.forms import Item
from core.i18n import lazy_gettext as _l
from marketplace.selection.ranking import Criterion

DECLINE: Final = (
    Item("reason", _l("放弃的理由"), "textarea", hint=_l("至少 10 个字。业主会看到，也会记入履约记录。"), rows=4),
)
END: Final = (
    Item("reason", _l("不选任何一家的理由"), "textarea", hint=_l("至少 10 个字，公开显示在结果页。"), rows=4),
)
BID: Final = (
    Item("amount", _l("新的报价"), unit=_l("元"), inputmode="decimal", autocomplete="off", hint=_l("只能比现在的低。")),
)
REJECT: Final = (
    Item("quote_id", _l("报价"), "hidden"),
    Item("reason", _l("不计入的理由"), "textarea", hint=_l("至少 10 个字，报价的机构会收到。"), rows=3),
)


def award_layout(*, reason_needed: bool, is_direct: bool) -> tuple[Item, ...]:
    """Return the fields of the confirmation page; the reason is asked only where the rules want one."""
    quote = Item("quote_id", _l("报价"), "hidden")
    if not reason_needed:
        return (quote,)
    hint = _l("至少 10 个字，公开显示在结果页。")
    label = _l("直接选取的理由") if is_direct else _l("选定的理由")
    return (quote, Item("reason", label, "textarea", hint=hint, rows=4))


def points_name(quote_id: int, index: int) -> str:
    """Name the points' field of one quote and criterion."""
    return f"points-{quote_id}-{index}"


def reason_name(quote_id: int, index: int) -> str:
    """Name the reason's field of one quote and criterion."""
    return f"why-{quote_id}-{index}"


def note_name(quote_id: int) -> str:
    """Name the field of the note to one loser."""
    return f"note-{quote_id}"


def read_scores(data: Mapping[str, Any], quote_ids: Sequence[int], criteria: Sequence[Criterion]) -> dict[str, Any]:
    """Gather the fields of a score sheet into what the schema reads; rows left wholly empty are left out."""
    scores = []
    for quote_id in quote_ids:
        for index, criterion in enumerate(criteria):
            points, reason = data.get(points_name(quote_id, index), ""), data.get(reason_name(quote_id, index), "")
            if not criterion.is_price and (str(points).strip() or str(reason).strip()):
                scores.append({"quote_id": quote_id, "criterion": criterion.name, "points": points, "reason": reason})
    return {"scores": scores}


def read_award(data: Mapping[str, Any]) -> dict[str, Any]:
    """Gather the confirmation page's fields into what the schema reads."""
    notes = [
        {"quote_id": name.removeprefix("note-"), "note": value}
        for name, value in data.items()
        if name.startswith("note-") and str(value).strip()
    ]
    return {"quote_id": data.get("quote_id", ""), "reason": data.get("reason", ""), "notes": notes}
