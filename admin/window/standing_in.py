"""More that a clerk files for a visitor: a question or its answer, a result's acceptance, a registration, a price.

Each under a consent that covers it, once, with the receipt; see ``filing`` for how a clerk stands in. No quote is filed
here: whoever typed it would know a sealed price before its time. A signature and a rating stay with their side.
"""

from __future__ import annotations

from typing import Any

from accounts import messages
from accounts.models import Organisation
from admin.window import queries, service
from admin.window.filing import for_enterprise, issue, under
from admin.window.lifecycle import Matter
from admin.window.models import Consent, Visit
from agencies.catalogue.queries import item_by_code
from agencies.fees import service as fees
from agencies.fees.commands import PostPrice
from agencies.fees.models import PostedPrice
from agencies.registration import service as registration
from agencies.registration.models import Agency
from agencies.registration.queries import agency_of_org
from core.access import OrgKind
from core.errors import Conflict, NotFound
from core.work import Work
from marketplace.contracts import queries as contracts
from marketplace.contracts import service as contracting
from marketplace.contracts.lifecycle import ContractState
from marketplace.contracts.models import Contract
from marketplace.needs import service as needs
from marketplace.needs.models import Need, Question


def ask_or_answer(work: Work, visit_id: int, text: str) -> Question:
    """Ask about the notice of a visit for an agency; for an enterprise answer the oldest question that waits.

    Raises as ``filing.file_need``, Conflict for a visit about no notice or without a question, and what asking and
    answering raise.
    """
    visit, consent = under(work, visit_id, Matter.QUESTION)
    if visit.need_id is None:
        raise Conflict("window-question-need", id=visit_id)
    acting, asks = for_enterprise(work, consent), _is_agency(work, visit)
    if asks:
        row = needs.ask(acting, visit.need_id, text)
    else:
        waiting = queries.open_question(work.session, visit.need_id)
        if waiting is None:
            raise Conflict("window-question-none", id=visit_id)
        row = needs.answer(acting, waiting.id, text)
    _noted(work, visit, consent, Matter.QUESTION, row, need_id=visit.need_id, question_id=row.id)
    need = work.session.get_one(Need, visit.need_id)
    _tell(work, visit, consent, "window-asked" if asks else "window-answered", need=need.title)
    return row


def take_result(work: Work, visit_id: int) -> Contract:
    """Accept the delivered result of the visit's notice for its enterprise.

    Raises as ``filing.file_need``, Conflict where nothing waits to be accepted.
    """
    visit, consent = under(work, visit_id, Matter.RECEIPT)
    contract = waiting_result(work, visit)
    if contract is None:
        raise Conflict("window-receipt-none", id=visit_id)
    row = contracting.accept(for_enterprise(work, consent), contract.id)
    _noted(work, visit, consent, Matter.RECEIPT, row, need_id=row.need_id, contract_id=row.id)
    _tell(work, visit, consent, "window-received", need=row.title)
    return row


def waiting_result(work: Work, visit: Visit) -> Contract | None:
    """Return the contract of the visit's notice whose result waits for its enterprise to accept it."""
    found = contracts.live_contract(work.session, visit.need_id) if visit.need_id is not None else None
    return found if found is not None and found.state is ContractState.DELIVERED else None


def hand_in(work: Work, visit_id: int) -> Agency:
    """Hand the registration of the visitor's agency in. Raises as ``filing.file_need``, and what handing in raises."""
    visit, consent = under(work, visit_id, Matter.REGISTRATION)
    row = registration.submit(for_enterprise(work, consent), agency_of(work, visit).id)
    _noted(work, visit, consent, Matter.REGISTRATION, row)
    _tell(work, visit, consent, "window-handed-in")
    return row


def post_price(work: Work, visit_id: int, command: PostPrice) -> PostedPrice:
    """Post a price of the visitor's agency. Raises as ``filing.file_need``, and what posting raises."""
    visit, consent = under(work, visit_id, Matter.PRICE)
    row = fees.post_price(for_enterprise(work, consent), agency_of(work, visit).id, command)
    work.session.flush()
    _noted(work, visit, consent, Matter.PRICE, row, price_id=row.id)
    _tell(work, visit, consent, "window-priced", item=item_by_code(work.session, row.item_code).name)
    return row


def agency_of(work: Work, visit: Visit) -> Agency:
    """Return the visitor's agency. Raises NotFound before it began to register."""
    agency = agency_of_org(work.session, visit.org_id)
    if agency is None:
        raise NotFound("registration-not-opened")
    return agency


def _is_agency(work: Work, visit: Visit) -> bool:
    return work.session.get_one(Organisation, visit.org_id).kind is OrgKind.AGENCY


def _noted(work: Work, visit: Visit, consent: Consent, matter: Matter, row: Any, **made: int) -> None:
    work.record(row, "window.filed", consent=consent.id, visit=visit.id, window=visit.window_org_id)
    service.note_filing(work, consent, matter, **made)


def _tell(work: Work, visit: Visit, consent: Consent, code: str, **facts: Any) -> None:
    paper = issue(work, visit, consent)
    window = work.session.get_one(Organisation, visit.window_org_id).name
    messages.tell(work, visit.org_id, code, service.url_of(visit.id), window=window, receipt=paper.code, **facts)
