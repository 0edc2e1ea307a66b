"""Certificates renewed in the demo world: one waits, one is to correct, one has a gap, one came by a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from admin.window import filing
from admin.window import service as window
from admin.window.commands import Receive, RecordConsent, TypeCode
from admin.window.lifecycle import ConsentKind, Matter
from agencies.registration import changes, queries, rules
from agencies.registration import service as registration
from agencies.registration.commands import AddQualification, ItemJudged
from core.clock import beijing_day
from core.corrections import ItemVerdict
from web.demo.agencies import Firm
from web.demo.people import Player
from web.demo.stage import DAY, Stage, Story

WRONG: Final = {
    "term": "有效期写到 2032 年，证书上是 2031 年，请改。",
    "issuer": "发证机关要写全称。",
}
GAP: Final = "people"
PURPOSE: Final = "代为提交换发的资质证书"


def story(stage: Stage, staff: Mapping[str, Player], firms: Sequence[Firm], shown_town: str) -> Story:
    """Let four firms hand a renewed certificate in: a visitor plays the one to correct it, one waits in that town."""
    yield stage.end - DAY * 3
    holders = [firm for firm in firms if _renewed(stage, firm, 0) is not None]
    holders.sort(key=lambda firm: (not firm.shown, firm.player.actor.town_code != shown_town))
    for place, (firm, deed) in enumerate(zip(holders, (_to_correct, _waits, _with_a_gap, _by_window), strict=False)):
        yield stage.clock.now() + DAY / 4
        term = _renewed(stage, firm, place)
        clerk = staff.get(firm.player.actor.town_code or "")
        if term is not None and clerk is not None:
            deed(stage, firm, clerk, term)


def _renewed(stage: Stage, firm: Firm, place: int) -> AddQualification | None:
    """Write the first certificate of a firm anew, five years longer; None where it holds none."""
    with stage.works.reading() as work:
        held = next(iter(queries.qualifications_of(work.session, firm.agency_id)), None)
        if held is None:
            return None
        today = beijing_day(stage.end)
        number = f"YS2026{firm.agency_id:04d}{place}"
        until = today + timedelta(days=365 * 5)
        return AddQualification(held.category, number, "演示发证机关", held.grade, today - timedelta(days=9), until)


def _handed_in(stage: Stage, firm: Firm, term: AddQualification) -> int | None:
    row = stage.attempt(firm.player.actor, lambda work: registration.add_qualification(work, firm.agency_id, term))
    return row.id if row is not None else None


def _judged(stage: Stage, clerk: Player, qualification_id: int, others: Sequence[ItemJudged]) -> None:
    named = {one.key for one in others}
    passed = [ItemJudged(key, ItemVerdict.PASSED) for key in rules.ITEMS if key not in named]
    deed = partial(changes.judge_change, qualification_id=qualification_id, verdicts=[*passed, *others])
    stage.attempt(clerk.actor, deed)


def _waits(stage: Stage, firm: Firm, _clerk: Player, term: AddQualification) -> None:
    _handed_in(stage, firm, term)


def _to_correct(stage: Stage, firm: Firm, clerk: Player, term: AddQualification) -> None:
    row_id = _handed_in(stage, firm, term)
    if row_id is not None:
        _judged(stage, clerk, row_id, [ItemJudged(key, ItemVerdict.TO_CORRECT, said) for key, said in WRONG.items()])
        stage.attempt(clerk.actor, partial(changes.send_change_back, qualification_id=row_id))


def _with_a_gap(stage: Stage, firm: Firm, clerk: Player, term: AddQualification) -> None:
    row_id = _handed_in(stage, firm, term)
    if row_id is not None:
        promised = beijing_day(stage.end) + timedelta(days=10)
        _judged(stage, clerk, row_id, [ItemJudged(GAP, ItemVerdict.PROMISED, promised_on=promised)])
        stage.attempt(clerk.actor, partial(changes.accept_change_with_gaps, qualification_id=row_id))


def _by_window(stage: Stage, firm: Firm, clerk: Player, term: AddQualification) -> None:
    """Let the firm come to the window, confirm by code what is filed for it, and have it filed there."""
    came = Receive(firm.player.name, "演示来访人", PURPOSE)
    visit = stage.act(clerk.actor, partial(window.receive, command=came))
    until = beijing_day(stage.end) + timedelta(days=14)
    wanted = RecordConsent(ConsentKind.CODE, "", PURPOSE, until, (Matter.QUALIFICATION,))
    consent = stage.act(clerk.actor, partial(window.record_consent, visit_id=visit.id, command=wanted))
    typed = TypeCode(window.code_of(consent))
    stage.act(firm.player.actor, partial(window.confirm, consent_id=consent.id, command=typed))
    stage.attempt(clerk.actor, partial(filing.register, visit_id=visit.id, command=term))
