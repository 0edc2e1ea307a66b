"""Credit merit (信用择优): the large list by standing, numbers by standing, the small list by draw. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from marketplace.selection.ranking import By, Entrant, Frozen, Note, Outcome, Plan, rank

CUT: Final = "cut-by-standing"
OUTSIDE: Final = "outside-small-list"
PER_STAR: Final = 2
NEWCOMER_NUMBERS: Final = 6
NEWCOMER_SHARE: Final = Decimal("0.20")
MILLI: Final = 1000


def numbers_for(standing: int | None, per_star: int = PER_STAR, newcomer: int = NEWCOMER_NUMBERS) -> int:
    """Return how many numbers an applicant gets in the draw, at least one.

    standing: thousandths of a star. per_star: numbers for each star, the product rounded half up. newcomer: what an
    applicant without a grade gets.
    """
    if standing is None:
        return max(1, newcomer)
    return max(1, (2 * standing * per_star + MILLI) // (2 * MILLI))


def reserved(size: int, share: Decimal) -> int:
    """Return how many places of a large list are kept for newcomers: the share rounded half up, at least one of two."""
    places = int(size * share + Decimal("0.5"))
    return min(size - 1, max(1, places)) if size > 1 else 0


def large_list(applicants: Sequence[Entrant], size: int, share: Decimal, drawn: Sequence[str]) -> frozenset[int]:
    """Return the quotes on the large list: the tail by standing is cut, newcomers keep their share of places.

    Places newcomers leave free go to the graded, and the other way round. Equal standings at the cut, and newcomers
    among themselves, are separated by the draw ``drawn``, which is not the one that ranks.
    """
    places = {key: place for place, key in enumerate(drawn)}
    graded = sorted(
        (one for one in applicants if one.standing is not None), key=lambda one: (-(one.standing or 0), places[one.key])
    )
    newcomers = sorted((one for one in applicants if one.standing is None), key=lambda one: places[one.key])
    for_newcomers = min(len(newcomers), max(reserved(size, share), size - len(graded)))
    kept = [*graded[: size - for_newcomers], *newcomers[:for_newcomers]]
    return frozenset(one.quote_id for one in kept)


def credit_merit(frozen: Frozen) -> Outcome:
    """Rank by the weighted draw those on the large list; the first ``small`` of them are the small list.

    The large list is that of the freeze: a quote found invalid later is followed by the next drawn, never by one that
    was cut.
    """
    large, small = int(frozen.terms["large"]), int(frozen.terms["small"])
    share = Decimal(str(frozen.terms.get("newcomer-share", NEWCOMER_SHARE)))
    listed = large_list(frozen.stood, large, share, frozen.draw.cut_ranking)
    drawn = frozen.draw.ranking()
    places = {key: place for place, key in enumerate(drawn)}

    def notes(entrant: Entrant) -> tuple[Note, ...]:
        return (("numbers", {"numbers": frozen.draw.weights[entrant.key]}),)

    out = {entrant.quote_id: CUT for entrant in frozen.entrants if entrant.quote_id not in listed}
    plan = Plan(lambda entrant: (By.DRAW, places[entrant.key]), out=out, notes=notes)
    working: Note = (
        "lists", {"applicants": len(frozen.stood), "large": len(listed), "small": small, "share": f"{share:.0%}"},
    )  # fmt: skip
    lines = rank(frozen.entrants, drawn, plan)
    outside = tuple(replace(line, out=OUTSIDE) if (line.rank or 0) > small else line for line in lines)
    return Outcome(outside, (working,))
