"""Pages everybody reads: the list of needs, one notice, its deadline as a calendar file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import public, reading
from accounts.wording import town_name, town_names
from agencies.catalogue import queries as catalogue
from agencies.catalogue.wording import asks_for, item_name, item_names, named
from core import icalendar
from core.clock import beijing_day
from core.errors import NotFound
from core.forms import Form, blank_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs import forms, narrowing, queries, wording
from marketplace.needs.benchmark import benchmark
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.loaders import open_what_is_due
from marketplace.needs.lot_view import limit_sentence, lots_view
from marketplace.needs.models import Need, NeedAmendment
from marketplace.needs.pages import pages
from marketplace.needs.permissions import POLICY

DECIDED = frozenset({NeedState.AWARDED, NeedState.CONTRACTED, NeedState.COMPLETED})
FEW = 8


@pages.get("/needs")
@public
def index() -> ResponseReturnValue:
    """List published needs, or the reader's own with drafts."""
    args = request.args
    with reading() as work:
        mine = bool(args.get("mine")) and work.actor.org_id is not None
        filters = narrowing.read_filters(args, work.actor.org_id if mine else None)
        now = work.clock.now()
        page = queries.list_needs(work.session, work.actor, filters, now, after=args.get("after", type=int))
        facets = queries.facets(work.session, now)
        towns, items = town_names(), item_names()
    kept = narrowing.kept(args)
    follow = {name: kept[name] for name in narrowing.FOLLOWED if name in kept}
    return render_template(
        "needs/index.html", rows=page.items, next_url=_list_url(kept, after=page.after) if page.after else None,
        groups=_groups(filters, facets, towns, items), chips=_chips(kept, towns, items), words=wording, mine=mine,
        tabs=_tabs(kept), total=sum(facets.states.values()), item_name=item_name, town_name=town_name,
        hidden=[(name, kept[name]) for name in narrowing.UNSEEN if name in kept],
        feed_url=_with("/needs.atom", follow), follow_url=_with("/account/searches/new", follow),
    )  # fmt: skip


def _list_url(kept: dict[str, str], **changes: Any) -> str:
    merged: dict[str, Any] = {**kept, **changes}
    return url_for("needs.index", **{key: value for key, value in merged.items() if value})


def _with(path: str, kept: dict[str, str]) -> str:
    return f"{path}?{urlencode(kept)}" if kept else path


def _groups(
    filters: queries.Filters, facets: queries.Facets, towns: dict[str, str], items: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the filters of the list, each value with how many notices it has."""
    states = [
        (str(state), label, facets.states.get(str(state), 0), filters.state == str(state))
        for state, (label, _kind) in wording.STATES.items()
        if facets.states.get(str(state))
    ]
    by_town = sorted(facets.towns.items(), key=lambda pair: (-pair[1], pair[0]))
    by_item = sorted(facets.items.items(), key=lambda pair: (-pair[1], pair[0]))
    soon = [("1", _("3 天内截止"), facets.soon, filters.closing_soon)]
    in_towns, in_items = queries.codes_of(filters.town), queries.codes_of(filters.item)
    town_options = [(code, towns.get(code, code), count, code in in_towns) for code, count in by_town]
    item_options = [(code, items.get(code, code), count, code in in_items) for code, count in by_item]
    return [
        {"label": _("截止时间"), "name": "soon", "type": "checkbox", "options": soon},
        {"label": _("进展"), "name": "state", "type": "radio", "options": states},
        {"label": _("镇街园区"), "name": "town", "type": "radio", "options": town_options,
         "open": bool(filters.town) or len(town_options) <= FEW},
        {"label": _("服务事项"), "name": "item", "type": "radio", "options": item_options,
         "open": bool(filters.item) or len(item_options) <= FEW},
    ]  # fmt: skip


def _chips(kept: dict[str, str], towns: dict[str, str], items: dict[str, str]) -> list[tuple[str, str]]:
    """Return the filters in force, each with the address that takes it away."""
    states = {str(state): str(label) for state, (label, _kind) in wording.STATES.items()}
    methods = {name: str(label) for name, label in wording.METHODS.items()}
    said: dict[str, dict[str, str]] = {
        "state": states, "town": towns, "item": items, "soon": {"1": _("3 天内截止")}, "words": {}, "method": methods,
    }  # fmt: skip
    found = [
        (_("、").join(known.get(one, one) for one in queries.codes_of(kept[name])) or kept[name], name)
        for name, known in said.items()
        if name in kept
    ]
    if "least" in kept:
        found.append((_("限价不低于 %(yuan)s 元", yuan=kept["least"]), "least"))
    if "most" in kept:
        found.append((_("限价不高于 %(yuan)s 元", yuan=kept["most"]), "most"))
    return [(text, _list_url(kept, **{name: None})) for text, name in found]


def _tabs(kept: dict[str, str]) -> list[tuple[str, str, bool]]:
    rest = {key: value for key, value in kept.items() if key not in {"state", "soon"}}
    state, soon = kept.get("state", ""), "soon" in kept
    return [
        (_("全部"), _list_url(rest), not state and not soon),
        (_("可以报价"), _list_url(rest, state="open"), state == "open" and not soon),
        (_("快要截止"), _list_url(rest, state="open", soon="1"), soon),
    ]


@pages.get("/needs/<string:number>")
@public
def by_number(number: str) -> ResponseReturnValue:
    """Send the reader of a notice's number to its page. Raises NotFound."""
    with reading() as work:
        need_id = queries.id_of_number(work, number.strip().upper())
    if need_id is None:
        raise NotFound("need-not-found", number=number[:40])
    return redirect(url_for("needs.show", need_id=need_id), 302)


@pages.get("/needs/<int:need_id>")
@public
def show(need_id: int) -> ResponseReturnValue:
    """Show the notice; one whose deadline has passed is opened first."""
    open_what_is_due(need_id)
    with reading() as work:
        return notice_page(work, need_id)


def notice_page(work: Work, need_id: int, form: Form[Any] | None = None) -> str:
    """Draw a notice, perhaps with a question that must be written anew."""
    need = queries.need_by_id(work, need_id)
    item = catalogue.item_by_code(work.session, need.item_code)
    now = work.clock.now()
    avoided = queries.avoided(work.session, need_id)
    names = queries.agency_names(work.session, avoided)
    panels = [panel_of(work, need) for panel_of in current_app.extensions.get("notice_panels", ())]
    takes_quotes = need.state is NeedState.OPEN and need.closes_at is not None and now < need.closes_at
    asking = takes_quotes and need.questions_until is not None and now < need.questions_until
    lots = lots_view(work, need)
    return render_template(
        "needs/show.html", lots=lots, lot_limit=limit_sentence(lots["most_wins"]),
        need=need, item=item, item_name=named(item), conditions=asks_for(item), words=wording,
        form=form or blank_form(forms.ASK), form_is_new=form is None, org=queries.org_of(work.session, need),
        town=town_name(need.town_code), owner=work.actor.org_id == need.org_id,
        amendments=_amendments(work, need_id),
        invited=_invited(work, need_id), may_amend=takes_quotes and work.allows(POLICY, "need:amend", need),
        questions=queries.questions_of(work.session, need_id), steps=wording.steps(need),
        story=wording.story(need, queries.history(work.session, need_id)), panels=[one for one in panels if one],
        avoided=[(names.get(key, key), reason) for key, reason in avoided.items()], takes_quotes=takes_quotes,
        may_ask=asking and work.allows(POLICY, "need:ask", need), asking=asking,
        benchmark=benchmark(need, beijing_day(need.published_at or now), is_open=True), decided=need.state in DECIDED,
        next_step=wording.next_step(need) if need.state is NeedState.FAILED else "", former=_former(work, need),
    )  # fmt: skip


def _amendments(work: Work, need_id: int) -> list[tuple[NeedAmendment, list[list[str]]]]:
    """Return the amendments, the newest first, each with what it changed."""
    return [(one, wording.amended_lines(one)) for one in reversed(queries.amendments_of(work.session, need_id))]


def _invited(work: Work, need_id: int) -> list[str]:
    """Return the names of the agencies invited."""
    ids = [row.agency_id for row in queries.invitations_of(work.session, need_id)]
    names = queries.agency_names(work.session, ids)
    return [names[one] for one in ids if one in names]


def _former(work: Work, need: Need) -> Need | None:
    """Return the published need this one repeats."""
    row = work.session.get(Need, need.repeats_id) if need.repeats_id is not None else None
    return row if row is not None and row.published_at is not None else None


@pages.get("/needs/<int:need_id>/calendar.ics")
@public
def calendar(need_id: int) -> ResponseReturnValue:
    """Give the deadline as a calendar file. Raises NotFound for what was never published."""
    with reading() as work:
        need = queries.need_by_id(work, need_id)
        if need.closes_at is None or need.number is None:
            raise NotFound("need-not-found", id=need_id)
        now = work.clock.now()
    entry = icalendar.Entry(
        f"{need.number}@{request.host.partition(':')[0]}", need.closes_at, _("报价截止：%(title)s", title=need.title),
        url_for("needs.show", need_id=need.id, _external=True), need.number, need.version,
    )  # fmt: skip
    disposition = f'attachment; filename="{need.number}.ics"'
    return Response(
        icalendar.write([entry], now, product="needs"),
        mimetype="text/calendar",
        headers={"Content-Disposition": disposition},
    )
