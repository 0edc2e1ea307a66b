"""Pages of oversight: the record and its verification, organisations, towns at work."""

from __future__ import annotations

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import may, reading, writing
from accounts.listing import next_page
from accounts.models import Organisation
from accounts.permissions import OPEN_KINDS
from accounts.permissions import POLICY as ACCOUNTS
from accounts.wording import town_names
from admin.oversight import forms, offices, queries, service, wording
from admin.oversight.pages import pages
from admin.oversight.queries import LeafFilter
from admin.oversight.schemas import ReasonSchema
from core import audit
from core.access import OrgKind
from core.audit import AuditLeaf
from core.clock import beijing
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work

__all__ = ["offices", "pages"]

PAGE: Final = 50
LONGEST_ID: Final = 18


def whole(text: str | None) -> int | None:
    """Read a whole number of an address, or None."""
    given = text or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST_ID else None


@pages.get("/audit")
@may("audit:see")
def record() -> ResponseReturnValue:
    """List the record of changes, newest first."""
    asked = LeafFilter(
        request.args.get("kind", "")[:40], whole(request.args.get("object_id")), request.args.get("verb", "")[:80]
    )
    with reading() as work:
        page = queries.leaves(work.session, asked, after=whole(request.args.get("after")), limit=PAGE)
        names = queries.organisation_names(
            work.session, {leaf.org_id for leaf in page.items if leaf.org_id is not None}
        )
        kinds = queries.leaf_kinds(work.session)
        head = queries.head(work.session)
    return render_template(
        "oversight/audit.html",
        rows=[_leaf_row(leaf, names) for leaf in page.items],
        asked=asked,
        kinds=[("", _("全部")), *((kind, wording.OBJECTS.get(kind, kind)) for kind in kinds)],
        head=head,
        following=next_page(page.after),
    )


@pages.post("/audit/verify")
@may("audit:verify")
def verify() -> ResponseReturnValue:
    """Hash the whole record again and say whether it fits."""
    with reading() as work:
        broken = audit.first_break(work.session)
        head = queries.head(work.session)
    count = head.seq if head is not None else 0
    if broken is None:
        flash(_("校验通过：从头到尾重新计算了 %(count)s 条，全部一致。", count=count), "ok")
    else:
        flash(_("校验不通过：第 %(seq)s 条起对不上。保留现场，与异地副本逐条比对。", seq=broken), "bad")
    return redirect(url_for("oversight.record"), 303)


def _leaf_row(leaf: AuditLeaf, names: dict[int, str]) -> list[Any]:
    url = wording.object_url(leaf.kind, leaf.object_id)
    subject = f"{wording.OBJECTS.get(leaf.kind, leaf.kind)} {leaf.object_id}"
    change = f"{leaf.state_from or '—'} → {leaf.state_to}" if leaf.state_to else "—"
    who = names.get(leaf.org_id, "") if leaf.org_id is not None else _("系统") if leaf.role == "system" else leaf.role
    return [
        str(leaf.seq),
        f"{beijing(leaf.at):%Y-%m-%d %H:%M:%S}",
        leaf.verb,
        {"text": subject, "url": url} if url else subject,
        change,
        who,
        leaf.leaf_hash[:12],
    ]


@pages.get("/organisations")
@may("oversight:organisations")
def organisations() -> ResponseReturnValue:
    """List organisations, with the way to suspend and resume them."""
    given = request.args.get("kind", "")
    kind = OrgKind(given) if given in set(OrgKind) else None
    name = request.args.get("name", "").strip()[:60]
    suspended = request.args.get("suspended") == "1"
    with reading() as work:
        page = queries.organisations(
            work.session,
            kind=kind,
            name=name,
            suspended=suspended,
            after=whole(request.args.get("after")),
            limit=PAGE,
        )
        rows = [_organisation_row(work, row) for row in page.items]
    return render_template(
        "oversight/organisations.html",
        rows=rows,
        kind=given,
        name=name,
        suspended=suspended,
        kinds=[("", _("全部")), *((str(one), words) for one, words in wording.ORG_KINDS.items())],
        following=next_page(page.after),
    )


def _organisation_row(work: Work, row: Organisation) -> list[Any]:
    towns = town_names()
    verb = "resume" if row.suspended_at is not None else "suspend"
    label = _("恢复") if row.suspended_at is not None else _("停用")
    may_steer = work.allows(ACCOUNTS, "organisation:suspend", row) and row.id != work.actor.org_id
    steer = {"text": label, "url": url_for("oversight.steering", org_id=row.id, verb=verb)} if may_steer else "—"
    may_appoint = row.kind not in OPEN_KINDS and work.allows(ACCOUNTS, "membership:begin", row)
    appoint = {"text": _("加管理员"), "url": url_for("oversight.manager", org_id=row.id)} if may_appoint else "—"
    return [
        row.name,
        wording.ORG_KINDS.get(row.kind, str(row.kind)),
        towns.get(row.town_code or "", "—"),
        f"{beijing(row.founded_at):%Y-%m-%d}",
        {"text": _("已停用"), "kind": "bad"} if row.suspended_at is not None else _("正常"),
        appoint,
        steer,
    ]


@pages.get("/organisations/<int:org_id>/<any(suspend,resume):verb>")
@may("organisation:suspend", subject=offices.organisation)
def steering(org_id: int, verb: str) -> ResponseReturnValue:
    """Ask for the reason."""
    return _steering(org_id, verb, blank_form(forms.REASON))


@pages.post("/organisations/<int:org_id>/<any(suspend,resume):verb>")
@may("organisation:suspend", subject=offices.organisation)
def steer(org_id: int, verb: str) -> ResponseReturnValue:
    """Suspend or resume, with the reason the organisation is told."""
    form = read_form(ReasonSchema(), forms.REASON, request.form)
    if form.command is None:
        return _steering(org_id, verb, form), 422
    with writing() as work:
        service.steer(work, org_id, form.command["reason"], suspended=verb == "suspend")
    flash(_("已停用，单位会收到通知") if verb == "suspend" else _("已恢复，单位会收到通知"), "ok")
    return redirect(url_for("oversight.organisations"), 303)


def _steering(org_id: int, verb: str, form: Form[Any]) -> str:
    with reading() as work:
        organisation = offices.organisation(work, org_id)
    title = _("停用单位") if verb == "suspend" else _("恢复单位")
    return render_template("oversight/steering.html", organisation=organisation, verb=verb, title=title, form=form)


@pages.get("/oversight/towns")
@may("oversight:towns")
def towns() -> ResponseReturnValue:
    """Show how each town's operator keeps the clocks of registration."""
    names = town_names()
    with reading() as work:
        found = queries.towns_at_work(work.session, work.clock.now())
    rows = [
        [
            names.get(one.town_code, one.town_code),
            one.submitted,
            one.waiting,
            {"text": str(one.overdue), "kind": "bad"} if one.overdue else 0,
            {"text": str(one.deemed), "kind": "warn"} if one.deemed else 0,
            one.second_lists,
        ]
        for one in found
    ]
    return render_template(
        "oversight/towns.html",
        rows=rows,
        overdue=sum(one.overdue for one in found),
        deemed=sum(one.deemed for one in found),
    )
