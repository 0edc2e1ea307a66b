"""The turns of a few demo contracts: a pause, an amendment, an early end; and what the department found of results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from core.clock import beijing_day
from core.errors import DomainError
from core.money import Money
from core.work import Work
from marketplace.contracts import amending, outcomes, pausing
from marketplace.contracts import queries as contract_queries
from marketplace.contracts import service as contracts
from marketplace.contracts.commands import Answer, AskPause, EnterOutcome, ProposeAmendment, Terminate
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause, Finding
from web.demo.people import Player
from web.demo.stage import DAY, Stage, Story

PAUSED, AMENDED, ENDED = 11, 14, 43
MOST_FINDINGS: Final = 40
EVERY_RETURNED: Final = 5
HOUR: Final = timedelta(hours=1)
YES: Final = Answer(agrees=True)


def before_delivery(stage: Stage, serial: int, contract_id: int, buyer: Player, agency: Player) -> Story:
    """Let some contracts be paused or amended before their result is handed in."""
    if serial % PAUSED == 0:
        asked = AskPause(Cause.ENTERPRISE, "业主还没有提供地形图和用地红线，现场工作无法开始。")
        pause = _try(stage, agency, lambda work: pausing.ask(work, contract_id, asked))
        yield stage.clock.now() + DAY
        if pause is not None:
            _try(stage, buyer, lambda work: pausing.answer(work, contract_id, pause.no, YES))
            yield stage.clock.now() + DAY * 4
            _try(stage, agency, lambda work: pausing.end(work, contract_id, pause.no))
    if serial % AMENDED == 0:
        change = ProposeAmendment(AmendmentKind.EXTENSION, "审批部门要求补充一次专家论证，需要延长期限。", days=60)
        proposed = _try(stage, agency, lambda work: amending.propose(work, contract_id, change))
        yield stage.clock.now() + DAY
        if proposed is not None:
            _try(stage, buyer, lambda work: amending.answer(work, contract_id, proposed.no, YES))


def ends_early(stage: Stage, serial: int, contract_id: int, buyer: Player) -> bool:
    """End a few contracts early, before anything is handed in; say whether this one ended."""
    if serial % ENDED:
        return False
    command = Terminate(EndCause.PROJECT_CANCELLED, "项目选址调整，暂停实施，已完成的踏勘按实际工作量结算。", Money(0))
    return _try(stage, buyer, lambda work: contracts.terminate(work, contract_id, command)) is not None


def findings(stage: Stage, department: Player) -> Story:
    """Let one department enter what it found of its newest results; every fifth went back once."""
    yield stage.end - HOUR
    with stage.works.reading(department.actor) as work:
        items = contract_queries.items_of_office(work.session, department.org_id)
        page = contract_queries.to_review(work.session, items, after=None, limit=MOST_FINDINGS)
        ids = [one.id for one in page.items if one.accepted_at is not None]
    today = beijing_day(stage.clock.now())
    for place, contract_id in enumerate(ids):
        returned = place % EVERY_RETURNED == 0
        found = EnterOutcome(Finding.RETURNED, today, ("R01",), "缺签章页") if returned else None
        said = found or EnterOutcome(Finding.ACCEPTED, today)
        _enter(stage, department, contract_id, said)


def _enter(stage: Stage, department: Player, contract_id: int, said: EnterOutcome) -> None:
    _try(stage, department, lambda work: outcomes.enter(work, contract_id, said))


def _try(stage: Stage, player: Player, deed: Callable[[Work], Any]) -> Any:
    """Do a deed; a refusal is part of life, anything else is a fault."""
    try:
        return stage.act(player.actor, deed)
    except DomainError as refusal:
        stage.refused(refusal)
        return None
