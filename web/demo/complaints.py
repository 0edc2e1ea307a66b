"""Complaints of the demo world: losers who complain of a result; the last is left where the end finds it."""

from __future__ import annotations

import io
from typing import Any, Final

from sqlalchemy import select

from core.corrections import ItemVerdict
from core.work import Work
from marketplace.complaints import deciding, rules, service
from marketplace.complaints.commands import DecideComplaint, FileComplaint, JudgeItem, Upload
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Aspect, Remedy, Subject
from marketplace.complaints.models import Complaint
from marketplace.needs.methods import FRAMED
from marketplace.needs.models import Need
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.models import Award
from web.demo.agencies import Firm
from web.demo.people import Player
from web.demo.stage import DAY, Stage, Story

PAPER: Final = b"%PDF-1.4\n% demo evidence\ntrailer<</Root 1 0 R>>\n%%EOF\n"
MOST: Final = 4
PAUSE: Final = DAY * 40
FILED: Final = FileComplaint(
    Aspect.RESULT, "中选方案没有写明现场踏勘安排，与公告要求不符，评分时没有扣分。", "公告评分项第二项", "重新评分",
    "投诉联系人（演示）", "0769-20000000", sealed=True,
)  # fmt: skip
DECISIONS: Final = (
    DecideComplaint("dismiss", "核对了方案和评分表，踏勘安排写在第三章，评分有据。"),
    DecideComplaint("uphold", "方案确实没有踏勘安排，评分没有按公告进行。", "公告评分项第二项", Remedy.RERUN),
)


def story(stage: Stage, staff: dict[str, Player], firms: list[Firm]) -> Story:
    """Let a loser complain now and then; the last complaint is left where the end of time finds it."""
    at, made = stage.end - PAUSE * MOST, 0
    while at < stage.end:
        yield at
        found = _public_award(stage, firms)
        at += DAY / 2 if found is None else PAUSE
        if found is not None:
            yield from _handled(stage, staff["city"], _file(stage, *found), DECISIONS[made % len(DECISIONS)])
            made += 1


def _handled(stage: Stage, office: Player, row: Complaint, command: DecideComplaint) -> Story:
    """Let the office accept a complaint, the hearing pass, and the decision be made."""

    def decide(work: Work) -> Complaint:
        return deciding.decide(work, row.id, command)

    yield stage.clock.now() + DAY
    accepted = stage.act(office.actor, lambda work: _accept(work, row.id))
    yield (accepted.reply_by or stage.clock.now()) + DAY
    stage.act(office.actor, decide)


def _public_award(stage: Stage, firms: list[Firm]) -> tuple[Firm, int] | None:
    """Return an agency that lost, and the need whose award is public now."""
    with stage.works.reading() as work:
        query = (
            select(Award.need_id, Quote.agency_id)
            .join(Quote, Quote.need_id == Award.need_id)
            .join(Need, Need.id == Award.need_id)
            .where(Need.method.not_in(FRAMED))  # whose turn it is leaves no scores to complain of
            .where(Award.state == AwardState.PROVISIONAL, Award.publicity_until > stage.clock.now())
            .where(Quote.state == QuoteState.LOST)
        )
        row = work.session.execute(query.order_by(Award.id.desc(), Quote.id).limit(1)).first()
    if row is None:
        return None
    return next(firm for firm in firms if firm.agency_id == row[1]), int(row[0])


def _file(stage: Stage, firm: Firm, need_id: int) -> Complaint:
    about, evidence = About(Subject.SELECTION, need_id=need_id), Upload(io.BytesIO(PAPER), "证据.pdf")
    filed: Any = stage.act(firm.player.actor, lambda work: service.file(work, about, FILED, [evidence]))
    row: Complaint = filed
    return row


def _accept(work: Work, complaint_id: int) -> Complaint:
    service.judge_items(work, complaint_id, [JudgeItem(key, ItemVerdict.PASSED) for key in rules.ITEMS])
    work.session.flush()
    return service.accept(work, complaint_id)
