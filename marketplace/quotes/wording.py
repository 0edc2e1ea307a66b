"""Quotes in words: where one stands, why it is invalid, and a refusal with its times written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.clock import beijing
from core.errors import DomainError
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.money import Money
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes.lifecycle import ExplanationState, QuoteState
from marketplace.quotes.refusals import INVALID, SENTENCES

_S = QuoteState
STATES: Final[dict[QuoteState, tuple[Any, str]]] = {
    _S.SEALED: (_l("已密封"), "info"),
    _S.REPLACED: (_l("已被新版替换"), "plain"),
    _S.WITHDRAWN: (_l("已撤回"), "plain"),
    _S.OPENED: (_l("已开启"), "info"),
    _S.WON: (_l("中选"), "ok"),
    _S.LOST: (_l("未中选"), "plain"),
    _S.INVALID: (_l("不计入"), "bad"),
    _S.DECLINED: (_l("中选后放弃"), "warn"),
}
FLAGS: Final = {
    "low-mean-ratio": _l("明显低于各家平均价"),
    "low-next-ratio": _l("明显低于次低价"),
    "low-ceiling-ratio": _l("明显低于最高限价"),
}
_E = ExplanationState
EXPLANATIONS: Final[dict[ExplanationState, tuple[Any, str]]] = {
    _E.ASKED: (_l("等机构说明"), "info"),
    _E.ANSWERED: (_l("已说明，等认定"), "warn"),
    _E.SILENT: (_l("逾期未说明，等认定"), "warn"),
    _E.ACCEPTED: (_l("已采信"), "ok"),
    _E.REJECTED: (_l("未采信，不计入"), "bad"),
    _E.LAPSED: (_l("逾期未认定，照常计入"), "plain"),
}
EXPLANATION_STEPS: Final = {
    _E.ASKED: _l("机构在说明期限内写明成本并附证明；期限过后由业主认定。"),
    _E.ANSWERED: _l("业主在认定期限内写明采信与否和理由；逾期不认定的，报价照常计入。"),
    _E.SILENT: _l("机构逾期没有说明，业主认定前仍可补交。业主写明采信与否和理由；逾期不认定的，报价照常计入。"),
    _E.ACCEPTED: _l("说明已采信，报价照常参加选取。不用再做什么。"),
    _E.REJECTED: _l("说明未采信，报价不计入。机构有异议的，在公示期内提出。"),
    _E.LAPSED: _l("业主没有在期限内认定，报价照常计入。不用再做什么。"),
}
OVER: Final = frozenset({NeedState.WITHDRAWN, NeedState.FAILED})


def explanation_tag(row: Any) -> tuple[str, str]:
    """Return where an explanation stands as a tag."""
    text, kind = EXPLANATIONS[row.state]
    return str(text), kind


def state_tag(quote: Any, need: Any) -> tuple[str, str]:
    """Return where a quote stands as a tag; one still sealed on a withdrawn need counts no more."""
    if quote.state is QuoteState.SEALED and need.state in OVER:
        return _("公告已撤回，未开启"), "plain"
    if quote.state is QuoteState.SEALED and quote.knows_amendment < need.binding_amendment:
        return _("公告已更正，等您确认"), "warn"
    text, kind = STATES[quote.state]
    return str(text), kind


def line_rows(lines: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return unit prices as rows of a table: name, unit, quantity, price."""
    return [
        [one["name"], one["unit"], one["quantity"], _("%(amount)s 元", amount=f"{Money(one['price_fen']).yuan:,.2f}")]
        for one in lines
    ]


def invalid_sentence(reason: str) -> str:
    """Say why a quote is invalid: by rule, or in the enterprise's own words."""
    return str(INVALID.get(reason, reason))


def flag_sentence(flag: str) -> str:
    """Say what is remarkable about a price."""
    return str(FLAGS[flag]) if flag in FLAGS else ""


def refusal_sentence(refusal: DomainError) -> str:
    """Write a refusal's sentence with its instants to the second of 北京时间."""
    return str(SENTENCES.get(refusal.code, refusal.code)) % {key: _said(value) for key, value in refusal.facts.items()}


def _said(value: Any) -> Any:
    return beijing(value).strftime("%H:%M:%S") if hasattr(value, "astimezone") else value
