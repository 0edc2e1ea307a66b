"""Pages of selection: open and compare, confirm the choice, the public result, stepping back from an award."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import asked_form
from accounts.gate import may, public, reading, works, writing
from accounts.models import Organisation
from core import papers
from core.clock import beijing_day
from core.errors import DomainError, NotFound
from core.forms import Form, blank_form, first_sentence, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.quotes.service import open_if_due
from marketplace.selection import (
    bidding,
    bidding_pages,
    board,
    forms,
    letters,
    lotting,
    publicity,
    queries,
    rules,
    service,
    wording,
)
from marketplace.selection.lifecycle import HOLDING, SelectionState
from marketplace.selection.loaders import award_loader, need_loader
from marketplace.selection.models import Award, Selection
from marketplace.selection.pages import pages
from marketplace.selection.permissions import POLICY
from marketplace.selection.queries import Weighing
from marketplace.selection.refusals import SENTENCES
from marketplace.selection.schemas import GiveAwardSchema, RejectQuoteSchema, ScoreSheetSchema, SelectionReasonSchema

__all__ = ["bidding_pages", "pages"]


@pages.record
def _hang_on_notices(state: Any) -> None:
    """Let the notice, which knows nothing of selection, show the commitment of its draw."""
    state.app.extensions.setdefault("notice_panels", []).append(commitment_panel)


def commitment_panel(work: Work, need: Need) -> Mapping[str, Any] | None:
    """Return the commitment of the draw, shown until its secret is."""
    if need.state not in {NeedState.OPEN, NeedState.SELECTING}:
        return None
    selection = queries.selection_of(work.session, need.id)
    if selection is None:
        return None
    return {"template": "selection/_commitment.html", "commitment": selection.draw_commitment}


@pages.get("/needs/<int:need_id>/selection")
@may("selection:read", subject=need_loader)
def show(need_id: int) -> ResponseReturnValue:
    """Show the opened quotes as the rules see them."""
    _begin_when_due(need_id)
    with reading() as work:
        return _board(work, need_id)


@pages.post("/needs/<int:need_id>/selection/scores")
@may("selection:score", subject=need_loader)
def score(need_id: int) -> ResponseReturnValue:
    """Keep the points of a score sheet, or show it again with what is wrong."""
    with reading() as work:
        need, selection = need_loader(work, need_id), queries.selection_of(work.session, need_id)
        ids = [] if selection is None else [entry["quote_id"] for entry in selection.entrants]
        data = forms.read_scores(request.form, ids, queries.criteria_of(need))
    form = read_form(ScoreSheetSchema(), (), data)
    if form.command is None:
        form.errors = _score_errors(data, ScoreSheetSchema().validate(data))
        with reading() as work:
            return _board(work, need_id, form=form, typed=request.form.to_dict()), 422
    with writing() as work:
        service.score(work, need_id, form.command)
    flash(_("评分已保存"), "ok")
    return redirect(url_for("selection.show", need_id=need_id), 303)


@pages.route("/needs/<int:need_id>/selection/reject", methods=["GET", "POST"])
@may("selection:reject", subject=need_loader)
def reject(need_id: int) -> ResponseReturnValue:
    """Find one quote invalid, with a reason."""
    form = asked_form(RejectQuoteSchema(), forms.REJECT, {"quote_id": request.args.get("quote_id", "")})
    if form.command is None:
        quote_id = _quote_id(form)
        with reading() as work:
            need, weighing = need_loader(work, need_id), _weigh(work, need_id)
            if weighing is None or quote_id is None or quote_id not in weighing.candidates:
                abort(404)
            agency = weighing.candidates[quote_id].agency.name
        page = render_template("selection/reject.html", need=need, form=form, agency=agency)
        return page, 422 if form.errors else 200
    with writing() as work:
        service.reject(work, need_id, form.command)
    flash(_("这份报价已不计入"), "ok")
    return redirect(url_for("selection.show", need_id=need_id), 303)


@pages.get("/needs/<int:need_id>/selection/confirm")
@may("award:give", subject=need_loader)
def confirm(need_id: int) -> ResponseReturnValue:
    """Ask to confirm one choice; the reason only where the rules want one."""
    with reading() as work:
        return _confirmation(work, need_id, request.args.get("quote_id", type=int))


@pages.post("/needs/<int:need_id>/selection/confirm")
@may("award:give", subject=need_loader)
def award(need_id: int) -> ResponseReturnValue:
    """Award, or show the confirmation again with what is wrong."""
    data = forms.read_award(request.form)
    layout = forms.award_layout(reason_needed=True, is_direct=False)
    form = read_form(GiveAwardSchema(), layout, data)
    if form.command is not None:
        try:
            with writing() as work:
                service.award(work, need_id, form.command)
        except DomainError as error:
            if error.facts.get("field") != "reason":
                raise
            form.refuse("reason", str(SENTENCES[error.code]) % error.facts)
        else:
            flash(_("已选定，结果已公开并通知各家机构"), "ok")
            return redirect(url_for("selection.result", need_id=need_id), 303)
    with reading() as work:
        return _confirmation(work, need_id, _quote_id(form), form), 422


@pages.route("/needs/<int:need_id>/selection/end", methods=["GET", "POST"])
@may("selection:fail", subject=need_loader)
def end(need_id: int) -> ResponseReturnValue:
    """End a selection without an award, with a reason."""
    form = asked_form(SelectionReasonSchema(), forms.END)
    if form.command is None:
        with reading() as work:
            need = need_loader(work, need_id)
        return render_template("selection/end.html", need=need, form=form), 422 if form.errors else 200
    with writing() as work:
        service.give_up(work, need_id, form.command)
    flash(_("本次选取已结束"), "ok")
    return redirect(url_for("selection.result", need_id=need_id), 303)


@pages.get("/needs/<int:need_id>/result")
@public
def result(need_id: int) -> ResponseReturnValue:
    """Show who won, for how much, why, and every quote; or why nobody did."""
    publicity.settle_if_due(works(), need_id)
    with reading() as work:
        need = need_loader(work, need_id)
        selection, award_row = queries.selection_of(work.session, need_id), queries.award_of(work.session, need_id)
        protocol = (selection.protocol if selection is not None else None) or {}
        decided = need.state not in {NeedState.DRAFT, NeedState.OPEN, NeedState.SELECTING}
        notes = {loser["quote_id"]: loser["note"] for loser in award_row.losers} if award_row is not None else {}
        mine = {line["agency_id"] for line in protocol.get("lines", [])} & _own_agencies(work, selection)
        told = {
            line["quote_id"]: papers.latest(work.session, letters.RESULT, line["quote_id"])
            for line in protocol.get("lines", [])
            if line["agency_id"] in mine
        }
        return render_template(
            "selection/result.html",
            need=need,
            buyer=work.session.get_one(Organisation, need.org_id).name,
            selection=selection,
            award=award_row,
            ended=[one for one in queries.awards_of(work.session, need_id) if one.state not in HOLDING],
            standing=None if award_row is None else wording.award_tag(award_row.state),
            panels=_panels(work, need),
            protocol=protocol,
            rows=board.result_rows(protocol) if decided else [],
            decided=decided,
            failed=wording.failed_sentence(need.failed_reason) if need.failed_reason else "",
            method=wording.method_name(str(need.method)),
            rule=wording.method_rule(need),
            working=[wording.note_sentence(one["code"], one["facts"]) for one in protocol.get("working", ())],
            draw_order=board.draw_order(protocol),
            notice=papers.latest(work.session, letters.NOTICE, award_row.id) if award_row is not None else None,
            letter=_letter(work, award_row),
            may_decline=_may_decline(work, need, award_row),
            is_party=award_row is not None and work.allows(POLICY, "award:read", award_row),
            mine=mine,
            told=told,
            notes={quote_id: note for quote_id, note in notes.items() if note},
        )


@pages.get("/needs/<int:need_id>/result.json")
@public
def protocol_file(need_id: int) -> ResponseReturnValue:
    """Hand out the protocol, with all that is needed to repeat the ranking and the draw.

    Raises NotFound until there is one.
    """
    with reading() as work:
        need_loader(work, need_id)
        selection = queries.selection_of(work.session, need_id)
        if selection is None or selection.protocol is None:
            raise NotFound("selection-not-found", need_id=need_id)
        return jsonify(selection.protocol)


@pages.route("/awards/<int:award_id>/decline", methods=["GET", "POST"])
@may("award:decline", subject=award_loader)
def decline(award_id: int) -> ResponseReturnValue:
    """Step back from an award, with a reason."""
    form = asked_form(SelectionReasonSchema(), forms.DECLINE)
    with reading() as work:
        award_row = award_loader(work, award_id)
        need = need_loader(work, award_row.need_id)
    if form.command is None:
        page = render_template("selection/decline.html", need=need, award=award_row, form=form)
        return page, 422 if form.errors else 200
    with writing() as work:
        service.decline(work, award_id, form.command)
    flash(_("已放弃中选"), "ok")
    return redirect(url_for("selection.result", need_id=need.id), 303)


def _begin_when_due(need_id: int) -> None:
    """Open the quotes and freeze the list now when the worker has not done it yet."""
    open_if_due(works(), need_id)
    with reading() as work:
        need, selection = need_loader(work, need_id), queries.selection_of(work.session, need_id)
        waits = need.state is NeedState.SELECTING and (selection is None or selection.state is SelectionState.COMMITTED)
    if waits:
        with works().system() as work:
            service.begin(work, need_id)
    bidding.end_if_due(works(), need_id)


def _weigh(work: Work, need_id: int) -> Weighing | None:
    selection = queries.selection_of(work.session, need_id)
    if selection is None or selection.frozen_at is None:
        return None
    return queries.weigh(work.session, need_loader(work, need_id), selection, beijing_day(work.clock.now()))


def _board(work: Work, need_id: int, *, form: Form[Any] | None = None, typed: dict[str, str] | None = None) -> str:
    need, weighing = need_loader(work, need_id), _weigh(work, need_id)
    quartiles = queries.quartiles(work.session, need.item_code, need.id)
    selection = queries.selection_of(work.session, need_id)
    bids_on = selection is not None and selection.state is SelectionState.BIDDING
    open_for_choice = need.state is NeedState.SELECTING and weighing is not None and not bids_on
    return render_template(
        "selection/board.html",
        need=need,
        form=form,
        rows=[] if weighing is None else board.rows_of(weighing, quartiles, typed),
        weighing=weighing,
        bids_on=bids_on,
        lot_turn=lotting.turn(work.session, need),
        quartiles=quartiles,
        method=wording.method_name(str(need.method)),
        rule=wording.method_rule(need),
        working=[] if weighing is None else [wording.note_sentence(*note) for note in weighing.working],
        may_choose=open_for_choice and work.allows(POLICY, "award:give", need),
        failure=None if weighing is None or not weighing.count.failure else str(SENTENCES[weighing.count.failure]),
    )


def _confirmation(work: Work, need_id: int, quote_id: int | None, form: Form[Any] | None = None) -> str:
    need, weighing = need_loader(work, need_id), _weigh(work, need_id)
    lines = () if weighing is None else weighing.lines
    chosen = next((line for line in lines if line.entrant.quote_id == quote_id and line.rank is not None), None)
    if weighing is None or chosen is None or need.state is not NeedState.SELECTING:
        raise NotFound("quote-not-found", id=quote_id)
    needed = rules.reason_needed(str(need.method), chosen.rank, weighing.count)
    layout = forms.award_layout(reason_needed=needed, is_direct=str(need.method) == "direct")
    rows = board.rows_of(weighing, queries.quartiles(work.session, need.item_code, need.id))
    return render_template(
        "selection/confirm.html",
        need=need,
        form=form or blank_form(layout, {"quote_id": quote_id}),
        reason_needed=needed,
        chosen=next(row for row in rows if row.quote_id == quote_id),
        others=[row for row in rows if row.quote_id != quote_id],
        told={
            line.entrant.quote_id: wording.why_not_sentence(rules.why_not(line, chosen, str(need.method)))
            for line in lines
        },
        refused=not rules.may_be_chosen(str(need.method), chosen),
        count=weighing.count,
        method=wording.method_name(str(need.method)),
        note_name=forms.note_name,
    )


def _score_errors(data: dict[str, Any], found: dict[str, Any]) -> list[tuple[str, str]]:
    """Name the quote and the criterion of each error of a score sheet."""
    errors = []
    for index, wrong in found.get("scores", {}).items():
        entry = data["scores"][index]
        for messages in wrong.values():
            text = first_sentence(messages)
            sentence = (
                _("写明“%(criterion)s”的分数和理由", criterion=entry["criterion"]) if text == "required" else text
            )
            errors.append(("scores", sentence))
    return errors or [("scores", _("填写分数和理由"))]


def _quote_id(form: Form[Any]) -> int | None:
    value = str(form.fields["quote_id"].value)
    return int(value) if value.isdigit() else None


def _own_agencies(work: Work, selection: Selection | None) -> set[int]:
    """Return the agencies this reader acts for among those that quoted."""
    if work.actor.org_id is None or selection is None:
        return set()
    return {
        agency.id
        for agency in letters.agencies_of(work.session, selection.need_id)
        if agency.org_id == work.actor.org_id
    }


def _panels(work: Work, need: Need) -> list[Any]:
    """Return what upper rooms show beside a result; they hang themselves under ``result_panels``."""
    found = (panel_of(work, need) for panel_of in current_app.extensions.get("result_panels", ()))
    return [panel for panel in found if panel is not None]


def _letter(work: Work, award_row: Award | None) -> papers.IssuedPaper | None:
    if award_row is None or not work.allows(POLICY, "award:read", award_row):
        return None
    return papers.latest(work.session, letters.LETTER, award_row.id)


def _may_decline(work: Work, need: Need, award_row: Award | None) -> bool:
    return award_row is not None and need.state is NeedState.AWARDED and work.allows(POLICY, "award:decline", award_row)
