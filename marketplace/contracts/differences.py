"""What differs: a draft against the notice and the quote, and a wording before and after. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from core.money import Money

PIECE: Final = re.compile(r"\d[\d,.]*|[A-Za-z]+|\s+|.", re.DOTALL)


class Term(StrEnum):
    """A term that notice, quote and contract all speak of."""

    AMOUNT = "amount"
    DAYS = "days"
    SCALE = "scale"


class Verdict(StrEnum):
    """How a draft's term stands to what was published and quoted."""

    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Noticed:
    """What the notice said; ceiling and limit may be missing."""

    ceiling: Money | None
    days: int
    scale: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """What the agency quoted; no days means those of the notice."""

    amount: Money
    days: int | None


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the draft says, with its text."""

    amount: Money
    days: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One term in three documents; money and days as they are, None where a document is silent."""

    term: Term
    notice: Money | int | str | None
    quote: Money | int | None
    draft: Money | int | str | None
    verdict: Verdict


def compare(notice: Noticed, quote: Quoted, draft: Drafted) -> list[Line]:
    """Compare a draft term by term. Better and worse are the enterprise's: less money and fewer days are better.

    An amount above the notice's ceiling is worse whatever was quoted. The scale must stand in the text word by word.
    """
    days = quote.days if quote.days is not None else notice.days
    over = notice.ceiling is not None and draft.amount > notice.ceiling
    amount = Verdict.WORSE if over else _order(draft.amount.fen, quote.amount.fen)
    scale = Verdict.SAME if not notice.scale or notice.scale in draft.text else Verdict.MISSING
    return [
        Line(Term.AMOUNT, notice.ceiling, quote.amount, draft.amount, amount),
        Line(Term.DAYS, notice.days, quote.days, draft.days, _order(draft.days, days)),
        Line(Term.SCALE, notice.scale or None, None, notice.scale if scale is Verdict.SAME else None, scale),
    ]


def _order(drafted: int, promised: int) -> Verdict:
    if drafted == promised:
        return Verdict.SAME
    return Verdict.BETTER if drafted < promised else Verdict.WORSE


class Edit(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


def edits(before: str, after: str) -> list[tuple[Edit, str]]:
    """Return the pieces that lead from one wording to another: kept and gone make the old, kept and new the new.

    Numbers and Latin words are never cut; a Chinese sentence is compared letter by letter.
    """
    old, new = PIECE.findall(before), PIECE.findall(after)
    found: list[tuple[Edit, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((Edit.KEPT, "".join(old[a:b])))
            continue
        found += [(edit, "".join(words)) for edit, words in ((Edit.GONE, old[a:b]), (Edit.NEW, new[c:d])) if words]
    return found


def same(lines: Sequence[Line]) -> bool:
    """Say whether a draft says just what was published and quoted."""
    return all(line.verdict is Verdict.SAME for line in lines)
