"""What a notice must fix for each method of selection (选取方式), and the parameters it freezes. Pure.

How each ranks is the matter of ``marketplace.selection.methods``; here is only what must be known before quotes come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.errors import Invalid
from core.money import Money


@dataclass(frozen=True, slots=True)
class Term:
    """A whole number the notice fixes for its method: what it is called, from where to where, what is offered first."""

    name: str
    low: int
    high: int
    usual: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What one method asks of a notice.

    catalogue: its code among the catalogue's switches. by_lot: chance decides, so that only the administrator's switch
    opens it and no basis written into a notice does. switched: kinds of fund for which the same holds although chance
    decides nothing. fixed_price: the ceiling is the price, and nobody quotes another.
    frozen: parameters of the catalogue it freezes beside those of every need, each with the name its ranking knows.
    framed: it belongs to framework agreements, whose room writes such needs; no form of a need offers it. at_once: no
    quotes are waited for. instead: a rule of every need, and the parameter that takes its place.
    """

    catalogue: str
    terms: tuple[Term, ...] = ()
    by_lot: bool = False
    switched: tuple[str, ...] = ()
    fixed_price: bool = False
    frozen: Mapping[str, str] = field(default_factory=dict)
    framed: bool = False
    at_once: bool = False
    instead: Mapping[str, str] = field(default_factory=dict)

    def by_switch_only(self, fund: str) -> bool:
        """Say whether for this kind of fund a recorded legal basis of the rulebook alone opens the method."""
        return self.by_lot or fund in self.switched


FEW: Final = {"min-valid-quotes": "framework-call-quotes-min"}
ASKED: Final[Mapping[str, Asked]] = {
    "merit": Asked("proposal-merit"),
    "credit": Asked(
        "credit-merit",
        (Term("large", 2, 200, 10), Term("small", 2, 20, 3)),
        frozen={
            "credit-numbers-per-star": "per-star",
            "credit-newcomer-numbers": "newcomer-numbers",
            "credit-newcomer-share": "newcomer-share",
        },
    ),
    "rounds": Asked("rounds", (Term("rounds", 1, 9, 3), Term("minutes", 1, 60, 3), Term("step", 1, 20, 1))),
    "direct": Asked("direct"),
    "mean": Asked("mean-price"),
    "lowest": Asked("lowest-price", switched=("fiscal",)),
    "best-price": Asked("factor-draw", by_lot=True, frozen={"best-price-trim-from": "trim-from"}),
    "random": Asked("random", by_lot=True, fixed_price=True),
    "framework": Asked(
        "framework",
        (Term("wanted", 1, 50, 3), Term("months", 1, 120, 12), Term("share", 1, 90, 20), Term("by_credit", 0, 1, 0)),
        frozen={
            "framework-elimination-share": "least-share",
            "framework-eliminated-min": "least-out",
            "credit-newcomer-share": "newcomer-share",
        },
        framed=True,
        instead={"min-valid-quotes": "framework-quotes-min"},
    ),
    "call-pick": Asked("framework", framed=True, at_once=True, instead=FEW),
    "call-turn": Asked("framework", framed=True, at_once=True, instead=FEW),
    "call-low": Asked("framework", framed=True, instead=FEW),
    "call-merit": Asked("framework", framed=True, instead=FEW),
}
SCORED: Final = frozenset({"merit", "call-merit"})
"""The methods whose notice fixes criteria."""

FRAMED: Final = frozenset(code for code, asked in ASKED.items() if asked.framed)
"""The methods of framework agreements: the panel's own, and those of calling off from it."""


def usual_terms() -> dict[str, int]:
    """Return what the form offers first for every term of every method."""
    return {term.name: term.usual for asked in ASKED.values() if not asked.framed for term in asked.terms}


def own_terms(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms of this method among those given; what another method asks for is left away."""
    return {term.name: given[term.name] for term in ASKED[method].terms if given.get(term.name) not in {None, ""}}


def judge_terms(method: str, terms: Mapping[str, Any]) -> None:
    """Refuse terms that are missing, not whole, out of their range, or against one another. Raises Invalid."""
    for term in ASKED[method].terms:
        value = terms.get(term.name)
        if not isinstance(value, int) or isinstance(value, bool) or not term.low <= value <= term.high:
            raise Invalid("term-out-of-range", field=f"term_{term.name}", low=term.low, high=term.high)
    if method == "credit" and terms["small"] > terms["large"]:
        raise Invalid("small-above-large", field="term_small", large=terms["large"])


def fixed_price(method: str, ceiling: Money | None) -> Money | None:
    """Return the price nobody may leave, where the method fixes one."""
    return ceiling if ASKED[method].fixed_price else None
