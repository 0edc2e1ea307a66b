"""A framework agreement in the demo world: agreed two months ago by rotation, called off from twice since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from agencies.catalogue import reference
from core.money import Money
from marketplace.contracts import queries as contracts
from marketplace.contracts import service as contracting
from marketplace.contracts.commands import SignContract
from marketplace.frameworks import admitting, calling
from marketplace.frameworks import service as frameworks
from marketplace.frameworks.commands import Admit, CallOffFrom, WriteFramework
from marketplace.frameworks.lifecycle import FrameworkState, Way
from marketplace.frameworks.models import Framework
from marketplace.needs.models import Need
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from marketplace.selection import queries as selections
from marketplace.selection import service as selection
from marketplace.selection.commands import Reason
from marketplace.selection.models import Award
from web.demo.agencies import Firm
from web.demo.people import Player
from web.demo.stage import DAY, Stage, Story

BEGINS: Final = DAY * 60
UNIT_CEILING: Final = Money.from_yuan(12_000)
QUOTED: Final = (9_800, 10_200, 10_600, 11_000, 11_500)
FEWEST: Final = 3


def story(stage: Stage, buyer: Player, firms: Sequence[Firm]) -> Story:
    """Publish, quote, admit, wait for the publicity, and call off twice."""
    yield stage.end - BEGINS
    code, able = _offered(firms)
    if len(able) < FEWEST:
        return
    name = reference.item(code).name
    written = WriteFramework(
        code, f"演示：{name}年度框架协议"[:60], "使用财政补助资金的技术改造项目，每份对应一个项目", "fiscal",
        Way.ROTATION, "份", UNIT_CEILING, Money.from_wan(20), wanted=FEWEST,
    )  # fmt: skip
    row = stage.act(buyer.actor, partial(frameworks.create, command=written))
    row = stage.act(buyer.actor, partial(frameworks.publish, framework_id=row.id))
    need_id, closes_at = _notice(stage, row)
    for firm, yuan in zip(able, QUOTED, strict=False):
        yield stage.clock.now() + timedelta(hours=3)
        quoted = SubmitQuote(Money.from_yuan(yuan), None, 20, "按期完成，资料齐全后三个工作日内进场。")
        stage.attempt(firm.player.actor, partial(quotes.submit, need_id=need_id, command=quoted))
    yield closes_at + timedelta(hours=2)
    stage.due()
    if stage.attempt(buyer.actor, partial(admitting.admit, framework_id=row.id, command=Admit())) is None:
        return
    yield stage.clock.now() + DAY * 12
    yield from _calls(stage, buyer, able, row.id)


def _calls(stage: Stage, buyer: Player, able: Sequence[Firm], framework_id: int) -> Story:
    """Call off twice: the first is signed, from the second whoever is next steps back and another follows."""
    if _state(stage, framework_id) is not FrameworkState.IN_FORCE:
        return
    players = {firm.agency_id: firm.player for firm in able}
    first = stage.act(buyer.actor, partial(calling.call, framework_id=framework_id, command=_wanted("一车间技改")))
    award = _award(stage, first.need_id)
    yield award.confirm_at + DAY
    stage.due()
    _sign(stage, award, buyer, players[award.agency_id])
    yield stage.end - DAY * 2
    second = stage.act(buyer.actor, partial(calling.call, framework_id=framework_id, command=_wanted("二车间技改")))
    award = _award(stage, second.need_id)
    yield stage.clock.now() + timedelta(hours=4)
    why = Reason("近期人手都在其他项目上，不能按期进场。")
    stage.attempt(players[award.agency_id].actor, partial(selection.decline, award_id=award.id, command=why))


def _offered(firms: Sequence[Firm]) -> tuple[str, list[Firm]]:
    """Return the item most firms offer, with those firms."""
    codes = sorted({code for firm in firms for code in firm.items})
    by_code = {code: [firm for firm in firms if code in firm.items] for code in codes}
    code = max(codes, key=lambda one: len(by_code[one]), default="")
    return code, by_code.get(code, [])[: len(QUOTED)]


def _wanted(title: str) -> CallOffFrom:
    return CallOffFrom(f"演示：{title}", "设备投资 600 万元，建筑面积不变", project_code="")


def _notice(stage: Stage, row: Framework) -> tuple[int, datetime]:
    with stage.works.reading() as work:
        need = work.session.get_one(Need, row.need_id)
        return need.id, need.closes_at or stage.clock.now()


def _state(stage: Stage, framework_id: int) -> FrameworkState:
    with stage.works.reading() as work:
        return work.session.get_one(Framework, framework_id).state


def _award(stage: Stage, need_id: int) -> Award:
    with stage.works.reading() as work:
        found = selections.award_of(work.session, need_id)
    if found is None:
        raise LookupError(f"no award of {need_id}")
    return found


def _sign(stage: Stage, award: Award, buyer: Player, seller: Player) -> None:
    with stage.works.reading() as work:
        contract = contracts.contract_of_award(work.session, award.id)
    if contract is None:
        return
    read = SignContract(contract.content_hash)
    for player in (buyer, seller):
        stage.attempt(player.actor, partial(contracting.sign, contract_id=contract.id, command=read))
