"""Reads of batch audits, and of the contracts stored here as rows of one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session

from admin.audits.models import FeeAudit, FeeAuditPart
from admin.audits.packing import unpack
from admin.audits.permissions import is_auditor
from agencies.catalogue.models import ServiceItem
from core.access import Actor
from core.clock import beijing_day
from core.errors import NotFound
from core.paging import Page, newest
from marketplace.contracts.lifecycle import ContractState
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import visible_contracts
from marketplace.needs.models import Need

CONTRACT_HEADINGS: Final = ("合同编号", "公告编号", "项目", "事项", "收费标准", "日期", "资金性质", "收费", "计费录入")
CONTRACT_PAGE: Final = 500


def visible_audits(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is the twin of ``fee_audit:read``."""
    if actor.is_system:
        return true()
    return FeeAudit.org_id == actor.org_id if is_auditor(actor, None) and actor.org_id is not None else false()


def audit_by_id(session: Session, audit_id: int) -> FeeAudit:
    """Return one audit. Raises NotFound."""
    row = session.get(FeeAudit, audit_id)
    if row is None:
        raise NotFound("fee-audit-not-found", id=audit_id)
    return row


def audits_page(session: Session, actor: Actor, *, after: int | None, limit: int | None = None) -> Page[FeeAudit]:
    """Return the audits this reader may see, newest first."""
    query = select(FeeAudit).where(visible_audits(actor))
    return newest(session, query, FeeAudit.id, after=after, limit=limit)


def part(session: Session, audit_id: int, no: int) -> FeeAuditPart | None:
    """Return one part of an audit's rows."""
    wanted = select(FeeAuditPart).where(FeeAuditPart.audit_id == audit_id, FeeAuditPart.no == no)
    return session.scalars(wanted).one_or_none()


def rows_with_verdicts(session: Session, audit_id: int, *, after: int = -1) -> Iterator[tuple[list[str], list[Any]]]:
    """Yield every row done, with its verdict as stored, part by part."""
    while True:
        wanted = select(FeeAuditPart).where(FeeAuditPart.audit_id == audit_id, FeeAuditPart.no > after)
        row = session.scalars(wanted.order_by(FeeAuditPart.no).limit(1)).one_or_none()
        if row is None or row.found is None:
            return
        yield from zip(unpack(row.given), unpack(row.found), strict=True)
        after = row.no
        session.expunge(row)


def schedule_names(session: Session) -> dict[str, str]:
    """Return the first schedule's document of every catalogue item, by the item's code and by its name."""
    found: dict[str, str] = {}
    for item in session.scalars(select(ServiceItem)):
        if item.schedules:
            found[item.code] = found[item.name] = str(item.schedules[0])
    return found


def contract_rows(session: Session, actor: Actor) -> Iterator[list[str]]:
    """Yield every signed contract the reader may see as a row, oldest first, by keyset pages.

    A contract is only drawn up from opened quotes, so that nothing sealed is read.
    """
    after = 0
    signed = Contract.state != ContractState.DRAFTED
    while True:
        wanted = (
            select(Contract, Need)
            .join(Need, Need.id == Contract.need_id)
            .where(visible_contracts(actor), signed, Contract.id > after)
            .order_by(Contract.id)
            .limit(CONTRACT_PAGE)
        )
        page = session.execute(wanted).all()
        for contract, need in page:
            yield _contract_row(contract, need)
            after = contract.id
        if len(page) < CONTRACT_PAGE:
            return


def _contract_row(contract: Contract, need: Need) -> list[str]:
    """Write one contract as an audit's row; what was paid goes before what was agreed."""
    charged = contract.paid if contract.paid is not None else contract.amount
    return [
        contract.number, need.number or "", contract.title, contract.item_code, need.schedule_id or contract.item_code,
        beijing_day(contract.drafted_at).isoformat(), "政府投资" if need.fund == "fiscal" else "非政府投资",
        str(charged.yuan), json.dumps(need.fee_inputs, ensure_ascii=False) if need.fee_inputs else "",
    ]  # fmt: skip
