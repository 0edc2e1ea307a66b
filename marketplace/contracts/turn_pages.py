"""Pages of a contract's turns: pauses and their answers, amendments, the early end and the other side's view."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import asked_form
from accounts.gate import may, reading, writing
from core.errors import Invalid, NotFound
from core.forms import read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.contracts import amending, documents, ending, forms, pausing, queries, service, settling, turn_forms
from marketplace.contracts.clauses import Clause
from marketplace.contracts.commands import Answer, View
from marketplace.contracts.deal import act, contract_loader, refuse
from marketplace.contracts.models import Amendment, Pause, Settlement, Termination
from marketplace.contracts.pages import pages
from marketplace.contracts.schemas import ContractReasonSchema, SettleSchema
from marketplace.contracts.turn_schemas import (
    AmendmentAnswerSchema,
    AskPauseSchema,
    PauseAnswerSchema,
    ProposeSchema,
    TerminateSchema,
    ViewSchema,
)


def pause_loader(work: Work, contract_id: int, no: int) -> Pause:
    """Return one pause of a contract. Raises NotFound."""
    found = next((one for one in queries.pauses_of(work.session, contract_id) if one.no == no), None)
    if found is None:
        raise NotFound("pause-not-found", no=no)
    return found


def amendment_loader(work: Work, contract_id: int, no: int) -> Amendment:
    """Return one amendment of a contract. Raises NotFound."""
    found = next((one for one in queries.amendments_of(work.session, contract_id) if one.no == no), None)
    if found is None:
        raise NotFound("amendment-not-found", no=no)
    return found


def termination_loader(work: Work, contract_id: int) -> Termination:
    """Return how a contract ended early. Raises NotFound."""
    found = queries.termination_of(work.session, contract_id)
    if found is None:
        raise NotFound("termination-not-found", id=contract_id)
    return found


@pages.post("/contracts/<int:contract_id>/pauses")
@may("contract:pause", subject=contract_loader)
def ask_pause(contract_id: int) -> ResponseReturnValue:
    """Ask for the clock to stop."""
    form = read_form(AskPauseSchema(), turn_forms.pause_layout(), request.form)
    return act(contract_id, "pause", form, pausing.ask, _("暂停申请已送对方"))


@pages.post("/contracts/<int:contract_id>/pauses/<int:no>/answer")
@may("pause:agree", subject=pause_loader)
def answer_pause(contract_id: int, no: int) -> ResponseReturnValue:
    """Agree to a pause, or refuse it with a reason."""

    def use(work: Work, id_: int, command: Answer) -> Pause:
        return pausing.answer(work, id_, no, command)

    form = read_form(PauseAnswerSchema(), turn_forms.PAUSE_ANSWER, request.form)
    return act(contract_id, "pause_answer", form, use, _("已答复"))


@pages.post("/contracts/<int:contract_id>/pauses/<int:no>/end")
@may("pause:resume", subject=pause_loader)
def end_pause(contract_id: int, no: int) -> ResponseReturnValue:
    """Let the clock run again, or take back what was only asked."""
    with writing() as work:
        pausing.end(work, contract_id, no)
    flash(_("暂停已结束"), "ok")
    return redirect(url_for("contracts.show", contract_id=contract_id), 303)


def _current(contract_id: int) -> tuple[Clause, ...]:
    with reading() as work:
        contract = contract_loader(work, contract_id)
        return documents.current_clauses(contract, queries.amendments_of(work.session, contract_id))


@pages.route("/contracts/<int:contract_id>/amendments", methods=["GET", "POST"])
@may("contract:amend", subject=contract_loader)
def amend(contract_id: int) -> ResponseReturnValue:
    """Propose a change of amount, time limit or one clause."""
    current = _current(contract_id)
    layout = turn_forms.amendment_layout(current)
    with reading() as work:
        contract = contract_loader(work, contract_id)
    form = asked_form(ProposeSchema(), layout, {"amount": contract.amount, "days": contract.days})
    if form.command is not None:
        try:
            with writing() as work:
                amending.propose(work, contract_id, form.command)
        except Invalid as error:
            refuse(form, error)
        else:
            flash(_("变更已送对方签署"), "ok")
            return redirect(url_for("contracts.show", contract_id=contract_id), 303)
    page = render_template("contracts/amend.html", contract=contract, form=form, clauses=current)
    return page, 422 if form.errors else 200


@pages.post("/contracts/<int:contract_id>/amendments/<int:no>/answer")
@may("amendment:sign", subject=amendment_loader)
def answer_amendment(contract_id: int, no: int) -> ResponseReturnValue:
    """Sign an amendment, or refuse it with a reason."""

    def use(work: Work, id_: int, command: Answer) -> Amendment:
        return amending.answer(work, id_, no, command)

    form = read_form(AmendmentAnswerSchema(), turn_forms.AMENDMENT_ANSWER, request.form)
    return act(contract_id, "amendment_answer", form, use, _("已答复"))


@pages.post("/contracts/<int:contract_id>/amendments/<int:no>/withdraw")
@may("amendment:withdraw", subject=amendment_loader)
def withdraw_amendment(contract_id: int, no: int) -> ResponseReturnValue:
    """Take back what the other side has not signed."""
    with writing() as work:
        amending.withdraw(work, contract_id, no)
    flash(_("变更已撤回"), "ok")
    return redirect(url_for("contracts.show", contract_id=contract_id), 303)


@pages.route("/contracts/<int:contract_id>/termination", methods=["GET", "POST"])
@may("contract:terminate", subject=contract_loader)
def terminate(contract_id: int) -> ResponseReturnValue:
    """End a signed contract early, for a cause and with what is payable."""
    layout = turn_forms.terminate_layout()
    form = asked_form(TerminateSchema(), layout, {"payable": "0"})
    if form.command is not None:
        try:
            with writing() as work:
                service.terminate(work, contract_id, form.command)
        except Invalid as error:
            refuse(form, error)
        else:
            flash(_("合同已终止"), "ok")
            return redirect(url_for("contracts.show", contract_id=contract_id), 303)
    with reading() as work:
        contract = contract_loader(work, contract_id)
        versions = len(queries.deliverables_of(work.session, contract_id))
    page = render_template("contracts/terminate.html", contract=contract, form=form, versions=versions)
    return page, 422 if form.errors else 200


@pages.post("/contracts/<int:contract_id>/termination/view")
@may("termination:answer", subject=termination_loader)
def answer_termination(contract_id: int) -> ResponseReturnValue:
    """Say what the other side thinks of the early end."""

    def use(work: Work, id_: int, command: View) -> Termination:
        return ending.answer(work, id_, command)

    form = read_form(ViewSchema(), turn_forms.VIEW, request.form)
    return act(contract_id, "view", form, use, _("意见已记录"))


def settlement_loader(work: Work, contract_id: int) -> Settlement:
    """Return the settlement of a contract. Raises NotFound."""
    found = queries.settlement_of(work.session, contract_id)
    if found is None:
        raise NotFound("settlement-not-found", id=contract_id)
    return found


@pages.post("/contracts/<int:contract_id>/settlement/answer")
@may("settlement:confirm", subject=settlement_loader)
def answer_settlement(contract_id: int) -> ResponseReturnValue:
    """Say whether the settlement is right."""
    form = read_form(ViewSchema(), forms.SETTLEMENT_VIEW, request.form)
    return act(contract_id, "settlement_view", form, settling.answer, _("已答复，对方会收到通知"))


@pages.post("/contracts/<int:contract_id>/settlement/correction")
@may("settlement:correct", subject=settlement_loader)
def correct_settlement(contract_id: int) -> ResponseReturnValue:
    """Record corrected lines."""
    data = forms.read_settlement(request.form)
    form = read_form(SettleSchema(), forms.settlement_layout(), {**request.form.to_dict(), **data})
    return act(contract_id, "correct", form, settling.correct, _("结算已更正，等机构核对"))


@pages.post("/contracts/<int:contract_id>/settlement/keeping")
@may("settlement:keep", subject=settlement_loader)
def keep_settlement(contract_id: int) -> ResponseReturnValue:
    """Stand by the lines."""
    form = read_form(ContractReasonSchema(), forms.KEEP, request.form)
    return act(contract_id, "keep", form, settling.keep, _("已维持原结算，双方的话都已存档"))
