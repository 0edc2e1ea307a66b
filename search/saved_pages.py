"""The pages of followed searches: list, new, change, stop; and the link in a mail that stops one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import stops, timing
from accounts.gate import may, public, reading, viewer, works, writing
from accounts.pages import refuse
from accounts.wording import town_name
from agencies.catalogue.wording import item_name
from core.access import SYSTEM
from core.errors import DomainError
from core.forms import Form, Item, blank_form, read_form, with_choices
from core.i18n import gettext as _
from marketplace.needs import narrowing
from marketplace.needs.queries import Filters, codes_of
from marketplace.needs.wording import METHODS
from search import forms, saved, schemas
from search.loaders import saved_loader
from search.models import SavedSearch
from search.pages import pages


@pages.record
def _let_mail_programs_in(state: Any) -> None:
    """Take the POST of a mail program without our form's token: the address itself is signed (RFC 8058)."""
    guard = state.app.extensions.get("csrf")
    if guard is not None:
        guard.exempt(f"{__name__}.stop_by_link")


@pages.get("/account/searches")
@may("account:own")
def saved_list() -> ResponseReturnValue:
    """List what one follows."""
    with reading() as work:
        rows = [_line(row) for row in saved.own(work)]
    return render_template("search/saved.html", rows=rows)


def _line(row: SavedSearch) -> dict[str, Any]:
    filters = saved.filters_of(row)
    kept = narrowing.parameters(filters)
    pace = _("每天 08:30 汇成一封") if row.pace == timing.DAILY else _("随到随发")
    return {
        "id": row.id, "name": row.name, "about": about(filters), "pace": pace, "made_at": row.made_at,
        "list_url": f"/needs?{urlencode(kept)}", "feed_url": f"/needs.atom?{urlencode(kept)}",
    }  # fmt: skip


def about(filters: Filters) -> str:
    """Say in words what narrows a search."""
    parts = [_("“%(words)s”", words=filters.words)] if filters.words else []
    parts += [item_name(code) for code in codes_of(filters.item)]
    parts += [town_name(code) for code in codes_of(filters.town)]
    parts += [str(METHODS[filters.method])] if filters.method in METHODS else []
    if filters.least is not None:
        parts.append(_("限价不低于 %(yuan)s 元", yuan=filters.least))
    if filters.most is not None:
        parts.append(_("限价不高于 %(yuan)s 元", yuan=filters.most))
    return _("、").join(parts)


@pages.get("/account/searches/new")
@may("saved_search:make")
def new_saved() -> ResponseReturnValue:
    """Ask for the name and the pace of a search that the address narrows already."""
    filters = narrowing.read_filters(request.args)
    given = {**_given(filters), "name": about(filters)[:60], "pace": timing.INSTANT}
    return _draw(blank_form(_layout(filters), given), 200)


def _given(filters: Filters) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in narrowing.FOLLOWED}


def _layout(filters: Filters) -> list[Item]:
    """Offer several towns or items as one choice, where the address named several."""
    towns, items = forms.any_town(), forms.any_item()
    if "," in filters.town:
        towns.append((filters.town, _("、").join(town_name(one) for one in codes_of(filters.town))))
    if "," in filters.item:
        items.append((filters.item, _("、").join(item_name(one) for one in codes_of(filters.item))))
    return with_choices(forms.SAVED, town=towns, item=items)


def _draw(form: Form[Any], status: int, row: SavedSearch | None = None) -> ResponseReturnValue:
    return render_template("search/saved_form.html", form=form, row=row), status


@pages.post("/account/searches/new")
@may("saved_search:make")
def make_saved() -> ResponseReturnValue:
    """Follow a search."""
    form = _read({})
    if form.command is None:
        return _draw(form, 422)
    try:
        with writing() as work:
            saved.follow(work, form.command)
    except DomainError as error:
        refuse(form, error, field="name")
        return _draw(form, 422)
    flash(_("订阅已保存，有合条件的新公告时告诉您。"), "ok")
    return redirect(url_for("search.saved_list"), 303)


def _read(initial: dict[str, Any]) -> Form[Any]:
    typed = Filters(town=request.form.get("town", ""), item=request.form.get("item", ""))
    return read_form(schemas.FollowSchema(), _layout(typed), request.form, initial)


@pages.get("/account/searches/<int:search_id>")
@may("saved_search:keep", subject=saved_loader)
def edit_saved(search_id: int) -> ResponseReturnValue:
    """Show a followed search, to rename or change it."""
    with reading() as work:
        row = saved.saved_by_id(work, search_id)
    return _draw(blank_form(_layout(saved.filters_of(row)), _initial(row)), 200, row)


def _initial(row: SavedSearch) -> dict[str, Any]:
    return {**_given(saved.filters_of(row)), "name": row.name, "pace": row.pace}


@pages.post("/account/searches/<int:search_id>")
@may("saved_search:keep", subject=saved_loader)
def change_saved(search_id: int) -> ResponseReturnValue:
    """Rename or change a followed search."""
    with reading() as work:
        row = saved.saved_by_id(work, search_id)
    form = _read(_initial(row))
    if form.command is None:
        return _draw(form, 422, row)
    try:
        with writing() as work:
            saved.change(work, search_id, form.command)
    except DomainError as error:
        refuse(form, error, field="name")
        return _draw(form, 422, row)
    flash(_("订阅已改。"), "ok")
    return redirect(url_for("search.saved_list"), 303)


@pages.post("/account/searches/<int:search_id>/stop")
@may("saved_search:keep", subject=saved_loader)
def stop_saved(search_id: int) -> ResponseReturnValue:
    """Follow a search no more."""
    with writing() as work:
        saved.stop(work, search_id)
    flash(_("订阅已停。"), "ok")
    return redirect(url_for("search.saved_list"), 303)


@pages.get("/searches/stop/<string:token>")
@public
def ask_stop(token: str) -> ResponseReturnValue:
    """Ask once whether the alerts of a search shall stop; nothing changes by looking. Raises NotFound."""
    stops.subject_of(saved.STOP, token)
    return _draw_stop(done=False)


@pages.post("/searches/stop/<string:token>")
@public
def stop_by_link(token: str) -> ResponseReturnValue:
    """Stop the alerts of the search the link was written for. Raises NotFound."""
    search_id = stops.subject_of(saved.STOP, token)
    with works().writing(SYSTEM) as work:
        saved.stop_by_link(work, search_id)
    return _draw_stop(done=True)


def _draw_stop(*, done: bool) -> str:
    return render_template(
        "accounts/stop.html", done=done, title=_("停掉这个订阅"),
        question=_("停掉以后，这个订阅不再提醒。别的订阅和消息照常。"),
        answer=_("这个订阅已停。要再收，登录后新建一个。"),
        back="/account/searches" if viewer().signed_in else "/sign-in?next=/account/searches",
        back_text=_("订阅的公告"),
    )  # fmt: skip
