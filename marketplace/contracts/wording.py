"""States of contracts in the reader's words, and the phases of the stepper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.clock import beijing
from core.i18n import gettext as _
from marketplace.contracts.lifecycle import ContractState, DeliverableState
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import DayKind


def state_tag(state: ContractState) -> tuple[str, str]:
    """Return the words and the kind of tag for a state."""
    return {
        ContractState.DRAFTED: (_("待签署"), "warn"),
        ContractState.IN_SERVICE: (_("服务中"), "info"),
        ContractState.DELIVERED: (_("待验收"), "warn"),
        ContractState.ACCEPTED: (_("已验收"), "ok"),
        ContractState.SETTLED: (_("已结算"), "ok"),
        ContractState.TERMINATED: (_("已终止"), "bad"),
    }[state]


def version_tag(state: DeliverableState) -> tuple[str, str]:
    """Return the words and the kind of tag for a version of the result."""
    return {
        DeliverableState.SUBMITTED: (_("待验收"), "warn"),
        DeliverableState.ACCEPTED: (_("验收通过"), "ok"),
        DeliverableState.RETURNED: (_("已退回"), "bad"),
    }[state]


def day_kind_name(kind: DayKind) -> str:
    """Name a kind of day."""
    names: dict[DayKind, str] = {DayKind.WORKING: _("工作日"), DayKind.CALENDAR: _("日历日")}
    return names[kind]


def lateness(contract: Contract) -> str:
    """Say whether the accepted result came in time."""
    if contract.late_days is None:
        return ""
    if contract.late_days == 0:
        return str(_("按期"))
    return str(_("晚 %(days)s 个%(kind)s", days=contract.late_days, kind=day_kind_name(contract.day_kind)))


def paper_name(kind: str) -> str:
    """Name a kind of paper."""
    names: dict[str, str] = {
        "award_letter": _("中选通知书"),
        "award_notice": _("中选公告"),
        "contract": _("合同"),
        "fee_sheet": _("收费计算书"),
        "fee_bulletin": _("价格监管月报"),
        "window_receipt": _("窗口代办回执"),
    }
    return names.get(kind, kind)


def steps(contract: Contract) -> Sequence[dict[str, Any]]:
    """Return the phases from award to settlement for the stepper."""
    reached: list[tuple[str, datetime | None]] = [
        (_("拟定"), contract.drafted_at),
        (_("签署"), contract.starts_at),
        (_("交付"), contract.delivered_at),
        (_("验收"), contract.accepted_at),
        (_("结算"), contract.settled_at),
    ]
    current = next((place for place, (_name, at) in enumerate(reached) if at is None), len(reached))
    return [
        {
            "label": name,
            "state": "done" if place < current else "current" if place == current else "todo",
            "date": "" if at is None else _("%(month)s月%(day)s日", month=beijing(at).month, day=beijing(at).day),
        }
        for place, (name, at) in enumerate(reached)
    ]
