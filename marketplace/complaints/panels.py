"""What complaints show elsewhere: the way to complain while it is open, a public stub, and what waits on a desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agencies.registration.models import Agency
from core.access import OrgKind
from core.i18n import gettext as _
from core.work import Work
from marketplace.complaints import grounds, queries, wording
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Remedy, Subject
from marketplace.complaints.models import Complaint
from marketplace.complaints.permissions import POLICY
from marketplace.complaints.refusals import SENTENCES
from marketplace.needs.models import Need

SHOWN: Final = 8


def need_panel(work: Work, need: Need) -> Mapping[str, Any] | None:
    """Return what a notice or its result says of complaints: a stub of each, the time left, and the way in."""
    if need.published_at is None:
        return None
    about = About(Subject.SELECTION, need_id=need.id)
    return {"template": "complaints/_public.html", "stubs": stubs_of(work, need.id), **_way(work, about)}


def registration_panel(work: Work, agency: Agency) -> Mapping[str, Any] | None:
    """Return the ways to complain about an agency's entry and the operator's work, for the agency itself."""
    if work.actor.org_id != agency.org_id:
        return None
    ways = [_way(work, About(subject, agency_id=agency.id)) for subject in (Subject.ENTRY, Subject.OPERATOR)]
    return {"template": "complaints/_registration.html", "ways": ways}


def _way(work: Work, about: About) -> dict[str, Any]:
    """Say whether this reader may complain now, until when, or why not."""
    now, found = work.clock.now(), grounds.grounds(work, about)
    refused = found.window.fault(now) or found.standing
    may = work.allows(POLICY, "complaint:file")
    code = refused if may or found.window.fault(now) else "complaint-agencies-only"
    return {
        "subject": str(wording.SUBJECTS[about.subject]),
        "url": f"/complaints/new?{about.query}" if may and not refused else "",
        "said": wording.window_sentence(found.window, now),
        "why_not": str(SENTENCES[code]) if code else "",
    }


def stubs_of(work: Work, need_id: int) -> list[dict[str, Any]]:
    """Return what the public is told of complaints about a need: when accepted, how decided; nobody is named."""
    return [_stub(work, row) for row in queries.public_of_need(work.session, need_id)]


def _stub(work: Work, row: Complaint) -> dict[str, Any]:
    remedy = row.remedy if row.stands and row.remedy not in {None, Remedy.NONE} else None
    return {
        "number": row.number,
        "tag": wording.tag_of(row),
        "aspect": str(wording.ASPECTS[row.aspect]),
        "accepted_at": row.accepted_at,
        "remedy": "" if remedy is None else str(wording.REMEDIES[remedy]),
        "note": str(wording.NOTES.get(row.remedy_note, "")),
        "url": f"/complaints/{row.id}" if work.allows(POLICY, "complaint:read", row) else "",
    }


def desk_panels(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of this organisation's complaints that are not at an end; none when there are none."""
    if work.actor.org_id is None or not work.allows(POLICY, "complaint:list"):
        return []
    rows = queries.waiting(work.session, work.actor, SHOWN)
    if not rows:
        return []
    now = work.clock.now()
    told = [{"row": row, "title": wording.title_of(row), "tag": wording.tag_of(row), "due": wording.due_of(row, now)}
            for row in rows]  # fmt: skip
    title = _("投诉") if work.actor.org_kind in {OrgKind.AGENCY, OrgKind.ENTERPRISE} else _("投诉处理")
    return [(title, "complaints/_desk.html", {"rows": told})]
