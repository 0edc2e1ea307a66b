"""Fees in words: legal force, reasons, refused inputs, kinds and states of cases, bases of posted prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from agencies.catalogue.wording import in_english
from agencies.fees.commands import PriceBasis
from agencies.fees.engine import adjustments, exact
from agencies.fees.engine.inputs import FUNDING, STAGE, service_field
from agencies.fees.engine.refusal import Problem, Reason
from agencies.fees.engine.schedule import InputField, Schedule, Status
from agencies.fees.engine.words import Words
from agencies.fees.lifecycle import CaseKind, CaseState
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

STATUSES: Final[Mapping[Status, tuple[Any, str]]] = {
    Status.BINDING_PRICE: (_l("政府定价，必须执行"), "warn"),
    Status.BINDING_BAND: (_l("政府指导价，必须执行"), "warn"),
    Status.BINDING_CAP: (_l("最高限价，必须执行"), "warn"),
    Status.REFERENCE: (_l("仅供参考"), "info"),
    Status.ASSOCIATION: (_l("行业协会参考价"), "info"),
    Status.BUDGET_CONTROL: (_l("概预算控制用"), "info"),
    Status.NO_CHARGE: (_l("不得收费"), "bad"),
}
UNITS: Final = {
    "元": _l("元"), "千元": _l("千元"), "万元": _l("万元"), "百万元": _l("百万元"), "亿元": _l("亿元"), "吨": _l("吨"),
    "小时": _l("小时"), "个": _l("个"), "%": "%", "公顷": _l("公顷"), "平方公里": _l("平方公里"),
    "万平方米": _l("万平方米"),
}  # fmt: skip
REASONS: Final = {
    "not-in-force-yet": _l("这个标准自 %(since)s 起施行，所选日期还没有生效。"),
    "choice-required": _l("文件对这个区间没有写明算法，先选“%(field)s”再算。"),
    "outside-table": _l("所填数额在表格范围之外，文件没有给出收费，由双方商定。"),
    "open-bracket": _l("所填数额落在文件只给出区间的一档，收费在区间内商定，没有单一数额。"),
    "no-table": _l("手头没有这一项的单价表，算不出数额。先看文件原文，或向机构询价。"),
    "negotiated": _l("文件写明“%(choice)s”由双方协商，没有单一数额。"),
    "coefficient-not-positive": _l("所选附加调整系数合计不大于 0，核对所选各项。"),
}
PROBLEMS: Final = {
    "missing": _l("填写“%(label)s”。"),
    "not-an-amount": _l("“%(label)s”只填金额，如 3200万、0.32亿 或 3,200.5。"),
    "negative": _l("“%(label)s”填 0 或更大的数。"),
    "not-positive": _l("“%(label)s”填大于 0 的数。"),
    "too-large": _l("“%(label)s”的数偏大，核对单位。"),
    "not-a-number": _l("“%(label)s”只填数字。"),
    "not-whole": _l("“%(label)s”填整数。"),
    "unknown-choice": _l("“%(label)s”从这些里选一项：%(choices)s。"),
    "unknown-input": _l("这个标准没有“%(label)s”这一项，删去它。"),
    "not-applicable": _l("所选服务不用填“%(label)s”，删去它，或换一项服务。"),
    "given-twice": _l("“%(label)s”填了两次，留一个。"),
    "value-needed": _l("“%(label)s”里的“%(choice)s”还要填系数，在 %(low)s 到 %(high)s 之间。"),
    "value-not-of-choice": _l("“%(label)s”里“%(choice)s”的系数填 %(low)s 到 %(high)s 之间的数。"),
    "total-differs": _l("“%(label)s”各项加起来是 %(sum)s，与所填总额 %(given)s 不同。改成一致。"),
    "line-unknown-item": _l("“%(label)s”第 %(line)s 行“%(text)s”找不到这个项目，照表中的名称写。相近的有：%(close)s。"),
    "line-grade": _l("“%(label)s”第 %(line)s 行“%(text)s”还要写等级，从这些里选一个：%(choices)s。"),
    "line-quantity": _l("“%(label)s”第 %(line)s 行“%(text)s”写上大于 0 的数量，单位是%(unit)s。"),
    "line-count": _l("“%(label)s”第 %(line)s 行“%(text)s”的%(unit)s数写整数。"),
    "line-unit": _l("“%(label)s”第 %(line)s 行“%(text)s”的单位改成%(unit)s。"),
    "line-coefficient": _l("“%(label)s”第 %(line)s 行“%(text)s”的系数写大于 0 且不超过 100 的数。"),
    "line-unread": _l(
        "“%(label)s”第 %(line)s 行“%(text)s”里的“%(rest)s”看不懂，改成“项目 等级 数量”，系数写成“系数1.2”。"
    ),
    "too-many": _l("“%(label)s”最多填 %(high)s 项。"),
}
ONE_VALUE: Final = _l("“%(label)s”里“%(choice)s”的系数是 %(value)s，照它填，或只填名称。")
PERHAPS: Final = _l("这个标准没有“%(label)s”这一项，是不是“%(close)s”？改成它，或删去。")
BEFORE_LIMITS: Final = _l("没有选系数，结果是调整前的数，文件的最低和最高限额没有套用。")
NO_FUNDING: Final = _l("没有选资金性质，法律效力按较宽的一种显示。")
NOT_GIVEN: Final = _l("没有选“%(label)s”，按 1 计。")
MARKS: Final = {
    "found-twice": (_l("两处来源相互核对"), "ok"),
    "found": (_l("已查公开来源"), "ok"),
    "memory": (_l("待核实，不作拒绝依据"), "warn"),
}
LEVELS: Final = {
    "national": _l("国家"), "provincial": _l("广东省"), "municipal": _l("东莞市"), "association": _l("行业协会"),
    "elsewhere": _l("外地或其他单位，对本市没有效力"),
}  # fmt: skip
KINDS: Final[Mapping[CaseKind, Any]] = {
    CaseKind.ABOVE_CAP_ATTEMPT: _l("报价高于法定上限"),
    CaseKind.ABOVE_POSTED: _l("报价高于自己公示的收费"),
    CaseKind.CONTRACT_ABOVE_QUOTE: _l("合同金额高于报价"),
    CaseKind.SETTLEMENT_ABOVE_CONTRACT: _l("结算金额高于合同"),
    CaseKind.ZERO_CHARGE: _l("不向业主收费的事项收了费"),
    CaseKind.UNKNOWN_EXTRA: _l("结算里有没公示的收费项目"),
    CaseKind.FEE_SPLIT: _l("同一双方的合同疑似拆分"),
    CaseKind.UNUSUAL_PRICE: _l("价格不同寻常"),
    CaseKind.ABNORMALLY_LOW: _l("报价异常低，要说明成本"),
}
NEXT_STEPS: Final[Mapping[CaseKind, Any]] = {
    CaseKind.ABOVE_CAP_ATTEMPT: _l("这个报价没有进入选取。机构写明依据，由价格监管认定。"),
    CaseKind.ABOVE_POSTED: _l("机构写明高出公示收费的依据；没有依据的退还差额，或先改公示再报价。"),
    CaseKind.CONTRACT_ABOVE_QUOTE: _l("核对合同增加了哪些工作；没有变更依据的退还差额。"),
    CaseKind.SETTLEMENT_ABOVE_CONTRACT: _l("核对有没有补充协议或变更单；没有的退还差额。"),
    CaseKind.ZERO_CHARGE: _l("核对是谁委托、谁付费；应当由政府承担的，退还业主。"),
    CaseKind.UNKNOWN_EXTRA: _l("核对这些收费项目在公示收费或合同里有没有写；没有写的退还。"),
    CaseKind.FEE_SPLIT: _l("核对这些合同是不是同一项工作；是的按合并后的金额办理采购。"),
    CaseKind.UNUSUAL_PRICE: _l("只是与同类合同相比不同寻常，不说明有错。机构写明工作内容的差别即可。"),
    CaseKind.ABNORMALLY_LOW: _l("选定之前看机构的成本说明和证明材料，再决定是否采信。不影响报价有效。"),
}
PAIRS: Final[Mapping[CaseKind, tuple[Any, Any]]] = {
    CaseKind.ABOVE_CAP_ATTEMPT: (_l("报价"), _l("法定上限")),
    CaseKind.ABOVE_POSTED: (_l("报价"), _l("按公示收费应为")),
    CaseKind.CONTRACT_ABOVE_QUOTE: (_l("合同金额"), _l("报价")),
    CaseKind.SETTLEMENT_ABOVE_CONTRACT: (_l("结算金额"), _l("合同金额")),
    CaseKind.ZERO_CHARGE: (_l("合同金额"), _l("应向业主收取")),
    CaseKind.UNKNOWN_EXTRA: (_l("结算金额"), _l("去掉没公示的项目")),
    CaseKind.FEE_SPLIT: (_l("几份合同合计"), _l("采购限额")),
    CaseKind.UNUSUAL_PRICE: (_l("合同金额"), _l("同类合同的边界")),
    CaseKind.ABNORMALLY_LOW: (_l("报价"), _l("说明线")),
}
STATES: Final[Mapping[CaseState, tuple[Any, str]]] = {
    CaseState.OPEN: (_l("等机构说明"), "warn"),
    CaseState.REPLIED: (_l("机构已说明，待认定"), "info"),
    CaseState.UPHELD: (_l("认定成立"), "bad"),
    CaseState.DISMISSED: (_l("不成立，已撤销"), "ok"),
    CaseState.APPEALED: (_l("复核中"), "warn"),
    CaseState.CONFIRMED: (_l("复核维持"), "info"),
    CaseState.OVERTURNED: (_l("复核改变"), "info"),
}
DOES: Final[Mapping[str, Any]] = {
    "block": _l("拦下"),
    "case": _l("立项核查"),
    "mark": _l("只作提示"),
}
BASES: Final[Mapping[PriceBasis, Any]] = {
    PriceBasis.FIXED: _l("一口价"),
    PriceBasis.UNIT: _l("按单位计价"),
    PriceBasis.FORMULA: _l("按收费标准计算"),
    PriceBasis.DISCOUNT: _l("按收费标准下浮"),
}


def said(words: Words) -> str:
    """Return a schedule's words in the reader's language."""
    return words.en if in_english() else words.zh


def unit_name(unit: str) -> str:
    """Return a unit in the reader's language."""
    return str(UNITS.get(unit, unit))


def status_tag(status: Status) -> tuple[str, str]:
    """Return a legal force as a tag."""
    text, kind = STATUSES[status]
    return str(text), kind


def fields_by_name(schedule: Schedule) -> Mapping[str, InputField]:
    """Return every input field of a schedule by name, those of newer versions first."""
    found: dict[str, InputField] = {}
    for version in reversed(schedule.versions):
        for service in version.services:
            for one in service.fields:
                found.setdefault(one.name, one)
    found.setdefault("service", service_field(schedule.versions[-1]))
    return {**found, FUNDING.name: FUNDING, STAGE.name: STAGE}


def reason_sentence(reason: Reason, fields: Mapping[str, InputField]) -> str:
    """Say why no single amount came out."""
    facts = {key: _plain(value) for key, value in reason.facts.items()}
    field = fields.get(str(reason.facts.get("field", "")))
    if field is not None:
        facts["field"] = said(field.label)
    return str(REASONS[reason.code]) % facts


def problem_sentence(problem: Problem, fields: Mapping[str, InputField]) -> str:
    """Say what is wrong with one input and what to do."""
    field = fields.get(problem.name)
    named = {one.key: said(one.label) for one in field.choices} if field is not None else {}
    facts: dict[str, Any] = {"low": "", "high": "", "given": "", "sum": "", "choice": "", "choices": "", "close": ""}
    facts |= {key: _plain(value) for key, value in problem.facts.items()}
    facts["label"] = said(field.label) if field is not None else problem.name
    facts["choice"] = named.get(str(facts["choice"]), facts["choice"])
    given = problem.facts.get("choices", ())
    if isinstance(given, Sequence) and not isinstance(given, str):
        facts["choices"] = _("、").join(_name(one, named) for one in given)
    close = problem.facts.get("close", ())
    if isinstance(close, Sequence) and not isinstance(close, str):
        facts["close"] = _("、").join(_name(one, named) for one in close) or _("没有")
    return str(_problem_text(problem)) % facts


def _problem_text(problem: Problem) -> Any:
    """Return the sentence of a problem: with the near name there is, without a range where none is."""
    if problem.code == "unknown-input" and problem.facts.get("close"):
        return PERHAPS
    if problem.code != "value-not-of-choice" or problem.facts.get("low") is not None:
        return PROBLEMS[problem.code]
    return ONE_VALUE if problem.facts.get("value") is not None else PROBLEMS["unknown-choice"]


def _name(one: object, named: Mapping[str, str]) -> str:
    """Return the name of a choice, given by key or by its words."""
    return said(one) if isinstance(one, Words) else named.get(str(one), str(one))


def note_sentence(note: str, fields: Mapping[str, InputField]) -> str:
    """Say what a calculation had to assume."""
    if note == adjustments.BEFORE_LIMITS:
        return str(BEFORE_LIMITS)
    name = note.partition(":")[2]
    if not name:
        return str(NO_FUNDING)
    label = said(fields[name].label) if name in fields else name
    return str(NOT_GIVEN) % {"label": label}


def _plain(value: object) -> Any:
    if isinstance(value, Words):
        return said(value)
    return exact.text(value) if isinstance(value, Fraction) else value
