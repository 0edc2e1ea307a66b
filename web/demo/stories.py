"""The lives of demo needs: published, asked about, quoted, chosen, signed, delivered, paid, rated; or not."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from agencies.catalogue.reference_types import ItemData
from core.clock import beijing_day
from core.money import Money
from core.work import Work
from core.workdays import add_workdays, close_of
from marketplace.contracts import queries as contract_queries
from marketplace.contracts import service as contracts
from marketplace.contracts.commands import Deliver, Settle, SignContract, Upload
from marketplace.contracts.commands import Reason as ContractReason
from marketplace.contracts.rules import PaidLine
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteNeed
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.methods import ASKED, usual_terms
from marketplace.needs.models import Need
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from marketplace.selection import bidding
from marketplace.selection import queries as selection_queries
from marketplace.selection import service as selection
from marketplace.selection.commands import GiveAward, GivePoints, ScoreSheet
from ratings import service as ratings
from ratings.commands import GiveRating
from web.demo import cast, changes, turns
from web.demo.agencies import Firm
from web.demo.people import Player, short_name
from web.demo.prices import INVESTMENT_WAN, fee_inputs, usual_price
from web.demo.stage import Stage, Story

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
PAPER: Final = (
    b"%PDF-1.4\n% demo paper\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
    b"2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


# Methods a reader seldom meets: every so manieth need, at these places of the count.
RARE: Final = {3: "credit", 13: "rounds", 23: "mean", 33: "credit"}
RARE_EVERY: Final = 40
TRIAL_RULE: Final = "东莞市镇街中介服务采购试行规则（演示）第五条"


@dataclass(slots=True)
class Plot:
    """One need's part: who asks, for what, when, and how it will go."""

    buyer: Player
    item: ItemData
    firms: list[Firm]
    begins: datetime
    rng: Random
    serial: int


def need_story(stage: Stage, plot: Plot) -> Story:
    """Live one need from its publication to wherever the end of time finds it."""
    yield plot.begins
    need = _publish(stage, plot)
    if need is not None:
        yield from lead(stage, plot, need)


def lead(stage: Stage, plot: Plot, need: Need) -> Story:
    """Lead a published need to wherever the end of time finds it."""
    if need.closes_at is None:
        return
    firms = _interested(plot)
    window = need.closes_at - stage.clock.now()
    yield stage.clock.now() + window * 0.2
    _ask(stage, plot, need, firms)
    if plot.serial % 12 == 5 and firms:
        changes.invite(stage, plot.buyer, need, firms)
    for place, firm in enumerate(firms):
        yield stage.clock.now() + window * (0.6 / (len(firms) + 1))
        _quote(stage, plot, need, firm, place)
    if plot.serial % 18 == 7 and firms:
        changes.amend(stage, plot.buyer, need, firms)
        need = _now(stage, need)
    if plot.serial % 29 == 0:
        yield stage.clock.now() + HOUR
        _try(stage, plot.buyer, partial(needs.withdraw, need_id=need.id, reason="项目调整，暂不实施。"))
        return
    yield from _wait(stage, need)
    yield stage.clock.now() + DAY * plot.rng.uniform(0.5, 3)
    yield from _after_opening(stage, plot, need)


def _wait(stage: Stage, need: Need) -> Story:
    """Wait for the deadline, and once more where the rules extend it."""
    while need.state is NeedState.OPEN and need.closes_at is not None:
        yield need.closes_at + HOUR
        stage.due()
        need = _now(stage, need)


def _after_opening(stage: Stage, plot: Plot, need: Need) -> Story:
    if need.method == "rounds":
        yield from _bid(stage, plot, need)
    changes.explain(stage, plot.buyer, plot.firms, need)
    given = _choose(stage, plot, need)
    if given is None:
        return
    winner = next(firm for firm in plot.firms if firm.agency_id == given.agency_id)
    yield given.confirm_at + DAY * plot.rng.uniform(0.1, 3)
    contract_id = _sign(stage, plot, given.id, winner)
    if contract_id is None:
        return
    yield from _service(stage, plot, contract_id, winner)


def _service(stage: Stage, plot: Plot, contract_id: int, firm: Firm) -> Story:
    days = _read(stage, lambda work: contract_queries.contract_by_id(work.session, contract_id).days)
    if turns.ends_early(stage, plot.serial, contract_id, plot.buyer):
        return
    yield from turns.before_delivery(stage, plot.serial, contract_id, plot.buyer, firm.player)
    pace = plot.rng.uniform(0.75, 1.25) - 0.3 * firm.skill + (0.9 if plot.serial % 13 == 0 else 0.0)
    yield stage.clock.now() + DAY * max(1.0, days * 1.3 * pace)
    _deliver(stage, contract_id, firm, "第一版成果")
    yield stage.clock.now() + DAY * plot.rng.uniform(0.5, 3)
    if plot.rng.random() > 0.55 + 0.4 * firm.skill:
        reason = ContractReason("缺少现场照片和计算书附件，补齐后再交。")
        _try(stage, plot.buyer, lambda work: contracts.send_back(work, contract_id, reason))
        yield stage.clock.now() + DAY * plot.rng.uniform(1, 4)
        _deliver(stage, contract_id, firm, "按意见补齐")
        yield stage.clock.now() + DAY
    _try(stage, plot.buyer, lambda work: contracts.accept(work, contract_id))
    yield stage.clock.now() + DAY * plot.rng.uniform(1, 9)
    _settle(stage, plot, contract_id)
    yield stage.clock.now() + HOUR
    _rate(stage, plot, contract_id, firm)


def _publish(stage: Stage, plot: Plot) -> Need | None:
    method = plot.rng.choices(("merit", "direct", "lowest"), (6, 2, 2))[0]
    method = RARE.get(plot.serial % RARE_EVERY, method)
    fund = "fiscal" if plot.buyer.name.endswith("中心") else "social"
    if ASKED[method].by_switch_only(fund):  # nobody has recorded a legal basis in the demo's rulebook
        method = "merit"
    basis = {"direct": "small-amount", "merit": "", "credit": ""}.get(method, TRIAL_RULE)
    if method == "direct" and fund == "fiscal":
        basis = "东莞市小额零星采购规则（演示）第三条"
    work_name = plot.rng.choice(cast.WORKS)
    command = WriteNeed(
        plot.item.code,
        f"{short_name(plot.buyer.name)}{work_name}{plot.item.name}"[:60],
        f"{work_name}，总建筑面积约 {plot.rng.randint(2, 90) * 500:,} 平方米",
        fund,
        f"{plot.buyer.name}{work_name}项目",
        time_limit_days=plot.rng.choice((10, 15, 20, 30, 45)),
        ceiling=_ceiling(plot) if fund == "fiscal" or plot.rng.random() < 0.6 else None,
        no_ceiling_reason="按市场报价比选",
        method=method,
        method_basis=basis,
        terms=usual_terms(),
        fee_inputs=fee_inputs(plot.item, plot.rng.choice(INVESTMENT_WAN)),
        requirements="成果须满足审批部门受理要求，退回时免费修改。",
        closes_at=close_of(add_workdays(beijing_day(stage.clock.now()), 3 + plot.rng.randint(0, 6))),
    )

    def deed(work: Work) -> Need:
        return needs.publish(work, needs.create(work, command).id)

    published: Need | None = _try(stage, plot.buyer, deed)
    return published


def _ceiling(plot: Plot) -> Money:
    return Money(round(usual_price(plot.item.code).fen * plot.rng.uniform(1.15, 1.6) / 1_000_000) * 1_000_000)


def _interested(plot: Plot) -> list[Firm]:
    count = plot.rng.choices((0, 1, 2, 3, 4, 5), (3, 9, 22, 34, 20, 12))[0]
    return plot.rng.sample(plot.firms, min(count, len(plot.firms)))


def _ask(stage: Stage, plot: Plot, need: Need, firms: list[Firm]) -> None:
    if not firms or plot.rng.random() > 0.35:
        return
    question, answer = plot.rng.choice(cast.QUESTIONS)
    asked = _try(stage, firms[0].player, lambda work: needs.ask(work, need.id, question))
    if asked is not None and plot.rng.random() < 0.8:
        _try(stage, plot.buyer, lambda work: needs.answer(work, asked.id, answer))


def _quote(stage: Stage, plot: Plot, need: Need, firm: Firm, place: int) -> None:
    share = 1.2 if plot.serial % 17 == 0 and place == 0 else plot.rng.uniform(0.78, 1.0)
    if plot.serial % 16 == 3 and place == 0:
        share = 0.35
    fen = int(firm.prices[plot.item.code].fen * share / 10_000) * 10_000
    if need.ceiling is not None and plot.serial % 23 != 0:
        fen = min(fen, need.ceiling.fen)
    days = max(3, round(need.time_limit_days * plot.rng.uniform(0.6, 1.0)))
    command = SubmitQuote(Money(fen), None, days, "由注册人员负责，踏勘后 3 日内出初稿，修改两轮。")
    _try(stage, firm.player, lambda work: quotes.submit(work, need.id, command))


def _bid(stage: Stage, plot: Plot, need: Need) -> Story:
    """Let each bidder lower its price once in the first round, as far as it must; then the rounds run out."""
    found = _read(stage, lambda work: selection_queries.selection_of(work.session, need.id))
    if found is None or found.round_starts_at is None:
        return
    yield max(stage.clock.now(), found.round_starts_at)
    for firm in plot.firms:

        def deed(work: Work) -> Any:
            now = bidding.standing(work, need, selection_queries.selection_of(work.session, need.id))
            return bidding.bid(work, need.id, now.most) if now.most is not None else None

        _try(stage, firm.player, deed)
    while _read(stage, lambda work: selection_queries.selection_of(work.session, need.id)).state == "bidding":
        yield stage.clock.now() + timedelta(minutes=5)
        stage.due()


def _choose(stage: Stage, plot: Plot, need: Need) -> Any:
    """Score where the method asks for it and award the first in rank; sometimes the enterprise stalls.

    Returns the award, or None.
    """
    state = _read(stage, lambda work: work.session.get_one(Need, need.id).state)
    if state is not NeedState.SELECTING or plot.serial % 31 == 0:
        return None
    if need.method == "merit":
        _try(stage, plot.buyer, lambda work: selection.score(work, need.id, _sheet(work, plot, need)))
    return _try(stage, plot.buyer, lambda work: selection.award(work, need.id, _award_command(work, need.id)))


def _sheet(work: Work, plot: Plot, need: Need) -> ScoreSheet:
    criteria = [one.name for one in selection_queries.criteria_of(need) if not one.is_price]
    skills = {firm.agency_id: firm.skill for firm in plot.firms}
    lines = []
    for quote in selection_queries.opened_quotes(work.session, need.id):
        for name in criteria:
            points = min(100, max(40, round(55 + 40 * skills[quote.agency_id] + plot.rng.uniform(-8, 8))))
            lines.append(
                GivePoints(quote.id, name, points, "方案具体，人员到位" if points >= 75 else "方案笼统，缺少针对性")
            )
    return ScoreSheet(tuple(lines))


def _award_command(work: Work, need_id: int) -> GiveAward:
    need = work.session.get_one(Need, need_id)
    chosen = selection_queries.selection_of(work.session, need_id)
    if chosen is None:
        raise LookupError("selection-not-begun")
    weighing = selection_queries.weigh(work.session, need, chosen, work.clock.now().date())
    ranked = sorted((line for line in weighing.lines if line.rank), key=lambda line: line.rank or 0)
    if ranked:
        return GiveAward(ranked[0].entrant.quote_id, "综合排名第一，报价合理，响应及时。")
    return GiveAward(next(iter(weighing.candidates), 0), "熟悉本项目情况，报价合理，能按期完成。")


def _sign(stage: Stage, plot: Plot, award_id: int, firm: Firm) -> int | None:
    found = _read(stage, lambda work: contract_queries.contract_of_award(work.session, award_id))
    if found is None:
        return None
    signature = SignContract(found.content_hash)
    _try(stage, plot.buyer, lambda work: contracts.sign(work, found.id, signature))
    if plot.serial % 37 == 0:
        return None
    _try(stage, firm.player, lambda work: contracts.sign(work, found.id, signature))
    return int(found.id)


def _deliver(stage: Stage, contract_id: int, firm: Firm, note: str) -> None:
    upload = Upload(io.BytesIO(PAPER + note.encode() + str(contract_id).encode()), "成果报告.pdf")
    _try(stage, firm.player, lambda work: contracts.deliver(work, contract_id, upload, Deliver(note)))


def _settle(stage: Stage, plot: Plot, contract_id: int) -> None:
    amount = _read(stage, lambda work: contract_queries.contract_by_id(work.session, contract_id).amount)
    lines, reason = [PaidLine("合同价款", amount)], ""
    if plot.serial % 19 == 0:
        lines.append(PaidLine("加急费", Money(round(amount.fen * 0.12 / 100) * 100)))
        reason = "应业主要求提前交付，双方口头商定加急费。"
    _try(stage, plot.buyer, lambda work: contracts.settle(work, contract_id, Settle(tuple(lines), reason)))


def _rate(stage: Stage, plot: Plot, contract_id: int, firm: Firm) -> None:
    if plot.rng.random() < 0.85:
        mine = _scores(plot.rng, firm.skill)
        low = min(mine) <= 2
        text = plot.rng.choice(cast.BLAME if low else cast.PRAISE)
        command = GiveRating(*mine, reason=text if min(mine) == 1 or max(mine) == 5 else "", text=text)
        _try(stage, plot.buyer, lambda work: ratings.rate(work, contract_id, command))
    if plot.rng.random() < 0.7:
        back = GiveRating(4, plot.rng.randint(3, 5), plot.rng.randint(3, 5), 4, 4, reason="资料齐全，付款及时。")
        _try(stage, firm.player, lambda work: ratings.rate(work, contract_id, back))


def _scores(rng: Random, skill: float) -> tuple[int, int, int, int, int]:
    first, second, third, fourth, fifth = (
        min(5, max(1, round(2.4 + 2.4 * skill + rng.uniform(-0.9, 0.9)))) for _ in range(5)
    )
    return first, second, third, fourth, fifth


def _try(stage: Stage, player: Player, deed: Callable[[Work], Any]) -> Any:
    return stage.attempt(player.actor, deed)


def _now(stage: Stage, need: Need) -> Need:
    found: Need = _read(stage, lambda work: work.session.get_one(Need, need.id))
    return found


def _read(stage: Stage, look: Callable[[Work], Any]) -> Any:
    with stage.works.reading() as work:
        return look(work)
