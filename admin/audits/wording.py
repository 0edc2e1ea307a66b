"""The words of batch audits: outcomes, roles, what is wrong with a row."""

from __future__ import annotations

from typing import Any, Final

from admin.audits.judging import Outcome
from admin.audits.lifecycle import AuditState
from agencies.fees import register
from agencies.fees.wording import fields_by_name, said
from core.errors import NotFound
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

OUTCOMES: Final[dict[str, tuple[Any, str]]] = {
    Outcome.IN_RANGE: (_l("在范围内"), "ok"),
    Outcome.ABOVE_CAP: (_l("高于当日限价"), "bad"),
    Outcome.ABOVE_REFERENCE: (_l("高于参考标准"), "warn"),
    Outcome.BELOW_LOW: (_l("低于标准下限"), "info"),
    Outcome.NOT_COMPUTABLE: (_l("算不出唯一金额"), "plain"),
    Outcome.ROW_ERROR: (_l("数据读不懂"), "warn"),
}
STATES: Final[dict[AuditState, tuple[Any, str]]] = {
    AuditState.DRAFT: (_l("待选定列"), "info"),
    AuditState.RUNNING: (_l("核查中"), "info"),
    AuditState.DONE: (_l("已完成"), "ok"),
    AuditState.CANCELLED: (_l("已取消"), "plain"),
}
ROLES: Final[dict[str, Any]] = {
    "schedule": _l("收费标准或服务事项"),
    "service": _l("服务内容"),
    "on": _l("日期"),
    "base": _l("计费基数"),
    "charged": _l("实际收费"),
    "funding": _l("资金性质"),
    "given": _l("计费录入"),
}
STATUSES: Final[dict[str, Any]] = {
    "binding-price": _l("政府定价"),
    "binding-band": _l("政府指导价"),
    "binding-cap": _l("最高限价"),
    "reference": _l("仅供参考"),
    "association": _l("协会标准，仅供参考"),
    "budget-control": _l("预算控制数"),
    "no-charge": _l("不得收费"),
}
REASONS: Final[dict[str, Any]] = {
    "not-in-force-yet": _l("没有唯一金额：当日标准尚未施行"),
    "choice-required": _l("没有唯一金额：要先选定一种算法"),
    "outside-table": _l("没有唯一金额：超出标准的表格范围"),
    "open-bracket": _l("没有唯一金额：标准只给出一个区间"),
    "negotiated": _l("没有唯一金额：标准写明由双方协商"),
    "coefficient-not-positive": _l("没有唯一金额：调整系数合计不大于零"),
}
FAULTS: Final[dict[str, Any]] = {
    "missing": _l("%(field)s：没有填写"),
    "not-a-day": _l("%(field)s：写成 2024-05-01 这样的日期，填的是“%(given)s”"),
    "not-an-amount": _l("%(field)s：写成数字或 3200万 这样的金额，填的是“%(given)s”"),
    "negative": _l("%(field)s：不能是负数，填的是“%(given)s”"),
    "not-positive": _l("%(field)s：要大于零，填的是“%(given)s”"),
    "too-large": _l("%(field)s：数字太大，核对单位，填的是“%(given)s”"),
    "schedule-unknown": _l("%(field)s：没有收录“%(given)s”，填文号、标准名称或事项编号"),
    "service-unknown": _l("%(field)s：这份标准没有“%(given)s”"),
    "unknown-choice": _l("%(field)s：没有“%(given)s”这个选项"),
    "unknown-input": _l("%(field)s：这份标准不用这一项，选列时去掉"),
    "not-json": _l("%(field)s：读不懂，填的是“%(given)s”"),
}


def fault_sentence(code: str, name: str, given: str, document: str = "") -> str:
    """Say what is wrong with a row: the field and what to do. document: whose field it is, where that is known."""
    text = FAULTS.get(code)
    label = str(ROLES.get(name) or _field_label(document, name))
    if text is None:
        return _("%(field)s：“%(given)s”不能用来计算，对照收费标准核对", field=label, given=given)
    return str(text) % {"field": label, "given": given}


def _field_label(document: str, name: str) -> str:
    """Name a field of a schedule; one that is not there goes by the name it was given."""
    try:
        one = fields_by_name(register.find(document)).get(name) if document else None
    except NotFound:
        return name
    return said(one.label) if one is not None else name


def source_name(source: str) -> str:
    """Name where the rows came from."""
    return {"contracts": _("本平台已签署的合同"), "json": _("接口提交的数据")}.get(source, source)


def outcome_name(outcome: str) -> str:
    """Name an outcome."""
    return str(OUTCOMES[Outcome(outcome)][0])


def reason_sentence(code: str) -> str:
    """Say why no one amount came out."""
    return str(REASONS.get(code, "")) or _("没有唯一金额")
