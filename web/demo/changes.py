"""What happens to some demo notices while they are open and just after: invited, amended, a low price explained."""

from __future__ import annotations

from functools import partial
from typing import Final

from sqlalchemy import select

from core.clock import beijing_day
from core.work import Work
from core.workdays import add_workdays, close_of
from marketplace.needs import amending, inviting
from marketplace.needs.commands import AmendNeed
from marketplace.needs.models import Need
from marketplace.quotes import explaining
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import Decide, Explain
from marketplace.quotes.models import Explanation
from web.demo.agencies import Firm
from web.demo.people import Player
from web.demo.stage import Stage

INVITED: Final = 3
MORE: Final = "成果须满足审批部门受理要求，退回时免费修改；另附三份纸质件。"
WORDS: Final = "人员和设备都在本地，前期资料已有，成本主要是两名工程师八天的人工。"


def invite(stage: Stage, buyer: Player, need: Need, firms: list[Firm]) -> None:
    """Invite the first few firms."""
    wanted = [firm.agency_id for firm in firms[:INVITED]]
    stage.attempt(buyer.actor, lambda work: inviting.invite(work, need.id, wanted))


def amend(stage: Stage, buyer: Player, need: Need, firms: list[Firm]) -> None:
    """Ask for more in an open notice, two working days longer; all who quoted but the last confirm."""
    if need.closes_at is None:
        return
    later = close_of(add_workdays(beijing_day(need.closes_at), 2))
    command = AmendNeed({"requirements": MORE}, "审批部门要求同时提交纸质件。", later)
    stage.attempt(buyer.actor, lambda work: amending.amend(work, need.id, command))
    for firm in firms[:-1]:
        stage.attempt(firm.player.actor, lambda work: quotes.confirm(work, need.id))


def explain(stage: Stage, buyer: Player, firms: list[Firm], need: Need) -> None:
    """Let a firm explain its low price, and the enterprise accept that or, where a line is missing, not."""

    def asked(work: Work) -> list[tuple[int, int]]:
        query = select(Explanation.id, Explanation.agency_id).where(Explanation.need_id == need.id)
        return [(row[0], row[1]) for row in work.session.execute(query)]

    with stage.works.reading() as work:
        waiting = asked(work)
    players = {firm.agency_id: firm.player for firm in firms}
    for explanation_id, agency_id in waiting:
        answer, verdict = Explain(WORDS), "accept" if explanation_id % 2 else "reject"
        reason = "成本构成与工作量相符，予以采信。" if verdict == "accept" else "没有列出现场监测的费用，不予采信。"
        decision = Decide(verdict, reason)
        stage.attempt(
            players[agency_id].actor, partial(explaining.answer, explanation_id=explanation_id, command=answer)
        )
        stage.attempt(buyer.actor, partial(explaining.decide, explanation_id=explanation_id, command=decision))
