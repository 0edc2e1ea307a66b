"""Revisions in the demo world: a schedule made for showing is entered, corrected, changed, and changed again."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

from agencies.revisions import service
from agencies.revisions.commands import WriteRevision
from core.clock import beijing_day
from web.demo.people import Player
from web.demo.stage import DAY, Stage, Story

SCHEDULE: Final = "demo-advice"
TEXT: Final = Path(__file__).with_name("schedule.toml")
CHECKED: Final = "逐行核对过，与演示文本一致。"
LAST: Final = DAY * 3


def story(stage: Stage, author: Player, judge: Player) -> Story:
    """Let one office write and the other approve: the entry, a new version; one more waits at the end."""
    yield stage.start + DAY * 50
    text = TEXT.read_text(encoding="utf-8")
    _approved(stage, author, judge, text, date(2025, 1, 1), "收录演示标准，用来演示修订流程。")
    yield stage.start + DAY * 240
    begins = beijing_day(stage.clock.now()) + timedelta(days=30)
    text = lowered(text, begins)
    _approved(stage, author, judge, text, begins, "演示：首档费率由 1% 降为 0.9%。")
    yield stage.end - LAST
    words = text.replace('aliases = ["演示咨询收费"]', 'aliases = ["演示咨询收费", "演示咨询费"]')
    _proposed(stage, author, words, beijing_day(stage.end), "演示：补一个常用的叫法，不改数字。")


def lowered(text: str, begins: date) -> str:
    """Return the text with a second version from a day on, whose first rate is lower."""
    version = text[text.index("[[versions]]") : text.index("[[statuses]]")]
    later = version.replace('key = "2025"', f'key = "{begins.isoformat()}"').replace(
        "since = 2025-01-01", f"since = {begins}"
    )
    later = later.replace("rates = [1,", "rates = [0.9,")
    ended = text.replace(
        "since = 2025-01-01\n\n[[versions", f"since = 2025-01-01\nuntil = {begins - DAY}\n\n[[versions"
    )
    return ended.replace("[[statuses]]", f"{later}[[statuses]]")


def _proposed(stage: Stage, author: Player, text: str, on: date, reason: str) -> int:
    command = WriteRevision(SCHEDULE, text, on, reason, "演示价[2025]1号，演示用")
    row = stage.act(author.actor, lambda work: service.draft(work, command))
    stage.act(author.actor, lambda work: service.propose(work, row.id))
    return row.id


def _approved(stage: Stage, author: Player, judge: Player, text: str, on: date, reason: str) -> None:
    revision_id = _proposed(stage, author, text, on, reason)
    stage.act(judge.actor, lambda work: service.approve(work, revision_id, CHECKED))
