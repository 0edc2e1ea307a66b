"""Pages of one deal: its text, signatures, versions and settlement; and the lists of deals."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.downloads import hand_out
from accounts.gate import may, public, reading, signed_in, works, writing
from accounts.models import Organisation
from accounts.refusing import sentence, sentences
from core import files, papers
from core.clock import beijing_day
from core.errors import DomainError, Invalid, NotFound
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.money import Money
from core.work import Work
from marketplace.contracts import (
    amending,
    clauses,
    documents,
    forms,
    late,
    queries,
    service,
    turn_forms,
    turn_view,
    wording,
)
from marketplace.contracts.commands import Upload
from marketplace.contracts.lifecycle import CONTRACT, ContractState, PauseState
from marketplace.contracts.models import Contract, Settlement
from marketplace.contracts.pages import pages
from marketplace.contracts.permissions import POLICY, is_buyer
from marketplace.contracts.rules import LineKind
from marketplace.contracts.schemas import ContractReasonSchema, DeliverSchema, ReviseSchema, SettleSchema, SignSchema
from marketplace.contracts.timing import STOPPING
from marketplace.needs.benchmark import Benchmark, benchmark
from marketplace.needs.models import Need
from marketplace.selection.models import Award
from marketplace.selection.publicity import settle_if_due
from marketplace.selection.queries import award_by_id, award_of


def contract_loader(work: Work, contract_id: int, **_more: Any) -> Contract:
    """Return the contract a page is about. Raises NotFound."""
    return queries.contract_by_id(work.session, contract_id)


def award_loader(work: Work, need_id: int) -> Award:
    """Return the award a need's contract is drafted from. Raises NotFound."""
    award = award_of(work.session, need_id)
    if award is None:
        raise NotFound("contract-not-found", need_id=need_id)
    return award


@pages.get("/contracts")
@signed_in
def mine() -> ResponseReturnValue:
    """List the contracts this reader may read, newest first."""
    with reading() as work:
        page = queries.contracts_page(work.session, work.actor, after=request.args.get("after", type=int), limit=None)
        return render_template("contracts/list.html", rows=_rows(page.items), after=page.after, is_public=False)


@pages.get("/deals")
@public
def deals() -> ResponseReturnValue:
    """List the signed contracts in summary, for everybody."""
    with reading() as work:
        page = queries.public_contracts(work.session, after=request.args.get("after", type=int), limit=None)
        return render_template("contracts/list.html", rows=_rows(page.items), after=page.after, is_public=True)


@pages.get("/needs/<int:need_id>/contract")
@may("award:read", subject=award_loader)
def of_need(need_id: int) -> ResponseReturnValue:
    """Go to the contract of a need; it is drafted now when the worker has not done it yet."""
    with reading() as work:
        award, found = award_of(work.session, need_id), queries.live_contract(work.session, need_id)
        ready = found is not None and award is not None and found.award_id == award.id
    if not ready:
        with works().system() as work:
            found = service.contract_for_need(work, need_id)
    return redirect(url_for("contracts.show", contract_id=found.id if found else 0), 303)


@pages.get("/contracts/<int:contract_id>")
@may("contract:read", subject=contract_loader)
def show(contract_id: int) -> ResponseReturnValue:
    """Show one contract with what may be done next."""
    with reading() as work:
        need_id = contract_loader(work, contract_id).need_id
    settle_if_due(works(), need_id)
    late.catch_up(works(), contract_id)
    return deal_page(contract_id)


@pages.post("/contracts/<int:contract_id>/amount")
@may("contract:revise", subject=contract_loader)
def revise(contract_id: int) -> ResponseReturnValue:
    """Change the amount of a draft."""
    form = read_form(ReviseSchema(), forms.REVISE, request.form)
    return act(contract_id, "revise", form, service.revise, _("金额已改，双方重新签署"))


@pages.post("/contracts/<int:contract_id>/signatures")
@may("contract:sign", subject=contract_loader)
def sign(contract_id: int) -> ResponseReturnValue:
    """Sign for one's own side."""
    form = read_form(SignSchema(), forms.SIGN, request.form)
    return act(contract_id, "sign", form, service.sign, _("已签署"))


@pages.post("/contracts/<int:contract_id>/deliverables")
@may("contract:deliver", subject=contract_loader)
def deliver(contract_id: int) -> ResponseReturnValue:
    """Hand in the next version of the result."""
    form = read_form(DeliverSchema(), forms.DELIVER, request.form)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.refuse("file", _("选择成果文件"))
        return deal_page(contract_id, deliver=form)
    upload = Upload(sent.stream, sent.filename)
    return act(
        contract_id,
        "deliver",
        form,
        lambda work, id_, command: service.deliver(work, id_, upload, command),
        _("成果已提交"),
    )


@pages.post("/contracts/<int:contract_id>/returns")
@may("contract:send_back", subject=contract_loader)
def send_back(contract_id: int) -> ResponseReturnValue:
    """Send the delivered version back with reasons."""
    form = read_form(ContractReasonSchema(), forms.SEND_BACK, request.form)
    return act(contract_id, "send_back", form, service.send_back, _("成果已退回"))


@pages.post("/contracts/<int:contract_id>/acceptance")
@may("contract:accept", subject=contract_loader)
def accept(contract_id: int) -> ResponseReturnValue:
    """Accept the delivered version."""
    with writing() as work:
        service.accept(work, contract_id)
    flash(_("验收通过"), "ok")
    return redirect(url_for("contracts.show", contract_id=contract_id), 303)


@pages.post("/contracts/<int:contract_id>/settlement")
@may("contract:settle", subject=contract_loader)
def settle(contract_id: int) -> ResponseReturnValue:
    """Record what was paid."""
    data = forms.read_settlement(request.form)
    form = read_form(SettleSchema(), forms.settlement_layout(), {**request.form.to_dict(), **data})
    if any(not name for name, _sentence in form.errors):
        form.errors = [("", _("每笔填类别、名目和大于 0 的金额，如 46500；数量填整数"))]
    return act(contract_id, "settle", form, service.settle, _("结算已登记"))


@pages.get("/contracts/<int:contract_id>/deliverables/<int:no>")
@may("contract:text", subject=contract_loader)
def version_file(contract_id: int, no: int) -> ResponseReturnValue:
    """Hand out the file of one version to the parties. Raises NotFound."""
    with reading() as work:
        version = next((one for one in queries.deliverables_of(work.session, contract_id) if one.no == no), None)
        stored = None if version is None else work.session.get(files.StoredFile, version.file_id)
        if stored is None:
            raise NotFound("deliverable-not-found", no=no)
        return hand_out(stored)


@pages.get("/contracts/<int:contract_id>/draft.pdf")
@may("contract:text", subject=contract_loader)
def draft_pdf(contract_id: int) -> ResponseReturnValue:
    """Hand out the text before it is signed, marked as a draft."""
    with reading() as work:
        contract = contract_loader(work, contract_id)
        data = documents.paper_data(work.session, contract)
    pdf = papers.render_pdf("contract", data)
    return send_file(BytesIO(pdf), mimetype="application/pdf", download_name=f"{contract.number}.pdf", max_age=0)


def act(
    contract_id: int, name: str, form: Form[Any], use: Callable[[Work, int, Any], Any], done: str
) -> ResponseReturnValue:
    """Run a use case with a form's command, or show the contract again with what is wrong."""
    if form.command is None:
        return deal_page(contract_id, **{name: form})
    try:
        with writing() as work:
            use(work, contract_id, form.command)
    except Invalid as error:
        refuse(form, error)
        return deal_page(contract_id, **{name: form})
    flash(done, "ok")
    return redirect(url_for("contracts.show", contract_id=contract_id), 303)


def refuse(form: Form[Any], error: DomainError) -> None:
    """Put a refusal beside the field it names. Raises it again when nobody has a sentence for it."""
    if error.code not in sentences():
        raise error
    form.refuse(str(error.facts.get("field", "")), sentence(error))


def deal_page(contract_id: int, **sent: Form[Any]) -> ResponseReturnValue:
    """Draw the contract; ``sent`` are forms that came back wrong, by the act they are for."""
    with reading() as work:
        contract = contract_loader(work, contract_id)
        page = render_template(
            "contracts/contract.html",
            contract=contract,
            **_parts(work, contract),
            **_turns(work, contract),
            may=_allowed(work, contract),
            waits=wording.waits_for(award_by_id(work.session, contract.award_id)),
            forms={**_blank(contract, queries.settlement_of(work.session, contract.id)), **sent},
            form=next(iter(sent.values()), None),
        )
    return page, 422 if sent else 200


def _parts(work: Work, contract: Contract) -> dict[str, Any]:
    """Return what the page says of the deal itself."""
    session, now = work.session, work.clock.now()
    may_read_text = work.allows(POLICY, "contract:text", contract)
    settlement = queries.settlement_of(session, contract.id)
    versions = queries.deliverables_of(session, contract.id)
    return {
        "buyer": session.get_one(Organisation, contract.enterprise_org_id),
        "seller": session.get_one(Organisation, contract.agency_org_id),
        "tag_of": wording.state_tag(contract.state),
        "steps": wording.steps(contract),
        "day_kind": wording.day_kind_name(contract.day_kind),
        "lateness": wording.lateness(contract),
        "versions": turn_view.versions_shown(versions, now),
        "rounds": turn_view.rounds_shown(contract, versions, now) if contract.rounds else [],
        "settlement": settlement,
        "settlement_shown": turn_view.settlement_shown(work, settlement),
        "benchmark": _benchmark(work, contract, contract.amount),
        "settled": _benchmark(work, contract, settlement.paid) if settlement is not None else None,
        "paid_lines": _paid_lines(settlement),
        "clauses": clauses.from_text(contract.text) if may_read_text else (),
        "paper": papers.latest(session, documents.CONTRACT_PAPER, contract.id) if may_read_text else None,
        "may_read_text": may_read_text,
    }


def _turns(work: Work, contract: Contract) -> dict[str, Any]:
    """Return what the page says of what happened to the deal on its way."""
    pauses = queries.pauses_of(work.session, contract.id)
    return {
        "pauses": turn_view.pauses_shown(work, contract, pauses),
        "is_stopped": any(one.state is PauseState.RUNNING and one.cause in STOPPING for one in pauses),
        "amendments": turn_view.amendments_shown(work, contract, queries.amendments_of(work.session, contract.id)),
        "outcomes": turn_view.outcomes_shown(work, contract),
        "termination": turn_view.termination_shown(work, contract),
        "time": turn_view.time_shown(work, contract),
        "compared": turn_view.draft_compared(work, contract),
    }


def _benchmark(work: Work, contract: Contract, price: Money) -> Benchmark | None:
    """Return what the schedule said on the day the contract was closed, or drafted, and where a price stands to it."""
    need = work.session.get_one(Need, contract.need_id)
    return benchmark(need, beijing_day(contract.starts_at or contract.drafted_at), price)


def _allowed(work: Work, contract: Contract) -> set[str]:
    """Return what this reader may do now."""
    verbs = {verb for verb in CONTRACT.open_to(contract.state) if work.allows(POLICY, f"contract:{verb}", contract)}
    if contract.state is ContractState.DRAFTED:
        if work.allows(POLICY, "contract:revise", contract):
            verbs.add("revise")
        at = contract.enterprise_signed_at if is_buyer(work.actor, contract) else contract.agency_signed_at
        if at is not None:
            verbs.discard("sign")
    if contract.state in amending.OPEN_TO_CHANGE and work.allows(POLICY, "contract:amend", contract):
        verbs.add("amend")
    if contract.state is ContractState.IN_SERVICE and work.allows(POLICY, "contract:pause", contract):
        known = queries.pauses_of(work.session, contract.id)
        if not any(one.state in {PauseState.ASKED, PauseState.RUNNING} for one in known):
            verbs.add("pause")
    return verbs


def _blank(contract: Contract, settlement: Settlement | None) -> dict[str, Form[Any]]:
    return {
        "revise": blank_form(forms.REVISE, {"amount": contract.amount, "reason": contract.amount_reason}),
        "sign": blank_form(forms.SIGN, {"content_hash": contract.content_hash}),
        "deliver": blank_form(forms.DELIVER),
        "send_back": blank_form(forms.SEND_BACK),
        "settle": blank_form(
            forms.settlement_layout(),
            {"kind-1": LineKind.AGREED, "name-1": _("服务费"), "quantity-1": 1, "amount-1": contract.amount},
        ),
        "pause": blank_form(turn_forms.pause_layout()),
        "pause_answer": blank_form(turn_forms.PAUSE_ANSWER),
        "amendment_answer": blank_form(turn_forms.AMENDMENT_ANSWER),
        "view": blank_form(turn_forms.VIEW),
        "settlement_view": blank_form(forms.SETTLEMENT_VIEW),
        "correct": blank_form(forms.settlement_layout(), forms.as_typed(settlement)),
        "keep": blank_form(forms.KEEP),
    }


def _paid_lines(settlement: Settlement | None) -> list[list[str]]:
    """Return kind, name, quantity, amount and the difference from the contract of each line."""
    lines = () if settlement is None else settlement.lines
    return [
        [
            wording.line_kind_name(LineKind(line.get("kind", LineKind.AGREED))),
            line["name"],
            str(line.get("quantity", 1)),
            str(Money(line["amount_fen"])),
            _signed_amount(line.get("difference_fen")),
        ]
        for line in lines
    ]


def _signed_amount(fen: int | None) -> str:
    return "—" if not fen else f"+{Money(fen)}" if fen > 0 else str(Money(fen)).replace("-", "−")


def _rows(contracts: Any) -> list[dict[str, Any]]:
    return [
        {"row": contract, "tag": wording.state_tag(contract.state), "lateness": wording.lateness(contract)}
        for contract in contracts
    ]
