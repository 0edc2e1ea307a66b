"""States of contracts in the reader's words, and the phases of the stepper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.clock import beijing
from core.i18n import gettext as _
from marketplace.contracts.lifecycle import (
    AmendmentState,
    ContractState,
    DeliverableState,
    PauseState,
    SettlementState,
    TerminationState,
)
from marketplace.contracts.models import Contract
from marketplace.contracts.refusals import SENTENCES
from marketplace.contracts.rules import DayKind, LineKind
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause, Finding
from marketplace.selection.letters import moment
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.models import Award


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


def waits_for(award: Award) -> str:
    """Say until when an award keeps its contract from being signed; nothing when it does not."""
    if award.state is AwardState.SUSPENDED:
        until = moment(award.suspended_until or award.confirm_at)
        return str(SENTENCES["award-suspended"]) % {"until": until}
    if award.state is AwardState.PROVISIONAL:
        return str(SENTENCES["award-in-publicity"]) % {"until": moment(award.confirm_at)}
    return ""


def version_tag(state: DeliverableState) -> tuple[str, str]:
    """Return the words and the kind of tag for a version of the result."""
    return {
        DeliverableState.SUBMITTED: (_("待验收"), "warn"),
        DeliverableState.ACCEPTED: (_("验收通过"), "ok"),
        DeliverableState.RETURNED: (_("已退回"), "bad"),
    }[state]


def pause_tag(state: PauseState) -> tuple[str, str]:
    """Return the words and the kind of tag for a pause."""
    return {
        PauseState.ASKED: (_("等对方答复"), "warn"),
        PauseState.RUNNING: (_("暂停中"), "warn"),
        PauseState.REFUSED: (_("不同意"), "bad"),
        PauseState.WITHDRAWN: (_("已撤回"), "plain"),
        PauseState.ENDED: (_("已恢复"), "ok"),
    }[state]


def amendment_tag(state: AmendmentState) -> tuple[str, str]:
    """Return the words and the kind of tag for an amendment."""
    return {
        AmendmentState.PROPOSED: (_("等对方签署"), "warn"),
        AmendmentState.IN_FORCE: (_("已生效"), "ok"),
        AmendmentState.REFUSED: (_("不同意"), "bad"),
        AmendmentState.WITHDRAWN: (_("已撤回"), "plain"),
        AmendmentState.LAPSED: (_("到期未签"), "plain"),
    }[state]


def termination_tag(state: TerminationState) -> tuple[str, str]:
    """Return the words and the kind of tag for an early end."""
    return {
        TerminationState.NOTIFIED: (_("等对方陈述意见"), "warn"),
        TerminationState.ANSWERED: (_("对方已陈述意见"), "info"),
        TerminationState.UNANSWERED: (_("对方没有陈述意见"), "plain"),
    }[state]


def settlement_tag(state: SettlementState) -> tuple[str, str]:
    """Return the words and the kind of tag for a settlement."""
    return {
        SettlementState.RECORDED: (_("等机构确认"), "warn"),
        SettlementState.DISPUTED: (_("机构有异议"), "bad"),
        SettlementState.CONFIRMED: (_("已确认"), "ok"),
        SettlementState.KEPT: (_("有异议，维持原结算"), "plain"),
    }[state]


def finding_tag(finding: Finding) -> tuple[str, str]:
    """Return the words and the kind of tag for a department's finding."""
    return (_("通过"), "ok") if finding is Finding.ACCEPTED else (_("退回"), "bad")


def cause_name(cause: Cause) -> str:
    """Name whose doing a pause is."""
    names: dict[Cause, str] = {
        Cause.ENTERPRISE: _("项目业主"),
        Cause.DEPARTMENT: _("审批部门"),
        Cause.FORCE_MAJEURE: _("不可抗力"),
        Cause.AGENCY: _("中介机构"),
    }
    return names[cause]


def amendment_kind_name(kind: AmendmentKind) -> str:
    """Name why a contract is changed."""
    names: dict[AmendmentKind, str] = {
        AmendmentKind.SCOPE_CHANGED: _("服务范围调整"),
        AmendmentKind.EXTENSION: _("延长期限"),
        AmendmentKind.PRICE: _("调整价款"),
        AmendmentKind.FORCE_MAJEURE: _("不可抗力"),
        AmendmentKind.DEPARTMENT_REQUIREMENT: _("审批部门提出新要求"),
        AmendmentKind.CORRECTION: _("更正文字"),
    }
    return names[kind]


def end_cause_name(cause: EndCause) -> str:
    """Name why a contract ends early."""
    names: dict[EndCause, str] = {
        EndCause.AGREED: _("双方协商一致"),
        EndCause.ENTERPRISE_BREACH: _("项目业主违约"),
        EndCause.AGENCY_BREACH: _("中介机构违约"),
        EndCause.PROJECT_CANCELLED: _("项目取消或暂停实施"),
        EndCause.FORCE_MAJEURE: _("不可抗力"),
        EndCause.QUALIFICATION_LOST: _("机构失去法定资质"),
    }
    return names[cause]


def line_kind_name(kind: LineKind) -> str:
    """Name what a line of a settlement stands for."""
    names: dict[LineKind, str] = {
        LineKind.AGREED: _("合同内服务"),
        LineKind.EXTRA: _("合同外增加"),
        LineKind.REIMBURSED: _("代垫费用"),
        LineKind.DEDUCTION: _("扣减"),
    }
    return names[kind]


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
        "award_result": _("选取结果告知书"),
        "framework_notice": _("框架协议入围公告"),
        "framework_letter": _("框架协议入围通知书"),
        "contract": _("合同"),
        "amendment": _("合同变更协议"),
        "termination": _("提前终止通知书"),
        "dossier": _("归档目录"),
        "dossier_book": _("采购档案"),
        "dossier_notice": _("采购公告"),
        "dossier_settlement": _("结算单"),
        "dossier_ratings": _("双方评价"),
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
