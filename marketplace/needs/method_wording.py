"""The methods of selection in the reader's words: their names, what each does in a sentence, how each decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from marketplace.needs.methods import ASKED, FRAMED
from marketplace.needs.models import Need

NAMES: Final[Mapping[str, Any]] = {
    "merit": _l("方案择优"),
    "credit": _l("信用择优"),
    "rounds": _l("多轮竞价"),
    "direct": _l("直接选取"),
    "mean": _l("均价"),
    "lowest": _l("最低价"),
    "best-price": _l("最优价"),
    "random": _l("随机抽取"),
    "framework": _l("框架协议入围"),
    "call-pick": _l("框架内直接选定"),
    "call-turn": _l("框架内顺序轮候"),
    "call-low": _l("框架内二次竞价"),
    "call-merit": _l("框架内二次比选"),
}
HINTS: Final[Mapping[str, Any]] = {
    "merit": _l("按公告列明的评分项和权重比选，选分高的"),
    "credit": _l("信用评分靠前的入围，分高的抽签号多，抽出小名单，您从中选一家"),
    "rounds": _l("报价开启后按时钟分几轮降价，最后价格最低的中选"),
    "direct": _l("从报价里选一家，须有规定的理由，结果公开"),
    "mean": _l("最接近各家报价平均数的中选"),
    "lowest": _l("报价最低的中选"),
    "best-price": _l("各家平均数乘以抽出的系数，最接近的中选"),
    "random": _l("您定好价格和条件，从合格的机构里抽签定一家"),
}
RULES: Final[Mapping[str, Any]] = {
    "direct": _l("业主从计入的报价里选一家，写明理由。下表按报价从低到高排列，只作参考。"),
    "lowest": _l("报价最低的排第 1。报价相等的，信用评分高的在前；仍相等的，由公告发布时就已承诺的抽签定先后。"),
    "merit": _l(
        "按公告列明的评分项和权重算总分，总分最高的排第 1。"
        "总分相等的，信用评分高的在前；仍相等的，报价低的在前；再相等的，由公告发布时就已承诺的抽签定先后。"
    ),
    "mean": _l(
        "全部计入的报价算出平均数，一家也不去掉，离它最近的排第 1。"
        "一样近的，信用评分高的在前；仍相等的，报价低的在前；再相等的，由公告发布时就已承诺的抽签定先后。"
        "平均数在开启时算定，之后认定不计入的不改变它。"
    ),
    "best-price": _l(
        "计入的报价满 %(trim)s 家的，去掉一个最高、一个最低，去掉的不能中选；不满的一家也不去。"
        "其余的平均数乘以抽出的系数（95%%、96%%、97%% 或 98%%），四舍五入到分，离它最近的排第 1。"
        "一样近的，依次看信用评分、报价和抽签。基准在开启时算定，之后认定不计入的不改变它。"
        "社会资金只有一家的，这一家中选；财政资金不足 3 家的不成交。"
    ),
    "random": _l(
        "价格由业主定好，各家同价。名次由公告发布时就已承诺的抽签决定，抽到第 1 的中选。财政资金不足 3 家的不成交。"
    ),
    "credit": _l(
        "大名单 %(large)s 家：信用评分靠后的不进，按规定的比例给暂无评分的机构留位置。信用评分高的抽签号多；"
        "抽签定先后，前 %(small)s 家是小名单，业主从中选一家并写明理由。名单在开启时定下。"
        "社会资金报名不足 2 家、财政资金不足 3 家的不成交。"
    ),
    "rounds": _l(
        "报价开启后，下一个工作日 10:00 起最多竞价 %(rounds)s 轮，每轮 %(minutes)s 分钟，"
        "每次至少降自己现价的 %(step)s%%。"
        "临近结束的出价使本轮推迟 1 分钟，每轮最多 10 次；一轮没有人出价，竞价就结束。"
        "最后价格最低的排第 1。相等的，信用评分高的在前；仍相等的，由公告发布时就已承诺的抽签定先后。"
    ),
    "framework": _l(
        "报价低的在前。相等的，信用评分高的在前；仍相等的，由公告发布时就已承诺的抽签定先后。"
        "计入的报价按 %(share)s%% 淘汰排在最后的，至少淘汰 %(out)s 家，"
        "其余最多入围 %(wanted)s 家，协议期 %(months)s 个月。"
    ),
    "call-pick": _l("业主从入围机构里选定一家，写明理由，成交价不高于它的框架价。"),
    "call-turn": _l("按公布的轮候次序，由能承接的下一家以它的框架价承接；放弃的写明理由，排到最后。"),
    "call-low": _l(
        "只向入围机构开放，各家报价不高于自己的框架价，报价最低的排第 1。"
        "相等的，信用评分高的在前；仍相等的，由公告发布时就已承诺的抽签定先后。"
    ),
    "call-merit": _l(
        "只向入围机构开放，各家报价不高于自己的框架价。按公告列明的评分项和权重算总分，总分最高的排第 1。"
        "总分相等的，信用评分高的在前；仍相等的，报价低的在前；再相等的，由公告发布时就已承诺的抽签定先后。"
    ),
}
BY_CREDIT: Final = _l(
    "信用评分高的在前，按规定的比例给暂无评分的机构留位置。相等的，报价低的在前；"
    "仍相等的，由公告发布时就已承诺的抽签定先后。"
    "计入的报价按 %(share)s%% 淘汰，至少淘汰 %(out)s 家，其余最多入围 %(wanted)s 家，协议期 %(months)s 个月。"
)


def rule_of(need: Need) -> str:
    """Say how this need's method decides, with the numbers its notice fixed."""
    frozen = {
        "trim": need.rules.get("best-price-trim-from", 6), "out": need.rules.get("framework-eliminated-min", 1)
    }  # fmt: skip
    facts = {**frozen, **dict.fromkeys(_names(need.method), "—"), **need.terms}
    text = BY_CREDIT if need.terms.get("by_credit") else RULES[need.method]
    return str(text) % facts


def choices(is_on: Callable[[str, str], bool], chosen: str) -> list[tuple[str, str, str]]:
    """Return the methods a form offers, each with its sentence and what it takes to use it.

    is_on: whether a method of the catalogue is switched on for a kind of fund. chosen: stays offered whatever is off.
    One that leaves the choice to lot is offered only where the administrator has switched it on.
    """
    found = []
    for code, asked in ASKED.items():
        if code in FRAMED:
            continue
        on = [fund for fund in ("social", "fiscal") if is_on(asked.catalogue, fund)]
        if on or not asked.by_lot or code == chosen:
            strict = [fund for fund in ("social", "fiscal") if asked.by_switch_only(fund)]
            found.append((code, str(NAMES[code]), _offered(str(HINTS[code]), on, strict)))
    return found


def _offered(hint: str, on: list[str], strict: list[str]) -> str:
    """Say what it takes to use a method; strict: the funds for which only the administrator's switch opens it."""
    off = [fund for fund in ("social", "fiscal") if fund not in on]
    if not off:
        return hint
    if set(off) <= set(strict):
        return _closed(hint, on)
    if "fiscal" in off and "fiscal" in strict:
        return _("%(hint)s；社会资金须写明依据，财政资金尚未开放", hint=hint)
    return _with_basis(hint, on)


def _closed(hint: str, on: list[str]) -> str:
    if not on:
        return _("%(hint)s；尚未开放", hint=hint)
    return _("%(hint)s；只限社会资金", hint=hint) if on == ["social"] else _("%(hint)s；只限财政资金", hint=hint)


def _with_basis(hint: str, on: list[str]) -> str:
    if not on:
        return _("%(hint)s；目前未开放，须写明依据", hint=hint)
    if on == ["social"]:
        return _("%(hint)s；财政资金须写明依据", hint=hint)
    return _("%(hint)s；社会资金须写明依据", hint=hint)


def _names(method: str) -> list[str]:
    return [term.name for term in ASKED[method].terms]
