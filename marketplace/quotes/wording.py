"""Quotes in words: where one stands, why it is invalid, and a refusal with its times written out."""

from __future__ import annotations

from typing import Any, Final

from core.clock import beijing
from core.errors import DomainError
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes.lifecycle import QuoteState
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
OVER: Final = frozenset({NeedState.WITHDRAWN, NeedState.FAILED})


def state_tag(quote: Any, need: Any) -> tuple[str, str]:
    """Return where a quote stands as a tag; one still sealed on a withdrawn need counts no more."""
    if quote.state is QuoteState.SEALED and need.state in OVER:
        return _("公告已撤回，未开启"), "plain"
    text, kind = STATES[quote.state]
    return str(text), kind


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
