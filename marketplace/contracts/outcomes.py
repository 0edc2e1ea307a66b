"""Use cases of departments' findings: entered one by one, or imported as a table whose wrong rows come back.

A finding belongs to one version of one contract's result, and may come months after acceptance. The same finding sent
twice is kept once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from accounts import messages
from accounts.models import Organisation
from agencies.catalogue.queries import item_by_code
from core.access import OrgKind
from core.clock import beijing_day
from core.errors import DomainError, Forbidden, Invalid, NotFound
from core.work import Work
from marketplace.contracts import queries, return_codes, turns
from marketplace.contracts.commands import EnterOutcome, OutcomeRow
from marketplace.contracts.loading import load, tell_both, url_of
from marketplace.contracts.models import Contract, Deliverable, Outcome
from marketplace.contracts.permissions import POLICY
from marketplace.contracts.queries import Reviewed
from marketplace.contracts.turns import Finding, Source


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: its place, the cells as they came, and the refusal."""

    line: int
    cells: tuple[str, ...]
    error: DomainError


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: rows kept, rows known already, and rows refused, none lost."""

    kept: int
    known: int
    refused: tuple[Refused, ...]


def reviewed(work: Work, contract: Contract) -> Reviewed:
    """Return a contract as a department's object: with the offices whose approval its item serves."""
    codes = item_by_code(work.session, contract.item_code).departments
    return Reviewed(contract, queries.offices_of(work.session, codes))


def enter(work: Work, contract_id: int, command: EnterOutcome, source: Source = Source.ENTERED) -> Outcome:
    """Keep what a department found of a version; the newest version when none is named.

    Returns the finding already kept when it is the same. Raises NotFound for the version, Forbidden for another office
    than the item's, Invalid for codes not known that day or a day that does not fit.
    """
    contract, _need = load(work, contract_id)
    subject = reviewed(work, contract)
    work.require(POLICY, "outcome:enter", subject)
    version = _version(work, contract, command.version_no)
    now = work.clock.now()
    turns.judge_outcome(
        command.finding, command.codes, return_codes.known_on(command.decided_on), command.decided_on,
        since=beijing_day(version.submitted_at), today=beijing_day(now),
    )  # fmt: skip
    earlier = queries.outcomes_of(work.session, contract.id)
    for one in earlier:
        if (one.deliverable_id, one.decided_on, one.finding) == (version.id, command.decided_on, command.finding):
            return one
    outcome = Outcome(
        contract_id=contract.id, no=len(earlier) + 1, agency_id=contract.agency_id, deliverable_id=version.id,
        finding=command.finding, codes=list(command.codes), note=command.note.strip(),
        department_code=_department(work, contract), decided_on=command.decided_on, source=source,
        entered_by_org_id=work.actor.org_id, entered_at=now,
    )  # fmt: skip
    work.add(outcome, "outcome.entered", contract_id=contract.id, finding=str(command.finding), no=outcome.no)
    work.emit("outcome.entered", id=contract.id, agency_id=contract.agency_id)
    _tell(work, contract, outcome, version)
    return outcome


def import_rows(work: Work, rows: Iterable[OutcomeRow]) -> Imported:
    """Keep every row that holds; return the others with what is wrong, so that they can be sent again.

    Raises Forbidden for whoever may import none. Each row is judged as if it were entered alone.
    """
    work.require(POLICY, "outcome:import")
    kept = known = 0
    refused: list[Refused] = []
    for row in rows:
        try:
            if row.error is not None:
                raise row.error
            before = _count(work)
            enter(work, _by_number(work, row.number).id, _command(row), Source.IMPORTED)
            kept, known = (kept + 1, known) if _count(work) > before else (kept, known + 1)
        except (Invalid, NotFound, Forbidden) as error:
            refused.append(Refused(row.line, row.cells, error))
    if kept:
        work.session.flush()
    return Imported(kept, known, tuple(refused))


def _count(work: Work) -> int:
    return sum(entry.verb == "outcome.entered" for entry in work.entries)


def _command(row: OutcomeRow) -> EnterOutcome:
    if row.command is None:
        raise Invalid("outcome-row", field="rows")
    return row.command


def _by_number(work: Work, number: str) -> Contract:
    contract = work.session.scalars(select(Contract).where(Contract.number == number)).one_or_none()
    if contract is None:
        raise NotFound("outcome-contract-unknown", number=number)
    return contract


def _version(work: Work, contract: Contract, no: int | None) -> Deliverable:
    versions = queries.deliverables_of(work.session, contract.id)
    found = next((one for one in versions if no is None or one.no == no), None)
    if found is None:
        raise NotFound("deliverable-not-found", no=no or 1)
    return found


def _department(work: Work, contract: Contract) -> str:
    """Name the department that found: the actor's own, or the item's first where the operator brings the table."""
    if work.actor.org_kind is OrgKind.DEPARTMENT:
        own = work.session.get_one(Organisation, work.actor.org_id).department_code
        return own or ""
    return next(iter(item_by_code(work.session, contract.item_code).departments), "")


def _tell(work: Work, contract: Contract, outcome: Outcome, version: Deliverable) -> None:
    if outcome.finding is Finding.ACCEPTED:
        tell_both(work, contract, "outcome-accepted", no=version.no)
        return
    messages.tell(
        work, contract.enterprise_org_id, "outcome-returned", url_of(contract.id), need=contract.title, no=version.no
    )
    messages.tell(
        work, contract.agency_org_id, "outcome-returned", url_of(contract.id), is_todo=True, need=contract.title,
        no=version.no,
    )  # fmt: skip
