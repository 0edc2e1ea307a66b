"""Pages of ratings: rate, read, why the standing is what it is, reply, remove; and the panel on an agency's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import asked_form
from accounts.gate import may, public, reading, writing
from agencies.registration.models import Agency
from core.clock import last_day
from core.errors import DomainError, NotFound
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.contracts.models import Contract
from marketplace.contracts.permissions import is_buyer
from marketplace.contracts.queries import contract_by_id
from marketplace.selection.publicity import as_system
from ratings import cards, explanation, forms, queries, rules, service, wording
from ratings.lifecycle import RatingState, Side
from ratings.models import Rating
from ratings.refusals import SENTENCES
from ratings.schemas import GiveRatingSchema, RatingReplySchema, RemoveRatingSchema

pages = Blueprint("ratings", __name__, template_folder="templates")


def contract_loader(work: Work, contract_id: int) -> Contract:
    """Return the contract a page is about. Raises NotFound."""
    return contract_by_id(work.session, contract_id)


def rating_loader(work: Work, rating_id: int) -> Rating:
    """Return the rating a page is about. Raises NotFound."""
    return queries.rating_by_id(work.session, rating_id)


@pages.get("/contracts/<int:contract_id>/rate")
@may("rating:give", subject=contract_loader)
def rate(contract_id: int) -> ResponseReturnValue:
    """Show the form, or the receipt of what this side has given."""
    _reveal_when_due(contract_id)
    with reading() as work:
        return _rate_page(work, contract_id, None)


@pages.post("/contracts/<int:contract_id>/rate")
@may("rating:give", subject=contract_loader)
def give(contract_id: int) -> ResponseReturnValue:
    """Give the rating, or show the form again with what is wrong."""
    with reading() as work:
        side = _side(work, contract_by_id(work.session, contract_id))
    form = read_form(GiveRatingSchema(), forms.rate_layout(side), request.form)
    if form.command is not None:
        try:
            with writing() as work:
                service.rate(work, contract_id, form.command)
        except DomainError as error:
            _refuse(form, error)
        else:
            flash(_("评价已收到。双方都评价或评价期结束后，同时公开。"), "ok")
            return redirect(url_for("ratings.rate", contract_id=contract_id), 303)
    with reading() as work:
        return _rate_page(work, contract_id, form), 422


@pages.get("/contracts/<int:contract_id>/ratings")
@public
def of_contract(contract_id: int) -> ResponseReturnValue:
    """Show what both sides of a contract said, once it is public. Raises NotFound before acceptance."""
    _reveal_when_due(contract_id)
    with reading() as work:
        contract = contract_by_id(work.session, contract_id)
        if contract.accepted_at is None:
            raise NotFound("rating-not-found", id=contract_id)
        shown = queries.shown_of_contract(work.session, contract_id)
        return render_template(
            "ratings/of_contract.html",
            contract=contract,
            cards=[cards.card(work, one) for one in shown],
            closes_at=rules.window_end(contract.accepted_at),
        )


@pages.get("/agencies/<int:agency_id>/ratings")
@public
def of_agency(agency_id: int) -> ResponseReturnValue:
    """List what enterprises said of an agency, newest first, whatever they said."""
    with reading() as work:
        agency = queries.listed_agency(work.session, agency_id)
        page = queries.shown_ratings(work.session, agency_id, after=request.args.get("after", type=int), limit=20)
        following = url_for("ratings.of_agency", agency_id=agency_id, after=page.after) if page.after else None
        return render_template(
            "ratings/of_agency.html",
            agency=agency,
            cards=[cards.card(work, one) for one in page.items],
            following=following,
            **_figures(agency),
        )


@pages.get("/agencies/<int:agency_id>/standing")
@public
def standing(agency_id: int) -> ResponseReturnValue:
    """Show the events that add up to an agency's standing, and the rule of the grade."""
    with reading() as work:
        agency = queries.listed_agency(work.session, agency_id)
        why = explanation.explain(work, agency_id)
    return render_template(
        "ratings/standing.html", agency=agency, why=why, parts=wording.PARTS, usual=rules.USUAL, **_figures(agency)
    )


@pages.route("/ratings/<int:rating_id>/reply", methods=["GET", "POST"])
@may("rating:reply", subject=rating_loader)
def reply(rating_id: int) -> ResponseReturnValue:
    """Answer a rating in public."""
    form = asked_form(RatingReplySchema(), forms.REPLY)
    with reading() as work:
        rating = rating_loader(work, rating_id)
    if form.command is None:
        page = render_template("ratings/reply.html", rating=rating, form=form)
        return page, 422 if form.errors else 200
    with writing() as work:
        service.reply(work, rating_id, form.command)
    flash(_("回复已公开"), "ok")
    return redirect(url_for("ratings.of_contract", contract_id=rating.contract_id), 303)


@pages.route("/ratings/<int:rating_id>/remove", methods=["GET", "POST"])
@may("rating:remove", subject=rating_loader)
def remove(rating_id: int) -> ResponseReturnValue:
    """Take a rating away for a listed reason. Raises NotFound for one still hidden."""
    form = asked_form(RemoveRatingSchema(), forms.REMOVE)
    with reading() as work:
        rating = rating_loader(work, rating_id)
        if rating.state is RatingState.HIDDEN:
            raise NotFound("rating-not-found", id=rating_id)
    if form.command is None:
        page = render_template("ratings/remove.html", rating=rating, form=form)
        return page, 422 if form.errors else 200
    with writing() as work:
        service.remove(work, rating_id, form.command)
    flash(_("已移除并留下记录，双方会收到通知"), "ok")
    return redirect(url_for("ratings.of_contract", contract_id=rating.contract_id), 303)


def _refuse(form: Form[Any], error: DomainError) -> None:
    """Put a refusal at its field; one that names none of the form's fields goes its own way."""
    field = str(error.facts.get("field", ""))
    if field not in form.fields or error.code not in SENTENCES:
        raise error
    form.refuse(field, str(SENTENCES[error.code]) % error.facts)


def _side(work: Work, contract: Contract) -> Side:
    return Side.ENTERPRISE if is_buyer(work.actor, contract) else Side.AGENCY


def _reveal_when_due(contract_id: int) -> None:
    """Publish now what is due when the worker has not come yet."""
    with reading() as work:
        contract = contract_by_id(work.session, contract_id)
        waits = any(
            one.state is RatingState.HIDDEN for one in queries.ratings_of_contract(work.session, contract_id).values()
        )
        due = contract.accepted_at is not None and work.clock.now() >= rules.window_end(contract.accepted_at)
    if waits and due:
        with writing() as work:
            service.reveal(as_system(work), contract_id)


def _rate_page(work: Work, contract_id: int, form: Form[Any] | None) -> str:
    contract = contract_by_id(work.session, contract_id)
    side = _side(work, contract)
    own = queries.ratings_of_contract(work.session, contract_id).get(side)
    closes_at = rules.window_end(contract.accepted_at) if contract.accepted_at is not None else None
    return render_template(
        "ratings/rate.html",
        contract=contract,
        side=str(side),
        own=own,
        closes_at=closes_at,
        due_on=last_day(contract.due_at) if contract.due_at is not None else None,
        is_open=own is None and closes_at is not None and work.clock.now() < closes_at,
        form=form or blank_form(forms.rate_layout(side)),
    )


def _figures(agency: Agency) -> dict[str, Any]:
    """Return an agency's stored figures in stars; none under three ratings."""

    def stars(milli: int | None) -> float | None:
        return None if milli is None else milli / 1000

    names = wording.dimension_names(Side.ENTERPRISE)
    graded = agency.standing_milli is not None
    return {
        "mean": stars(agency.standing_milli),
        "low": stars(agency.standing_low_milli),
        "high": stars(agency.standing_high_milli),
        "counts": list(agency.star_counts),
        "aspects": [(name, milli / 1000) for name, milli in zip(names, agency.aspects, strict=False)] if graded else [],
    }
