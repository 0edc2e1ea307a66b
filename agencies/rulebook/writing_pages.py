"""Pages that change the rulebook: the form of a change, and its judgement; what was typed comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from accounts.acting import acted, marker
from accounts.gate import may, reading, writing
from agencies.catalogue.models import Rule
from agencies.catalogue.wording import named
from agencies.rulebook import forms, queries, service, showing
from agencies.rulebook.pages import pages
from agencies.rulebook.refusals import SENTENCES
from agencies.rulebook.schemas import FUNDS, JudgeChangeSchema, ProposeChangeSchema
from agencies.rulebook.wording import scope_words, value_words
from core.clock import beijing_day
from core.forms import Form, Item, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work


@pages.get("/rules/<string:key>/change")
@may("rule_change:propose")
def begin(key: str) -> ResponseReturnValue:
    """Show the form of a change of one rule with what holds now."""
    with reading() as work:
        rows, layout = _layout(work, key)
        day = (beijing_day(work.clock.now()) + timedelta(days=1)).isoformat()
    first = layout[0].choices
    fund = first[0][0] if isinstance(first, Sequence) and len(first) == 1 else ""
    return _form(key, rows, blank_form(layout, {"effective_on": day, "fund": fund}), None)


@pages.post("/rules/<string:key>/change")
@may("rule_change:propose")
def propose(key: str) -> ResponseReturnValue:
    """Check what was typed and keep it as a proposal."""
    with reading() as work:
        rows, layout = _layout(work, key)
    form = read_form(ProposeChangeSchema(), layout, _posted(key))
    return acted(
        form, service.propose, lambda kept: service.url_of(kept.id),
        lambda _work: _form(key, rows, form, form), mark=marker(SENTENCES), told=_("已提出，等第二人审核。"),
    )  # fmt: skip


@pages.post("/rule-changes/<int:change_id>/approve")
@may("rule_change:approve", subject=showing.loaded)
def approve(change_id: int) -> ResponseReturnValue:
    """Let a change stand, as the second person."""
    return _judged(change_id, service.approve, _("已通过，从生效日起施行。"))


@pages.post("/rule-changes/<int:change_id>/reject")
@may("rule_change:reject", subject=showing.loaded)
def reject(change_id: int) -> ResponseReturnValue:
    """Refuse a change, as the second person."""
    return _judged(change_id, service.reject, _("已退回，提出人会收到理由。"))


@pages.post("/rule-changes/<int:change_id>/withdraw")
@may("rule_change:withdraw", subject=showing.loaded)
def withdraw(change_id: int) -> ResponseReturnValue:
    """Take a proposal back."""
    with writing() as work:
        service.withdraw(work, change_id)
    flash(_("已撤回。"), "ok")
    return redirect(service.url_of(change_id), 303)


def _posted(key: str) -> Any:
    """Return what was sent with the rule's key, which stands in the address."""
    data = request.form.copy()
    data["key"] = key
    return data


def _layout(work: Work, key: str) -> tuple[Sequence[Rule], list[Item]]:
    rows = queries.history(work.session, key)
    funds = [one for one in FUNDS if any(row.fund in {one, ""} for row in rows)]
    return rows, forms.proposing(key, rows[0].unit, funds, beijing_day(work.clock.now()))


def _form(key: str, rows: Sequence[Rule], drawn: Form[Any], wrong: Form[Any] | None) -> str:
    held = [[scope_words(row), value_words(row.value, row.unit), row.valid_from.isoformat(), row.basis] for row in rows]
    return render_template("rulebook/propose.html", key=key, name=named(rows[0]), held=held, drawn=drawn, form=wrong)


def _judged(change_id: int, judge: Callable[[Work, int, str], Any], told: str) -> ResponseReturnValue:
    form = read_form(JudgeChangeSchema(), forms.JUDGING, request.form)
    return acted(
        form, lambda work, said: judge(work, change_id, said.reason), service.url_of(change_id),
        lambda work: showing.drawn(work, change_id, form, form), mark=marker(SENTENCES), told=told, conflict=409,
    )  # fmt: skip
