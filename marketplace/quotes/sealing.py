"""How a quote and its attachments are sealed and unsealed; nothing else reads a seal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from cryptography.exceptions import InvalidTag

from core.money import Money
from core.secrets import seal, unseal
from marketplace.needs.models import Need
from marketplace.quotes import rules
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.models import Quote

PURPOSE: Final = "quote"
FILE_PURPOSE: Final = "quote-file"
COMMITTED: Final = b"quote-v1"


@dataclass(frozen=True, slots=True)
class Content:
    """What a seal held. amount: what the quote comes to, None where it cannot be worked out."""

    amount: Money | None
    discount_rate: Decimal | None
    days: int
    plan: str
    salt: str
    lines: list[dict[str, Any]]
    files: list[dict[str, Any]]


def sealed(need_id: int, agency_id: int, command: SubmitQuote, salt: str) -> tuple[bytes, str]:
    """Encrypt a quote for this need and agency, and bind it and the hashes of its attachments by a salted hash."""
    plain = {
        "amount_fen": command.amount.fen if command.amount else None,
        "discount_rate": str(command.discount_rate) if command.discount_rate is not None else None,
        "days": command.days, "plan": command.plan, "salt": salt, "need": need_id, "agency": agency_id,
        "lines": [
            {"name": one.name, "unit": one.unit, "quantity": format(one.quantity, "f"), "price_fen": one.price.fen}
            for one in command.lines
        ],
        "files": [
            {"name": one.name, "sha256": hashlib.sha256(one.content).hexdigest(), "size": len(one.content)}
            for one in command.files
        ],
    }  # fmt: skip
    body = json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()
    return seal(PURPOSE, body, f"{need_id}/{agency_id}"), hashlib.sha256(COMMITTED + body).hexdigest()


def sealed_file(quote: Quote, content: bytes) -> bytes:
    """Encrypt an attachment for this quote alone."""
    return seal(FILE_PURPOSE, content, _bound(quote))


def unsealed_file(quote: Quote, stored: bytes, known: Mapping[str, Any]) -> bytes | None:
    """Return an attachment's content; None when its bytes were changed or do not fit the quote's own hash of it."""
    try:
        content = unseal(FILE_PURPOSE, bytes(stored), _bound(quote))
    except InvalidTag:
        return None
    return content if hashlib.sha256(content).hexdigest() == known["sha256"] else None


def _bound(quote: Quote) -> str:
    return f"{quote.need_id}/{quote.agency_id}/{quote.receipt_code}"


def unsealed(quote: Quote) -> bytes | None:
    """Break a seal in memory; None when the bytes were changed or do not fit the commitment."""
    try:
        body = unseal(PURPOSE, bytes(quote.sealed), f"{quote.need_id}/{quote.agency_id}")
    except InvalidTag:
        return None
    return body if hashlib.sha256(COMMITTED + body).hexdigest() == quote.commitment else None


def content_of(need: Need, quote: Quote) -> Content | None:
    """Read a seal in memory; None when it is broken."""
    body = unsealed(quote)
    if body is None:
        return None
    plain: dict[str, Any] = json.loads(body)
    discount = Decimal(plain["discount_rate"]) if plain["discount_rate"] is not None else None
    given = Money(plain["amount_fen"]) if plain["amount_fen"] is not None else None
    return Content(
        rules.price(given, discount, need.benchmark_base), discount, plain["days"], plain["plan"], plain["salt"],
        plain.get("lines") or [], plain.get("files") or [],
    )  # fmt: skip
