"""Complaints in the reader's words: subjects, aspects, states, items, remedies, and how long something still takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from core.clock import beijing, beijing_day
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.workdays import workdays_between
from marketplace.complaints.lifecycle import Aspect, ComplaintState, Remedy, Subject
from marketplace.complaints.models import Complaint
from marketplace.complaints.refusals import SENTENCES
from marketplace.complaints.rules import Window

_S = ComplaintState
SUBJECTS: Final[Mapping[Subject, Any]] = {
    Subject.ENTRY: _l("入驻办理"),
    Subject.SELECTION: _l("采购活动"),
    Subject.OPERATOR: _l("运营机构服务"),
}
ASPECTS: Final[Mapping[Aspect, Any]] = {
    Aspect.PROCESS: _l("办理过程"),
    Aspect.RESULT: _l("办理结果"),
    Aspect.NOTICE: _l("采购公告"),
    Aspect.PARTICIPANT: _l("其他参与机构"),
    Aspect.QUALIFICATION: _l("其他参与机构的资质"),
    Aspect.QUALITY: _l("服务质量"),
    Aspect.SPEED: _l("办理时效"),
}
STATES: Final[Mapping[ComplaintState, tuple[Any, str]]] = {
    _S.FILED: (_l("待审查受理"), "warn"),
    _S.RETURNED: (_l("待补正"), "warn"),
    _S.ACCEPTED: (_l("已受理，等对方答复"), "info"),
    _S.HEARD: (_l("待处理"), "info"),
    _S.UPHELD: (_l("成立"), "bad"),
    _S.PARTLY: (_l("部分成立"), "bad"),
    _S.DISMISSED: (_l("不成立"), "ok"),
    _S.APPEALED: (_l("复核中"), "warn"),
    _S.CONFIRMED: (_l("复核维持"), "info"),
    _S.OVERTURNED: (_l("复核改变"), "info"),
    _S.REFUSED: (_l("不予受理"), "plain"),
    _S.WITHDRAWN: (_l("已撤回"), "plain"),
    _S.LAPSED: (_l("已终止"), "plain"),
}
ITEMS: Final[Mapping[str, Any]] = {
    "parties": _l("双方单位和联系方式"),
    "standing": _l("主体资格"),
    "matter": _l("投诉事项和事实"),
    "clause": _l("违反的条款"),
    "evidence": _l("证据"),
    "seal": _l("单位盖章"),
    "time": _l("在期限内提出"),
    "new": _l("没有处理过同一事项"),
}
REMEDIES: Final[Mapping[Remedy, Any]] = {
    Remedy.NONE: _l("不作其他处理"),
    Remedy.NEXT: _l("撤销中选，按排名递补"),
    Remedy.ANNUL: _l("撤销中选，业主从其余报价里重新选定"),
    Remedy.RERUN: _l("撤销中选，重新采购"),
    Remedy.CORRECT_NOTICE: _l("改正公告后重新发布"),
}
NOTES: Final[Mapping[str, Any]] = {
    "done": _l("已按处理决定办理。"),
    "award-already-contracted": _l("合同已经签署，中选不能再撤销，由双方依法另行解决。"),
    "award-ended-already": _l("这次中选已经结束，不用再撤销。"),
    "wrong-state": _l("这次采购已经结束，不用再改正。"),
}
ENDED: Final[Mapping[str, Any]] = {
    "not-corrected": _l("没有在期限内补正。"),
    "promise-missed": _l("承诺后补的盖章材料没有按时交。"),
}
TOLD: Final[Mapping[str, Any]] = {
    "complaint.filed": _l("提出投诉"),
    "complaint.judged": _l("核对受理条件"),
    "complaint.send_back": _l("一次性告知补正"),
    "complaint.answer": _l("补正"),
    "complaint.accept": _l("受理"),
    "complaint.refuse": _l("不予受理"),
    "complaint.reply": _l("被投诉方答复"),
    "complaint.close_hearing": _l("答复期限届满"),
    "complaint.reminded": _l("提醒后补材料"),
    "complaint.promise_kept": _l("后补材料已交"),
    "complaint.promise_missed": _l("后补材料到期未交"),
    "complaint.decision_overdue": _l("过了处理期限"),
    "complaint.uphold": _l("处理决定：成立"),
    "complaint.uphold_partly": _l("处理决定：部分成立"),
    "complaint.dismiss": _l("处理决定：不成立"),
    "complaint.appeal": _l("申请复核"),
    "complaint.confirm": _l("复核维持"),
    "complaint.overturn": _l("复核改变"),
    "complaint.final": _l("复核申请期限已过，决定生效"),
    "complaint.remedy_done": _l("处理决定已执行"),
    "complaint.remedy_too_late": _l("处理决定已不能执行"),
    "complaint.withdraw": _l("撤回投诉"),
    "complaint.lapse": _l("投诉终止"),
}


def tag_of(row: Complaint) -> tuple[str, str]:
    """Return the words and the kind of tag for a complaint's state."""
    label, kind = STATES[row.state]
    return str(label), kind


def title_of(row: Complaint) -> str:
    """Name a complaint by its subject and aspect."""
    return _("%(subject)s：%(aspect)s", subject=str(SUBJECTS[row.subject]), aspect=str(ASPECTS[row.aspect]))


def due_of(row: Complaint, now: datetime) -> str:
    """Say whose turn it is and by when; nothing once a complaint is at its end."""
    turns: dict[ComplaintState, tuple[datetime | None, Any]] = {
        _S.FILED: (row.judge_by, _l("%(day)s 前审查是否受理")),
        _S.RETURNED: (row.correct_by, _l("%(day)s 前补正")),
        _S.ACCEPTED: (row.reply_by, _l("%(day)s 前答复")),
        _S.HEARD: (row.decide_by, _l("%(day)s 前处理")),
        _S.APPEALED: (row.review_by, _l("%(day)s 前复核")),
    }
    if row.state in {_S.UPHELD, _S.PARTLY, _S.DISMISSED}:
        turns[row.state] = (None if row.final_at else row.appeal_by, _l("%(day)s 前可以申请复核"))
    end, text = turns.get(row.state, (None, ""))
    if end is None:
        return ""
    left = workdays_between(beijing_day(now), beijing_day(end))
    said = str(text) % {"day": moment(end)}
    return _("%(said)s，还剩 %(days)s 个工作日", said=said, days=left) if left > 0 else said


def window_sentence(window: Window, now: datetime) -> str:
    """Say how long one may still complain, or why not."""
    fault = window.fault(now)
    if fault:
        return str(SENTENCES[fault])
    if window.closes_at is None:
        return _("现在可以投诉，到选定结果公示结束为止。")
    left = window.closes_at - now
    hours = int(left.total_seconds() // 3600)
    return _(
        "投诉截止 %(end)s，还剩 %(days)s 天 %(hours)s 小时。", end=moment(window.closes_at), days=hours // 24,
        hours=hours % 24,
    )  # fmt: skip


def ended_sentence(row: Complaint) -> str:
    """Say why a complaint ended without a decision."""
    return str(ENDED.get(row.ended_reason, row.ended_reason))


def moment(instant: datetime) -> str:
    """Write a moment: 2026-03-18 17:00, 北京时间."""
    return f"{beijing(instant):%Y-%m-%d %H:%M}"
