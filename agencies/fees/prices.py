"""An agency's own posted prices: the list by item, and the form that posts a new version."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import acted, marker
from accounts.gate import may, reading
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.queries import item_by_code
from agencies.catalogue.wording import named
from agencies.fees import forms, queries, rules, service
from agencies.fees.commands import PriceBasis
from agencies.fees.models import PostedPrice
from agencies.fees.pages import pages
from agencies.fees.pricebook import basis_sentence, percent, stated
from agencies.fees.refusals import SENTENCES
from agencies.fees.schemas import PostPriceSchema
from agencies.registration.models import Agency
from agencies.registration.queries import agency_of_org, offered_items
from core.clock import beijing_day
from core.errors import NotFound
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work


def own_agency(work: Work, **_view_args: Any) -> Agency:
    """Return the agency of whoever asks. Raises NotFound before it began to register."""
    agency = agency_of_org(work.session, work.actor.org_id or 0)
    if agency is None:
        raise NotFound("agency-not-found")
    return agency


@pages.get("/prices")
@may("price:own")
def prices() -> ResponseReturnValue:
    """Show what the agency has posted for each item it offers."""
    with reading() as work:
        agency, now = own_agency(work), work.clock.now()
        posted = queries.posted_prices(work.session, agency.id, now)
        coming = queries.coming_prices(work.session, agency.id, now)
        offered = offered_items(work.session, agency.id)
        rows = [_row(item, posted.get(item.code), coming.get(item.code)) for item in offered]
    score = rules.completeness([stated(posted.get(item.code)) for item in offered])
    missing = sum(not row["price"] for row in rows)
    return render_template("fees/prices.html", rows=rows, missing=missing, score=score, agency=agency)


def _row(item: ServiceItem, standing: PostedPrice | None, coming: PostedPrice | None) -> dict[str, Any]:
    """Return an item as a line of the list: what stands, what is missing, what comes next."""
    written, missing = stated(standing), {"included": _("没写价格包含"), "extra": _("没写另行收费")}
    return {
        "name": named(item),
        "url": url_for("fees.price", item_code=item.code),
        "price": basis_sentence(standing) if standing is not None else "",
        "since": _since(standing) if standing is not None else "",
        "missing": [text for part, text in missing.items() if part not in written] if written else [_("没有公示")],
        "coming": _("%(day)s：%(price)s", day=_since(coming), price=basis_sentence(coming)) if coming else "",
    }


@pages.get("/prices/<string:item_code>")
@may("price:post", subject=own_agency)
def price(item_code: str) -> ResponseReturnValue:
    """Show the form that posts a price, filled with the one in force, and the versions before."""
    with reading() as work:
        agency, item = own_agency(work), item_by_code(work.session, item_code)
        standing = queries.posted_price(work.session, agency.id, item_code, work.clock.now())
        return _page(work, agency, item, blank_form(forms.price_layout(item), _initial(standing)))


@pages.post("/prices/<string:item_code>")
@may("price:post", subject=own_agency)
def post_price(item_code: str) -> ResponseReturnValue:
    """Post a new version."""
    with reading() as work:
        agency, item = own_agency(work), item_by_code(work.session, item_code)
    form = read_form(PostPriceSchema(), forms.price_layout(item), {**request.form.to_dict(), "item_code": item_code})
    return acted(
        form, lambda work, command: service.post_price(work, agency.id, command), url_for("fees.prices"),
        lambda work: _page(work, agency, item, form, form), mark=marker(SENTENCES), told=_("价格已公示。"),
    )  # fmt: skip


def _initial(row: PostedPrice | None) -> dict[str, Any]:
    if row is None:
        return {"basis": str(PriceBasis.FIXED)}
    return {
        "basis": str(row.basis), "amount": row.amount, "unit_name": row.unit_name, "schedule_id": row.schedule_id or "",
        "discount_rate": percent(row.discount_rate) if row.discount_rate is not None else "",
        "included": row.included, "extra": row.extra,
    }  # fmt: skip


def _page(work: Work, agency: Agency, item: ServiceItem, drawn: Form[Any], wrong: Form[Any] | None = None) -> str:
    now = work.clock.now()
    versions = [
        [
            _since(row),
            basis_sentence(row),
            _("尚未生效") if row.valid_from > now else _("现行") if _stands(row, now) else _("已被替换"),
        ]
        for row in queries.price_versions(work.session, agency.id, item.code)
    ]
    return render_template("fees/price.html", name=named(item), item=item, drawn=drawn, form=wrong, versions=versions)


def _since(row: PostedPrice) -> str:
    return _("自 %(day)s 起", day=beijing_day(row.valid_from).isoformat())


def _stands(row: PostedPrice, now: Any) -> bool:
    return row.superseded_at is None or row.superseded_at > now
