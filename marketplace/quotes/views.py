"""Pages of quotes: hand one in sealed, the receipt, taking it back, one's own quotes, and all of them once opened."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import acted, saying
from accounts.gate import may, public, reading, works, writing
from agencies.catalogue.queries import item_by_code
from agencies.fees import service as fees
from agencies.registration import queries as registration
from agencies.registration.refusals import missing_sentence, where_to_add
from core.clock import beijing_day
from core.errors import Conflict, DomainError
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.money import Money
from core.work import Work
from marketplace.needs import queries as needs
from marketplace.needs.benchmark import Benchmark, benchmark, difference
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.methods import fixed_price
from marketplace.needs.models import Need
from marketplace.quotes import explaining, explanation_pages, forms, queries, sealing, service, wording
from marketplace.quotes.commands import Attachment
from marketplace.quotes.loaders import need_of, own_quote_of, received_at
from marketplace.quotes.models import Quote
from marketplace.quotes.pages import pages
from marketplace.quotes.permissions import POLICY
from marketplace.quotes.schemas import SubmitQuoteSchema

__all__ = ["explanation_pages", "pages"]


@pages.record
def _hang_on_notices(state: Any) -> None:
    """Let the notice, which knows nothing of quotes, open what is due and show the reader's own quote."""
    state.app.extensions.setdefault("before_notice", []).append(service.open_if_due)
    state.app.extensions.setdefault("notice_panels", []).extend([notice_panel, explanations_panel])


def notice_panel(work: Work, need: Need) -> Mapping[str, Any] | None:
    """Return what a notice shows an agency of its own quote or of why it may not quote; nothing of anybody else's."""
    quote = queries.own_quote(work.session, work.actor.org_id, need.id)
    if quote is None:
        return _declared_out(work, need)
    return {"template": "quotes/_own.html", "quote": quote, "tag": wording.state_tag(quote, need), "need": need}


def explanations_panel(work: Work, need: Need) -> Mapping[str, Any] | None:
    """Return what a notice shows of explanations of low prices to those who may read them."""
    rows = [
        one for one in queries.explanations_of(work.session, need.id) if work.allows(POLICY, "explanation:read", one)
    ]
    lines = [(explaining.url_of(one.id), wording.explanation_tag(one)) for one in rows]
    return {"template": "quotes/_explanations.html", "lines": lines} if lines else None


def _declared_out(work: Work, need: Need) -> Mapping[str, Any] | None:
    """Return what an agency the notice declares out is told: why, what follows, and what it may do."""
    agency = registration.agency_of_org(work.session, work.actor.org_id) if work.actor.org_id is not None else None
    reason = needs.avoided(work.session, need.id).get(agency.id) if agency is not None else None
    return None if reason is None else {"template": "quotes/_avoided.html", "reason": reason, "need": need}


@pages.get("/needs/<int:need_id>/quote")
@may("quote:offer", subject=need_of)
def new(need_id: int) -> ResponseReturnValue:
    """Ask for the price, the days and the tick; what can be known is filled in."""
    service.open_if_due(works(), need_id)
    with reading() as work:
        return _form_page(work, need_id)


@pages.post("/needs/<int:need_id>/quote")
@may("quote:offer", subject=need_of)
def submit(need_id: int) -> ResponseReturnValue:
    """Seal a quote and show its receipt, or show the form again with what is wrong."""
    moment = received_at()
    with reading() as work:
        sent = {**request.form.to_dict(), "files": _uploads()}
        form = read_form(SubmitQuoteSchema(), forms.layout(need_of(work, need_id).quoting), sent)
        form.fields["files"].value = ""
    return acted(
        form, lambda work, command: service.submit(work, need_id, command, moment),
        url_for("quotes.receipt", need_id=need_id), lambda work: _form_page(work, need_id, form),
        mark=saying(wording.refusal_sentence), told=_("报价已密封，截止前可改可撤。"), conflict=409,
    )  # fmt: skip


def _uploads() -> list[Attachment]:
    """Read the files of the form; an empty box sends one without a name."""
    sent = [one for one in request.files.getlist("files") if one.filename]
    return [Attachment(str(one.filename), one.stream.read(service.MOST_FILE_BYTES + 1)) for one in sent]


@pages.post("/needs/<int:need_id>/quote/confirm")
@may("quote:receipt", subject=own_quote_of)
def confirm(need_id: int) -> ResponseReturnValue:
    """Let the sealed quote stand for the notice as amended."""
    moment = received_at()
    try:
        with writing() as work:
            service.confirm(work, need_id, moment)
    except Conflict as refusal:
        flash(wording.refusal_sentence(refusal), "bad")
    else:
        flash(_("已确认，原报价按更正后的公告有效。"), "ok")
    return redirect(url_for("quotes.receipt", need_id=need_id), 303)


@pages.get("/quotes/<int:quote_id>/files/<int:no>")
@public
def quote_file(quote_id: int, no: int) -> ResponseReturnValue:
    """Give an opened quote's attachment. Raises NotFound, before the opening for everybody."""
    with reading() as work:
        quote, row = queries.file_of(work.session, work.actor, quote_id, no)
        known = (quote.files or [])[no - 1]
        content = sealing.unsealed_file(quote, row.sealed, known)
    if content is None:
        raise Conflict("seal-broken", receipt=quote.receipt_code)
    return send_file(
        io.BytesIO(content), mimetype="application/octet-stream", as_attachment=True,
        download_name=str(known["name"]), max_age=0,
    )  # fmt: skip


@pages.get("/needs/<int:need_id>/quote/receipt")
@may("quote:receipt", subject=own_quote_of)
def receipt(need_id: int) -> ResponseReturnValue:
    """Show the receipt; after the opening also what was sealed, so that its hash can be worked out again."""
    service.open_if_due(works(), need_id)
    with reading() as work:
        quote, need = own_quote_of(work, need_id), need_of(work, need_id)
        page: dict[str, Any] = {"need": need, "quote": quote, "tag": wording.state_tag(quote, need)}
        page |= {"body": "", "invalid": ""}
        page["versions"] = [(one, wording.state_tag(one, need)) for one in queries.own_versions(work.session, quote)]
        page["lots"] = queries.other_lots(work.session, work.actor.org_id, need)
        page["to_confirm"] = quote.knows_amendment < need.binding_amendment
        if work.allows(POLICY, "quote:read-own", quote):
            page["body"] = _sealed_text(work, quote)
            page["benchmark"] = _benchmark(need, quote.amount)
            page["invalid"] = wording.invalid_sentence(quote.invalid_reason)
        return render_template("quotes/receipt.html", is_open=_takes_quotes(work, need), words=wording, **page)


@pages.route("/needs/<int:need_id>/quote/withdraw", methods=["GET", "POST"])
@may("quote:receipt", subject=own_quote_of)
def withdraw(need_id: int) -> ResponseReturnValue:
    """Ask once more, then take the sealed quote back."""
    moment = received_at()
    if request.method == "GET":
        with reading() as work:
            return render_template(
                "quotes/withdraw.html", need=need_of(work, need_id), quote=own_quote_of(work, need_id)
            )
    try:
        with writing() as work:
            service.withdraw(work, own_quote_of(work, need_id).id, moment)
    except Conflict as refusal:
        flash(wording.refusal_sentence(refusal), "bad")
        return redirect(url_for("quotes.receipt", need_id=need_id), 303)
    flash(_("报价已撤回。截止前还可以重新报价。"), "ok")
    return redirect(url_for("needs.show", need_id=need_id), 303)


@pages.get("/needs/<int:need_id>/quotes")
@public
def opened(need_id: int) -> ResponseReturnValue:
    """Show the opened quotes the reader may see: all of them to everybody once one was chosen."""
    service.open_if_due(works(), need_id)
    with reading() as work:
        need = need_of(work, need_id)
        rows = queries.opened_quotes(work.session, work.actor, need_id)
        return render_template(
            "quotes/opened.html",
            need=need,
            rows=rows,
            versions=queries.earlier_versions(work.session, work.actor, need_id),
            explanations=_explanations(work, need),
            words=wording,
            against=_against(need),
            benchmark=_benchmark(need),
        )


def _explanations(work: Work, need: Need) -> Mapping[int, tuple[str, str]]:
    """Return the explanations of low prices this reader may see: quote to address and where it stands."""
    return {
        one.quote_id: (explaining.url_of(one.id), wording.explanation_tag(one)[0])
        for one in queries.explanations_of(work.session, need.id)
        if work.allows(POLICY, "explanation:read", one)
    }


@pages.get("/quotes")
@may("quote:see-own")
def mine() -> ResponseReturnValue:
    """List the agency's own quotes, newest first."""
    with reading() as work:
        page = queries.own_quotes(work.session, work.actor.org_id, after=request.args.get("after", type=int))
        rows = [(quote, need, wording.state_tag(quote, need)) for quote, need in page.items]
    following = url_for("quotes.mine", after=page.after) if page.after is not None else None
    return render_template("quotes/mine.html", rows=rows, next_url=following)


def _takes_quotes(work: Work, need: Need) -> bool:
    return need.state is NeedState.OPEN and need.closes_at is not None and work.clock.now() < need.closes_at


def _sealed_text(work: Work, quote: Quote) -> str:
    try:
        return service.read_own(work, quote.id)
    except DomainError:
        return ""


def _form_page(work: Work, need_id: int, form: Form[Any] | None = None) -> str:
    need = need_of(work, need_id)
    agency = registration.agency_of_org(work.session, work.actor.org_id)
    today = beijing_day(work.clock.now())
    missing: list[tuple[str, str]] = []
    advice: list[tuple[str, str]] = []
    if agency is None:
        missing = [(_("还没有入驻。先登记，上架后再报价。"), "/join")]
    elif needs.is_shut_out(work.session, need.id, agency.id):
        missing = [(wording.refusal_sentence(Conflict("not-admitted")), url_for("needs.show", need_id=need.id))]
    elif agency.id in needs.avoided(work.session, need.id):
        missing = [(wording.refusal_sentence(Conflict("agency-avoided")), url_for("needs.show", need_id=need.id))]
    else:
        verdict = registration.eligible(work.session, agency.id, need.item_code, today)
        missing = [(missing_sentence(one), where_to_add(one)) for one in verdict.details]
        advice = [(missing_sentence(one), where_to_add(one)) for one in verdict.advice]
    former = queries.own_quote(work.session, work.actor.org_id, need_id)
    return render_template(
        "quotes/form.html", need=need, item=item_by_code(work.session, need.item_code), missing=missing, advice=advice,
        former=former, lots=queries.other_lots(work.session, work.actor.org_id, need),
        form=form or blank_form(forms.layout(need.quoting), _known(work, need, agency)),
        is_open=_takes_quotes(work, need), benchmark=_benchmark(need),
        ceiling=needs.ceiling_for(work.session, need, agency.id) if agency is not None else need.ceiling,
    )  # fmt: skip


def _benchmark(need: Need, price: Money | None = None) -> Benchmark | None:
    """Return what the schedule said on the day of the notice, to hold a readable price against."""
    return benchmark(need, beijing_day(need.published_at), price) if need.published_at is not None else None


def _against(need: Need) -> Callable[[Money | None], str]:
    """Return what says how an opened price stands to the benchmark that was published with the need."""
    base = need.benchmark_base
    if base is None or not base.fen:
        return lambda _price: ""
    return lambda price: difference(price, base, _("收费基准")) if price is not None else ""


def _known(work: Work, need: Need, agency: Any) -> dict[str, Any]:
    """Return what the form begins with: the days asked for, and the agency's posted price for this need's numbers."""
    known: dict[str, Any] = {"days": need.time_limit_days}
    fixed = fixed_price(need.method, need.ceiling)
    if fixed is not None:
        return {**known, "amount": fixed}
    posted = fees.posted_price(work.session, agency.id, need.item_code, work.clock.now()) if agency else None
    if posted is None:
        return known
    amount = fees.posted_amount(posted, need.benchmark_base)
    ceiling = needs.ceiling_for(work.session, need, agency.id)
    if amount is not None and (ceiling is None or amount <= ceiling):
        known["amount"] = amount
    if posted.discount_rate is not None:
        known["discount_rate"] = format((posted.discount_rate * 100).normalize(), "f")
    return known
