"""Pages of revisions: the list, writing one, one with its differences and its judgement, what a correction changes."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import may, reading
from accounts.listing import next_page
from agencies.fees import register, texts
from agencies.fees.evidence import percent_above
from agencies.fees.models import FeeCase
from agencies.fees.service import url_of as case_url
from agencies.fees.wording import KINDS, said
from agencies.revisions import forms, queries, service, showing, writing_pages
from agencies.revisions.models import FeeRevision, RevisedFinding
from agencies.revisions.pages import pages
from agencies.revisions.permissions import POLICY
from agencies.revisions.wording import STATES
from core.forms import blank_form
from core.i18n import gettext as _
from core.money import Money

__all__ = ["pages", "writing_pages"]


@pages.get("/fee-revisions")
@may("fee_revision:list")
def revisions() -> ResponseReturnValue:
    """List the revisions, newest first, and offer to draft one."""
    after = request.args.get("after", type=int)
    with reading() as work:
        page = queries.revisions_page(work.session, work.actor, after=after)
        rows = [_row(one) for one in page.items]
        may_draft = work.allows(POLICY, "fee_revision:draft")
    schedules = [
        (one.id, _("%(document)s %(title)s", document=one.document, title=said(one.title)))
        for one in register.SCHEDULES.values()
    ]
    return render_template(
        "revisions/revisions.html",
        rows=rows,
        may_draft=may_draft,
        schedules=schedules,
        next_url=next_page(page.after),
    )


@pages.get("/fee-revisions/<int:revision_id>")
@may("fee_revision:read", subject=showing.loaded)
def revision(revision_id: int) -> ResponseReturnValue:
    """Show a revision: who, when, why, what changes, and what the reader may do with it."""
    with reading() as work:
        return showing.drawn(work, revision_id, blank_form(forms.JUDGING))


@pages.get("/fee-revisions/<int:revision_id>/text")
@may("fee_revision:read", subject=showing.loaded)
def text(revision_id: int) -> ResponseReturnValue:
    """Give the new text as a file."""
    with reading() as work:
        row = queries.revision_by_id(work.session, revision_id)
    name = f"{row.schedule_id}-{row.text_sha256[: texts.SHORT]}.toml"
    sent = Response(row.text, mimetype="application/toml")
    sent.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent


@pages.get("/fee-revisions/<int:revision_id>/findings")
@may("fee_revision:read", subject=showing.loaded)
def findings(revision_id: int) -> ResponseReturnValue:
    """List the past fee cases a correction changes, each with a link to the case, where it is decided."""
    with reading() as work:
        row = queries.revision_by_id(work.session, revision_id)
        found = queries.findings(work.session, revision_id)
        rows = [_finding(one, case) for one, case in found]
    return render_template(
        "revisions/findings.html",
        rows=rows,
        looked=row.recomputed,
        done=row.recomputed_at is not None,
        fallen=sum(not one.stands for one, _case in found),
        name=showing.title_of(row),
        back=service.url_of(revision_id),
    )


def _row(one: FeeRevision) -> list[Any]:
    label, kind = STATES[one.state]
    name = _("%(id)s · %(schedule)s", id=one.id, schedule=one.schedule_id)
    day = _("%(day)s（更正）", day=one.effective_on.isoformat()) if one.correction else one.effective_on.isoformat()
    return [
        {"text": name, "url": url_for("revisions.revision", revision_id=one.id)},
        day,
        {"text": str(label), "kind": kind},
        one.reason,
    ]


def _finding(one: RevisedFinding, case: FeeCase) -> list[Any]:
    name = _("%(kind)s · %(id)s", kind=str(KINDS[case.kind]), id=case.id)
    verdict = {"text": _("仍然成立"), "kind": "warn"} if one.stands else {"text": _("不再成立"), "kind": "ok"}
    return [
        {"text": name, "url": case_url(case.id), "note": percent_above(case)},
        _amount(one.old_base),
        _amount(one.new_base),
        _amount(one.old_limit),
        _amount(one.new_limit),
        _amount(case.found),
        verdict,
    ]


def _amount(money: Money | None) -> str:
    return _("%(yuan)s 元", yuan=str(money)) if money is not None else "—"
