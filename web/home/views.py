"""The front page, the guide, and the statements every public site owes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import telling, wording
from accounts.gate import public, reading
from accounts.telling import Reader
from admin.guide.wording import life_name
from agencies.catalogue import queries as catalogue
from agencies.catalogue import reference
from agencies.catalogue.wording import item_name
from agencies.fees import register
from core.i18n import current_lang
from core.i18n import gettext as _
from marketplace.needs import queries as needs
from marketplace.needs.wording import METHODS
from web.cli import lifecycles
from web.home import queries

pages = Blueprint("home", __name__, template_folder="templates")


@pages.get("/")
@public
def index() -> ResponseReturnValue:
    """Start in one move: search, an amount, a stage, or what closes soon."""
    with reading() as work:
        now = work.clock.now()
        closing = needs.closing_soon(work.session, now)
        counted = queries.figures(work.session)
        items = catalogue.all_items(work.session)
    stages = [(stage, [item for item in items if item.stage == stage.code]) for stage in reference.stages()]
    words = "en" if current_lang() == "en" else "zh"
    schedules = [(one.id, getattr(one.title, words)) for one in register.schedules().values()]
    return render_template(
        "home/index.html",
        closing=closing,
        figures=counted,
        stages=stages,
        schedules=schedules,
        methods=METHODS,
        item_name=item_name,
        now=now,
    )


@pages.get("/calculate")
@public
def calculate() -> ResponseReturnValue:
    """Carry the amount of the front page to the schedule's calculator."""
    schedule = request.args.get("schedule", "")
    if schedule not in register.schedules():
        return redirect("/fees", 303)
    return redirect(url_for("fees.calculator", schedule_id=schedule, amount=request.args.get("amount", "")), 303)


@pages.get("/guide")
@public
def guide() -> ResponseReturnValue:
    """Tell the whole path of each role, and the lives of things as the code declares them."""
    return render_template("home/guide.html", lives=[(life, life_name(life)) for life in sorted(lifecycles())])


@pages.get("/guide/messages")
@public
def messages() -> ResponseReturnValue:
    """Show the whole table of who is told what, by reader, as the code declares it."""
    found: dict[Reader, list[list[Any]]] = {}
    for row in telling.rows():
        ways = [_("站内"), *(str(wording.CHANNELS[one]) for one in row.channels)]
        line = [telling.shape(row.code), str(wording.DUTIES[row.duty]), _("、").join(ways), row.urgent, row.event]
        found.setdefault(row.to, []).append(line)
    return render_template("home/messages.html", groups=[(wording.READERS[to], rows) for to, rows in found.items()])


@pages.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """State how the site can be used by everybody."""
    return render_template("home/accessibility.html")


@pages.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """State which personal data are kept, why, and for how long."""
    return render_template("home/privacy.html")
