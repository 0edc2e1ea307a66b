"""The shelf: a service with the agencies that offer it, the directory, a comparison, an agency's public page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import public, reading
from agencies.catalogue import reference, wording
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.queries import item_by_code
from agencies.registration import cards, change_wording, comparison, hooks, queries
from agencies.registration.hooks import FeePanel, ShownPrice
from agencies.registration.lifecycle import COUNTS
from agencies.registration.models import Agency, Qualification
from agencies.registration.pages import pages
from agencies.registration.permissions import POLICY
from agencies.registration.queries import Shelf
from agencies.registration.schemas import masked
from core.clock import beijing_day
from core.errors import Invalid
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.paging import USUAL
from core.work import Work

SORTS: Final = (("rank", _l("综合")), ("price", _l("报价")), ("on_time", _l("准时率")), ("rating", _l("评分")))
FEW: Final = 6
"""Up to this many towns stand open in the filter."""
ON_TIME_STEPS: Final = (95, 90, 80)
OWN_ARGS: Final = ("town", "grade", "on_time", "sort", "after", "agency")
FEWEST_COMPARED: Final = 2
MOST_COMPARED: Final = 4


@pages.get("/services/<string:code>")
@public
def item(code: str) -> ResponseReturnValue:
    """Show a service: what it is, what it costs for the reader's data, and who offers it."""
    with reading() as work:
        row = item_by_code(work.session, code)
        panel = hooks.price_book().panel(work, row, _fee_args())
        results = _results(work, row, panel)
        names = wording.item_names()
    carry = {"item": row.code, **panel.carry}
    return render_template(
        "registration/item.html",
        item=row,
        name=wording.named(row),
        facts=_facts(row, names),
        marks=_marks(row),
        panel=panel,
        need_url=f"/needs/new?{_query(carry)}",
        hidden=[(key, value) for key, value in _fee_args().items()],
        **results,
    )


@pages.get("/agencies")
@public
def directory() -> ResponseReturnValue:
    """Show every agency on the shelf, to narrow by town, grade and on-time share."""
    with reading() as work:
        results = _results(work, None, FeePanel())
    return render_template("registration/directory.html", hidden=[], **results)


def _fee_args() -> dict[str, str]:
    """Return what the reader typed for the fee, the shelf's own words left out."""
    return {key: value[:200] for key, value in request.args.items() if key not in OWN_ARGS}


def _query(pairs: Mapping[str, str]) -> str:
    """Write pairs as a query."""
    return urlencode(pairs)


def _asked(item_code: str | None) -> Shelf:
    sort = request.args.get("sort", "rank")
    known = [name for name, _label in SORTS if name != "price" or item_code is not None]
    percent = request.args.get("on_time", type=int)
    return Shelf(
        item_code,
        tuple(request.args.getlist("town")),
        tuple(request.args.getlist("grade")),
        percent if percent in ON_TIME_STEPS else None,
        sort if sort in known else "rank",
    )


def _results(work: Work, row: ServiceItem | None, panel: FeePanel) -> dict[str, Any]:
    """Fetch one page of the shelf with prices, and all that narrows and orders it."""
    asked, now = _asked(row.code if row else None), work.clock.now()
    prices: Mapping[int, ShownPrice] = {}
    if asked.sort == "price" and row is not None:
        ids = queries.shelf_ids(work.session, asked)
        prices = hooks.price_book().prices(work, row.code, ids, now, panel.calculation)
        agencies, after = _cheapest(work, ids, prices)
    else:
        page = queries.listed_agencies(work.session, asked, after=request.args.get("after"))
        agencies, after = page.items, page.after
        if row is not None:
            prices = hooks.price_book().prices(work, row.code, [one.id for one in agencies], now, panel.calculation)
    people = queries.practitioner_counts(work.session, [one.id for one in agencies])
    chosen = set(request.args.getlist("agency"))
    shown = [
        cards.card(
            one,
            today=beijing_day(now),
            people=people.get(one.id, 0),
            price=prices.get(one.id),
            with_price=row is not None,
            checked=str(one.id) in chosen,
        )
        for one in agencies
    ]
    return {
        "cards": shown,
        "total": queries.shelf_size(work.session, asked),
        "next_url": _here(after=after) if after else None,
        **_narrowing(work, asked),
    }


def _cheapest(work: Work, ids: Sequence[int], prices: Mapping[int, ShownPrice]) -> tuple[Sequence[Agency], str | None]:
    """Return one page of the agencies by price, those without an amount last."""
    start = max(0, request.args.get("after", 0, type=int))

    def place(agency_id: int) -> tuple[bool, int, int]:
        price = prices.get(agency_id)
        amount = price.amount if price is not None else None
        return (amount is None, amount.fen if amount is not None else 0, agency_id)

    ordered = sorted(ids, key=place)
    shown = queries.agencies_by_ids(work.session, ordered[start : start + USUAL])
    return shown, str(start + USUAL) if len(ordered) > start + USUAL else None


def _here(**changes: Any) -> str:
    """Return this page's address with some of its query changed; None takes a word out."""
    args: dict[str, Any] = {key: request.args.getlist(key) for key in request.args if key != "after"}
    args.update(changes)
    return url_for(
        str(request.endpoint), **(request.view_args or {}), **{k: v for k, v in args.items() if v is not None}
    )


def _narrowing(work: Work, asked: Shelf) -> dict[str, Any]:
    """Return filters, chips and tabs for what was asked."""
    counts = queries.shelf_counts(work.session, asked.item_code)
    towns = [
        (code, cards.town_name(code), number, code in asked.towns) for code, number in counts["town"].most_common()
    ]
    grades = [
        (grade, cards.grade_name(grade), number, grade in asked.grades)
        for grade, number in sorted(counts["grade"].items())
    ]
    steps = [
        (str(one), _("准时率 %(percent)s%% 以上", percent=one), None, one == asked.on_time_percent)
        for one in ON_TIME_STEPS
    ]
    groups: list[dict[str, Any]] = [
        {"label": _("信用等级"), "name": "grade", "options": grades},
        {"label": _("准时交付"), "name": "on_time", "type": "radio", "options": steps},
        {"label": _("所在镇街"), "name": "town", "options": towns, "open": bool(asked.towns) or len(towns) <= FEW},
    ]
    tabs = [
        (str(label), _here(sort=name), name == asked.sort)
        for name, label in SORTS
        if name != "price" or asked.item_code is not None
    ]
    return {
        "groups": [group for group in groups if group["options"]],
        "chips": _chips(asked),
        "tabs": tabs,
        "sort": asked.sort,
        "clear_url": _here(town=None, grade=None, on_time=None),
    }


def _chips(asked: Shelf) -> list[tuple[str, str]]:
    found = [(cards.town_name(code), _here(town=[one for one in asked.towns if one != code])) for code in asked.towns]
    found += [
        (cards.grade_name(grade), _here(grade=[one for one in asked.grades if one != grade])) for grade in asked.grades
    ]
    if asked.on_time_percent is not None:
        found.append((_("准时率 %(percent)s%% 以上", percent=asked.on_time_percent), _here(on_time=None)))
    return found


def _facts(row: ServiceItem, names: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Return the rows of a service's summary, in the order a newcomer asks."""
    stage = next(wording.named(one) for one in reference.stages() if one.code == row.stage)
    found: list[tuple[str, Any]] = [
        (_("是否必需"), wording.is_needed(row)),
        (_("能否自行编制"), wording.may_do_it_yourself(row)),
        (_("谁付费"), str(wording.PAYERS[row.who_pays])),
        (_("价格形式"), wording.regime(row)),
        (_("用于哪项审批"), wording.named(row, "approval")),
        (_("审批阶段"), stage),
        (_("主管部门"), wording.department_names(row.departments)),
        (_("机构条件"), wording.asks_for(row)),
        (_("成果"), row.deliverable),
        (_("时限"), wording.limits(row) or _("没有收录时限")),
        (_("法定依据"), row.legal_basis or _("没有查到明文依据，审批部门不得以此为由要求委托")),
    ]
    if row.schedules or row.other_documents:
        found.append((_("收费文件"), [*row.schedules, *row.other_documents]))
    if row.conflicts:
        found.append((_("同一项目不能兼做"), [names.get(code, code) for code in row.conflicts]))
    if row.remarks:
        found.append((_("说明"), row.remarks))
    return found


def _marks(row: ServiceItem) -> list[dict[str, Any]]:
    """Return how sure the catalogue is of each of its parts."""
    parts = (
        (_("名称、审批与部门"), row.confidence),
        (_("资质要求"), row.qualification_confidence),
        (_("价格形式"), row.price_confidence),
    )
    return [{"label": label, "tag": wording.mark(mark), "source": wording.source_of(mark)} for label, mark in parts]


@pages.get("/compare")
@public
def compare() -> ResponseReturnValue:
    """Compare two to four agencies side by side, for one service when it is named.

    Raises Invalid when fewer or more may be seen of those named.
    """
    raw = [*request.args.getlist("agency"), *request.args.get("ids", "").split(",")]
    ids = list(dict.fromkeys(int(one) for one in raw if one.isdecimal() and len(one) < 19))  # noqa: PLR2004 - fits a BIGINT
    with reading() as work:
        code = request.args.get("item", "")
        row = item_by_code(work.session, code) if code else None
        agencies = queries.agencies_by_ids(work.session, ids)
        agencies = [one for one in agencies if work.allows(POLICY, "registration:see", one)]
        if not FEWEST_COMPARED <= len(agencies) <= MOST_COMPARED:
            raise Invalid("compare-count", count=len(agencies))
        panel = hooks.price_book().panel(work, row, _fee_args()) if row is not None else FeePanel()
        columns, groups = comparison.compare(work, agencies, row, panel)
    return render_template(
        "registration/compare.html",
        columns=columns,
        groups=groups,
        item=row,
        item_name=wording.named(row) if row else "",
        item_url=f"/services/{row.code}?{_query(panel.carry)}" if row else "",
        need_url=f"/needs/new?{_query({'item': row.code, **panel.carry})}" if row else "",
    )


@pages.get("/agencies/<int:agency_id>")
@public
def agency(agency_id: int) -> ResponseReturnValue:
    """Show an agency's public record: services and posted prices, certificates, people, punctuality, ratings."""
    with reading() as work:
        row, today = queries.visible_agency(work.session, work.actor, agency_id), beijing_day(work.clock.now())
        posted = hooks.price_book().posted(work, agency_id, work.clock.now())
        offered = queries.offered_items(work.session, agency_id)
        certificates = queries.qualifications_of(work.session, agency_id)
        people = queries.practitioners_of(work.session, agency_id)
        panels = hooks.panels(work, row)
    return render_template(
        "registration/agency.html",
        agency=row,
        about=[part for part in (cards.town_name(row.town_code), cards.years(row, today)) if part],
        tags=cards.tags(row),
        rating=cards.rating(row),
        aspects=[(str(label), cards.stars(milli)) for label, milli in zip(cards.ASPECTS, row.aspects, strict=False)],
        on_time=cards.on_time(row),
        services=[_service_row(one, posted.get(one.code)) for one in offered],
        certificates=[
            [
                wording.qualification_name(one.category, one.grade),
                one.number,
                one.issued_by,
                cards.term(one, today),
                _("运营机构已核对") if one.state in COUNTS else _standing(one),
            ]
            for one in certificates
        ],
        people=[[masked(one.name), wording.certificate_name(one.kind), one.certificate] for one in people],
        panels=panels,
    )


def _service_row(row: ServiceItem, price: ShownPrice | None) -> list[Any]:
    return [
        {"text": wording.named(row), "url": f"/services/{row.code}"},
        price.label if price is not None else _("没有公示"),
        price.note if price is not None else None,
    ]


def _standing(row: Qualification) -> dict[str, str]:
    """Say where a qualification stands that doesn't count."""
    label, kind = change_wording.STATES[row.state]
    return {"text": str(label), "kind": kind}
