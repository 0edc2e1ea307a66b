"""Guess from the headings which column is what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from admin.audits.judging import UNITS, Columns

WORDS: Final = (
    (
        "charged",
        ("收费", "合同价", "合同金额", "服务费", "报价", "实收", "charged", "fee", "paid", "实付", "结算", "金额"),
    ),
    ("base", ("基数", "计费额", "中标", "投资", "送审", "造价", "base", "amount")),
    ("on", ("日期", "时间", "签订", "date")),
    ("schedule", ("收费标准", "标准", "文件", "文号", "事项", "schedule", "document", "item")),
    ("funding", ("资金", "funding")),
    ("service", ("服务内容", "服务", "service", "类别", "类型")),
)
FIRST: Final = ("schedule", "on", "base", "charged", "service", "funding")


def guess(headings: Sequence[str]) -> Columns:
    """Return the likely columns; what no role takes is offered as an input."""
    words = dict(WORDS)
    places: dict[str, int] = {}
    for role in FIRST:
        for word in words[role]:
            fits = (at for at, text in enumerate(headings) if word in text.casefold() and at not in places.values())
            at = next(fits, None)
            if at is not None:
                places[role] = at
                break

    def unit(role: str) -> str:
        text = headings[places[role]] if role in places else ""
        return next((one for one in reversed(UNITS) if one in text), "元")

    return Columns(places, {}, (), unit("base"), unit("charged"))
