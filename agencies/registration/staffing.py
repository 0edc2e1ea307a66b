"""Use cases of an agency's practitioners: enter, renew a certificate, let go, and what falls due.

Other rooms call these through ``service``.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from accounts import messages
from agencies.catalogue import reference
from agencies.catalogue.wording import certificate_name
from agencies.registration import editing, rules
from agencies.registration.commands import AddPractitioner
from agencies.registration.lifecycle import PRACTITIONER, PRACTITIONER_END, PractitionerState
from agencies.registration.models import Practitioner
from agencies.registration.permissions import POLICY
from agencies.registration.qualifying import over_at
from core import deadlines, identifiers, secrets
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.work import Work


def add_practitioner(work: Work, agency_id: int, command: AddPractitioner) -> Practitioner:
    """Enter a person with a certificate; one person works for one agency at a time.

    Raises Invalid for a number that does not fit its check digit, an unknown kind or a certificate that is over,
    Conflict("practitioner-twice") or ("practitioner-elsewhere"), which does not tell where.
    """
    agency = editing.to_edit(work, agency_id)
    if not identifiers.is_identity_number(command.identity):
        raise Invalid("identity-number", field="identity")
    if command.kind not in {one.code for one in reference.certificates()}:
        raise Invalid("certificate-unknown", field="kind")
    _refuse_over(work, command.valid_to)
    digest = secrets.keyed_hash("identity", command.identity)
    live = select(Practitioner).where(Practitioner.identity_hash == digest, Practitioner.left_at.is_(None))
    elsewhere = work.session.scalars(live).one_or_none()
    if elsewhere is not None:
        raise Conflict("practitioner-twice" if elsewhere.agency_id == agency_id else "practitioner-elsewhere")
    row = Practitioner(
        agency_id=agency_id, org_id=agency.org_id, state=PRACTITIONER.initial, name=command.name,
        identity=command.identity, identity_hash=digest, kind=command.kind, certificate=command.certificate,
        valid_to=command.valid_to,
    )  # fmt: skip
    work.add(row, "practitioner.added", agency=agency_id, kind=command.kind)
    _put_end(work, row)
    editing.changed(work, agency, "registration.practitioner_added")
    return row


def renew_practitioner(work: Work, agency_id: int, practitioner_id: int, valid_to: date) -> Practitioner:
    """Enter the new last day of a person's certificate.

    Raises NotFound, Forbidden, Conflict, Invalid for a day that is over or not later than the one known.
    """
    agency = editing.to_edit(work, agency_id)
    row = _held(work, agency_id, practitioner_id)
    _refuse_over(work, valid_to)
    if row.valid_to is not None and valid_to <= row.valid_to:
        raise Invalid("renewed-not-later", field="valid_to", ended=row.valid_to.isoformat())
    row.valid_to = valid_to
    work.move(PRACTITIONER, POLICY, row, "renew", agency=agency_id)
    _put_end(work, row)
    editing.changed(work, agency, "registration.practitioner_renewed")
    return row


def release_practitioner(work: Work, agency_id: int, practitioner_id: int) -> None:
    """Record that a person left; another agency may enter them from then on. Raises NotFound, Forbidden, Conflict."""
    agency = editing.to_edit(work, agency_id)
    row = _held(work, agency_id, practitioner_id)
    row.left_at = work.clock.now()
    work.move(PRACTITIONER, POLICY, row, "release", agency=agency_id)
    deadlines.drop(work, PRACTITIONER_END, row.id)
    editing.changed(work, agency, "registration.practitioner_left")


def end_due(work: Work, practitioner_id: int) -> None:
    """Note that the last day of a person's certificate is over. Handles ``practitioner.end``; may run twice."""
    row = work.session.get(Practitioner, practitioner_id, with_for_update=True)
    if row is None or row.state is not PractitionerState.REGISTERED or row.valid_to is None:
        return
    if over_at(row.valid_to) > work.clock.now():
        return
    work.move(PRACTITIONER, POLICY, row, "expire", agency=row.agency_id)
    name, number = certificate_name(row.kind), row.certificate[-rules.TAIL :]
    messages.tell(work, row.org_id, "practitioner-expired-now", "/join/practitioners", name=name, number=number)
    work.emit("agency.changed", id=row.agency_id)


def _held(work: Work, agency_id: int, practitioner_id: int) -> Practitioner:
    row = work.session.get(Practitioner, practitioner_id, with_for_update=True)
    if row is None or row.agency_id != agency_id or row.state is PractitionerState.LEFT:
        raise NotFound("practitioner-not-found", id=practitioner_id)
    return row


def _refuse_over(work: Work, valid_to: date | None) -> None:
    if valid_to is not None and valid_to < beijing_day(work.clock.now()):
        raise Invalid("certificate-over", field="valid_to", ended=valid_to.isoformat())


def _put_end(work: Work, row: Practitioner) -> None:
    if row.valid_to is not None:
        deadlines.put(work, PRACTITIONER_END, row.id, over_at(row.valid_to))
