"""What the gates of complaints judge, and what both faces read from a request."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import request
from marshmallow import ValidationError

from core.errors import NotFound
from core.work import Work
from marketplace.complaints import queries
from marketplace.complaints.commands import Upload
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Subject
from marketplace.complaints.models import Complaint
from marketplace.complaints.schemas import AboutSchema


def complaint_loader(work: Work, complaint_id: int, **_more: Any) -> Complaint:
    """Return the complaint an address names. Raises NotFound."""
    return queries.complaint_by_id(work.session, complaint_id)


def asked_about() -> About:
    """Read from the address what somebody wants to complain of. Raises NotFound when it names nothing."""
    try:
        about = About(**AboutSchema().load(request.args.to_dict()))
    except ValidationError as error:
        raise NotFound("complaint-not-found") from error
    named = {
        Subject.SELECTION: about.need_id, Subject.ENTRY: about.agency_id,
        Subject.OPERATOR: about.earlier_id or about.agency_id,
    }  # fmt: skip
    if named[about.subject] is None:
        raise NotFound("complaint-not-found")
    return about


def sent_files(name: str = "file") -> list[Upload]:
    """Return the files sent under a name; an empty box sends one without a name."""
    return [Upload(cast("BinaryIO", one.stream), one.filename) for one in request.files.getlist(name) if one.filename]
