"""The page "do I need this at all?": a few questions of one service, the answer with its clause, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accounts.gate import public, reading
from agencies.catalogue import queries, rules, wording
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.pages import pages
from agencies.catalogue.rules import Answers, NextStep, Verdict
from core.fields import read_amount
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

VARIABLES: Final = {
    "annual_energy_tce": (_l("年综合能源消费量"), _l("吨标准煤")),
    "annual_electricity_kwh": (_l("年电力消费量"), _l("千瓦时")),
    "land_area_ha": (_l("征占地面积"), _l("公顷")),
    "earthwork_m3": (_l("挖填土石方总量"), _l("立方米")),
    "works_contract_cny": (_l("施工单项合同估算价"), _l("元")),
    "goods_contract_cny": (_l("重要设备、材料单项合同估算价"), _l("元")),
    "services_contract_cny": (_l("勘察、设计、监理单项合同估算价"), _l("元")),
}
ANSWERS: Final = {
    "department": _l("不用自己采购：由主管部门委托并付费"),
    "required": _l("需要"),
    "below": _l("按收录的门槛，不需要"),
    "not-asked": _l("没有人要求，不用办"),
    "unknown": _l("还不能判断"),
}
STEPS: Final = {
    NextStep.PUBLISH: _l("发布需求，请机构报价。"),
    NextStep.PREPARE: _l("自行编制，按主管部门的格式报送，不必委托机构。"),
    NextStep.LEAVE_TO_DEPARTMENT: _l("向主管部门提出申请即可，不要自己委托，也不用付费。"),
    NextStep.NOTHING: _l("不用委托。主管部门仍要求的，请它书面写明依据。"),
    NextStep.ANSWER: _l("把上面的问题答完再看。拿不准的数先按设计或估算填。"),
    NextStep.ASK: _l("先问主管部门：依据是哪一条，由谁付费。得到书面答复再委托。"),
}
NO_BASIS: Final = _l("没有查到明文依据。没有法律、法规或国务院决定依据的，审批部门不得要求委托中介服务")
BY_LAW: Final = _l("优化营商环境条例（国务院令第722号）第四十三条")


@pages.get("/services/<string:code>/needed")
@public
def needed(code: str) -> ResponseReturnValue:
    """Ask what must be known, and answer as soon as it is."""
    with reading() as work:
        item = queries.item_by_code(work.session, code)
    numbers, errors = _numbers(item, request.args)
    answers = Answers(numbers, request.args.get("asked", ""), request.args.get("own", ""))
    verdict = rules.judge(facts_of(item), answers)
    asked = bool(request.args)
    return render_template(
        "catalogue/needed.html", item=item, name=wording.named(item), fields=_fields(item, errors), verdict=verdict,
        answer=str(ANSWERS[verdict.needed]), step=str(STEPS[verdict.step]), clauses=clauses(item, verdict),
        shown=(asked and not errors) or not _fields(item, {}), payer=str(wording.PAYERS[item.who_pays]),
        errors=[(f"f-{name}", text) for name, text in errors.items()],
        departments=wording.department_names(item.departments),
    )  # fmt: skip


def facts_of(item: ServiceItem) -> rules.Service:
    """Return what the rules look at of an item."""
    return rules.Service(item.thresholds, item.self_prepare, str(item.who_pays), item.legal_basis)


def clauses(item: ServiceItem, verdict: Verdict) -> list[str]:
    """Cite what the answer stands on: the thresholds, the item's legal basis, or that there is none."""
    found = [_("%(text)s：%(citation)s", text=one["text"], citation=one["citation"]) for one in verdict.clauses]
    if verdict.step is NextStep.LEAVE_TO_DEPARTMENT:
        found.append(str(BY_LAW))
    if not found and item.legal_basis:
        found.append(item.legal_basis)
    return found or [_("%(text)s（%(citation)s）", text=str(NO_BASIS), citation=str(BY_LAW))]


def _numbers(item: ServiceItem, args: Mapping[str, str]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """Read the numbers given, and say which cannot be read."""
    numbers, errors = {}, {}
    for name in dict.fromkeys(one["variable"] for one in item.thresholds):
        typed = args.get(name, "").strip()
        found = read_amount(typed) if typed else None
        if typed and (found is None or found < 0):
            label = VARIABLES[name][0] if name in VARIABLES else name
            errors[name] = _("%(field)s：%(problem)s", field=label, problem=_("只填数字，如 3200 或 3,200.5"))
        elif found is not None:
            numbers[name] = found
    return numbers, errors


def _fields(item: ServiceItem, errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """Draw the questions this item still needs: its numbers, whether it is asked for, whether one can do it oneself."""
    if str(item.who_pays) == "government":
        return []
    drawn: list[dict[str, Any]] = []
    for name in dict.fromkeys(one["variable"] for one in item.thresholds):
        label, unit = VARIABLES.get(name, (name, ""))
        drawn.append(
            {"name": name, "id": f"f-{name}", "label": str(label), "unit": str(unit), "type": "number",
             "value": request.args.get(name, ""), "error": errors.get(name, "")}
        )  # fmt: skip
    if not item.thresholds:
        drawn.append(_yes_or_no("asked", _("审批部门要求您提交它吗")))
    if item.self_prepare:
        drawn.append(_yes_or_no("own", _("您单位有能力自己编制吗")))
    return drawn


def _yes_or_no(name: str, label: str) -> dict[str, Any]:
    choices = [("yes", _("是")), ("no", _("否"))]
    return {"name": name, "id": f"f-{name}", "label": label, "type": "radios", "choices": choices,
            "value": request.args.get(name, "")}  # fmt: skip
