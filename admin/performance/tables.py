"""The lists of performance as tables: for a page (headers, cells with links) and plain for a file or the API."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from accounts.wording import town_names
from admin.performance import figures, queries, rows, rules, wording
from admin.performance.queries import AgencyLine, Delivered
from admin.performance.rules import Five, RowSet, Slice
from agencies.catalogue.wording import item_names
from core.clock import beijing
from core.i18n import gettext as _
from core.money import Money
from core.work import Work
from marketplace.contracts.models import Contract
from marketplace.needs.models import Need

# A contract's due time is the midnight after its last day.
INSTANT: Final = timedelta(microseconds=1)


def agency_plain(line: AgencyLine) -> dict[str, Any]:
    """Return an agency's figures, held back where few stand behind them."""
    agency, ratio = line.agency, rules.quartiles_of(line.ratio)
    return {
        "id": agency.id,
        "name": agency.name,
        "town_code": agency.town_code,
        "grade": agency.grade,
        "standing_milli": agency.standing_milli,
        "standing_low_milli": agency.standing_low_milli,
        "standing_high_milli": agency.standing_high_milli,
        "ratings_n": agency.ratings_n,
        "signed": line.signed,
        "accepted": line.accepted,
        "on_time": line.on_time,
        "ratio_n": line.ratio.n if line.ratio else 0,
        "ratio_median": rules.ratio_text(ratio.median) if ratio else None,
    }


def items_plain(work: Work, part: Slice) -> list[dict[str, Any]]:
    """Return every item with contracts: how many, on time, quartiles of the amount and the ratio, most used first."""
    names = item_names()
    signed = queries.signed_by(work.session, part, Contract.item_code)
    delivered = queries.delivered_by(work.session, part, Contract.item_code)
    amounts = queries.amounts_by_item(work.session, part)
    ratios = queries.ratios_by(work.session, part, Contract.item_code)
    days = queries.days_to_award(work.session, part, Need.item_code)
    codes = sorted({*signed, *delivered}, key=lambda code: (-signed.get(code, 0), code))
    return [
        {
            "code": code,
            "name": names.get(code, code),
            "signed": signed.get(code, 0),
            **_delivery(delivered.get(code)),
            **_quartiles("amount_fen", amounts.get(code)),
            "ratio_median": _median_ratio(ratios.get(code)),
            "days_median": _median(days.get(code)),
        }
        for code in codes
    ]


def towns_plain(work: Work, part: Slice, own_town: str | None) -> list[dict[str, Any]]:
    """Return the towns the reader may see by row: contracts, on time, days to award, open cases."""
    names = town_names()
    signed = queries.signed_by(work.session, part, Contract.town_code)
    delivered = queries.delivered_by(work.session, part, Contract.town_code)
    ratios = queries.ratios_by(work.session, part, Contract.town_code)
    days = queries.days_to_award(work.session, part, Need.town_code)
    cases = queries.open_cases_by_town(work.session)
    return [
        {
            "code": code,
            "name": name,
            "signed": signed.get(code, 0),
            **_delivery(delivered.get(code)),
            "ratio_median": _median_ratio(ratios.get(code)),
            "days_median": _median(days.get(code)),
            "open_cases": cases.get(code, 0),
        }
        for code, name in names.items()
        if own_town in {None, code}
    ]


def contract_plain(row: rows.ContractRow, amounts: dict[str, Five]) -> dict[str, Any]:
    """Return one contract as a row, with where its amount stands among its item's contracts."""
    contract = row.contract
    return {
        "id": contract.id,
        "number": contract.number,
        "item_code": contract.item_code,
        "item": row.item,
        "town_code": contract.town_code,
        "agency_id": contract.agency_id,
        "agency": row.agency,
        "amount_fen": contract.amount.fen,
        "ratio": None if row.ratio is None else rules.ratio_text(row.ratio),
        "place": rules.place_among(contract.amount.fen, amounts.get(contract.item_code)),
        "signed_at": contract.starts_at,
        "due_at": contract.due_at,
        "accepted_at": contract.accepted_at,
        "late_days": contract.late_days,
    }


def need_plain(row: rows.NeedRow) -> dict[str, Any]:
    """Return one need as a row; nothing of its quotes."""
    need = row.need
    return {
        "id": need.id,
        "number": need.number,
        "title": need.title,
        "item_code": need.item_code,
        "item": row.item,
        "town_code": need.town_code,
        "state": str(need.state),
        "published_at": need.published_at,
        "closes_at": need.closes_at,
    }


def case_plain(row: Any) -> dict[str, Any]:
    """Return one open case as a row."""
    case, item, agency = row
    return {
        "id": case.id,
        "kind": str(case.kind),
        "item": item or case.item_code,
        "agency": agency,
        "town_code": case.town_code,
        "found_fen": case.found.fen,
        "compared_fen": case.compared.fen,
        "state": str(case.state),
        "due_at": case.due_at,
    }


def agencies_table(lines: list[dict[str, Any]], part: Slice) -> list[list[Any]]:
    """Return the cells of the agencies' table."""
    towns = town_names()
    return [
        [
            {"text": one["name"], "url": f"/agencies/{one['id']}"},
            towns.get(one["town_code"] or "", _("市外")),
            _count(one["signed"], figures.rows_url(RowSet.SIGNED, part, agency=one["id"])),
            _share(one, figures.rows_url(RowSet.ACCEPTED, part, agency=one["id"])),
            _standing(one),
            one["grade"] or _("暂无等级"),
            _ratio(one, figures.rows_url(RowSet.PRICED, part, agency=one["id"])),
        ]
        for one in lines
    ]


def items_table(lines: list[dict[str, Any]], part: Slice, money: Any) -> list[list[Any]]:
    """Return the cells of the items' table; ``money`` writes an amount."""
    found = []
    for one in lines:
        known = one["amount_fen"]
        spread = [money(Money(known[name])) for name in ("q1", "median", "q3")] if known else [_("不足 8 份"), "—", "—"]
        found.append(
            [
                {"text": one["name"], "url": f"/services/{one['code']}"},
                _count(one["signed"], figures.rows_url(RowSet.SIGNED, part, item=one["code"])),
                _share(one, figures.rows_url(RowSet.ACCEPTED, part, item=one["code"])),
                *spread,
                one["ratio_median"] or "—",
                "—" if one["days_median"] is None else one["days_median"],
            ]
        )
    return found


def towns_table(lines: list[dict[str, Any]], part: Slice) -> list[list[Any]]:
    """Return the cells of the towns' table."""
    return [
        [
            one["name"],
            _count(one["signed"], figures.rows_url(RowSet.SIGNED, part, town=one["code"])),
            _share(one, figures.rows_url(RowSet.ACCEPTED, part, town=one["code"])),
            one["ratio_median"] or "—",
            "—" if one["days_median"] is None else one["days_median"],
            one["open_cases"],
        ]
        for one in lines
    ]


def contracts_table(lines: list[dict[str, Any]], money: Any) -> list[list[Any]]:
    """Return the cells of rows of contracts."""
    return [
        [
            {"text": one["number"], "url": f"/contracts/{one['id']}"},
            one["item"],
            {"text": one["agency"], "url": f"/agencies/{one['agency_id']}"},
            money(Money(one["amount_fen"])),
            one["ratio"] or "—",
            wording.PLACES[one["place"]],
            _day(one["due_at"] and one["due_at"] - INSTANT),
            _day(one["accepted_at"]),
            _late(one["late_days"]),
        ]
        for one in lines
    ]


def needs_table(lines: list[dict[str, Any]]) -> list[list[Any]]:
    """Return the cells of rows of needs."""
    towns = town_names()
    return [
        [
            {"text": one["number"], "url": f"/needs/{one['id']}"},
            one["title"],
            one["item"],
            towns.get(one["town_code"], one["town_code"]),
            wording.NEED_STATES.get(one["state"], one["state"]),
            _day(one["published_at"]),
        ]
        for one in lines
    ]


def cases_table(lines: list[dict[str, Any]], money: Any, *, linked: bool) -> list[list[Any]]:
    """Return the cells of open cases."""
    return [
        [
            {"text": wording.CASES.get(one["kind"], one["kind"]), "url": f"/cases/{one['id']}"}
            if linked
            else wording.CASES.get(one["kind"], one["kind"]),
            one["item"],
            one["agency"] or "—",
            money(Money(one["found_fen"])),
            money(Money(one["compared_fen"])),
            wording.CASE_STATES.get(one["state"], one["state"]),
            _day(one["due_at"]),
        ]
        for one in lines
    ]


def _delivery(one: Delivered | None) -> dict[str, int]:
    return {"accepted": one.accepted if one else 0, "on_time": one.on_time if one else 0}


def _quartiles(name: str, five: Five | None) -> dict[str, Any]:
    known = rules.quartiles_of(five)
    return {name: asdict(known) if known else None}


def _median(five: Five | None) -> int | None:
    known = rules.quartiles_of(five)
    return known.median if known else None


def _median_ratio(five: Five | None) -> str | None:
    known = rules.quartiles_of(five)
    return rules.ratio_text(known.median) if known else None


def _count(count: int, url: str) -> Any:
    return {"text": str(count), "url": url} if count else 0


def _share(one: dict[str, Any], url: str) -> Any:
    text = rules.share(one["on_time"], one["accepted"])
    return {"text": text, "url": url, "note": f"n={one['accepted']}"} if one["accepted"] else text


def _ratio(one: dict[str, Any], url: str) -> Any:
    if one["ratio_median"] is None:
        return _("不足 8 份") if one["ratio_n"] else "—"
    return {"text": one["ratio_median"], "url": url, "note": f"n={one['ratio_n']}"}


def _standing(one: dict[str, Any]) -> Any:
    if one["standing_milli"] is None:
        return {"text": _("暂无"), "note": f"n={one['ratings_n']}"}
    low = one["standing_low_milli"] / 1000
    return {
        "text": f"{one['standing_milli'] / 1000:.1f}",
        "url": f"/agencies/{one['id']}/standing",
        "note": _("下限 %(low)s，n=%(n)s", low=f"{low:.2f}", n=one["ratings_n"]),
    }


def _day(instant: Any) -> str:
    return f"{beijing(instant):%Y-%m-%d}" if instant is not None else "—"


def _late(days: int | None) -> Any:
    if days is None:
        return "—"
    return {"text": _("迟 %(days)s 天", days=days), "kind": "warn"} if days else _("准时")
