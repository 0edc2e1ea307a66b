"""The page of rounds of bidding: where they stand, and the form to lower one's own price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import may, reading, works, writing
from core.errors import Conflict, Invalid
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs import wording as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.quotes.loaders import received_at
from marketplace.quotes.service import open_if_due
from marketplace.selection import bidding, forms, queries, service, wording
from marketplace.selection.lifecycle import SelectionState
from marketplace.selection.loaders import Bidding, bidding_loader, need_loader
from marketplace.selection.pages import pages
from marketplace.selection.permissions import POLICY
from marketplace.selection.refusals import SENTENCES
from marketplace.selection.schemas import BidSchema


@pages.record
def _hang_on_notices(state: Any) -> None:
    """Let the notice, which knows nothing of selection, lead those who take part to the rounds."""
    state.app.extensions.setdefault("notice_panels", []).append(notice_panel)


def notice_panel(work: Work, need: Need) -> Mapping[str, Any] | None:
    """Return what a notice shows of rounds that are on to those who may look at them."""
    if need.method != "rounds" or need.state is not NeedState.SELECTING:
        return None
    selection = queries.selection_of(work.session, need.id)
    if selection is None or selection.state is not SelectionState.BIDDING:
        return None
    if not work.allows(POLICY, "selection:watch", Bidding.of(work, need, selection)):
        return None
    return {"template": "selection/_bidding.html", "need": need, "starts_at": selection.round_starts_at}


@pages.get("/needs/<int:need_id>/bidding")
@may("selection:watch", subject=bidding_loader)
def bidding_room(need_id: int) -> ResponseReturnValue:
    """Show where the rounds stand."""
    bring_up_to_date(need_id)
    with reading() as work:
        return _page(work, need_id)


@pages.post("/needs/<int:need_id>/bidding")
@may("selection:bid", subject=bidding_loader)
def offer(need_id: int) -> ResponseReturnValue:
    """Lower one's own price, or show the page again with what is wrong."""
    moment = received_at()
    form = read_form(BidSchema(), forms.BID, request.form)
    if form.command is not None:
        try:
            with writing() as work:
                bidding.bid(work, need_id, form.command, moment)
        except (Invalid, Conflict) as refusal:
            form.refuse(str(refusal.facts.get("field", "")), refusal_sentence(refusal))
            bring_up_to_date(need_id)
            with reading() as work:
                return _page(work, need_id, form), 409 if isinstance(refusal, Conflict) else 422
        flash(_("出价已计入，截止前还可以再降。"), "ok")
        return redirect(url_for("selection.bidding_room", need_id=need_id), 303)
    with reading() as work:
        return _page(work, need_id, form), 422


def bring_up_to_date(need_id: int) -> None:
    """Open, freeze and end what is due, when no worker has."""
    open_if_due(works(), need_id)
    with works().system() as work:
        service.begin(work, need_id)
    bidding.end_if_due(works(), need_id)


def refusal_sentence(refusal: Conflict | Invalid) -> str:
    """Write a refusal with its times and amounts written out."""
    known = str(SENTENCES.get(refusal.code, refusal.code))
    return known % {name: wording.plain(value) for name, value in refusal.facts.items()}


def _page(work: Work, need_id: int, form: Form[Any] | None = None) -> str:
    need, subject = need_loader(work, need_id), bidding_loader(work, need_id)
    found = bidding.standing(work, need, queries.selection_of(work.session, need_id))
    now = work.clock.now()
    return render_template(
        "selection/bidding.html",
        need=need,
        rule=needs.method_rule(need),
        standing=found,
        form=form or blank_form(forms.BID),
        may_bid=found.most is not None and work.allows(POLICY, "selection:bid", subject),
        begun=found.round is not None and now >= found.round.starts_at,
        bidding_now=now,
    )
