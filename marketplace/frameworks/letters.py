"""What a panel says on paper: the public notice of who is in, and each member's letter once it is in force.

Papers are Chinese documents and are not translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.models import Organisation
from agencies.catalogue.queries import item_by_code
from core import papers
from core.i18n import force_locale
from core.work import Work
from marketplace.frameworks import queries, wording
from marketplace.frameworks.models import Framework
from marketplace.frameworks.queries import Member
from marketplace.needs.models import Need
from marketplace.selection.letters import HOUSE, day, moment

NOTICE: Final = "framework_notice"
LETTER: Final = "framework_letter"


def issue_notice(work: Work, row: Framework, need: Need, until: datetime) -> None:
    """Issue the notice of a panel (入围公告), when its publicity begins. until: when that ends."""
    with force_locale("zh_Hans_CN"):  # papers are Chinese, whoever's act issues them
        told = notice(row, _facts(work, row, need), queries.members(work.session, row.id), until)
        papers.issue(work, NOTICE, row.id, "notice", told)


def issue_letters(work: Work, row: Framework, need: Need, term: tuple[datetime, datetime]) -> None:
    """Issue a letter (入围通知书) to every member of a panel that has come into force for its term."""
    with force_locale("zh_Hans_CN"):
        facts = _facts(work, row, need)
        for one in queries.members(work.session, row.id):
            if one.row.left_at is None:
                papers.issue(work, LETTER, one.row.id, "letter", letter(row, need, facts, one, term))


def notice(row: Framework, facts: list[list[str]], members: Sequence[Member], until: datetime) -> dict[str, Any]:
    """Write the public notice of a panel with every member, its place and its price."""
    return {
        "title": "框架协议入围公告",
        "number": facts[0][1],
        "from": HOUSE,
        "dated": day(members[0].row.admitted_at) if members else "",
        "lines": facts,
        "headers": ["名次", "入围机构", "框架价"],
        "rows": [[str(one.row.place), one.name, wording.price(one.row, row.unit)] for one in members],
        "paragraphs": [f"公示期至{moment(until)}，对结果有异议的，在公示期内提出。"],
        "public": facts,
    }


def letter(
    row: Framework, need: Need, facts: list[list[str]], one: Member, term: tuple[datetime, datetime]
) -> dict[str, Any]:  # fmt: skip
    """Write a member's letter: its place, its price, the term, which ends at a midnight, and how it is called."""
    since, last = day(term[0]), day(term[1] - timedelta(seconds=1))
    lines = [*facts, ["生效", since], ["期满", last], ["名次", str(one.row.place)],
             ["框架价", wording.price(one.row, row.unit)]]  # fmt: skip
    return {
        "title": "框架协议入围通知书",
        "number": f"{need.number}-R{one.row.place}",
        "to": one.name,
        "from": HOUSE,
        "dated": since,
        "paragraphs": [
            f"贵单位在公告 {need.number}“{row.title}”中入围，名次第 {one.row.place} 名。",
            f"框架协议自{since}起生效，至{last}期满。",
            f"协议期内业主按“{wording.WAYS[row.way]}”成交，每次成交价不高于贵单位的框架价，另行签订合同。",
            "不能承接的，在平台说明理由；要退出协议的，在平台办理。",
        ],
        "lines": lines,
        "public": [["入围机构", one.name], *lines],
    }


def _facts(work: Work, row: Framework, need: Need) -> list[list[str]]:
    """Return what both papers say of the agreement."""
    facts = [
        ["公告编号", need.number or ""],
        ["项目", row.title],
        ["服务事项", item_by_code(work.session, row.item_code).name],
        ["项目业主", work.session.get_one(Organisation, row.org_id).name],
        ["服务镇街", wording.towns(row)],
        ["协议期限", f"{row.months} 个月"],
        ["成交方式", str(wording.WAYS[row.way])],
    ]
    return [*facts, ["协议总额", f"{row.total} 元"]] if row.total is not None else facts
