"""What the pages of selection show, as plain values for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.i18n import gettext as _
from core.money import Money
from marketplace.needs.benchmark import difference
from marketplace.needs.models import Need
from marketplace.selection import forms
from marketplace.selection.queries import Candidate, Quartiles, Weighing
from marketplace.selection.ranking import Criterion, Line
from marketplace.selection.rules import may_be_chosen
from marketplace.selection.wording import (
    decided_sentence,
    fault_sentence,
    flag_sentence,
    note_sentence,
    out_sentence,
    why_not_sentence,
)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One line of a quote's score working; text is the points' own field, error what is wrong with it."""

    criterion: str
    weight: int
    is_price: bool
    points: str
    reason: str
    points_name: str
    reason_name: str


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One quote as the page shows it."""

    quote_id: int
    agency: str
    agency_id: int
    price: Money
    days: int | None
    plan: str
    standing: str
    rank: int | None
    total: str
    decided_by: str
    faults: Sequence[str]
    flags: Sequence[str]
    against: Sequence[str]
    scores: Sequence[ScoreRow]
    bar: Mapping[str, Any] | None
    out: str = ""
    notes: Sequence[str] = ()
    may_win: bool = False

    @property
    def counts(self) -> bool:
        """Say whether the quote counts."""
        return not self.faults


def rows_of(weighing: Weighing, quartiles: Quartiles | None, typed: Mapping[str, str] | None = None) -> list[QuoteRow]:
    """Return the quotes in their order, or by price while a score sheet has gaps. typed: a score form sent back."""
    lines = {line.entrant.quote_id: line for line in weighing.lines}
    order = list(lines) or sorted(weighing.candidates, key=lambda quote_id: weighing.candidates[quote_id].price.fen)
    return [_row(weighing, weighing.candidates[quote_id], lines.get(quote_id), quartiles, typed) for quote_id in order]


def _row(
    weighing: Weighing, one: Candidate, line: Line | None, quartiles: Quartiles | None, typed: Mapping[str, str] | None
) -> QuoteRow:
    price, need = one.price, weighing.need
    return QuoteRow(
        quote_id=one.quote.id,
        agency=one.agency.name,
        agency_id=one.agency.id,
        price=price,
        days=one.quote.days,
        plan=one.quote.plan or "",
        standing=stars(one.agency.standing_milli),
        rank=None if line is None else line.rank,
        total="" if line is None or line.total is None else str(line.total),
        decided_by="" if line is None or line.decided_by is None else decided_sentence(str(line.decided_by)),
        faults=[fault_sentence(code, facts) for code, facts in one.faults],
        flags=[flag_sentence(code) for code in weighing.flags.get(one.quote.id, ())],
        against=against(price, need),
        scores=[_score(one, line, index, c, typed) for index, c in enumerate(weighing.criteria)],
        bar=bar(price, need, quartiles),
        out="" if line is None else out_sentence(line.out),
        notes=() if line is None else [note_sentence(*note) for note in line.notes],
        may_win=line is not None and may_be_chosen(need.method, line),
    )


def _score(
    one: Candidate, line: Line | None, index: int, criterion: Criterion, typed: Mapping[str, str] | None
) -> ScoreRow:
    names = forms.points_name(one.quote.id, index), forms.reason_name(one.quote.id, index)
    if criterion.is_price:
        points = "" if line is None else str(line.scores.get(criterion.name, ""))
    elif typed is not None and names[0] in typed:
        points = typed[names[0]]
    else:
        points = str(one.points.get(criterion.name, ""))
    reason = typed[names[1]] if typed is not None and names[1] in typed else one.reasons.get(criterion.name, "")
    return ScoreRow(criterion.name, criterion.weight, criterion.is_price, points, reason, *names)


def stars(milli: int | None) -> str:
    """Write a standing, in thousandths of a star, to two decimals, or that there is none yet."""
    return str(_("暂无等级")) if milli is None else f"{Decimal(milli) / 1000:.2f}"


def against(price: Money, need: Need) -> list[str]:
    """Say how a price stands to the ceiling and to the benchmark, in words instead of a minus sign."""
    said = []
    if need.ceiling is not None and need.ceiling.fen:
        said.append(difference(price, need.ceiling, _("最高限价")))
    if need.benchmark_base is not None and need.benchmark_base.fen:
        said.append(difference(price, need.benchmark_base, _("收费基准")))
    return said


def bar(price: Money, need: Need, quartiles: Quartiles | None) -> dict[str, Any] | None:
    """Return what draws where a price stands: among earlier awards, or against the schedule; None with neither."""
    if quartiles is not None:
        return {"price": price, "low": quartiles.low, "mid": quartiles.mid, "high": quartiles.high, "cap": need.ceiling}
    if need.benchmark_base is None:
        return None
    low, high = need.benchmark_low or need.benchmark_base, need.benchmark_high or need.benchmark_base
    return {
        "price": price,
        "low": low,
        "mid": need.benchmark_base,
        "high": high,
        "cap": need.ceiling,
        "band": "history",
    }


def result_rows(protocol: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a protocol for the public result page."""
    return [
        {
            "quote_id": line["quote_id"],
            "agency": line["agency"],
            "agency_id": line["agency_id"],
            "price": Money(line["amount_fen"]),
            "days": line["days"],
            "standing": stars(line["standing"]),
            "rank": line["rank"],
            "total": line["total"],
            "won": line["won"],
            "decided_by": decided_sentence(line["decided_by"]),
            "why_not": why_not_sentence(line["why_not"]),
            "faults": [fault_sentence(fault["code"], fault["facts"]) for fault in line["faults"]],
            "flags": [flag_sentence(code) for code in line["flags"]],
            "out": out_sentence(line.get("out")),
            "notes": [note_sentence(note["code"], note["facts"]) for note in line.get("working", ())],
            "scores": line["scores"],
        }
        for line in protocol.get("lines", [])
    ]


def draw_order(protocol: Mapping[str, Any]) -> list[str]:
    """Return the agencies in the order drawn, each with its numbers where they differ."""
    drawn = protocol.get("draw") or {}
    names = {line["key"]: line["agency"] for line in protocol.get("lines", [])}
    weights = drawn.get("weights", {})
    plain = len(set(weights.values())) <= 1
    return [
        names.get(key, key) if plain else _("%(name)s（%(count)s 个号）", name=names.get(key, key), count=weights[key])
        for key in drawn.get("ranking", [])
    ]
