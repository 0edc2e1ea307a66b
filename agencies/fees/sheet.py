"""A result as it leaves the page: the sheet that is issued as a paper with a verification code, and the CSV.

Sheets are Chinese documents and are not translated; the CSV speaks the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from agencies.fees.calculator import Calculator
from agencies.fees.engine.calculation import Calculation
from agencies.fees.permissions import POLICY
from agencies.fees.presentation import CalculationView, ReadingView, calculation_view
from agencies.fees.wording import MARKS, said
from core import papers
from core.i18n import force_locale
from core.i18n import gettext as _
from core.money import Money, capitals
from core.work import Work

SHEET: Final = "fee_sheet"
TEMPLATE: Final = "sheet"
NOBODY: Final = 0
"""A sheet is about no row of ours: what it says is the same whoever asks."""


def issue(work: Work, made: Calculator) -> papers.IssuedPaper:
    """Issue the sheet of a calculation; the same calculation gives the sheet already issued.

    Raises SignInRequired for a stranger.
    """
    work.require(POLICY, "fee_sheet:issue")
    return papers.issue(work, SHEET, NOBODY, TEMPLATE, sheet_data(made))


def sheet_data(made: Calculator) -> dict[str, Any]:
    """Return what a calculation's sheet says, in Chinese. Raises ValueError when there is no calculation."""
    calculation = made.calculation
    if calculation is None:
        raise ValueError("nothing was calculated")
    with force_locale("zh_Hans_CN"):
        view = calculation_view(calculation, readings=made.readings)
        lines = [*_facts(made, calculation), *_result_lines(view)]
        rows = [[one.label, one.expression or "—", one.clause or "—", one.value] for one in view.steps]
        paragraphs = [*view.notes, *(_reading(one) for one in view.readings), *_remarks(made)]
    return {
        "title": "收费计算书",
        "number": calculation.document,
        "lines": lines,
        "headers": ["步骤", "算式", "依据", "结果"],
        "rows": rows,
        "rows_title": "计算过程",
        "paragraphs": paragraphs,
        "public": lines,
    }


def _facts(made: Calculator, calculation: Calculation) -> list[list[str]]:
    day = calculation.on
    found = [
        ["收费标准", made.schedule.title.zh],
        ["版本", calculation.document],
        ["按哪天的规定", f"{day.year}年{day.month}月{day.day}日"],
    ]
    if made.service and len(made.version.services) > 1:
        found.append(["服务内容", calculation.service_label.zh])
    return found + [[one.label.zh, _echoed(one.given, one.taken.zh)] for one in calculation.inputs_echo
                    if one.name != "service"]  # fmt: skip


def _echoed(given: str, taken: str) -> str:
    """Write an input as it was understood, with what was typed where it reads otherwise."""
    return f"{taken}（所填：{given}）" if given and given.isascii() is False and given != taken else taken


def _result_lines(view: CalculationView) -> list[list[str]]:
    found = []
    if view.base is not None:
        name = "最高收费" if view.is_maximum else "收费"
        found.append([name, f"{view.base} 元（大写：{capitals(view.base)}）"])
    if (view.low, view.high) != (view.base, view.base) and not view.is_maximum:
        found.append(["区间", _span(view.low, view.high)])
    if view.reason_text:
        found.append(["没有单一数额", view.reason_text])
    for place, lot in enumerate(view.lots, start=1):
        found.append([f"第 {place} 标段", f"{lot} 元"])
    return [*found, ["法律效力", view.status_label], ["效力依据", view.status_sentence]]


def _span(low: Money | None, high: Money | None) -> str:
    if low is not None and high is not None:
        return f"{low} 元至 {high} 元"
    if high is not None:
        return f"不高于 {high} 元"
    return f"不低于 {low} 元" if low is not None else "由双方商定"


def _reading(one: ReadingView) -> str:
    amount = f"{one.base} 元（大写：{capitals(one.base)}）" if one.base is not None else _span(one.low, one.high)
    return f"文件还可以这样理解：{one.field}取“{one.label}”时，收费{amount}。"


def _remarks(made: Calculator) -> list[str]:
    label, _kind = MARKS.get(made.schedule.source.mark, (made.schedule.source.mark, ""))
    return [
        f"标准出处：{label}。{made.schedule.source.note.zh}",
        "本计算书按所填数据和上述文件算出，不是报价，也不是审核结论。",
    ]


def csv_rows(made: Calculator) -> tuple[Sequence[str], list[list[str]]]:
    """Return a calculation as a table in the reader's language: inputs, result, working, other readings.

    Amounts are in yuan, plain, so that a spreadsheet can add them. Raises ValueError when there is no calculation.
    """
    calculation = made.calculation
    if calculation is None:
        raise ValueError("nothing was calculated")
    view = calculation_view(calculation, readings=made.readings)
    about, result, steps, others = _("数据"), _("结果"), _("步骤"), _("其他理解")
    rows = [
        [about, _("收费标准"), "", said(made.schedule.title), calculation.document],
        [about, _("日期"), "", calculation.on.isoformat(), ""],
        *([about, said(one.label), one.given, said(one.taken), ""] for one in calculation.inputs_echo),
        *([steps, one.label, one.expression, one.value, one.clause] for one in view.steps),
        *(
            [result, label, _("元"), _plain(amount), ""]
            for label, amount in ((_("下限"), view.low), (_("基准"), view.base), (_("上限"), view.high))
            if amount is not None
        ),
        [result, _("法律效力"), "", view.status_label, view.status_sentence],
    ]
    if view.base is not None:
        rows.append([result, _("大写金额"), "", capitals(view.base), ""])
    if view.reason_text:
        rows.append([result, _("没有单一数额"), "", view.reason_text, ""])
    rows += [[result, _("说明"), "", note, ""] for note in view.notes]
    rows += [
        [result, _("第 %(no)s 标段", no=place), _("元"), _plain(lot), ""] for place, lot in enumerate(view.lots, 1)
    ]
    for one in view.readings:
        label = _("%(label)s：%(text)s", label=one.field, text=one.label)
        amounts = [one.base] if one.base is not None else [end for end in (one.low, one.high) if end is not None]
        rows += [[others, label, _("元"), _plain(amount), ""] for amount in amounts]
    return [_("部分"), _("名称"), _("所填或算式"), _("数值"), _("依据")], rows


def _plain(amount: Money) -> str:
    return format(amount.yuan, "f")
