"""What an award says on paper: letters to the winner and to the others, and the public notice, as data for core.papers.

Papers are Chinese documents and are not translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from agencies.catalogue.queries import item_by_code
from agencies.registration.models import Agency
from core import papers
from core.clock import beijing
from core.i18n import force_locale
from core.money import Money, capitals
from core.work import Work
from marketplace.needs.models import Need
from marketplace.quotes.models import Quote
from marketplace.selection.models import Award, Selection
from marketplace.selection.wording import fault_sentence, why_not_sentence

HOUSE: Final = "东莞市投资建设审批中介服务网上超市"
LETTER: Final = "award_letter"
NOTICE: Final = "award_notice"
RESULT: Final = "award_result"
NEXT_IN_RANK: Final = "原中选机构放弃，按排名递补"
METHODS: Final = {
    "direct": "直接选取", "lowest": "最低价", "merit": "方案择优", "mean": "均价", "best-price": "最优价",
    "random": "随机抽取", "credit": "信用择优", "rounds": "多轮竞价", "framework": "框架协议入围",
    "call-pick": "框架内直接选定", "call-turn": "框架内顺序轮候", "call-low": "框架内二次竞价",
    "call-merit": "框架内二次比选",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """The names a paper speaks of: the agency, the enterprise, the service item."""

    agency: str
    buyer: str
    item: str


def agencies_of(session: Session, need_id: int) -> Sequence[Agency]:
    """Return the agencies that quoted for a need."""
    query = select(Agency).where(Agency.id.in_(select(Quote.agency_id).where(Quote.need_id == need_id)))
    return session.scalars(query.order_by(Agency.id)).all()


def issue_notice(work: Work, award: Award, need: Need, agency: Agency, selection: Selection) -> None:
    """Issue the public notice of one award, when its publicity begins, and a letter to every bidder not chosen."""
    names = _names(work, need, agency)
    papers.issue(work, NOTICE, award.id, "notice", notice(award, need, names, selection))
    notes = {loser["quote_id"]: loser["note"] for loser in award.losers}
    with force_locale("zh_Hans_CN"):  # papers are Chinese, whoever's act issues them
        for line in (selection.protocol or {}).get("lines", []):
            if line["quote_id"] in notes:
                told = result(award, need, names, line, notes[line["quote_id"]])
                papers.issue(work, RESULT, line["quote_id"], "letter", told)


def issue_letter(work: Work, award: Award, need: Need) -> None:
    """Issue the letter to the winner of an award that has become final."""
    agency = work.session.get_one(Agency, award.agency_id)
    papers.issue(work, LETTER, award.id, "letter", letter(award, need, _names(work, need, agency)))


def _names(work: Work, need: Need, agency: Agency) -> Names:
    buyer = work.session.get_one(Organisation, need.org_id).name
    return Names(agency.name, buyer, item_by_code(work.session, need.item_code).name)


def letter(award: Award, need: Need, names: Names) -> dict[str, Any]:
    """Write the letter to the winner (中选通知书)."""
    lines = [*_facts(award, need, names), ["签订合同", f"{day(award.sign_by)}前"]]
    return {
        "title": "中选通知书",
        "number": award.number,
        "to": names.agency,
        "from": HOUSE,
        "dated": day(award.confirmed_at or award.awarded_at),
        "paragraphs": [
            f"贵单位在公告 {need.number}“{need.title}”中被选定为服务机构。",
            f"中选金额为人民币{capitals(award.amount)}。",
            f"中选结果已公示至{moment(award.publicity_until)}。",
            f"贵单位应当在{day(award.sign_by)}前与{names.buyer}签订合同；不能承接的，在平台说明理由。",
        ],
        "lines": lines,
        "public": [["中选机构", names.agency], *lines],
    }


def result(award: Award, need: Need, names: Names, line: Mapping[str, Any], note: str) -> dict[str, Any]:
    """Write the letter to a bidder who was not chosen: its place, why, and until when it may object.

    line: the bidder's line of the protocol. What the enterprise wrote to this bidder alone stays out of what the public
    may see.
    """
    place = f"第 {line['rank']} 名" if line["rank"] else "不计入排名"
    faults = [fault_sentence(fault["code"], fault["facts"]) for fault in line["faults"]]
    why = "；".join(faults) or why_not_sentence(line["why_not"])
    paragraphs = [
        f"贵单位在公告 {need.number}“{need.title}”中的报价没有中选，名次：{place}。",
        f"原因：{why}。",
        f"选取结果公示至{moment(award.publicity_until)}，对结果有异议的，在公示期内提出。",
    ]
    if note:
        paragraphs.insert(2, f"项目业主的说明：{note}")
    lines = [
        ["公告编号", need.number or ""], ["项目", need.title], ["服务事项", names.item], ["项目业主", names.buyer],
        ["贵单位报价", f"{Money(line['amount_fen'])} 元"], ["总分", line["total"] or "—"], ["名次", place],
        ["未中选原因", why],
    ]  # fmt: skip
    return {
        "title": "选取结果告知书",
        "number": award.number,
        "to": line["agency"],
        "from": HOUSE,
        "dated": day(award.awarded_at),
        "paragraphs": paragraphs,
        "lines": lines,
        "public": [["报价机构", line["agency"]], *lines],
    }


def notice(award: Award, need: Need, names: Names, selection: Selection) -> dict[str, Any]:
    """Write the public notice (中选公告) with every quote and its place."""
    told = (selection.protocol or {}).get("lines", [])
    rows = [
        [line["agency"], str(Money(line["amount_fen"])), line["total"] or "—", str(line["rank"] or "不计入")]
        for line in told
    ]
    lines = [*_facts(award, need, names), ["选取方式", METHODS[selection.method]], ["中选机构", names.agency]]
    if award.reason:
        lines.append(["选定理由", award.reason])
    return {
        "title": "中选公告",
        "number": award.number,
        "from": HOUSE,
        "dated": day(award.awarded_at),
        "lines": lines,
        "headers": ["报价机构", "报价（元）", "总分", "名次"],
        "rows": rows,
        "paragraphs": [f"公示期至{moment(award.publicity_until)}，对结果有异议的，在公示期内提出。"],
        "public": lines,
    }


def _facts(award: Award, need: Need, names: Names) -> list[list[str]]:
    return [
        ["公告编号", need.number or ""],
        ["项目", need.title],
        ["服务事项", names.item],
        ["项目业主", names.buyer],
        ["中选金额", f"{award.amount} 元（{capitals(award.amount)}）"],
    ]


def day(instant: datetime) -> str:
    """Write a day as papers do: 2026年3月18日."""
    local = beijing(instant)
    return f"{local.year}年{local.month}月{local.day}日"


def moment(instant: datetime) -> str:
    """Write a moment as papers do: 2026年3月18日 17:00."""
    return f"{day(instant)} {beijing(instant):%H:%M}"
