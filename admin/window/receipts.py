"""The receipt of what a window filed: what it was, when, by which window, what happens next. Papers are Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from accounts.models import Organisation
from admin.window import queries
from admin.window.lifecycle import Matter
from admin.window.models import Consent, Filing, Visit
from agencies.catalogue.queries import item_by_code
from agencies.fees.models import PostedPrice
from agencies.registration.models import Qualification
from core.clock import beijing_day
from marketplace.complaints.models import Complaint
from marketplace.contracts.models import Contract
from marketplace.needs.models import Need, Question
from marketplace.selection.letters import HOUSE, day, moment

NAMES: Final = {
    Matter.NEED: "发布采购公告", Matter.QUESTION: "提问或者答复提问", Matter.COMPLAINT: "提交投诉",
    Matter.RECEIPT: "验收成果", Matter.QUALIFICATION: "登记资质", Matter.REGISTRATION: "提交入驻材料",
    Matter.PRICE: "公示价格",
}  # fmt: skip
AFTER: Final = {
    Matter.QUESTION: "接下来：提问和答复对所有人公开，公告页随时可以看。",
    Matter.RECEIPT: "接下来：由贵单位登记结算；双方可以在期限内互相评价，评价由贵单位自己填写。",
    Matter.REGISTRATION: "接下来：运营机构在规定的工作日内核对材料，需要补正的一次性告知，逾期未告知视为受理。",
    Matter.PRICE: "接下来：价格从生效日起公示，贵单位的报价不得高于公示价格。",
}


def written(session: Session, visit: Visit, consent: Consent, at: datetime) -> dict[str, Any]:
    """Write the receipt: what was filed, when, by which window, what happens next. No person is named."""
    buyer = session.get_one(Organisation, visit.org_id)
    window = session.get_one(Organisation, visit.window_org_id)
    filed = queries.filings_of(session, visit.id)
    lines = [line for one in filed for line in _filed(session, one)]
    lines += [
        ["委托单位", f"{buyer.name}　{buyer.credit_code or ''}"],
        ["代办窗口", window.name],
        ["代办时间", moment(at)],
    ]
    return {
        "title": "窗口代办回执",
        "number": f"DGC-{beijing_day(visit.opened_at).year}-{visit.id:06d}",
        "to": buyer.name,
        "from": f"{HOUSE}　{window.name}",
        "dated": day(at),
        "paragraphs": [
            "本窗口按贵单位的授权，代为办理了下列事项。",
            *(_next(session, one) for one in filed),
            _rest(queries.left_of(session, consent)),
        ],
        "lines": lines,
        "public": lines,
    }


def _filed(session: Session, one: Filing) -> list[list[str]]:
    """Return what a receipt says of one filing."""
    if one.price_id is not None:
        price = session.get_one(PostedPrice, one.price_id)
        return [["代办事项", "公示价格"], ["服务事项", item_by_code(session, price.item_code).name]]
    if one.matter is Matter.REGISTRATION:
        return [["代办事项", "提交入驻材料"]]
    if one.qualification_id is not None:
        row = session.get_one(Qualification, one.qualification_id)
        return [["代办事项", "登记资质"], ["证书编号", row.number], ["发证机关", row.issued_by]]
    return _filed_of_notice(session, one, session.get_one(Need, one.need_id))


def _filed_of_notice(session: Session, one: Filing, need: Need) -> list[list[str]]:
    """Return what a receipt says of a filing about a notice."""
    notice = ["关于公告", need.number or ""]
    if one.question_id is not None:
        own = session.get_one(Question, one.question_id).org_id == queries.visit_by_id(session, one.visit_id).org_id
        return [["代办事项", "公开提问" if own else "答复提问"], notice]
    if one.contract_id is not None:
        return [["代办事项", "验收成果"], ["合同编号", session.get_one(Contract, one.contract_id).number], notice]
    if one.complaint_id is not None:
        complaint = session.get_one(Complaint, one.complaint_id)
        return [["代办事项", "提交投诉"], ["投诉编号", complaint.number or ""], notice]
    item = item_by_code(session, need.item_code).name
    head = [["代办事项", "发布采购公告"], ["公告编号", need.number or ""]]
    return [*head, ["项目", need.title], ["服务事项", item]]


def _next(session: Session, one: Filing) -> str:
    """Say what happens after one filing."""
    if one.matter in AFTER:
        return AFTER[one.matter]
    if one.qualification_id is not None:
        review_by = session.get_one(Qualification, one.qualification_id).review_by
        until = f"最晚{moment(review_by)}" if review_by is not None else "随入驻材料"
        return f"接下来：运营机构{until}核对资质，逾期未告知视为通过。"
    if one.complaint_id is not None:
        judged = moment(session.get_one(Complaint, one.complaint_id).judge_by)
        return f"接下来：受理机关最晚{judged}决定是否受理，逾期视为受理；贵单位登录后可以看进度，也可以撤回。"
    need = session.get_one(Need, one.need_id)
    closes = moment(need.closes_at) if need.closes_at is not None else ""
    return (
        f"接下来：报价至{closes}截止，届时全部报价同时开启，由贵单位按公告的办法选定机构。"
        "贵单位登录后在工作台可以看到这份公告，选定前可以撤回。"
    )


def _rest(left: Sequence[Matter]) -> str:
    if not left:
        return "本次授权已经用完，再次代办须重新授权。"
    return f"本次授权还可以代办：{'、'.join(NAMES[one] for one in left)}。"
