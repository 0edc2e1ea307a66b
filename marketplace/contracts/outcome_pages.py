"""Pages where departments say what they found of results: one by one, or as a table."""

from __future__ import annotations

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import asked_form
from accounts.gate import may, reading, writing
from accounts.refusing import sentence, sentences
from agencies.registration.models import Agency
from core.clock import beijing_day
from core.errors import DomainError, Invalid
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.contracts import outcome_table, outcomes, queries, turn_forms, turn_view, wording
from marketplace.contracts.deal import contract_loader, refuse
from marketplace.contracts.outcomes import Imported
from marketplace.contracts.pages import pages
from marketplace.contracts.queries import Reviewed
from marketplace.contracts.turn_schemas import EnterOutcomeSchema, ImportSchema

MOST_FILE: Final = 2_000_000


def reviewed_loader(work: Work, contract_id: int) -> Reviewed:
    """Return a contract as the departments of its item see it. Raises NotFound."""
    return outcomes.reviewed(work, contract_loader(work, contract_id))


@pages.route("/contracts/<int:contract_id>/outcomes", methods=["GET", "POST"])
@may("outcome:enter", subject=reviewed_loader)
def enter_outcome(contract_id: int) -> ResponseReturnValue:
    """Say what the department found of one version."""
    with reading() as work:
        contract = contract_loader(work, contract_id)
        today = beijing_day(work.clock.now())
        numbers = [one.no for one in queries.deliverables_of(work.session, contract_id)]
        agency = work.session.get_one(Agency, contract.agency_id).name
        shown = turn_view.outcomes_shown(work, contract)
    layout = turn_forms.outcome_layout(numbers, today)
    form = asked_form(EnterOutcomeSchema(), layout, {"version_no": next(iter(numbers), ""), "decided_on": today})
    if form.command is not None:
        try:
            with writing() as work:
                outcomes.enter(work, contract_id, form.command)
        except Invalid as error:
            refuse(form, error)
        else:
            flash(_("审查结果已登记"), "ok")
            return redirect(url_for("contracts.enter_outcome", contract_id=contract_id), 303)
    page = render_template(
        "contracts/outcome.html", contract=contract, form=form, agency=agency, outcomes=shown, numbers=numbers
    )
    return page, 422 if form.errors else 200


@pages.get("/outcomes")
@may("outcome:import")
def to_review() -> ResponseReturnValue:
    """List the contracts of this department's items, and take in a table of findings."""
    return _desk(blank_form(turn_forms.IMPORT))


@pages.post("/outcomes")
@may("outcome:import")
def import_outcomes() -> ResponseReturnValue:
    """Take in a table of findings; the rows that do not hold come back with what is wrong."""
    data: dict[str, Any] = request.form.to_dict()
    form = blank_form(turn_forms.IMPORT)
    try:
        sent = request.files.get("file")
        if sent is not None and sent.filename:
            data["rows"] = outcome_table.decode(sent.stream.read(MOST_FILE))
        form = read_form(ImportSchema(), turn_forms.IMPORT, data)
        if form.command is None:
            return _desk(form)
        rows = outcome_table.read(form.command)
    except Invalid as error:
        refuse(form, error)
        return _desk(form)
    with writing() as work:
        done = outcomes.import_rows(work, rows)
    return _desk(blank_form(turn_forms.IMPORT, {"rows": correction(done)}), done)


def correction(done: Imported) -> str:
    """Return the table of the rows that were refused, to be corrected and sent again; nothing when all held."""
    return outcome_table.write([one.cells for one in done.refused]) if done.refused else ""


def problem(error: DomainError) -> str:
    """Say what is wrong with a row."""
    return sentence(error) if error.code in sentences() else _("这一行不属于贵部门的事项")


def _desk(form: Form[Any], done: Imported | None = None) -> ResponseReturnValue:
    with reading() as work:
        items = queries.items_of_office(work.session, work.actor.org_id)
        page = queries.to_review(work.session, items, after=request.args.get("after", type=int), limit=None)
        rows = [_line(work, one) for one in page.items]
        today = beijing_day(work.clock.now())
    refused = (
        [] if done is None else [[str(one.line), "，".join(one.cells), problem(one.error)] for one in done.refused]
    )
    shown = render_template(
        "contracts/outcomes.html", rows=rows, after=page.after, form=form, done=done, refused=refused,
        header="，".join(outcome_table.HEADER), codes=[list(one) for one in turn_forms.code_choices(today)],
    )  # fmt: skip
    return shown, 422 if form.errors else 200


def _line(work: Work, contract: Any) -> dict[str, Any]:
    known = queries.outcomes_of(work.session, contract.id)
    tag = wording.finding_tag(known[-1].finding) if known else (_("还没有结果"), "plain")
    return {"row": contract, "tag": tag, "agency": work.session.get_one(Agency, contract.agency_id).name}
