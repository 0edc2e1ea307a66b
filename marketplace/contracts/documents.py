"""The contract as text and as paper: the model clauses filled in, their fingerprint, and the paper issued when signed.

Papers are Chinese documents and are not translated.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from accounts.models import Organisation
from agencies.catalogue.queries import item_by_code
from core import papers
from core.money import capitals
from core.work import Work
from marketplace.contracts import clauses
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import DayKind, last_day
from marketplace.needs.models import Need
from marketplace.selection.letters import moment

CONTRACT_PAPER: Final = "contract"
DAY_WORDS: Final = {DayKind.WORKING: "工作日", DayKind.CALENDAR: "日历日"}


def write_text(session: Session, contract: Contract, need: Need) -> None:
    """Fill the model contract with the facts of this deal and fingerprint it."""
    facts = {
        "project": need.project_name or need.title,
        "item": item_by_code(session, need.item_code).name,
        "need_number": need.number or "",
        "scale": need.scale or "见公告",
        "amount": str(contract.amount),
        "capitals": capitals(contract.amount),
        "days": str(contract.days),
        "day_kind": DAY_WORDS[contract.day_kind],
    }
    contract.text = clauses.as_text(clauses.draft(need.item_code, facts))
    contract.model_version = clauses.version()
    contract.content_hash = papers.fingerprint(
        {
            "number": contract.number,
            "text": contract.text,
            "amount_fen": contract.amount.fen,
            "enterprise": contract.enterprise_org_id,
            "agency": contract.agency_org_id,
        }
    )


def issue_contract(work: Work, contract: Contract) -> papers.IssuedPaper:
    """Issue the signed contract as a paper."""
    return papers.issue(work, CONTRACT_PAPER, contract.id, "contract", paper_data(work.session, contract))


def paper_data(session: Session, contract: Contract) -> dict[str, Any]:
    """Return what the contract's paper says; a draft has empty places for the signatures."""
    buyer = session.get_one(Organisation, contract.enterprise_org_id)
    seller = session.get_one(Organisation, contract.agency_org_id)
    lines = [
        ["甲方（项目业主）", f"{buyer.name}　{buyer.credit_code or ''}"],
        ["乙方（中介机构）", f"{seller.name}　{seller.credit_code or ''}"],
        ["合同金额", f"{contract.amount} 元（大写：{capitals(contract.amount)}）"],
        ["服务期限", _limit(contract)],
        ["文本指纹", contract.content_hash],
    ]
    signatures = [
        [f"甲方：{buyer.name}", _signed(contract.enterprise_signed_at)],
        [f"乙方：{seller.name}", _signed(contract.agency_signed_at)],
    ]
    return {
        "title": "中介服务合同",
        "number": contract.number,
        "lines": lines,
        "signatures": signatures,
        "clauses": [
            {"heading": clause.heading, "paragraphs": list(clause.paragraphs)}
            for clause in clauses.from_text(contract.text)
        ],
        "public": [lines[0], lines[1], lines[2], lines[4]],
    }


def _limit(contract: Contract) -> str:
    limit = f"{contract.days} 个{DAY_WORDS[contract.day_kind]}"
    if contract.agreed_due_at is None:
        return limit
    end = last_day(contract.agreed_due_at)
    return f"{limit}（最晚 {end.year}年{end.month}月{end.day}日）"


def _signed(at: Any) -> str:
    return "（未签署）" if at is None else f"已于{moment(at)}在平台签署"
