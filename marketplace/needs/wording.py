"""How the words of needs are said on pages, and where in its life a notice stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from core.audit import AuditLeaf
from core.clock import beijing
from core.errors import DomainError
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.i18n import weekday
from core.money import Money
from marketplace.needs.events import DEADLINE_MOVED
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.method_wording import NAMES, rule_of
from marketplace.needs.methods import FRAMED
from marketplace.needs.models import Need, NeedAmendment
from marketplace.needs.refusals import FAILED, NEXT_STEPS, SENTENCES

_S = NeedState

STATES: Final[dict[NeedState, tuple[Any, str]]] = {
    _S.DRAFT: (_l("草稿"), "plain"),
    _S.OPEN: (_l("密封报价中"), "info"),
    _S.SELECTING: (_l("选取中"), "warn"),
    _S.AWARDED: (_l("已选定"), "ok"),
    _S.CONTRACTED: (_l("服务中"), "ok"),
    _S.COMPLETED: (_l("已完成"), "plain"),
    _S.FAILED: (_l("未成交"), "bad"),
    _S.WITHDRAWN: (_l("已撤回"), "plain"),
}
FRAMEWORK_STATES: Final[dict[NeedState, tuple[Any, str]]] = {
    _S.AWARDED: (_l("入围公示中"), "info"),
    _S.CONTRACTED: (_l("框架协议生效中"), "ok"),
    _S.COMPLETED: (_l("框架协议已结束"), "plain"),
}
METHODS: Final = NAMES
FUNDS: Final = {"social": _l("社会资金"), "fiscal": _l("财政资金")}
FUND_HINTS: Final = {
    "social": _l("企业、个人自有资金"),
    "fiscal": _l("财政性资金，且不到公开招标和政府采购限额标准"),
}
QUOTING: Final = {"amount": _l("报金额"), "discount": _l("报下浮率")}
CAUSES: Final = {
    "small-amount": _l("金额较小，比选不经济"),
    "continuation": _l("与已完成的服务必须衔接"),
    "urgent": _l("抢险救灾等紧急情况"),
    "single-capable": _l("只有一家具备能力"),
    "earlier-failed": _l("公开采购未成交"),
}
EVENTS: Final = {
    "need.publish": _l("发布公告，开始报价"),
    DEADLINE_MOVED: _l("推迟报价截止时间"),
    "need.amend": _l("发布更正公告"),
    "need.extend": _l("有效报价不足，按规则延长"),
    "need.invited": _l("邀请机构报价"),
    "need.open_quotes": _l("报价截止，全部开启"),
    "need.award": _l("选定机构"),
    "need.reselect": _l("中选被撤销，重新选定"),
    "need.contract": _l("双方签约，开始服务"),
    "need.complete": _l("结算完成"),
    "need.fail": _l("未成交"),
    "need.withdraw": _l("业主撤回"),
}
FRAMEWORK_EVENTS: Final = {
    "need.award": _l("确定入围名单"),
    "need.contract": _l("公示期满，框架协议生效"),
    "need.complete": _l("框架协议期满或者结束"),
}
AMENDED: Final = {
    "scale": _l("规模或要点"),
    "requirements": _l("服务内容和其他要求"),
    "time_limit_days": _l("服务时限"),
    "ceiling": _l("最高限价"),
    "no_ceiling_reason": _l("没有限价的原因"),
    "criteria": _l("评分项和权重"),
    "fee_inputs": _l("收费参考的数据"),
    "contact_name": _l("联系人"),
    "contact_phone": _l("咨询电话"),
    "complaint_phone": _l("投诉电话"),
}
REACHED: Final[dict[NeedState, int]] = {
    _S.DRAFT: 0, _S.OPEN: 1, _S.SELECTING: 2, _S.AWARDED: 3, _S.CONTRACTED: 3, _S.COMPLETED: 4,
}  # fmt: skip


def standing(state: NeedState, method: str) -> tuple[Any, str]:
    """Return the words and the kind of tag for where a notice stands; a framework's own differ after its panel."""
    return {**STATES, **(FRAMEWORK_STATES if method == "framework" else {})}[state]


def basis(need: Need) -> str:
    """Say why a method was chosen: a cause of the list, or the document given."""
    return str(CAUSES.get(need.method_basis, need.method_basis))


def method_rule(need: Need) -> str:
    """Say how the method of a notice decides."""
    return rule_of(need)


def criteria(need: Need) -> list[str]:
    """Say the criteria with their weights."""
    return [_("%(name)s %(weight)s%%", name=one["name"], weight=one["weight"]) for one in need.criteria]


def moment(value: datetime | None) -> str:
    """Write an instant short, for a step: 3月18日 17:00."""
    if value is None:
        return ""
    local = beijing(value)
    return _("%(month)s月%(day)s日 %(time)s", month=local.month, day=local.day, time=local.strftime("%H:%M"))


def day(value: datetime | None) -> str:
    """Write a day short, for a step: 3月18日."""
    if value is None:
        return ""
    local = beijing(value)
    return _("%(month)s月%(day)s日", month=local.month, day=local.day)


def steps(need: Need) -> list[dict[str, Any]]:
    """Return the five phases of a notice with their dates; an ended need stands in none of them."""
    reached, ended = REACHED.get(need.state, -1), need.state in {_S.FAILED, _S.WITHDRAWN}
    if ended:
        reached = 0 if need.published_at is None else 2 if need.opened_at is not None else 1
    until = _("至 %(time)s", time=moment(need.closes_at)) if need.closes_at is not None else ""
    phases = (
        (_("发布公告"), day(need.published_at)),
        (_("提问与报价"), until),
        (_("开启与选定"), moment(need.opened_at or need.closes_at)),
        (_("签约交付"), _("约 %(days)s 天", days=need.time_limit_days)),
        (_("评价"), _("交付后")),
    )
    if need.method == "framework":
        months = _("%(count)s 个月", count=need.terms.get("months", "—"))
        phases = (*phases[:3], (_("公示生效"), _("协议期内成交")), (_("期满"), months))

    def stands(place: int) -> str:
        if place < reached:
            return "done"
        return "current" if place == reached and not ended else "todo"

    return [{"label": label, "state": stands(place), "date": when} for place, (label, when) in enumerate(phases)]


def story(need: Need, leaves: Sequence[AuditLeaf]) -> list[tuple[datetime, str, str, Any]]:
    """Return a notice's public events for the timeline, newest first as given; nobody is named."""
    told = [leaf for leaf in leaves if leaf.verb in EVENTS]
    names = {**EVENTS, **FRAMEWORK_EVENTS} if need.method == "framework" else EVENTS
    return [(leaf.at, str(names[leaf.verb]), _detail(need, leaf), _more(need, leaf)) for leaf in told]


def _detail(need: Need, leaf: AuditLeaf) -> str:
    told = DETAILS.get(leaf.verb)
    return told(need, leaf.facts) if told is not None else ""


def _moved(_need: Need, facts: Mapping[str, Any]) -> str:
    times = {name: moment(datetime.fromisoformat(facts[name])) for name in ("before", "after")}
    return _("从 %(before)s 推迟到 %(after)s。%(reason)s", reason=facts.get("reason", ""), **times)


def _opened(_need: Need, facts: Mapping[str, Any]) -> str:
    count = facts.get("valid", 0)
    return _("计入的报价 1 份（单一报价）") if count == 1 else _("计入的报价 %(count)s 份", count=count)


def _extended(_need: Need, facts: Mapping[str, Any]) -> str:
    after = moment(datetime.fromisoformat(facts["after"]))
    return _("延长到 %(after)s，只延长一次。已收到的报价仍然密封，没有开启。", after=after)


def _amended(_need: Need, facts: Mapping[str, Any]) -> str:
    return _("第 %(number)s 号更正，见更正公告", number=facts.get("number", ""))


def _invited(_need: Need, facts: Mapping[str, Any]) -> str:
    return _("%(count)s 家。没有受邀的，符合条件也可以报价。", count=facts.get("count", 0))


def _more(need: Need, leaf: AuditLeaf) -> tuple[str, str] | None:
    return (_("看选取结果"), f"/needs/{need.id}/result") if leaf.verb == "need.award" else None


def amended_lines(amendment: NeedAmendment) -> list[list[str]]:
    """Return what an amendment changed as rows: the field, before, after."""
    return [
        [str(AMENDED.get(field, field)), _value(field, one["before"]), _value(field, one["after"])]
        for one in amendment.changes
        for field in (one["field"],)
    ]


def _value(field: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return _("没有")
    if field == "ceiling":
        return _("%(amount)s 元", amount=f"{Money(int(value)).yuan:,.2f}")
    if field == "time_limit_days":
        return _("签约后 %(days)s 天", days=value)
    if field == "criteria":
        return _("；").join(_("%(name)s %(weight)s%%", name=one["name"], weight=one["weight"]) for one in value)
    if field == "fee_inputs":
        return _("；").join(f"{name} {one}" for name, one in value.items())
    return str(value)


def failed(need: Need) -> str:
    """Say why a need failed."""
    return str(FAILED.get(need.failed_reason, need.failed_reason))


def next_step(need: Need) -> str:
    """Say what the enterprise may do after a failure, by the kind of its money."""
    if need.method in FRAMED:
        return _("到框架协议页看看下一步：重新征集，或者再次成交。")
    known = NEXT_STEPS.get(need.fund, {})
    text = str(known.get(need.failed_reason, known.get("", "")))
    return text % {"minimum": need.rules.get("min-valid-quotes", 1)} if text else ""


def refusal(error: DomainError) -> str:
    """Write a refusal's sentence with its times and amounts written out."""
    return str(SENTENCES.get(error.code, error.code)) % _written(error.facts)


def _written(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _said(value) for key, value in facts.items()}


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return _("%(month)s月%(day)s日（%(weekday)s）", month=value.month, day=value.day, weekday=weekday(value))
    return f"{value.wan.normalize():,f}" if isinstance(value, Money) else value


DETAILS: Final[dict[str, Callable[[Need, Mapping[str, Any]], str]]] = {
    DEADLINE_MOVED: _moved,
    "need.open_quotes": _opened,
    "need.extend": _extended,
    "need.amend": _amended,
    "need.invited": _invited,
    "need.fail": lambda need, _facts: failed(need),
    "need.withdraw": lambda need, _facts: need.withdrawn_reason,
}
