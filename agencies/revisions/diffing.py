"""What a revision changes, as tables side by side and line by line; every change is named in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from markupsafe import Markup, escape

from agencies.fees.engine.schedule import Schedule, Version
from agencies.fees.tables import version_tables
from agencies.fees.wording import STATUSES, said
from core.i18n import gettext as _

AROUND: Final = 2
Cell = tuple[str, str]  # what a row is called, and what it says
MOST_LINES: Final = 600


@dataclass(frozen=True, slots=True)
class Change:
    """One part of a schedule that differs: its title, the rows that changed, and how many did not."""

    title: str
    rows: Sequence[Sequence[Any]]
    same: int


def changes(before: Schedule | None, after: Schedule) -> list[Change]:
    """Return what differs, part by part: the document, its legal force, every version's services and tables."""
    old = dict(_parts(before)) if before is not None else {}
    new = dict(_parts(after))
    titles = [*new, *(title for title in old if title not in new)]
    found = [_change(title, old.get(title, []), new.get(title, [])) for title in titles]
    return [one for one in found if one.rows]


def line_changes(before: str, after: str) -> list[list[Any]]:
    """Return the lines that differ with two around them: what happened, the old and new number, the line."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[list[Any]] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        for kind, i1, i2, j1, j2 in group:
            if kind == "equal":
                rows += [[_("不变"), i1 + n + 1, j1 + n + 1, _code(old[i1 + n])] for n in range(i2 - i1)]
                continue
            rows += [[_tag("removed"), n + 1, "", _code(old[n])] for n in range(i1, i2)]
            rows += [[_tag("added"), "", n + 1, _code(new[n])] for n in range(j1, j2)]
    return rows[:MOST_LINES]


def counted(parts: Iterable[Change]) -> int:
    """Count the rows that changed."""
    return sum(len(one.rows) for one in parts)


def _parts(schedule: Schedule) -> Iterable[tuple[str, list[Cell]]]:
    """Yield every part of a schedule as rows of label and content."""
    yield _("文件信息"), _head(schedule)
    yield _("法律效力"), _force(schedule)
    for version in schedule.versions:
        yield _("版本 %(key)s", key=version.key), _dates(version)
        for service in version_tables(version, set()):
            for place, table in enumerate(service.tables):
                cells = [(row[0], _("，").join(_columns(table.headers, row))) for row in table.rows]
                cells += [(_("规则 %(nth)s", nth=nth), line) for nth, line in enumerate(table.lines, start=1)]
                cells += [(_("条款"), _("，").join(one for one in table.clauses if one))]
                yield (
                    _("版本 %(key)s · %(service)s · 第 %(nth)s 步 %(title)s", key=version.key, service=service.label,
                      nth=place + 1, title=table.title),
                    cells,
                )  # fmt: skip


def _columns(headers: Sequence[str], row: Sequence[str]) -> list[str]:
    if len(row) == 2:  # noqa: PLR2004 - a label and one figure need no heading
        return [row[1]]
    return [_("%(label)s：%(value)s", label=head, value=cell) for head, cell in zip(headers[1:], row[1:], strict=False)]


def _head(one: Schedule) -> list[Cell]:
    found = [
        (_("名称"), said(one.title)), (_("文号"), one.document), (_("发布机关"), said(one.issuer)),
        (_("适用"), said(one.subject)), (_("计费基数"), said(one.charge_base)), (_("数额单位"), one.unit),
        (_("别名"), _("、").join(one.aliases)), (_("来源"), said(one.source.note)),
    ]  # fmt: skip
    found += [(_("说明 %(nth)s", nth=nth), said(note)) for nth, note in enumerate(one.notes, start=1)]
    found += [(_("后续文件 %(document)s", document=later.document), said(later.effect)) for later in one.repeals]
    return found


def _force(one: Schedule) -> list[Cell]:
    rows = []
    for period in one.statuses:
        span = _("%(since)s 至 %(until)s", since=period.since.isoformat(), until=_until(period.until))
        limits = [str(STATUSES[period.status][0]), *_limits(period), said(period.citation)]
        rows.append((span, _("；").join(limits)))
    return rows


def _limits(period: Any) -> list[str]:
    found = []
    if period.funding:
        found.append(_("政府投资项目") if period.funding == "government" else _("社会投资项目"))
    if period.at_least is not None:
        found.append(_("%(amount)s %(unit)s以上", amount=str(period.at_least), unit=period.unit))
    if period.below is not None:
        found.append(_("不足 %(amount)s %(unit)s", amount=str(period.below), unit=period.unit))
    return found + list(period.services)


def _dates(version: Version) -> list[Cell]:
    return [
        (_("文号"), version.document), (_("施行自"), version.since.isoformat()), (_("施行到"), _until(version.until)),
        (_("说明"), said(version.note) if version.note else "—"),
        (_("服务"), _("、").join(said(one.label) for one in version.services)),
    ]  # fmt: skip


def _until(day: Any) -> str:
    return day.isoformat() if day is not None else _("没有定")


def _change(title: str, old: Sequence[Cell], new: Sequence[Cell]) -> Change:
    """Lay two lists of rows side by side; rows of one name that repeat are told apart by their order."""
    one, two = _numbered(old), _numbered(new)
    names = [*two, *(name for name in one if name not in two)]
    rows: list[list[Any]] = []
    for name in names:
        was, becomes = one.get(name), two.get(name)
        if was != becomes:
            kind = "added" if was is None else "removed" if becomes is None else "changed"
            rows.append([name[0], was or "—", becomes or "—", _tag(kind)])
    return Change(title, rows, len(names) - len(rows))


def _numbered(cells: Sequence[Cell]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for label, content in cells:
        nth = sum(name == label for name, _nth in found)
        found[label, nth] = content
    return found


def _tag(kind: str) -> dict[str, str]:
    words = {"added": (_("新增"), "ok"), "removed": (_("删去"), "bad"), "changed": (_("改动"), "warn")}
    return {"text": words[kind][0], "kind": words[kind][1]}


def _code(line: str) -> Markup:
    return Markup("<code>{}</code>").format(escape(line)) if line else Markup("")
