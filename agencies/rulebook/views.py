"""Pages of the rulebook: what is in force, the history of a rule, the changes and one with its judgement."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from accounts.gate import may, public, reading
from accounts.listing import next_page
from accounts.wording import town_names
from agencies.catalogue.models import Rule
from agencies.catalogue.wording import item_names, mark, named
from agencies.rulebook import calendar_pages, forms, queries, showing, writing_pages
from agencies.rulebook.models import RuleChange
from agencies.rulebook.pages import pages
from agencies.rulebook.permissions import POLICY
from agencies.rulebook.queries import InForce
from agencies.rulebook.wording import FUNDS, REACH, STATES, scope_words, value_words
from core.clock import beijing_day
from core.forms import blank_form
from core.i18n import gettext as _

__all__ = ["calendar_pages", "pages", "writing_pages"]


@pages.get("/rules")
@public
def rules() -> ResponseReturnValue:
    """Show every rule in force for a kind of fund, an item and a town on a day."""
    fund = request.args.get("fund", "social")
    fund = fund if fund in {"social", "fiscal"} else "social"
    item = request.args.get("item", "") if request.args.get("item", "") in item_names() else ""
    town = request.args.get("town", "") if request.args.get("town", "") in town_names() else ""
    with reading() as work:
        day = _day(request.args.get("on", ""), beijing_day(work.clock.now()))
        found = queries.in_force(work.session, fund=fund, on=day, item_code=item, town_code=town)
        may_change = work.allows(POLICY, "rule_change:propose")
        sees_changes = work.allows(POLICY, "rule_change:read")
    in_use = current_app.extensions.get("methods_in_use")
    return render_template(
        "rulebook/rules.html",
        methods=[_line(one) for one in found if one.is_method and (in_use is None or one.method in in_use)],
        parameters=[_line(one) for one in found if not one.is_method],
        fund=fund, item=item, town=town, day=day,
        funds=[(code, FUNDS[code]) for code in ("social", "fiscal")],
        items=[("", _("全部事项")), *item_names().items()],
        towns=[("", _("全市")), *town_names().items()],
        may_change=may_change,
        sees_changes=sees_changes,
    )  # fmt: skip


@pages.get("/rules/<string:key>")
@public
def rule(key: str) -> ResponseReturnValue:
    """Show every row a rule ever had, and who changed it on what basis."""
    with reading() as work:
        rows = queries.history(work.session, key)
        changes = queries.became(work.session, [row.id for row in rows])
        may_change = work.allows(POLICY, "rule_change:propose")
    return render_template(
        "rulebook/rule.html",
        key=key,
        name=named(rows[0]),
        rows=[_history(row, changes.get(row.id)) for row in rows],
        may_change=may_change,
    )


@pages.get("/rule-changes")
@may("rule_change:read")
def changes() -> ResponseReturnValue:
    """List the changes, newest first."""
    after = request.args.get("after", type=int)
    with reading() as work:
        page = queries.changes_page(work.session, work.actor, after=after)
        rows = [_change(one, showing.name_of(work.session, one)) for one in page.items]
        may_change = work.allows(POLICY, "rule_change:propose")
    return render_template(
        "rulebook/changes.html",
        rows=rows,
        may_change=may_change,
        next_url=next_page(page.after),
    )


@pages.get("/rule-changes/<int:change_id>")
@may("rule_change:read", subject=showing.loaded)
def change(change_id: int) -> ResponseReturnValue:
    """Show a change: what, from when, why, on what basis, and what the reader may do with it."""
    with reading() as work:
        return showing.drawn(work, change_id, blank_form(forms.JUDGING))


def _day(given: str, today: date) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return today


def _line(one: InForce) -> list[Any]:
    text, kind = mark(one.row.confidence)
    following = (
        _("%(day)s 起：%(value)s", day=one.following.valid_from.isoformat(),
          value=value_words(one.following.value, one.following.unit))
        if one.following is not None
        else ""
    )  # fmt: skip
    return [
        {"text": named(one.row), "url": url_for("rulebook.rule", key=one.row.key), "note": following},
        _whole(value_words(one.row.value, one.row.unit)),
        {"text": str(REACH[one.reach]), "kind": "plain"},
        one.row.valid_from.isoformat(),
        one.row.basis,
        {"text": text, "kind": kind},
    ]


def _whole(words: str) -> Markup:
    """Keep a short value on one line."""
    return Markup('<span class="amount">{}</span>').format(words)


def _history(row: Rule, change: RuleChange | None) -> list[Any]:
    until = row.valid_to.isoformat() if row.valid_to else "—"
    source = _("变更 %(id)s", id=change.id) if change is not None else _("随系统收录")
    return [scope_words(row), value_words(row.value, row.unit), row.valid_from.isoformat(), until, row.basis, source]


def _change(row: RuleChange, name: str) -> list[Any]:
    label, kind = STATES[row.state]
    return [
        {"text": _("%(id)s · %(name)s", id=row.id, name=name), "url": f"/rule-changes/{row.id}"},
        scope_words(row),
        _("%(before)s → %(after)s", before=value_words(row.before, row.unit), after=value_words(row.value, row.unit)),
        row.effective_on.isoformat(),
        {"text": str(label), "kind": kind},
    ]
