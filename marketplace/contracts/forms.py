"""Labels, hints and order of the contracts' fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.forms import Item
from core.i18n import lazy_gettext as _l
from core.money import Money
from marketplace.contracts import wording
from marketplace.contracts.models import Settlement
from marketplace.contracts.rules import LineKind

SETTLEMENT_ROWS: Final = 4
SETTLEMENT_CELLS: Final = ("kind", "name", "quantity", "amount")

REVISE: Final = (
    Item(
        "amount",
        _l("合同金额"),
        unit=_l("元"),
        inputmode="decimal",
        hint=_l("可以直接改低。高于报价要写理由，并报价格主管部门核查。"),
    ),
    Item("reason", _l("高于报价的理由"), "textarea", hint=_l("改高时至少写 10 个字。"), rows=3, optional=True),
)
SIGN: Final = (
    Item("content_hash", _l("文本指纹"), "hidden"),
    Item("agree", _l("我已通读合同文本，代表本单位签署"), "checkbox"),
)
DELIVER: Final = (
    Item(
        "file",
        _l("成果文件"),
        "file",
        hint=_l("PDF、Word、Excel、OFD、DWG 或图片，最大 50 MB。多个文件先合并成一个 PDF。"),
    ),
    Item("note", _l("说明"), "textarea", rows=3, optional=True),
)
SEND_BACK: Final = (Item("reason", _l("退回的理由"), "textarea", hint=_l("至少 10 个字，把要改的一次说全。"), rows=4),)
SETTLE_REASON: Final = (
    Item(
        "reason",
        _l("与合同金额不同的理由"),
        "textarea",
        hint=_l("合计与合同金额不同时至少写 10 个字。高于合同的，报价格主管部门核查。"),
        rows=3,
        optional=True,
    ),
)


VERIFY: Final = (
    Item(
        "code",
        _l("核验码"),
        hint=_l("印在文件上，如 7F3A-92C1-0B6E，大小写和横线不限。"),
        autocomplete="off",
    ),
)


def settlement_layout() -> tuple[Item, ...]:
    """Return the fields of the settlement form: some rows of kind, name, quantity and amount, then the reason."""
    rows: list[Item] = []
    for number in range(1, SETTLEMENT_ROWS + 1):
        later = number > 1
        kinds = [(kind, wording.line_kind_name(kind)) for kind in LineKind]
        rows += [
            Item(f"kind-{number}", _l("第 %(number)s 笔类别", number=number), "select", choices=kinds, optional=later),
            Item(f"name-{number}", _l("第 %(number)s 笔名目", number=number), optional=later),
            Item(
                f"quantity-{number}", _l("第 %(number)s 笔数量", number=number), "number", inputmode="numeric",
                optional=True,
            ),
            Item(
                f"amount-{number}", _l("第 %(number)s 笔金额", number=number), unit=_l("元"), inputmode="decimal",
                optional=later,
            ),
        ]  # fmt: skip
    return (*rows, *SETTLE_REASON)


def as_typed(row: Settlement | None) -> dict[str, Any]:
    """Return a settlement as its form holds it, for correcting it."""
    found: dict[str, Any] = {} if row is None else {"reason": row.reason}
    for number, line in enumerate(() if row is None else row.lines[:SETTLEMENT_ROWS], start=1):
        found |= {
            f"kind-{number}": line.get("kind", "agreed"), f"name-{number}": line["name"],
            f"quantity-{number}": line.get("quantity", 1), f"amount-{number}": Money(line["amount_fen"]),
        }  # fmt: skip
    return found


def read_settlement(data: Mapping[str, Any]) -> dict[str, Any]:
    """Gather the rows into what the schema reads; rows without name and amount are left out."""
    lines = []
    for number in range(1, SETTLEMENT_ROWS + 1):
        cells = {name: str(data.get(f"{name}-{number}", "")).strip() for name in SETTLEMENT_CELLS}
        if cells["name"] or cells["amount"]:
            lines.append({name: value for name, value in cells.items() if value or name in {"name", "amount"}})
    return {"lines": lines, "reason": data.get("reason", "")}


SETTLEMENT_VIEW: Final = (
    Item(
        "text",
        _l("哪一笔不对，应是多少"),
        "textarea",
        hint=_l("有异议时至少写 10 个字，对方能看到。"),
        rows=4,
        optional=True,
    ),
)
KEEP: Final = (Item("reason", _l("维持的理由"), "textarea", hint=_l("至少 10 个字，对方能看到。"), rows=3),)
