"""The dossier as one readable document: cover, contents, every part of the purchase, and its record with hashes.

A paper like the others: it is its data, and is drawn as PDF/A-2b. Papers are Chinese documents and are not translated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from admin.dossiers import queries, sheets
from agencies.registration.queries import agencies_by_ids
from core.access import SYSTEM
from core.audit import AuditLeaf
from core.db import Base
from core.money import Money
from core.work import Work
from marketplace.complaints.queries import public_of_need
from marketplace.contracts import clauses
from marketplace.contracts import queries as contracts
from marketplace.contracts.models import Contract
from marketplace.contracts.turns import Finding
from marketplace.needs.models import Need
from marketplace.needs.queries import amendments_of as need_amendments
from marketplace.needs.queries import questions_of
from marketplace.quotes.models import Quote
from marketplace.quotes.queries import earlier_versions, opened_quotes
from marketplace.selection.letters import HOUSE, METHODS, moment
from marketplace.selection.queries import awards_of, selection_of

BOOK: Final = "dossier_book"
TEMPLATE: Final = "book"
UNTOLD: Final = frozenset({"dossier.made"})
"""Leaves of the dossier's own making: with them it would never be the same twice."""
FINDINGS: Final = {Finding.ACCEPTED: "通过", Finding.RETURNED: "退回"}
STATES: Final[Mapping[str, str]] = {
    "opened": "已开启", "won": "中选", "lost": "未中选", "invalid": "无效", "declined": "放弃", "provisional": "公示中",
    "confirmed": "已确定", "suspended": "暂停签约", "annulled": "已撤销", "submitted": "待验收", "accepted": "已验收",
    "returned": "已退回", "asked": "等答复", "running": "暂停中", "refused": "不同意", "withdrawn": "已撤回",
    "ended": "已恢复", "proposed": "等答复", "in_force": "已生效", "lapsed": "逾期失效", "recorded": "等机构确认",
    "disputed": "机构有异议", "kept": "维持原结算", "answered": "已答复", "heard": "已听取双方", "upheld": "成立",
    "partly": "部分成立", "dismissed": "不成立", "appealed": "复核中", "overturned": "撤销", "notified": "已告知",
    "unanswered": "未陈述", "drafted": "待签署", "in_service": "服务中", "delivered": "待验收", "settled": "已结算",
    "terminated": "已终止",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """What a section is written from; with_wording: whether this reader gets the wording of texts."""

    work: Work
    contract: Contract
    need: Need
    with_wording: bool

    @property
    def session(self) -> Session:
        """The session the rows are read with."""
        return self.work.session


Section = dict[str, Any]


def book(work: Work, contract: Contract, *, with_wording: bool) -> dict[str, Any]:
    """Write the whole purchase as the data of one paper."""
    need = work.session.get_one(Need, contract.need_id)
    source = Source(work, contract, need, with_wording)
    buyer = work.session.get_one(Organisation, contract.enterprise_org_id).name
    seller = work.session.get_one(Organisation, contract.agency_org_id).name
    lines = [
        ["公告编号", need.number or ""], ["合同编号", contract.number], ["项目", contract.title], ["项目业主", buyer],
        ["中介机构", seller], ["合同金额", f"{contract.amount} 元"], ["现在的状态", _state(contract.state)],
    ]  # fmt: skip
    return {
        "title": "采购档案", "number": f"{contract.number}-DA", "from": HOUSE, "dated": "", "lines": lines,
        "public": lines[:3], "headers": [], "rows": [], "paragraphs": [],
        "sections": [write(source) for write in SECTIONS],
    }  # fmt: skip


def _section(
    title: str, *, lines: Iterable[Sequence[str]] = (), headers: Sequence[str] = (),
    rows: Iterable[Sequence[str]] = (), paragraphs: Iterable[str] = (), empty: str = "没有。",
) -> Section:  # fmt: skip
    found = {
        "title": title, "lines": [list(one) for one in lines], "headers": list(headers),
        "rows": [list(one) for one in rows], "paragraphs": list(paragraphs),
    }  # fmt: skip
    if not (found["lines"] or found["rows"] or found["paragraphs"]):
        found["paragraphs"] = [empty]
    if not found["rows"]:
        found["headers"] = []
    return found


def _state(state: Any) -> str:
    return STATES.get(str(state), str(state))


def _at(at: datetime | None) -> str:
    return "—" if at is None else moment(at)


def _hash(digest: str | None) -> str:
    return "—" if not digest else sheets.grouped(digest)


def _notice(source: Source) -> Section:
    sheet = sheets.notice(source.work, source.need)
    changed = [
        f"第 {row.number} 号更正（{moment(row.amended_at)}）：{row.reason}"
        for row in need_amendments(source.session, source.need.id)
    ]
    return _section("采购公告", lines=sheet["lines"], paragraphs=[*sheet["paragraphs"], *changed])


def _questions(source: Source) -> Section:
    rows = [
        [one.text, one.answer or "到报价截止没有答复", _at(one.asked_at), _at(one.answered_at)]
        for one in questions_of(source.session, source.need.id)
    ]
    return _section("提问与答复", headers=["提问", "答复", "提问时间", "答复时间"], rows=rows, empty="没有人提问。")


def _quotes(source: Source) -> Section:
    rows = [
        [one.agency_name, "—" if one.amount is None else str(one.amount), "—" if one.days is None else str(one.days),
         _at(one.received_at), _state(one.state), one.invalid_reason or ""]
        for one in opened_quotes(source.session, SYSTEM, source.need.id)
    ]  # fmt: skip
    sealed = [
        f"{one.agency_name} {moment(one.received_at)} 提交的版本已被替换，没有开启。密封承诺：{_hash(one.commitment)}"
        for one in earlier_versions(source.session, SYSTEM, source.need.id)
    ]
    headers = ["机构", "报价（元）", "天数", "收到", "结果", "说明"]
    return _section("开启后的报价", headers=headers, rows=rows, paragraphs=sealed)


def _protocol(source: Source) -> Section:
    found = selection_of(source.session, source.need.id)
    protocol = None if found is None else found.protocol
    if not protocol:
        return _section("选取记录", empty="没有选取记录。")
    rows = [
        [str(one["rank"] or "—"), one["agency"], str(Money(one["amount_fen"])), one["total"] or "—",
         "中选" if one["won"] else one["out"] or ""]
        for one in protocol["lines"]
    ]  # fmt: skip
    lines = [
        ["选取方式", METHODS[protocol["method"]]], ["规则版本", protocol["version"]],
        ["决定时间", moment(datetime.fromisoformat(protocol["decided_at"]))], ["理由", protocol["reason"] or "—"],
        ["抽签承诺", _hash(str(protocol["draw"].get("commitment", "")))],
    ]  # fmt: skip
    return _section("选取记录", lines=lines, headers=["名次", "机构", "报价（元）", "总分", "结果"], rows=rows)


def _award(source: Source) -> Section:
    awards = awards_of(source.session, source.need.id)
    names = {one.id: one.name for one in agencies_by_ids(source.session, [row.agency_id for row in awards])}
    rows = [
        [row.number, names.get(row.agency_id, ""), str(row.amount), _state(row.state), _at(row.awarded_at),
         _at(row.publicity_until)]
        for row in awards
    ]  # fmt: skip
    return _section("中选", headers=["编号", "机构", "金额（元）", "状态", "公告", "公示到"], rows=rows)


def _contract(source: Source) -> Section:
    row = source.contract
    lines = [
        ["合同编号", row.number], ["合同金额", f"{row.amount} 元"], ["服务期限", f"{row.days} 天"],
        ["双方签署", _at(row.starts_at)], ["到期", _at(row.due_at)], ["文本指纹", _hash(row.content_hash)],
    ]  # fmt: skip
    text = [
        f"{clause.heading}　{'　'.join(clause.paragraphs)}" for clause in clauses.from_text(row.text)
    ] if source.with_wording else ["合同全文只给合同双方。"]  # fmt: skip
    return _section("合同", lines=lines, paragraphs=text)


def _turns(source: Source) -> Section:
    session, contract = source.session, source.contract
    rows = [
        [one.number, str(one.kind), f"{one.amount_before} → {one.amount_after}",
         f"{one.days_before} → {one.days_after}", _state(one.state)]
        for one in contracts.amendments_of(session, contract.id)
    ]  # fmt: skip
    told = [
        f"第 {one.no} 次暂停：{_at(one.running_at)} 至 {_at(one.ended_at)}，{_state(one.state)}。"
        for one in contracts.pauses_of(session, contract.id)
    ]
    end = contracts.termination_of(session, contract.id)
    if end is not None:
        told.append(f"提前终止：{moment(end.asked_at)}，应付 {end.payable} 元，{_state(end.state)}。")
    headers = ["编号", "事由", "金额（元）", "天数", "状态"]
    return _section("合同变更、暂停和终止", headers=headers, rows=rows, paragraphs=told)


def _deliveries(source: Source) -> Section:
    session, contract = source.session, source.contract
    rows = [
        [str(one.no), _at(one.submitted_at), _at(one.decided_at), _state(one.state), _hash(one.sha256)]
        for one in sorted(contracts.deliverables_of(session, contract.id), key=lambda one: one.no)
    ]
    found = [
        f"审批部门第 {one.no} 次审查（{one.decided_on.isoformat()}）：{FINDINGS[one.finding]}"
        for one in contracts.outcomes_of(session, contract.id)
    ]
    headers = ["版次", "提交", "处理", "结果", "SHA-256"]
    return _section("成果与验收", headers=headers, rows=rows, paragraphs=found)


def _settlement(source: Source) -> Section:
    row = contracts.settlement_of(source.session, source.contract.id)
    if row is None:
        return _section("结算", empty="没有登记结算。")
    sheet = sheets.settlement(source.contract, row)
    words = [f"机构的异议：{row.objection}"] if row.objection and source.with_wording else []
    words += [f"维持原结算的理由：{row.kept_reason}"] if row.kept_reason and source.with_wording else []
    lines = [*sheet["lines"], ["机构的答复", _state(row.state)]]
    return _section("结算", lines=lines, headers=sheet["headers"], rows=sheet["rows"], paragraphs=words)


def _complaints(source: Source) -> Section:
    rows = [
        [one.number or "", str(one.aspect), _at(one.accepted_at), _state(one.state), _at(one.decided_at)]
        for one in public_of_need(source.session, source.need.id)
    ]
    headers = ["编号", "方面", "受理", "状态", "决定"]
    return _section("投诉和异议", headers=headers, rows=rows, empty="没有受理的投诉。")


def _ratings(source: Source) -> Section:
    rated = queries.ratings_of(source.session, source.contract.id)
    return _section("双方评价", lines=sheets.ratings(source.contract, rated)["lines"], empty="没有公开的评价。")


def _record(source: Source) -> Section:
    rows = [
        [str(leaf.seq), _at(leaf.at), leaf.verb, leaf.state_to or "—", _hash(leaf.leaf_hash)]
        for leaf in leaves_of(source.session, source.contract)
    ]
    return _section("事件记录", headers=["存证号", "时间", "事件", "到", "SHA-256"], rows=rows)


SECTIONS: Final[tuple[Callable[[Source], Section], ...]] = (
    _notice, _questions, _quotes, _protocol, _award, _contract, _turns, _deliveries, _settlement, _complaints,
    _ratings, _record,
)  # fmt: skip


def leaves_of(session: Session, contract: Contract) -> Sequence[AuditLeaf]:
    """Return the leaves of everything a purchase consists of, in the order of the record."""
    found = selection_of(session, contract.need_id)
    rows: list[Base] = [
        session.get_one(Need, contract.need_id), contract, *questions_of(session, contract.need_id),
        *([] if found is None else [found]), *awards_of(session, contract.need_id),
        *session.scalars(select(Quote).where(Quote.need_id == contract.need_id)),
        *contracts.deliverables_of(session, contract.id), *contracts.pauses_of(session, contract.id),
        *contracts.amendments_of(session, contract.id), *public_of_need(session, contract.need_id),
        *queries.ratings_of(session, contract.id),
    ]  # fmt: skip
    for one in (contracts.termination_of(session, contract.id), contracts.settlement_of(session, contract.id)):
        rows += [] if one is None else [one]
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.__tablename__, []).append(row.id)  # type: ignore[attr-defined]  # every table here has an id
    of_these = or_(*(and_(AuditLeaf.kind == kind, AuditLeaf.object_id.in_(found)) for kind, found in ids.items()))
    query = select(AuditLeaf).where(of_these, AuditLeaf.verb.not_in(UNTOLD))
    return session.scalars(query.order_by(AuditLeaf.seq)).all()
