"""Use cases of registration on the agency's side, and figures other rooms set; ``review`` is the operator's side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select

from accounts import messages
from accounts import reference as places
from accounts.models import Organisation
from agencies.catalogue.queries import all_items
from agencies.registration import editing, queries, rules
from agencies.registration.changes import (
    accept_change,
    accept_change_with_gaps,
    close_change_gaps,
    judge_change,
    send_change_back,
    verify_qualification,
)
from agencies.registration.commands import AddPractitioner, AddQualification, MaterialVerdict, SaveDetails
from agencies.registration.lifecycle import ON_SHELF, REGISTRATION, Verdict
from agencies.registration.models import Agency, Material, Offering
from agencies.registration.permissions import POLICY
from agencies.registration.qualifying import add_qualification, answer, bring_promised, withdraw_qualification
from agencies.registration.review import (
    accept,
    accept_with_gaps,
    close_gaps,
    deem_accepted,
    gaps_due,
    judge,
    remove,
    resume,
    send_back,
    suspend,
)
from agencies.registration.rules import Standing
from agencies.registration.staffing import add_practitioner, release_practitioner, renew_practitioner
from core import deadlines
from core.access import OrgKind
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.files import StoredFile
from core.work import Work
from core.workdays import add_workdays, close_of

REVIEW: Final = "registration.review"

__all__ = [
    "AddPractitioner", "AddQualification", "MaterialVerdict", "SaveDetails", "Standing", "accept", "accept_change",
    "accept_change_with_gaps", "accept_with_gaps", "add_practitioner", "add_qualification", "answer", "bring_promised",
    "choose_items", "close_change_gaps", "close_gaps", "commit", "deem_accepted", "gaps_due", "give_material", "judge",
    "judge_change", "open_registration", "release_practitioner", "remove", "renew_practitioner", "resume",
    "save_details", "send_back", "send_change_back", "set_performance", "set_standing", "submit", "suspend",
    "verify_qualification", "withdraw_qualification",
]  # fmt: skip


def open_registration(work: Work, org_id: int) -> Agency:
    """Begin, or find again, the registration of an agency organisation, filled with what is known of it.

    Raises NotFound, Forbidden, or Conflict("not-an-agency") for another kind of organisation.
    """
    organisation = work.session.get(Organisation, org_id, with_for_update=True)
    if organisation is None:
        raise NotFound("organisation-not-found", id=org_id)
    work.require(POLICY, "registration:open", organisation)
    if organisation.kind is not OrgKind.AGENCY:
        raise Conflict("not-an-agency")
    known = queries.agency_of_org(work.session, org_id)
    if known is not None:
        return known
    agency = Agency(
        org_id=org_id,
        town_code=organisation.town_code,
        name=organisation.name,
        credit_code=organisation.credit_code or "",
        state=REGISTRATION.initial,
        rank=rules.shelf_rank(None, 0, 0),
    )
    work.add(agency, "registration.opened")
    return agency


def save_details(work: Work, agency_id: int, command: SaveDetails) -> Agency:
    """Keep what an agency says of itself. Raises NotFound, Forbidden, Conflict, Invalid("founded-later")."""
    agency = editing.to_edit(work, agency_id)
    if command.founded_on is not None and command.founded_on > beijing_day(work.clock.now()):
        raise Invalid("founded-later", field="founded_on")
    agency.contact_name, agency.contact_mobile = command.contact_name, command.contact_mobile
    agency.intro, agency.founded_on = command.intro, command.founded_on
    editing.changed(work, agency, "registration.details_saved")
    return agency


def commit(work: Work, agency_id: int) -> Agency:
    """Accept the commitment letter (承诺书) online, in the name of the agency."""
    agency = editing.to_edit(work, agency_id)
    if agency.committed_at is None:
        agency.committed_at, agency.committed_by = work.clock.now(), work.actor.user_id
        work.record(agency, "registration.committed")
    return agency


def choose_items(work: Work, agency_id: int, codes: Iterable[str]) -> tuple[str, ...]:
    """Set the items an agency offers; return them by number.

    Raises Invalid for none or an unknown code. On the shelf, an item whose binding demand is not met is refused with
    Conflict("item-needs-qualification").
    """
    agency = editing.to_edit(work, agency_id)
    wanted = set(codes)
    items = [item for item in all_items(work.session) if item.code in wanted]
    if not wanted or len(items) != len(wanted):
        raise Invalid("items-missing" if not wanted else "item-unknown", field="items")
    offered = {
        row.item_code: row for row in work.session.scalars(select(Offering).where(Offering.agency_id == agency_id))
    }
    new = [item for item in items if item.code not in offered]
    if agency.state in ON_SHELF:
        held, on = queries.held_by(work.session, agency), beijing_day(work.clock.now())
        for item in new:
            if rules.qualification_gaps(queries.demand_of(item), held, on, queries.ladders())[0]:
                raise Conflict("item-needs-qualification", field="items", item=item.name)
    for item in new:
        row = Offering(agency_id=agency_id, item_code=item.code, since=work.clock.now())
        work.add(row, "offering.added", agency=agency_id, item=item.code)
    for code in sorted(set(offered) - wanted):
        work.session.delete(offered[code])
        work.record(offered[code], "offering.dropped", agency=agency_id, item=code)
    editing.changed(work, agency, "registration.items_chosen")
    return tuple(item.code for item in items)


def give_material(work: Work, agency_id: int, key: str, file_id: int | None = None, statement: str = "") -> Material:
    """Hand in a paper, or answer a correction in words.

    A paper that passed stays as it is: Conflict("material-passed"). Raises NotFound for a paper not asked for or a file
    of somebody else, Invalid("material-empty") for neither file nor words.
    """
    agency = editing.to_edit(work, agency_id)
    if key not in {one.code for one in places.materials()}:
        raise NotFound("material-not-found", key=key)
    if file_id is None and not statement.strip():
        raise Invalid("material-empty", field="file")
    file = work.session.get(StoredFile, file_id) if file_id is not None else None
    if file_id is not None and (file is None or file.org_id != agency.org_id):
        raise NotFound("file-not-found", id=file_id)
    row = queries.materials_of(work.session, agency_id).get(key)
    if row is None:
        row = Material(agency_id=agency_id, key=key, verdict=Verdict.PENDING, reasons=[], note="")
        work.add(row, "material.opened", agency=agency_id, material=key)
    if row.verdict is Verdict.PASSED:
        raise Conflict("material-passed", key=key)
    row.file_id = file_id if file_id is not None else row.file_id
    row.statement = statement.strip()
    if row.verdict is Verdict.TO_CORRECT:
        row.verdict = Verdict.PENDING
    work.record(row, "material.given", agency=agency_id, file=file_id)
    return row


def submit(work: Work, agency_id: int) -> Agency:
    """Hand a registration in; the operator then has five working days, else it counts as accepted.

    Raises Conflict("registration-incomplete") with the codes of what is missing.
    Source: 行政许可法 (2019) 第三十二条第一款第四项, 第八十二条 (working days).
    """
    agency = editing.locked(work, agency_id)
    work.require(POLICY, "registration:submit", agency)
    now = work.clock.now()
    missing = queries.readiness(work.session, agency, beijing_day(now))
    if missing:
        REGISTRATION.follow("submit", agency.state)
        raise Conflict("registration-incomplete", missing=[one.code for one in missing], count=len(missing))
    agency.submitted_at = now
    agency.due_at = close_of(add_workdays(beijing_day(now), rules.REVIEW_WORKDAYS))
    work.move(REGISTRATION, POLICY, agency, "submit")
    _lay_out(work, agency)
    for notice in queries.notices_of(work.session, agency_id)[:1]:
        if notice.answered_at is None:
            notice.answered_at = now
            work.record(notice, "correction.answered")
    deadlines.put(work, REVIEW, agency.id, agency.due_at)
    messages.settle(work, agency.org_id, "/join")
    office = queries.reviewing_org(work.session, agency)
    if office is not None:
        url = f"/registrations/{agency.id}/review"
        messages.tell(work, office, "registration-to-review", url, due_at=agency.due_at, agency=agency.name)
    return agency


def _lay_out(work: Work, agency: Agency) -> None:
    """Give every paper asked for its row, so that each gets a verdict."""
    known = queries.materials_of(work.session, agency.id)
    for material in queries.asked_for(work.session, agency.id):
        if material.code not in known:
            row = Material(
                agency_id=agency.id, key=material.code, verdict=Verdict.PENDING, reasons=[], note="", statement=""
            )
            work.add(row, "material.opened", agency=agency.id, material=material.code)


def set_standing(work: Work, agency_id: int, standing: Standing) -> None:
    """Keep what ratings say of an agency; called by the ratings room, which judged it. Safe to repeat."""
    agency = editing.locked(work, agency_id)
    figures: dict[str, Any] = {
        "standing_milli": standing.mean_milli,
        "standing_low_milli": standing.low_milli,
        "standing_high_milli": standing.high_milli,
        "ratings_n": standing.ratings_n,
        "grade": standing.grade,
        "star_counts": list(standing.counts),
        "aspects": list(standing.aspects),
    }
    _figures(work, agency, figures, "registration.standing_set")


def set_performance(work: Work, agency_id: int, *, delivered_n: int, on_time_n: int, contracts_n: int) -> None:
    """Keep how many results an agency delivered, how many in time, and how many contracts it has.

    Called by the contracts room; safe to repeat. Raises NotFound.
    """
    agency = editing.locked(work, agency_id)
    figures = {"delivered_n": delivered_n, "on_time_n": on_time_n, "contracts_n": contracts_n}
    _figures(work, agency, figures, "registration.performance_set")


def _figures(work: Work, agency: Agency, figures: dict[str, Any], verb: str) -> None:
    if all(getattr(agency, name) == value for name, value in figures.items()):
        return
    for name, value in figures.items():
        setattr(agency, name, value)
    agency.on_time_milli = rules.on_time_milli(agency.delivered_n, agency.on_time_n)
    agency.rank = rules.shelf_rank(agency.standing_low_milli, agency.delivered_n, agency.on_time_n)
    work.record(agency, verb)
    work.emit("agency.changed", id=agency.id)
