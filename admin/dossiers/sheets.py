"""The papers a dossier adds: the notice, the settlement, the ratings, and the index with every file's hash.

Papers are Chinese documents and are not translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from accounts.models import Organisation
from agencies.catalogue.queries import item_by_code
from core.money import Money
from core.work import Work
from marketplace.contracts.models import Contract, Settlement
from marketplace.contracts.rules import LineKind
from marketplace.needs.models import Need
from marketplace.selection.letters import HOUSE, METHODS, moment
from ratings.models import Rating

NOTICE: Final = "dossier_notice"
SETTLEMENT: Final = "dossier_settlement"
RATINGS: Final = "dossier_ratings"
INDEX: Final = "dossier"
SIDES: Final = {"enterprise": "项目业主评中介机构", "agency": "中介机构评项目业主"}
LINES: Final = {
    LineKind.AGREED: "合同内服务", LineKind.EXTRA: "合同外增加", LineKind.REIMBURSED: "代垫费用",
    LineKind.DEDUCTION: "扣减",
}  # fmt: skip


def notice(work: Work, need: Need) -> dict[str, Any]:
    """Write the notice as it was published."""
    buyer = work.session.get_one(Organisation, need.org_id).name
    ceiling = "未设" if need.ceiling is None else f"{need.ceiling} 元"
    lines = [
        ["公告编号", need.number or ""], ["项目", need.title], ["项目业主", buyer],
        ["服务事项", item_by_code(work.session, need.item_code).name], ["项目规模", need.scale],
        ["资金性质", "财政资金" if need.fund == "fiscal" else "社会资金"], ["选取方式", METHODS[need.method]],
        ["最高限价", ceiling], ["服务时限", f"{need.time_limit_days} 天"],
        ["发布时间", "" if need.published_at is None else moment(need.published_at)],
        ["报价截止", "" if need.closes_at is None else moment(need.closes_at)],
    ]  # fmt: skip
    asked = [need.requirements] if need.requirements else []
    return _sheet("采购公告", need.number or "", lines, paragraphs=asked)


def settlement(contract: Contract, row: Settlement) -> dict[str, Any]:
    """Write the settlement with its lines."""
    rows = [
        [LINES[LineKind(one.get("kind", LineKind.AGREED))], one["name"], str(one.get("quantity", 1)),
         str(Money(one["amount_fen"]))]
        for one in row.lines
    ]  # fmt: skip
    lines = [
        ["合同", contract.number], ["合同金额", f"{contract.amount} 元"], ["结算合计", f"{row.paid} 元"],
        ["登记时间", moment(row.recorded_at)], ["与合同不同的理由", row.reason or "—"],
    ]  # fmt: skip
    return {
        **_sheet("结算单", f"{contract.number}-JS", lines),
        "headers": ["类别", "名目", "数量", "金额（元）"],
        "rows": rows,
    }


def ratings(contract: Contract, rows: Sequence[Rating]) -> dict[str, Any]:
    """Write the ratings that are public."""
    lines = [
        [SIDES[str(row.side)], f"{'、'.join(map(str, row.scores))}　{row.text or row.reason}".strip()] for row in rows
    ]
    return _sheet("双方评价", f"{contract.number}-PJ", lines)


def index(contract: Contract, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Write the index: every file of the dossier with its SHA-256."""
    lines = [["合同", contract.number], ["项目", contract.title], ["文件", f"{len(hashes)} 个"]]
    return {
        **_sheet("归档目录", f"{contract.number}-GD", lines),
        "headers": ["文件", "SHA-256"],
        "rows": [[name, grouped(digest)] for name, digest in sorted(hashes.items())],
    }


def grouped(digest: str) -> str:
    """Write a hash in groups of sixteen, so that it breaks on paper."""
    return " ".join(digest[start : start + 16] for start in range(0, len(digest), 16))


def _sheet(title: str, number: str, lines: list[list[str]], *, paragraphs: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "title": title, "number": number, "from": HOUSE, "dated": "", "lines": lines, "headers": [], "rows": [],
        "paragraphs": list(paragraphs), "public": lines[:3],
    }  # fmt: skip
