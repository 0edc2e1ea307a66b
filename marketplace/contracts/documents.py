"""The contract as text and as paper: the model clauses filled in, their fingerprint, and the paper issued when signed.

Papers are Chinese documents and are not translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from accounts.models import Organisation
from agencies.catalogue.queries import item_by_code
from core import papers
from core.clock import last_day
from core.money import capitals
from core.work import Work
from marketplace.contracts import clauses
from marketplace.contracts.lifecycle import AmendmentState
from marketplace.contracts.loading import ANSWER_DAYS
from marketplace.contracts.models import Amendment, Contract, Termination
from marketplace.contracts.rules import DayKind
from marketplace.contracts.turns import AmendmentKind, EndCause
from marketplace.needs.models import Need
from marketplace.needs.queries import frozen_rule
from marketplace.selection.letters import HOUSE, day, moment

CONTRACT_PAPER: Final = "contract"
AMENDMENT_PAPER: Final = "amendment"
TERMINATION_PAPER: Final = "termination"
KINDS: Final = {
    AmendmentKind.SCOPE_CHANGED: "服务范围调整",
    AmendmentKind.EXTENSION: "延长期限",
    AmendmentKind.PRICE: "调整价款",
    AmendmentKind.FORCE_MAJEURE: "不可抗力",
    AmendmentKind.DEPARTMENT_REQUIREMENT: "审批部门提出新要求",
    AmendmentKind.CORRECTION: "更正文字",
}
CAUSES: Final = {
    EndCause.AGREED: "双方协商一致",
    EndCause.ENTERPRISE_BREACH: "甲方违约",
    EndCause.AGENCY_BREACH: "乙方违约",
    EndCause.PROJECT_CANCELLED: "项目取消或者暂停实施",
    EndCause.FORCE_MAJEURE: "不可抗力",
    EndCause.QUALIFICATION_LOST: "乙方失去法定资质",
}
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
        **{key.replace("-", "_"): _answer_days(session, need, key) for key in ANSWER_DAYS},
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


def _answer_days(session: Session, need: Need, key: str) -> str:
    return str(frozen_rule(session, need, key, ANSWER_DAYS[key]))


def current_clauses(contract: Contract, amendments: Sequence[Amendment]) -> tuple[clauses.Clause, ...]:
    """Return the clauses as they hold now: as signed, then as each amendment in force has put them."""
    now = {clause.heading: clause for clause in clauses.from_text(contract.text)}
    for one in amendments:
        if one.state is AmendmentState.IN_FORCE and one.clause_heading in now:
            now[one.clause_heading] = clauses.Clause(one.clause_heading, tuple(one.clause_after.split("\n")))
    return tuple(now.values())


def issue_amendment(work: Work, contract: Contract, amendment: Amendment) -> papers.IssuedPaper:
    """Issue an amendment that both sides have signed as a numbered paper."""
    return papers.issue(
        work, AMENDMENT_PAPER, amendment.id, "contract", amendment_data(work.session, contract, amendment)
    )


def amendment_data(session: Session, contract: Contract, amendment: Amendment) -> dict[str, Any]:
    """Return what an amendment's paper says: before and after, the reason, both signatures."""
    buyer = session.get_one(Organisation, contract.enterprise_org_id)
    seller = session.get_one(Organisation, contract.agency_org_id)
    lines = [
        ["甲方（项目业主）", f"{buyer.name}　{buyer.credit_code or ''}"],
        ["乙方（中介机构）", f"{seller.name}　{seller.credit_code or ''}"],
        ["原合同", contract.number],
        ["变更事由", KINDS[amendment.kind]],
        ["合同金额", _change(f"{amendment.amount_before} 元", f"{amendment.amount_after} 元")],
        ["服务期限", _change(*(_days(contract, days) for days in (amendment.days_before, amendment.days_after)))],
        ["文本指纹", amendment.content_hash],
    ]
    parts = [("变更理由", amendment.reason)]
    if amendment.clause_heading:
        parts += [
            (f"{amendment.clause_heading}（变更前）", amendment.clause_before),
            (f"{amendment.clause_heading}（变更后）", amendment.clause_after),
        ]
    first, second = _signed(amendment.asked_at), _signed(amendment.signed_at)
    by_buyer = amendment.asked_by_org_id == contract.enterprise_org_id
    return {
        "title": "中介服务合同变更协议",
        "number": amendment.number,
        "lines": lines,
        "clauses": [{"heading": heading, "paragraphs": text.split("\n")} for heading, text in parts],
        "signatures": [
            [f"甲方：{buyer.name}", first if by_buyer else second],
            [f"乙方：{seller.name}", second if by_buyer else first],
        ],
        "public": lines,
    }


def issue_termination(work: Work, contract: Contract, termination: Termination) -> papers.IssuedPaper:
    """Issue the notice that ends a contract early."""
    session = work.session
    by = session.get_one(Organisation, termination.asked_by_org_id)
    to_buyer = termination.asked_by_org_id != contract.enterprise_org_id
    other = session.get_one(Organisation, contract.enterprise_org_id if to_buyer else contract.agency_org_id)
    lines = [
        ["合同", contract.number],
        ["终止事由", CAUSES[termination.cause]],
        ["已提交成果", f"{termination.versions} 版"],
        ["应付金额", f"{termination.payable} 元（大写：{capitals(termination.payable)}）"],
        ["对方陈述意见", f"{moment(termination.answer_by)}前"],
    ]
    data = {
        "title": "提前终止合同通知书",
        "number": f"{contract.number}-ZZ",
        "to": other.name,
        "from": f"{by.name}（经{HOUSE}送达）",
        "dated": day(termination.asked_at),
        "paragraphs": [termination.reason, *([termination.delivered] if termination.delivered else [])],
        "lines": lines,
        "public": lines,
    }
    return papers.issue(work, TERMINATION_PAPER, termination.id, "letter", data)


def contract_of_paper(session: Session, paper: papers.IssuedPaper) -> int | None:
    """Return the contract that an amendment's or an early end's paper belongs to."""
    row: Amendment | Termination | None = None
    if paper.kind == AMENDMENT_PAPER:
        row = session.get(Amendment, paper.object_id)
    elif paper.kind == TERMINATION_PAPER:
        row = session.get(Termination, paper.object_id)
    return None if row is None else row.contract_id


def _change(before: str, after: str) -> str:
    return f"{before}（不变）" if before == after else f"变更前 {before}，变更后 {after}"


def _days(contract: Contract, days: int) -> str:
    return f"{days} 个{DAY_WORDS[contract.day_kind]}"


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
