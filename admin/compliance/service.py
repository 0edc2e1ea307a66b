"""Work a month's bulletin out and issue it, which is an act of the price regulator with its own leaf."""

from __future__ import annotations

from typing import Any, Final

from accounts.wording import town_names
from admin.compliance import queries
from admin.compliance.permissions import POLICY
from admin.compliance.rules import Month
from agencies.catalogue.wording import item_names
from agencies.fees.queries import agency_names
from agencies.fees.wording import KINDS
from core import papers
from core.clock import beijing_day
from core.errors import Conflict
from core.money import Money
from core.papers import IssuedPaper
from core.work import Work

FROM: Final = "东莞市投资建设审批中介服务网上超市 · 价格监管"
GROUPS: Final = {"town": "镇街", "item": "服务事项", "agency": "机构"}
HEADERS: Final = ("分组", "名称", "合同数", "发现数", "认定成立", "涉及金额（元）", "已退还（元）")


def figures(work: Work, month: Month) -> dict[str, Any]:
    """Return a month's figures as plain JSON values: totals, rows by kind, rows by town, item and agency.

    Amounts are in fen. A finding belongs to the month it was opened in; no person is named, small counts stand as
    they are.
    """
    found = {group: _rows(work, month, group) for group in GROUPS}
    by_kind: dict[str, list[int]] = {}
    for _key, kind, count, upheld, at_stake, returned in queries.findings_by(work.session, month, "town"):
        sums = by_kind.setdefault(kind, [0, 0, 0, 0])
        by_kind[kind] = [had + more for had, more in zip(sums, (count, upheld, at_stake, returned), strict=True)]
    totals = [sum(row[at] for row in by_kind.values()) for at in range(4)]
    return {
        "month": month.text,
        "contracts": sum(row["contracts"] for row in found["town"]),
        **dict(zip(("findings", "upheld", "stake_fen", "returned_fen"), totals, strict=True)),
        "kinds": [
            {"kind": str(kind), "findings": row[0], "upheld": row[1], "stake_fen": row[2], "returned_fen": row[3]}
            for kind in KINDS
            if (row := by_kind.get(str(kind))) is not None
        ],
        "groups": found,
    }


def issue(work: Work, month: Month) -> IssuedPaper:
    """Issue a month's bulletin; the same figures again give the paper already issued.

    Raises Forbidden, Conflict("bulletin-month-running") before the month is over.
    """
    work.require(POLICY, "bulletin:issue")
    now = work.clock.now()
    if now < month.until:
        raise Conflict("bulletin-month-running", month=month.text)
    former = papers.latest(work.session, queries.PAPER, month.key)
    found = figures(work, month)
    if former is not None and former.data.get("figures") == found:
        return former
    paper = papers.issue(work, queries.PAPER, month.key, "notice", printed(month, found, dated=_day(work)))
    again = former is not None
    work.record(paper, "fee_bulletin.issued", month=month.text, sha256=paper.sha256, again=again)
    return paper


def printed(month: Month, found: dict[str, Any], *, dated: str) -> dict[str, Any]:
    """Write a bulletin as a paper: the totals, then one table. Papers are Chinese and not translated."""
    lines = [
        ["月份", f"{month.year}年{month.month}月"],
        ["签订合同", f"{found['contracts']} 份"],
        ["发现", f"{found['findings']} 件"],
        ["认定成立", f"{found['upheld']} 件"],
        ["涉及金额", f"{Money(found['stake_fen'])} 元"],
        ["已退还", f"{Money(found['returned_fen'])} 元"],
        *(
            [str(KINDS_PRINTED[row["kind"]]), f"{row['findings']} 件，成立 {row['upheld']} 件"]
            for row in found["kinds"]
        ),
    ]
    return {
        "title": "价格监管月报",
        "number": month.text,
        "from": FROM,
        "dated": dated,
        "lines": lines,
        "headers": list(HEADERS),
        "rows": table(found),
        "paragraphs": ["发现以立项当月计；“不同寻常”只是与同类合同相比，不说明有错。复核改变认定的按复核计。"],
        "public": lines,
        "figures": found,
    }


def table(found: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a bulletin by town, item and agency, as text under HEADERS."""
    return [
        [GROUPS[group], row["name"], str(row["contracts"]), str(row["findings"]), str(row["upheld"]),
         str(Money(row["stake_fen"])), str(Money(row["returned_fen"]))]
        for group in GROUPS
        for row in found["groups"][group]
    ]  # fmt: skip


KINDS_PRINTED: Final = {
    "above_cap_attempt": "报价高于法定上限",
    "above_posted": "报价高于自己公示的收费",
    "contract_above_quote": "合同金额高于报价",
    "settlement_above_contract": "结算金额高于合同",
    "zero_charge": "不向业主收费的事项收了费",
    "unknown_extra": "结算里有没公示的收费项目",
    "fee_split": "同一双方的合同疑似拆分",
    "unusual_price": "价格不同寻常",
    "abnormally_low": "报价异常低，要说明成本",
}


def _rows(work: Work, month: Month, group: str) -> list[dict[str, Any]]:
    signed = queries.signed_by(work.session, month, group)
    sums: dict[Any, list[int]] = {key: [0, 0, 0, 0] for key in signed}
    kinds: dict[Any, dict[str, int]] = {}
    for key, kind, *figures_of in queries.findings_by(work.session, month, group):
        sums[key] = [had + more for had, more in zip(sums.get(key, [0] * 4), figures_of, strict=True)]
        kinds.setdefault(key, {})[kind] = figures_of[0]
    names = _names(work, group, list(sums))
    rows = [
        {"code": str(key), "name": names.get(key, str(key)), "contracts": signed.get(key, 0), "findings": row[0],
         "upheld": row[1], "stake_fen": row[2], "returned_fen": row[3], "kinds": kinds.get(key, {})}
        for key, row in sums.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["stake_fen"], -row["contracts"], row["code"]))


def _names(work: Work, group: str, keys: list[Any]) -> dict[Any, str]:
    if group == "town":
        return {str(code): str(name) for code, name in town_names().items()}
    if group == "item":
        return {str(code): str(name) for code, name in item_names().items()}
    return dict(agency_names(work.session, keys))


def _day(work: Work) -> str:
    day = beijing_day(work.clock.now())
    return f"{day.year}年{day.month}月{day.day}日"
