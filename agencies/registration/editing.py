"""What every use case of an agency's own record begins and ends with: the row locked, its right asked, the change told.

Other rooms call the use cases through ``service``.
"""

from __future__ import annotations

from agencies.registration.lifecycle import EDITABLE, RegistrationState
from agencies.registration.models import Agency
from agencies.registration.permissions import POLICY
from core.errors import Conflict, NotFound
from core.work import Work


def locked(work: Work, agency_id: int) -> Agency:
    """Lock and return an agency. Raises NotFound."""
    agency = work.session.get(Agency, agency_id, with_for_update=True)
    if agency is None:
        raise NotFound("agency-not-found", id=agency_id)
    return agency


def to_edit(work: Work, agency_id: int) -> Agency:
    """Lock an agency whose people may change its record now. Raises NotFound, Forbidden, Conflict."""
    agency = locked(work, agency_id)
    work.require(POLICY, "registration:edit", agency)
    if agency.state not in EDITABLE:
        raise Conflict("registration-locked", state=str(agency.state))
    return agency


def changed(work: Work, agency: Agency, verb: str) -> None:
    """Record a change of the agency's record, and tell it where the record is public."""
    work.record(agency, verb)
    if agency.state not in {RegistrationState.DRAFT, RegistrationState.RETURNED}:
        work.emit("agency.changed", id=agency.id)
