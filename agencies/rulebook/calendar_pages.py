"""Pages of the working-day calendar: the year everybody reads, the notices behind it, and how one is entered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from accounts.acting import acted, marker
from accounts.gate import may, public, reading, writing
from accounts.listing import next_page
from accounts.queries import who
from agencies.rulebook import calendar, forms, queries
from agencies.rulebook.commands import ProposeNotice
from agencies.rulebook.lifecycle import CALENDAR_NOTICE, NoticeState
from agencies.rulebook.models import CalendarNotice
from agencies.rulebook.pages import pages
from agencies.rulebook.permissions import POLICY
from agencies.rulebook.refusals import SENTENCES
from agencies.rulebook.schemas import JudgeChangeSchema, ProposeNoticeSchema
from agencies.rulebook.wording import HOLIDAYS, NOTICE_STATES, SOURCES, TOLD
from core.clock import beijing_day
from core.errors import Invalid
from core.forms import Form, blank_form, first_sentence, read_form
from core.i18n import gettext as _
from core.work import Work
from core.workdays import SATURDAY, Source, holiday_name, is_workday, source_of

FIRST_YEAR: Final = 2018
AHEAD: Final = 3
WORDS: Final = {"上班": True, "补班": True, "放假": False, "休息": False, "working": True, "free": False}


def loaded_notice(work: Work, notice_id: int, **_view_args: Any) -> CalendarNotice:
    """Load a notice for the gate."""
    return queries.notice_by_id(work.session, notice_id)


def special_days(year: int, notices: Sequence[CalendarNotice]) -> list[dict[str, Any]]:
    """Return the days of a year on which the week's pattern does not hold: worked or not, name, and what says so."""
    named = {one["day"]: (one["name"], row) for row in notices for one in row.days}
    found, day = [], date(year, 1, 1)
    while day.year == year:
        working, source = is_workday(day), source_of(day)
        if working is not (day.weekday() < SATURDAY) or source is Source.NOTICE:
            name, row = named.get(day.isoformat(), ("", None)) if source is Source.NOTICE else ("", None)
            english = holiday_name(day)
            found.append({
                "day": day, "working": working, "source": source, "notice": row,
                "name": name or str(HOLIDAYS.get(english, english)),
            })  # fmt: skip
        day += timedelta(days=1)
    return found


def asked_year(text: str, today: date) -> int:
    """Return the year asked for, where it lies between the first this market knows and three years ahead."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len("2026") else today.year
    return year if FIRST_YEAR <= year <= today.year + AHEAD else today.year


@pages.get("/calendar")
@public
def year() -> ResponseReturnValue:
    """Show a year's holidays and make-up days, each with what says so."""
    with reading() as work:
        today = beijing_day(work.clock.now())
        asked = asked_year(request.args.get("year", ""), today)
        notices = queries.approved_notices(work.session)
        days = special_days(asked, notices)
        may_enter = work.allows(POLICY, "calendar_notice:propose")
        sees_all = work.allows(POLICY, "calendar_notice:read")
    months = [_month(asked, number) for number in range(1, 13)]
    return render_template(
        "rulebook/calendar.html", year=asked, today=today, rows=[_line(one) for one in days], months=months,
        total=sum(int(one[1]) for one in months), provisional=any(one["source"] is Source.PROVISIONAL for one in days),
        years=[one for one in (asked - 1, asked + 1) if FIRST_YEAR <= one <= today.year + AHEAD],
        may_enter=may_enter, sees_all=sees_all,
    )  # fmt: skip


def _month(year: int, number: int) -> list[str]:
    day, count = date(year, number, 1), 0
    while day.month == number:
        count += is_workday(day)
        day += timedelta(days=1)
    return [_("%(number)s 月", number=number), str(count)]


def _line(one: dict[str, Any]) -> list[Any]:
    row: CalendarNotice | None = one["notice"]
    said: Any = str(SOURCES[one["source"]])
    if row is not None:
        said = {"text": row.document, "url": calendar.url_of(row.id)}
    tag = {"text": _("上班"), "kind": "info"} if one["working"] else {"text": _("放假"), "kind": "ok"}
    return [f"{one['day'].isoformat()} {weekday(one['day'])}", tag, one["name"], said]


def weekday(day: date) -> str:
    """Name the day of the week."""
    names = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    return names[day.weekday()]


@pages.get("/calendar/notices")
@may("calendar_notice:read")
def notices() -> ResponseReturnValue:
    """List the notices, newest first."""
    with reading() as work:
        page = queries.notices_page(work.session, work.actor, after=request.args.get("after", type=int))
        may_enter = work.allows(POLICY, "calendar_notice:propose")
    rows = [
        [
            {"text": row.document, "url": calendar.url_of(row.id)}, _("%(count)s 天", count=len(row.days)),
            beijing_day(row.proposed_at).isoformat(),
            {"text": str(NOTICE_STATES[row.state][0]), "kind": NOTICE_STATES[row.state][1]},
        ]
        for row in page.items
    ]  # fmt: skip
    return render_template("rulebook/notices.html", rows=rows, next_url=next_page(page.after), may_enter=may_enter)


@pages.get("/calendar/notices/new")
@may("calendar_notice:propose")
def begin_notice() -> ResponseReturnValue:
    """Show the form of a notice."""
    return _entering(blank_form(forms.NOTICE))


def _entering(drawn: Form[Any], wrong: Form[Any] | None = None) -> ResponseReturnValue:
    page = render_template("rulebook/notice_new.html", drawn=drawn, form=wrong)
    return page, 422 if wrong is not None else 200


@pages.post("/calendar/notices/new")
@may("calendar_notice:propose")
def propose_notice() -> ResponseReturnValue:
    """Check what was typed and keep it as a proposal."""
    form = blank_form(forms.NOTICE, request.form.to_dict())
    try:
        typed = {name: request.form.get(name, "") for name in ("document", "source", "reason")}
        command: ProposeNotice = ProposeNoticeSchema().load({**typed, "days": read_days(request.form.get("days", ""))})
        with writing() as work:
            row = calendar.propose(work, command)
    except ValidationError as error:
        found: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow's own
        for name in (one for one in form.fields if one in found):
            form.refuse(name, first_sentence(found[name], form.fields[name]))
        return _entering(form, form)
    except Invalid as refusal:
        form.refuse(str(refusal.facts.get("field", "")), str(SENTENCES[refusal.code]) % refusal.facts)
        return _entering(form, form)
    flash(_("已提出，等第二人审核。"), "ok")
    return redirect(calendar.url_of(row.id), 303)


def read_days(text: str) -> list[dict[str, Any]]:
    """Read one day a line: the date, worked or free, its name. Raises Invalid with the line's number."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split(maxsplit=2)
        if not parts:
            continue
        if len(parts) < 2 or parts[1].lower() not in WORDS:  # noqa: PLR2004 - a date and a word
            raise Invalid("calendar-line", field="days", line=number)
        name = parts[2] if len(parts) > 2 else parts[1]  # noqa: PLR2004 - the name stands third
        found.append({"day": parts[0], "working": WORDS[parts[1].lower()], "name": name})
    return found


@pages.get("/calendar/notices/<int:notice_id>")
@public
def notice(notice_id: int) -> ResponseReturnValue:
    """Show a notice: its days, its document, what happened; a proposal to those who judge it."""
    with reading() as work:
        return _drawn(work, notice_id, blank_form(forms.JUDGING))


def _drawn(work: Work, notice_id: int, judging: Form[Any], wrong: Form[Any] | None = None) -> str:
    row = queries.visible_notice(work.session, work.actor, notice_id)
    sees_all = work.allows(POLICY, "calendar_notice:read")
    verbs = {verb: work.allows(POLICY, f"calendar_notice:{verb}", row) for verb in CALENDAR_NOTICE.open_to(row.state)}
    label, kind = NOTICE_STATES[row.state]
    return render_template(
        "rulebook/notice.html", row=row, tag_of=(str(label), kind), facts=_facts(work, row, sees_all=sees_all),
        days=[_day_line(one) for one in row.days], may=verbs, judging=judging, form=wrong,
        waits=row.state is NoticeState.PROPOSED and not verbs.get("approve"),
        affected=[_deadline(one) for one in row.affected] if sees_all else [], sees_all=sees_all,
        log=[(leaf.at, str(TOLD.get(leaf.verb, leaf.verb)), _("存证号 %(seq)s", seq=leaf.seq))
             for leaf in queries.notice_leaves(work.session, row.id)],
    )  # fmt: skip


def _facts(work: Work, row: CalendarNotice, *, sees_all: bool) -> list[tuple[str, Any]]:
    found = [(_("文件"), row.document), (_("来源"), row.source)]
    if sees_all:
        found += [(_("说明"), row.reason), (_("提出"), who(work.session, row.author_id, row.author_org_id))]
    if row.approver_id is not None and sees_all:
        found += [
            (_("审核"), who(work.session, row.approver_id, row.approver_org_id)),
            (_("审核意见"), row.decision or ""),
        ]
    return found


def _day_line(one: dict[str, Any]) -> list[Any]:
    day = date.fromisoformat(one["day"])
    tag = {"text": _("上班"), "kind": "info"} if one["working"] else {"text": _("放假"), "kind": "ok"}
    return [f"{one['day']} {weekday(day)}", tag, one["name"]]


def _deadline(one: dict[str, Any]) -> list[Any]:
    names = current_app.extensions.get("clock_names", {})
    mark = {"text": _("正好落在放假日"), "kind": "warn"} if one["on_day"] else ""
    return [str(names.get(one["kind"], one["kind"])), str(one["object"]), one["due_at"][:16].replace("T", " "), mark]


@pages.post("/calendar/notices/<int:notice_id>/approve")
@may("calendar_notice:approve", subject=loaded_notice)
def approve_notice(notice_id: int) -> ResponseReturnValue:
    """Let a notice hold, as the second person."""
    return _judged(notice_id, calendar.approve, _("已通过，从现在起按它计算期限。"))


@pages.post("/calendar/notices/<int:notice_id>/reject")
@may("calendar_notice:reject", subject=loaded_notice)
def reject_notice(notice_id: int) -> ResponseReturnValue:
    """Refuse a notice, as the second person."""
    return _judged(notice_id, calendar.reject, _("已退回，提出人会收到理由。"))


@pages.post("/calendar/notices/<int:notice_id>/withdraw")
@may("calendar_notice:withdraw", subject=loaded_notice)
def withdraw_notice(notice_id: int) -> ResponseReturnValue:
    """Take a proposal back."""
    with writing() as work:
        calendar.withdraw(work, notice_id)
    flash(_("已撤回。"), "ok")
    return redirect(calendar.url_of(notice_id), 303)


def _judged(notice_id: int, judge: Callable[[Work, int, str], Any], told: str) -> ResponseReturnValue:
    form = read_form(JudgeChangeSchema(), forms.JUDGING, request.form)
    return acted(
        form, lambda work, said: judge(work, notice_id, said.reason), calendar.url_of(notice_id),
        lambda work: _drawn(work, notice_id, form, form), mark=marker(SENTENCES), told=told,
    )  # fmt: skip
