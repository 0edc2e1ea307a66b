"""Pages of the guide: every life as it is now, and what changed from version to version."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accounts.gate import public, reading
from admin.guide import queries, wording
from admin.guide.drawing import picture
from admin.guide.pages import pages
from admin.guide.rules import differences


@pages.get("/guide/lives/<string:life>")
@public
def life(life: str) -> ResponseReturnValue:
    """Show how one thing lives: picture, table, versions; an older version by its number."""
    with reading() as work:
        versions = queries.versions_of(work.session, life)
    asked = request.args.get("version", type=int)
    shown = next((one for one in versions if one.number == asked), versions[0])
    before = next((one for one in versions if one.number == shown.number - 1), None)
    changes = differences(before.table, shown.table) if before else ()
    return render_template(
        "guide/life.html",
        name=wording.life_name(life),
        life=life,
        shown=shown,
        versions=versions,
        latest=versions[0],
        before=before,
        picture=picture(shown.table),
        rows=wording.rows(shown.table),
        changes=[wording.change_row(life, change) for change in changes],
        ends=[wording.state_name(life, state) for state in shown.table["ends"]],
    )
