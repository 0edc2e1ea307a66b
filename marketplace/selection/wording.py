"""Codes of selection in the reader's words: why a quote does not count, what is remarkable, what decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agencies.registration.refusals import MISSING, missing_sentence
from agencies.registration.rules import Missing
from core.i18n import gettext as _
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.refusals import DECIDED_BY, FAILED, FAULTS, FLAGS, WHY_NOT


def fault_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Say why a quote does not count."""
    if code in FAULTS:
        return str(FAULTS[code]) % dict(facts)
    return missing_sentence(Missing(code, facts)) if code in MISSING else code


def flag_sentence(code: str) -> str:
    """Say what is remarkable about a price."""
    return str(FLAGS[code]) % {} if code in FLAGS else code


def why_not_sentence(code: str | None) -> str:
    """Say why a quote was not chosen."""
    return "" if code is None else str(WHY_NOT.get(code, code))


def award_tag(state: AwardState) -> tuple[str, str]:
    """Return the words and the kind of tag for where an award stands."""
    return {
        AwardState.PROVISIONAL: (_("公示中"), "info"),
        AwardState.SUSPENDED: (_("因投诉暂停签约"), "warn"),
        AwardState.CONFIRMED: (_("公示期满，可以签约"), "ok"),
        AwardState.DECLINED: (_("放弃"), "warn"),
        AwardState.ANNULLED: (_("已撤销"), "bad"),
    }[state]


def decided_sentence(code: str | None) -> str:
    """Say what put a line behind the one before it."""
    return "" if code is None else str(DECIDED_BY.get(code, code))


def failed_sentence(code: str) -> str:
    """Say why a need ended without an award, and the next step."""
    return str(FAILED.get(code, code))


def method_name(method: str) -> str:
    """Name a method of selection."""
    names: dict[str, str] = {"direct": _("直接选取"), "lowest": _("最低价"), "merit": _("方案择优")}
    return names.get(method, method)


def method_rule(method: str) -> str:
    """Say in a sentence how a method ranks and what separates equals."""
    sentences: dict[str, str] = {
        "direct": _("业主从计入的报价里选一家，写明理由。下表按报价从低到高排列，只作参考。"),
        "lowest": _("报价最低的排第 1。报价相等的，信用评分高的在前；仍相等的，由公告发布时就已承诺的抽签定先后。"),
        "merit": _(
            "按公告列明的评分项和权重算总分，总分最高的排第 1。"
            "总分相等的，信用评分高的在前；仍相等的，报价低的在前；再相等的，由公告发布时就已承诺的抽签定先后。"
        ),
    }
    return sentences.get(method, "")
