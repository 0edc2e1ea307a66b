"""Pages everybody reads: the list of frameworks and one framework; the panel, closing, and what hangs on notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import acted, saying
from accounts.gate import may, public, reading, works
from agencies.catalogue.wording import item_name
from core.clock import beijing_day
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.frameworks import admitting, calling_pages, forms, publicity, queries, showing, wording, writing_pages
from marketplace.frameworks.lifecycle import PUBLIC
from marketplace.frameworks.pages import pages
from marketplace.frameworks.permissions import POLICY
from marketplace.frameworks.publicity import url_of
from marketplace.frameworks.schemas import AdmitSchema, FrameworkEndingSchema
from marketplace.needs.method_wording import rule_of
from marketplace.needs.models import Need
from marketplace.quotes.service import open_if_due
from marketplace.selection.wording import note_sentence

__all__ = ["calling_pages", "pages", "writing_pages"]


@pages.record
def _hang_on_notices(state: Any) -> None:
    """Let notices and results, which know nothing of frameworks, say which framework they belong to."""
    state.app.extensions.setdefault("notice_panels", []).append(notice_panel)
    state.app.extensions.setdefault("result_panels", []).append(notice_panel)


def notice_panel(work: Work, need: Need) -> Mapping[str, Any] | None:
    """Return what a notice of a panel stage or of a call-off shows of its framework."""
    row, made = queries.of_need(work.session, need.id), None
    if row is None:
        made = queries.call_of_need(work.session, need.id)
        row = queries.framework_by_id(work, made.framework_id) if made is not None else None
    if row is None:
        return None
    names = {one.row.id: one.name for one in queries.members(work.session, row.id)}
    passed = [
        _("%(name)s：%(why)s", name=names[one["member_id"]], why=wording.lacking(one["lacks"]))
        for one in (made.skipped if made is not None else ())
    ]
    return {
        "template": "frameworks/_of_notice.html", "framework": row, "call": made, "words": wording, "passed": passed,
        "order": [names[one] for one in made.order if one in names] if made is not None else [],
        "framework_state": wording.STATES[row.state],
    }  # fmt: skip


@pages.get("/frameworks")
@public
def index() -> ResponseReturnValue:
    """List published frameworks, or the reader's own with drafts."""
    args = request.args
    with reading() as work:
        mine = bool(args.get("mine")) and work.actor.org_id is not None
        state, item = args.get("state", ""), args.get("item", "")[:20]
        page = queries.list_frameworks(
            work.session, work.actor, state=state, item=item, org_id=work.actor.org_id if mine else None,
            after=args.get("after", type=int),
        )  # fmt: skip
        counts = queries.count_by_state(work.session)
        may_write = work.allows(POLICY, "framework:create")
    kept: dict[str, Any] = {"mine": "1" if mine else None, "item": item or None}
    tabs = [(_("全部"), url_for("frameworks.index", **kept), not state)]
    for one in PUBLIC:
        if counts.get(str(one)):
            label = str(wording.STATES[one][0])
            tabs.append((label, url_for("frameworks.index", **kept, state=str(one)), state == str(one)))
    following = None
    if page.after is not None:
        following = url_for("frameworks.index", **kept, state=state or None, after=page.after)
    return render_template(
        "frameworks/index.html", rows=page.items, words=wording, tabs=tabs, mine=mine, may_write=may_write,
        next_url=following, item_name=item_name, item=item,
    )  # fmt: skip


@pages.get("/frameworks/<int:framework_id>")
@public
def show(framework_id: int) -> ResponseReturnValue:
    """Show a framework: who is a member, at what price, whose turn it is, what went to whom; late ones are moved."""
    publicity.settle_if_due(works(), framework_id)
    with reading() as work:
        row = queries.framework_by_id(work, framework_id)
        return render_template("frameworks/show.html", **showing.detail(work, row))


@pages.get("/needs/<int:need_id>/panel")
@may("framework:admit", subject=showing.framework_of_need)
def panel(need_id: int) -> ResponseReturnValue:
    """Show who would be in the panel, and ask to make it so."""
    open_if_due(works(), need_id)
    with reading() as work:
        return _panel_page(work, need_id)


@pages.post("/needs/<int:need_id>/panel")
@may("framework:admit", subject=showing.framework_of_need)
def admit(need_id: int) -> ResponseReturnValue:
    """Make the panel, or show the page again with what is wrong."""
    form = read_form(AdmitSchema(), forms.ADMIT, request.form)
    with reading() as work:
        framework_id = queries.framework_of_need(work, need_id).id
    return acted(
        form, lambda work, command: admitting.admit(work, framework_id, command), lambda row: url_of(row.id),
        lambda work: _panel_page(work, need_id, form),
        mark=saying(wording.refusal), told=_("入围名单已公示，期满协议生效。"),
    )  # fmt: skip


def _panel_page(work: Work, need_id: int, form: Form[Any] | None = None) -> str:
    row = queries.framework_of_need(work, need_id)
    need = queries.need_of(work.session, row)
    rows, weighing = showing.panel_rows(work, row)
    return render_template(
        "frameworks/panel.html", row=row, need=need, rows=rows, weighing=weighing,
        form=form or blank_form(forms.ADMIT), may_admit=admitting.may_admit(work, row),
        inside=len(admitting.inside(weighing)) if weighing is not None else 0,
        working=[note_sentence(*note) for note in weighing.working] if weighing is not None else [],
        rule=rule_of(need) if need is not None else "",
    )  # fmt: skip


@pages.route("/frameworks/<int:framework_id>/close", methods=["GET", "POST"])
@may("framework:close", subject=showing.framework_of)
def close(framework_id: int) -> ResponseReturnValue:
    """End a framework before its term, with a reason."""
    if request.method == "GET":
        with reading() as work:
            return _close_page(work, framework_id, blank_form(forms.ENDING))
    form = read_form(FrameworkEndingSchema(), forms.ENDING, request.form)
    return acted(
        form, lambda work, command: publicity.close(work, framework_id, command), lambda row: url_of(row.id),
        lambda work: _close_page(work, framework_id, form),
        mark=saying(wording.refusal), told=_("框架协议已提前结束，已通知各入围机构。"),
    )  # fmt: skip


def _close_page(work: Work, framework_id: int, form: Form[Any]) -> str:
    row = queries.framework_by_id(work, framework_id)
    return render_template(
        "frameworks/ending.html", row=row, form=form, title=_("提前结束框架协议"), here="close",
        lede=_("结束以后不能再成交，已经成交的照常履约。理由会公开显示。"), button=_("提前结束"),
        today=beijing_day(work.clock.now()),
    )  # fmt: skip
