"""The offices' own business in the demo world: questions answered for all, a rule and a day changed by two persons."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from admin.consultation import service as consultation
from admin.consultation.commands import Answer, Approve, Ask
from agencies.rulebook import calendar
from agencies.rulebook import service as rulebook
from agencies.rulebook.commands import NoticedDay, ProposeChange, ProposeNotice
from core.clock import beijing_day
from core.workdays import is_workday
from web.demo.people import Player
from web.demo.stage import DAY, Stage, Story

# Question, answer, the rule it rests on, the life it is about.
ASKED: Final = (
    (
        "报价什么时候能看到？截止前能改吗？",
        "截止时间一到同时开启，之前谁也看不到。截止前可以替换或者撤回，以最后一份为准。",
        "enrolment-min-days", "quote",
    ),
    (
        "只有一家机构报价，还能选吗？",
        "社会资金可以，会标明“单一报价”；财政资金要达到规则里的最少家数，不够就延长一次或者重新发布。",
        "min-valid-quotes", "need",
    ),
    (
        "中选后几天内要签合同？",
        "从中选起算，在规则写明的工作日内签；一方不签，写明理由放弃，按排名递补或者重新选取。",
        "contract-days", "contract",
    ),
    ("缺一份社保证明，能不能先入驻？", "可以。次要材料可以容缺，写明补交日期，期限内补齐就行。", "", "registration"),
    (
        "为什么没有最低限价？",
        "实行市场调节价的服务不设最低价。报价明显偏低的，请机构说明成本，业主写明采纳或者不采纳的理由。",
        "floor-allowed", "quote",
    ),
)  # fmt: skip
WAITING: Final = "我们厂房扩建只加一层，还要不要做水土保持方案？"


def questions(stage: Stage, asker: Player, town: Player, city: Player) -> Story:
    """Let an enterprise ask, its town's window answer and the city approve; the last question still waits."""
    for place, (question, answer, rule_key, life) in enumerate(ASKED):
        yield stage.end - DAY * (90 - place * 12)
        row = stage.act(asker.actor, partial(consultation.ask, command=Ask(question, life=life)))
        yield stage.clock.now() + DAY * 0.6
        told = Answer(answer, rule_key)
        stage.act(town.actor, partial(consultation.answer, consultation_id=row.id, command=told))
        yield stage.clock.now() + DAY * 0.4
        day = Approve(beijing_day(stage.end) + timedelta(days=120 + place))
        stage.act(city.actor, partial(consultation.publish, consultation_id=row.id, command=day))
    yield stage.end - DAY * 0.5
    stage.act(asker.actor, lambda work: consultation.ask(work, Ask(WAITING, item_code="DG-B-31")))


def rules(stage: Stage, admin: Player) -> Story:
    """Let the administration propose a change that waits for a second person."""
    yield stage.end - DAY
    begins = beijing_day(stage.end) + timedelta(days=20)
    change = ProposeChange(
        "publicity-days", "social", "2", begins, "演示：两个镇街反映公示一天来不及看。", "演示规则〔2026〕1号第六条"
    )
    stage.act(admin.actor, lambda work: rulebook.propose(work, change))


def days(stage: Stage, admin: Player) -> Story:
    """Let the administration propose that a coming Sunday is worked; it waits for a second person too."""
    yield stage.end - DAY / 2
    today = beijing_day(stage.end)
    sunday = today + timedelta(days=6 - today.weekday() + 28)
    worked = NoticedDay(sunday, is_workday(sunday) is False, "演示补班")
    notice = ProposeNotice("演示通知〔2026〕2号", "", (worked,), "演示：全市统一调休，窗口当天照常办理。")
    stage.act(admin.actor, lambda work: calendar.propose(work, notice))
