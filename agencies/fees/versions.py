"""Two versions of a schedule side by side: what changed in their tables, and the fee at the usual bases under each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any, Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import public
from agencies.fees import register
from agencies.fees.curves import Curve, Line, curve, fee_at
from agencies.fees.engine import exact
from agencies.fees.engine.schedule import Schedule, Service, Version
from agencies.fees.listing import row, today
from agencies.fees.pages import pages
from agencies.fees.tables import ServiceView, TableView, version_tables
from agencies.fees.wording import said, unit_name
from core.i18n import gettext as _
from core.money import Money

FEWEST: Final = 2
MISSING: Final = "—"


@dataclass(frozen=True, slots=True)
class TableDiff:
    """One table of both versions: rows of (what, former, later, change), those that differ and those that don't."""

    title: str
    rows: Sequence[Sequence[Any]]
    same: Sequence[Sequence[Any]]

    @property
    def changed(self) -> int:
        """How many rows differ."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class ServiceDiff:
    """One service of both versions; ``fees`` its fee at the usual bases under each."""

    label: str
    state: str
    tables: Sequence[TableDiff]
    fee_headers: Sequence[str]
    fees: Sequence[Sequence[Any]]
    assumed: str
    changed: int


@pages.get("/fees/<string:schedule_id>/versions")
@public
def versions(schedule_id: str) -> ResponseReturnValue:
    """Show two versions side by side; the two newest unless others are asked for."""
    found = register.find(schedule_id)
    keys = [one.key for one in found.versions]
    former, later = _asked(keys)
    diffs: list[ServiceDiff] = []
    if len(keys) >= FEWEST:
        diffs = compared(found, found.versions[keys.index(former)], found.versions[keys.index(later)])
    named = {one.key: _titled(one) for one in found.versions}
    return render_template(
        "fees/versions.html",
        schedule=row(found, today()),
        heads=[_since(one) for one in found.versions if one.key in {former, later}],
        diffs=diffs,
        changed=sum(one.changed for one in diffs),
        fields=[_choice("one", _("前一版"), former, named), _choice("other", _("后一版"), later, named)],
        action=url_for("fees.versions", schedule_id=found.id),
    )


def compared(found: Schedule, former: Version, later: Version) -> list[ServiceDiff]:
    """Return what two versions of a schedule say of each service."""
    views = [_views(former), _views(later)]
    services = {one.key: one for version in (later, former) for one in version.services}
    return [
        _service(found, (former, later), services[key], (views[0].get(key), views[1].get(key)))
        for key in _merged(list(views[0]), list(views[1]))
    ]


def _asked(keys: Sequence[str]) -> tuple[str, str]:
    """Return the versions asked for, the older first; the two newest where the address names none."""
    usual = (keys[-2], keys[-1]) if len(keys) >= FEWEST else (keys[0], keys[0])
    asked = [request.args.get(name, "") for name in ("one", "other")]
    if any(one not in keys for one in asked) or asked[0] == asked[1]:
        return usual
    older, newer = sorted(asked, key=keys.index)
    return older, newer


def _titled(one: Version) -> str:
    return _("%(document)s，自 %(since)s 起", document=one.document, since=one.since.isoformat())


def _since(one: Version) -> str:
    return _("自 %(day)s 起", day=one.since.isoformat())


def _choice(name: str, label: str, value: str, named: Mapping[str, str]) -> dict[str, Any]:
    return {"id": f"version-{name}", "name": name, "label": label, "type": "select", "value": value,
            "choices": list(named.items())}  # fmt: skip


def _views(version: Version) -> dict[str, ServiceView]:
    return {one.key: view for one, view in zip(version.services, version_tables(version), strict=True)}


def _service(
    found: Schedule, pair: tuple[Version, Version], service: Service,
    views: tuple[ServiceView | None, ServiceView | None],
) -> ServiceDiff:  # fmt: skip
    """Hold one service of two versions against each other."""
    tables = list(_tables(*(view.tables if view is not None else () for view in views)))
    fees, assumed = _fees(found, pair, service)
    since = [_("自 %(day)s 起（元）", day=one.since.isoformat()) for one in pair]
    headers = [_("计费额"), *since, _("变化")]
    state = ""
    if None in views:
        state = _("后一版新增") if views[0] is None else _("后一版没有")
    changed = sum(one.changed for one in tables)
    return ServiceDiff(said(service.label), state, tables, headers, fees, assumed, changed)


def _tables(former: Sequence[TableView], later: Sequence[TableView]) -> Iterator[TableDiff]:
    """Pair the tables of two versions by title and order, and their rows by what they are about."""
    one, other = _titles(former), _titles(later)
    for key in _merged(list(one), list(other)):
        before = _cells(one[key]) if key in one else {}
        after = _cells(other[key]) if key in other else {}
        names = _merged(list(before), list(after))
        rows = [_row(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]
        same = [_row(name, before[name], after[name]) for name in names if before.get(name) == after.get(name)]
        yield TableDiff(key[0], rows, same)


def _titles(tables: Sequence[TableView]) -> dict[tuple[str, int], TableView]:
    """Return tables by title; those of one title are counted."""
    found: dict[tuple[str, int], TableView] = {}
    for one in tables:
        nth = sum(1 for title, _nth in found if title == one.title)
        found[one.title, nth] = one
    return found


def _cells(table: TableView) -> dict[str, str]:
    """Return every cell of a table by what it is about; lines by their place; the clauses last."""
    found: dict[str, str] = {}
    heads = _heads(table)
    for cells in table.rows:
        row = " · ".join(cell for cell in cells[:heads] if cell)
        for place, cell in enumerate(cells[heads:], start=heads):
            name = row
            if len(cells) > heads + 1:
                name = _("%(row)s · %(column)s", row=row, column=table.headers[place])
            found[name] = cell
    for place, line in enumerate(table.lines, start=1):
        found[_("规定 %(no)s", no=place)] = line
    clauses = _("；").join(clause for clause in table.clauses if clause)
    return {**found, _("依据"): clauses} if clauses else found


def _heads(table: TableView) -> int:
    """Return how many of the first columns tell the rows apart, at least one and never all."""
    widest = max((len(cells) for cells in table.rows), default=1)
    for heads in range(1, widest - 1):
        if len({tuple(cells[:heads]) for cells in table.rows}) == len(table.rows):
            return heads
    return max(1, widest - 1)


def _row(name: str, before: str | None, after: str | None) -> list[Any]:
    """Return one line of the comparison, with its change in a word."""
    if before == after:
        return [name, before, after, _("不变")]
    word, kind = (
        (_("新增"), "info") if before is None else (_("删去"), "warn") if after is None else (_("改动"), "warn")
    )
    return [name, before or MISSING, after or MISSING, {"text": word, "kind": kind}]


def _fees(found: Schedule, pair: tuple[Version, Version], service: Service) -> tuple[list[list[Any]], str]:
    """Return the fee at the usual bases under both versions, and what had to be chosen for it."""
    own = [next((one for one in version.services if one.key == service.key), None) for version in pair]
    curves = [curve(found, version, one) for version, one in zip(pair, own, strict=True) if one is not None]
    if len(curves) < FEWEST or own[0] is None or own[1] is None:
        return [], ""
    first, second = curves
    if first is None or second is None:
        return [], ""
    bases = sorted({*first.edges, *second.edges})
    rows = [
        _fee_row(second, line, base, [fee_at(found, version, one, found=second, line=line, base=base).fee
                                      for version, one in ((pair[0], own[0]), (pair[1], own[1]))])
        for line in second.lines for base in bases
    ]  # fmt: skip
    assumed = _("；").join(
        _("%(label)s：%(value)s", label=said(one.label), value=said(choice.label)) for one, choice in second.assumed
    )
    return rows, assumed


def _fee_row(found: Curve, line: Line, base: Fraction, fees: Sequence[Money | None]) -> list[Any]:
    amount, counted = found.money(base), unit_name(found.base.unit)
    name = _("%(amount)s 元", amount=str(amount))
    if amount is None:
        name = _("%(value)s %(unit)s", value=exact.text(base), unit=counted)
    if line.choice is not None:
        name = _("%(label)s：%(value)s", label=said(line.choice.label), value=name)
    return [name, *(MISSING if fee is None else str(fee) for fee in fees), _difference(*fees)]


def _difference(before: Money | None, after: Money | None) -> Any:
    """Say how a fee changed, in words and percent."""
    if before is None or after is None:
        return MISSING if before == after else {"text": _("无法比较"), "kind": "info"}
    if before == after or before.fen == 0:
        return _("不变") if before == after else {"text": _("改动"), "kind": "warn"}
    tenths = (abs(after.fen - before.fen) * 2000 + before.fen) // (2 * before.fen)
    percent = f"{tenths // 10}.{tenths % 10}"
    if after < before:
        return {"text": _("低 %(percent)s%%", percent=percent), "kind": "warn"}
    return {"text": _("高 %(percent)s%%", percent=percent), "kind": "warn"}


def _merged(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """Merge two orders into one that keeps both as far as they agree."""
    found: dict[Any, None] = {}
    for _tag, start, end, begin, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        found |= dict.fromkeys([*one[start:end], *other[begin:stop]])
    return list(found)
