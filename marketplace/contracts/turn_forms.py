"""Labels, hints and order of the forms of a contract's turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from core.forms import Item
from core.i18n import current_lang
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from marketplace.contracts import clauses, return_codes, wording
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause, Finding

_REFUSAL: Final = Item(
    "pause_refusal", _l("不同意的理由"), "textarea", hint=_l("不同意时至少写 10 个字。"), rows=3, optional=True
)
PAUSE_ANSWER: Final = (_REFUSAL,)
AMENDMENT_ANSWER: Final = (replace(_REFUSAL, name="amendment_refusal"),)
VIEW: Final = (
    Item("text", _l("意见"), "textarea", hint=_l("不同意时至少写 10 个字，双方都能看到。"), rows=4, optional=True),
)
IMPORT: Final = (
    Item("file", _l("CSV 文件"), "file", hint=_l("UTF-8 或 GB18030 编码，第一行是表头。"), optional=True),
    Item("rows", _l("或粘贴表格"), "textarea", hint=_l("同样的表头和列，一行一条。"), rows=8, optional=True),
)


def pause_layout() -> tuple[Item, ...]:
    """Return the fields of asking for a pause."""
    hints = {Cause.AGENCY: _("不顺延期限，只留记录。")}
    causes = [(one, wording.cause_name(one), hints.get(one, _("期限按暂停的日数顺延。"))) for one in Cause]
    return (
        Item("cause", _l("谁的原因"), "radios", choices=causes),
        Item("reason", _l("暂停的理由"), "textarea", hint=_l("至少 10 个字，写明缺什么、从何时起。"), rows=3),
    )


def amendment_layout(current: Sequence[clauses.Clause]) -> tuple[Item, ...]:
    """Return the fields of proposing an amendment to these clauses."""
    kinds = [(one, wording.amendment_kind_name(one)) for one in AmendmentKind]
    numbered = [("", _("不改条款")), *((place, one.heading) for place, one in enumerate(current, start=1))]
    return (
        Item("kind", _l("变更事由"), "radios", choices=kinds),
        Item("reason", _l("变更的理由"), "textarea", hint=_l("至少 10 个字，写进变更协议。"), rows=3),
        Item(
            "amount", _l("变更后的合同金额"), unit=_l("元"), inputmode="decimal", optional=True,
            hint=_l("不改就留着原来的数。"),
        ),
        Item(
            "days", _l("变更后的服务期限"), "number", unit=_l("天"), inputmode="numeric", optional=True,
            hint=_l("从签署起算的总天数，算法与合同相同。"),
        ),
        Item("clause_no", _l("改哪一条"), "select", choices=numbered, optional=True),
        Item("clause_text", _l("这一条变更后的文字"), "textarea", hint=_l("写整条，一段一行。"), rows=6, optional=True),
    )  # fmt: skip


def terminate_layout() -> tuple[Item, ...]:
    """Return the fields of ending a contract early."""
    causes = [(one, wording.end_cause_name(one)) for one in EndCause]
    return (
        Item("cause", _l("终止的事由"), "radios", choices=causes),
        Item("reason", _l("终止的理由"), "textarea", hint=_l("至少 10 个字，对方会看到，并留存记录。"), rows=4),
        Item(
            "delivered", _l("已完成的工作"), "textarea", hint=_l("已提交的各版成果系统自动列出。"), rows=3,
            optional=True,
        ),
        Item("payable", _l("应付金额"), unit=_l("元"), inputmode="decimal", hint=_l("按实际工作量，没有就填 0。")),
    )  # fmt: skip


def outcome_layout(versions: Sequence[int], today: date) -> tuple[Item, ...]:
    """Return the fields of a department's finding about one of these versions."""
    findings = [(one, wording.finding_tag(one)[0]) for one in Finding]
    return (
        Item("version_no", _l("成果版次"), "select", choices=[(no, _("第 %(no)s 版", no=no)) for no in versions]),
        Item("finding", _l("审查结果"), "radios", choices=findings),
        Item("codes", _l("退回原因"), "checkboxes", choices=code_choices(today), optional=True),
        Item("decided_on", _l("审查日期"), "date"),
        Item("note", _l("说明"), "textarea", rows=3, optional=True),
    )


def code_choices(day: date) -> list[tuple[str, str]]:
    """Return the return codes in force on a day, named in the reader's language."""
    english = current_lang() == "en"
    return [
        (one.code, f"{one.code} {one.name_en if english else one.name}")
        for one in return_codes.all_codes()
        if one.holds_on(day)
    ]
