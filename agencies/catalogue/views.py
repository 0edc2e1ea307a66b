"""Pages of the catalogue: every service item, by approval stage or by department."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import may, public, reading, writing
from accounts.reference import departments
from agencies.catalogue import forms, queries, service, wording
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.permissions import POLICY
from agencies.catalogue.refusals import SENTENCES
from agencies.catalogue.schemas import SwitchMethodSchema
from core.errors import Conflict, NotFound
from core.forms import blank_form, read_form, with_choices
from core.i18n import gettext as _

pages = Blueprint("catalogue", __name__, template_folder="templates")


@pages.get("/services")
@public
def index() -> ResponseReturnValue:
    """Show the catalogue in groups: by stage unless the reader asks for departments."""
    by = "department" if request.args.get("by") == "department" else "stage"
    with reading() as work:
        items = queries.all_items(work.session)
        count: Callable[[Any], Mapping[str, int]] = current_app.extensions.get("offered_counts", lambda _session: {})
        counts = count(work.session)
    groups = _by_department(items) if by == "department" else _by_stage(items)
    shown = [
        {"key": key, "name": name, "items": [_line(item, counts.get(item.code)) for item in members]}
        for key, name, members in groups
        if members
    ]
    return render_template("catalogue/index.html", groups=shown, by=by, total=len(items))


@pages.get("/methods")
@public
def methods() -> ResponseReturnValue:
    """List the methods of selection: open or closed for each kind of fund today, with the basis."""
    with reading() as work:
        rows = wording.switches(work, in_use())
        may_switch = work.allows(POLICY, "catalogue:switch-method")
    funds = {"social": _("社会资金"), "fiscal": _("财政资金")}
    return render_template(
        "catalogue/methods.html", rows=rows, named=wording.named_of, funds=funds, may_switch=may_switch
    )


@pages.route("/methods/switch", methods=["GET", "POST"])
@may("catalogue:switch-method")
def switch_method() -> ResponseReturnValue:
    """Open or close a method from today, with the document that says so."""
    with reading() as work:
        known = {row["code"]: wording.named_of(row) for row in wording.switches(work, in_use())}
    layout = with_choices(forms.SWITCH, code=list(known.items()))
    form = blank_form(layout) if request.method == "GET" else read_form(SwitchMethodSchema(), layout, request.form)
    if form.command is not None:
        try:
            with writing() as work:
                service.switch_method(work, form.command)
        except (Conflict, NotFound) as refusal:
            form.refuse("code", str(SENTENCES[refusal.code]) % refusal.facts)
        else:
            flash(_("已登记，从今天起有效。已发布的公告不受影响。"), "ok")
            return redirect(url_for("catalogue.methods"), 303)
    return render_template("catalogue/switch.html", form=form), 422 if form.errors else 200


def in_use() -> Container[str] | None:
    """Return the methods a notice can name, as the room of needs has said."""
    found: Container[str] | None = current_app.extensions.get("methods_in_use")
    return found


def _by_stage(items: Sequence[ServiceItem]) -> list[tuple[str, str, list[ServiceItem]]]:
    return [(code, name, [item for item in items if item.stage == code]) for code, name in wording.stage_choices()]


def _by_department(items: Sequence[ServiceItem]) -> list[tuple[str, str, list[ServiceItem]]]:
    return [
        (one.code, wording.named(one), [item for item in items if one.code in item.departments])
        for one in departments()
    ]


def _line(item: ServiceItem, offered: int | None) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": wording.named(item),
        "approval": wording.named(item, "approval"),
        "tag": wording.regime_tag(item),
        "self": item.self_prepare,
        "offered": offered,
    }
