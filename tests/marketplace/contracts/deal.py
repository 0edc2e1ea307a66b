"""A deal taken to any point of its way by the services."""

from __future__ import annotations

from io import BytesIO

from marketplace.contracts import service
from marketplace.contracts.commands import Deliver, Settle, SignContract, Upload
from marketplace.contracts.models import Contract, Deliverable
from marketplace.contracts.rules import PaidLine
from marketplace.selection.models import Award
from tests.marketplace.selection.world import Market

PDF = b"%PDF-1.7\nthe report\n%%EOF"


def pdf(words: bytes = PDF, name: str = "报告.pdf") -> Upload:
    """Make a small file that passes as a PDF."""
    return Upload(BytesIO(words), name)


def drafted(market: Market, *prices: int, **changes: object) -> tuple[Contract, Award]:
    """Award the lowest of these prices, draft the contract and let the publicity pass."""
    need_id, ids = market.opened(*(prices or (100, 200)), **changes)
    lowest = min(range(len(ids)), key=lambda place: (prices or (100, 200))[place])
    market.award(need_id, ids[lowest])
    award = market.final(need_id)
    with market.works.system() as work:
        service.on_award_confirmed(work, {"id": award.id})
        contract = service.draft_from_award(work, award.id)
        assert contract is not None
    return contract, award


def sign_both(market: Market, contract: Contract) -> None:
    """Let both sides sign what is written now."""
    with market.works.reading() as work:
        text = work.session.get_one(Contract, contract.id).content_hash
    for actor in (market.owner, market.agents[0][0]):
        with market.works.writing(actor) as work:
            service.sign(work, contract.id, SignContract(text))


def signed(market: Market, *prices: int, **changes: object) -> Contract:
    """Take a deal to the start of the service."""
    contract, _award = drafted(market, *prices, **changes)
    sign_both(market, contract)
    return contract


def deliver(market: Market, contract: Contract, words: bytes = PDF) -> Deliverable:
    """Hand in one more version."""
    with market.works.writing(market.agents[0][0]) as work:
        return service.deliver(work, contract.id, pdf(words), Deliver("终稿"))


def accepted(market: Market, *prices: int, **changes: object) -> Contract:
    """Take a deal to acceptance."""
    contract = signed(market, *prices, **changes)
    deliver(market, contract)
    with market.works.writing(market.owner) as work:
        service.accept(work, contract.id)
    return contract


def settle(market: Market, contract: Contract, *lines: PaidLine, reason: str = "") -> None:
    """Record what was paid."""
    with market.works.writing(market.owner) as work:
        service.settle(work, contract.id, Settle(lines, reason))


def now(market: Market, contract: Contract) -> Contract:
    """Read a contract as it is now."""
    with market.works.reading() as work:
        return work.session.get_one(Contract, contract.id)
