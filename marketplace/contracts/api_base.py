"""The blueprint of the JSON face of contracts, and a contract as JSON for whoever reads it."""

from __future__ import annotations

from typing import Any, Final

from flask_smorest import Blueprint

from core import papers
from core.work import Work
from marketplace.contracts import documents, queries, turn_view
from marketplace.contracts.models import Amendment, Contract
from marketplace.contracts.permissions import POLICY
from marketplace.contracts.schemas import ContractSchema
from marketplace.contracts.turn_schemas import ContractAmendmentSchema

api = Blueprint(
    "contracts-api", __name__, url_prefix="/api/v1", description="Contracts, deliverables, settlements, papers"
)
MONEY: Final = ("amount", "quote_amount", "signed_amount", "paid")


def whole(work: Work, contract: Contract) -> dict[str, Any]:
    """Return a contract with all that hangs from it; texts for its parties only."""
    names = [name for name in ContractSchema().fields if hasattr(contract, name)]
    shown = {name: getattr(contract, name) for name in (*names, *MONEY)}
    may_read = work.allows(POLICY, "contract:text", contract)
    shown["text"] = contract.text if may_read else None
    shown["deliverables"] = queries.deliverables_of(work.session, contract.id)
    shown["settlement"] = queries.settlement_of(work.session, contract.id)
    shown["pauses"] = queries.pauses_of(work.session, contract.id)
    shown["amendments"] = [amended(work, contract, one) for one in queries.amendments_of(work.session, contract.id)]
    shown["termination"] = queries.termination_of(work.session, contract.id)
    shown["outcomes"] = queries.outcomes_of(work.session, contract.id)
    shown["time"] = turn_view.shares(work, contract)
    return shown


def amended(work: Work, contract: Contract, row: Amendment) -> dict[str, Any]:
    """Return an amendment as JSON; its wording and its paper for the parties only."""
    may_read = work.allows(POLICY, "contract:text", contract)
    money = ("amount_before", "amount_after")
    names = [name for name in ContractAmendmentSchema().fields if hasattr(row, name)]
    shown = {name: getattr(row, name) for name in (*names, *money)}
    if not may_read:
        shown["clause_before"] = shown["clause_after"] = None
    paper = papers.latest(work.session, documents.AMENDMENT_PAPER, row.id) if may_read else None
    shown["paper"] = None if paper is None else paper.code
    return shown
