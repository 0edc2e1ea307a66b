"""How an address narrows the list of notices: the same words for the page, the feed and a search that is followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.money import Money
from marketplace.needs.queries import Filters

KEPT: Final = ("state", "town", "item", "soon", "words", "method", "least", "most", "mine")
FOLLOWED: Final[tuple[str, ...]] = ("town", "item", "words", "method", "least", "most")
"""What a feed and a followed search take up; the state of a notice passes, what was asked stays."""

UNSEEN: Final[tuple[str, ...]] = ("words", "method", "least", "most")
"""What the list's filters carry along without showing it among their boxes."""

MOST_YUAN: Final = 10**12
LONGEST: Final = 400


def read_filters(args: Mapping[str, str], org_id: int | None = None) -> Filters:
    """Read an address's parameters; what makes no sense narrows nothing. least, most: whole yuan."""
    return Filters(
        state=args.get("state", ""), town=args.get("town", "")[:LONGEST], item=args.get("item", "")[:LONGEST],
        closing_soon=bool(args.get("soon")), org_id=org_id, words=args.get("words", "")[:100],
        method=args.get("method", "")[:10], least=_yuan(args.get("least", "")), most=_yuan(args.get("most", "")),
    )  # fmt: skip


def kept(args: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters in force, for the links that keep them."""
    return {name: args[name] for name in KEPT if args.get(name)}


def parameters(filters: Filters) -> dict[str, str]:
    """Return a filter as parameters of an address; the other way round than ``read_filters``."""
    found = {
        "town": filters.town,
        "item": filters.item,
        "words": filters.words,
        "method": filters.method,
        "least": "" if filters.least is None else str(filters.least.fen // 100),
        "most": "" if filters.most is None else str(filters.most.fen // 100),
    }
    return {name: value for name, value in found.items() if value}


def _yuan(written: str) -> Money | None:
    if not written.isascii() or not written.isdecimal():
        return None
    yuan = int(written)
    return Money(yuan * 100) if 0 < yuan <= MOST_YUAN else None
