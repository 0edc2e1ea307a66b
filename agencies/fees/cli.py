"""Fees on the command line: list, show, calculate, check. `flask fees --help` names them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
from flask import Flask

from agencies.fees import file_check, programs, register
from agencies.fees.cli_tables import asked, price_lines, table_lines
from agencies.fees.engine.schedule import Schedule, Service, Version
from agencies.fees.schemas import FeeCalculationSchema, FeeScheduleRowSchema, FeeScheduleSchema
from agencies.fees.wording import said, status_tag
from core.clock import beijing_day
from core.errors import DomainError
from core.i18n import gettext as _
from core.money import Money

REFUSED: Final = 2


class Day(click.ParamType[date]):
    """A calendar day as 2012-06-01."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day, or say how one is written."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2012-06-01", param, ctx)


DAY: Final = Day()
_on = click.option("--on", type=DAY, default=None, help="The day whose rules hold; today when left out.")
_json = click.option("--json", "as_json", is_flag=True, help="Write what the API answers.")


def fees(app: Flask) -> click.Group:
    """Return the verbs of fees for an application."""
    group = click.Group("fees", help="Fee schedules: what they say, what they charge, whether their files are sound.")
    for verb in (_list(app), _show(app), _calculate(app), _check()):
        group.add_command(verb)
    return group


def _list(app: Flask) -> click.Command:
    @click.command("list", help="List the schedules with their legal force on a day.")
    @_on
    @_json
    def verb(*, on: date | None, as_json: bool) -> None:
        with app.app_context():
            day = on or _today(app)
            rows = [programs.summary(one, day) for one in programs.listed(day)]
            if as_json:
                _write({"items": [FeeScheduleRowSchema().dump(one) for one in rows]})
                return
            for found in programs.listed(day):
                click.echo(f"{found.id}\t{found.document}\t{said(found.subject)}\t{_force(found, day)}")

    return verb


def _show(app: Flask) -> click.Command:
    @click.command("show", help="Show a schedule by id, title or any spelling of its number.")
    @click.argument("document")
    @_on
    @_json
    def verb(document: str, *, on: date | None, as_json: bool) -> None:
        with app.app_context(), _refusals(app):
            day = on or _today(app)
            found = programs.schedule_named(document)
            if as_json:
                _write(FeeScheduleSchema().dump(programs.detail(found, day)))
                return
            click.echo(f"{found.document} {said(found.title)}\n{said(found.issuer)}\n{_force(found, day)}")
            for period in found.statuses:
                click.echo(
                    f"  {period.since} – {period.until or ''}  {status_tag(period.status)[0]}  {said(period.citation)}"
                )
            for repeal in found.repeals:
                click.echo(f"  {repeal.on}  {repeal.document}  {said(repeal.effect)}")
            for note in found.notes:
                click.echo(f"  · {said(note)}")
            for version in found.versions:
                click.echo(f"\n[{version.key}] {version.document}  {version.since} – {version.until or ''}")
                for service in version.services:
                    _show_service(found, version, service)

    return verb


def _show_service(found: Schedule, version: Version, service: Service) -> None:
    """Write a service: its inputs with their choices, its steps with their clauses."""
    click.echo(f"  {service.key}  {said(service.label)}  ({service.unit})")
    for one in register.fields(found, version, service.key):
        if one.name != "service":
            click.echo(f"    {one.name} = {said(one.label)}{asked(one)}")
            for line in price_lines(one):
                click.echo(f"       {line}")
    for number, step in enumerate(service.operations, start=1):
        click.echo(f"    {number}. {said(step.label)}  {step.clause}")
        for line in table_lines(step):
            click.echo(f"       {line}")


def _calculate(app: Flask) -> click.Command:
    @click.command("calculate", help="Work a fee out: calculate DOC --on 2012-06-01 类型=工程 中标金额=6000万")
    @click.argument("document")
    @click.argument("inputs", nargs=-1)
    @_on
    @_json
    def verb(document: str, inputs: tuple[str, ...], *, on: date | None, as_json: bool) -> None:
        with app.app_context(), _refusals(app):
            answer = FeeCalculationSchema().dump(
                programs.worked_out(document, on or _today(app), _inputs(inputs)),
            )
            if as_json:
                _write(answer)
            else:
                _write_answer(answer)

    return verb


def _inputs(given: tuple[str, ...]) -> dict[str, Any]:
    """Read key=value pairs; a key given again makes a list."""
    found: dict[str, Any] = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"{pair!r} is no input; write it as name=value")
        before = found.get(name)
        found[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return found


def _write_answer(answer: Mapping[str, Any]) -> None:
    """Write a calculation for people: what was understood, the working, the result, its legal force."""
    click.echo(f"{answer['document']}  [{answer['version']}] {answer['service']}  {answer['on']}")
    for one in answer["inputs"]:
        click.echo(f"  {one['label']}: {one['taken']}" + (f"  ({one['given']})" if one["given"] else ""))
    for number, step in enumerate(answer["steps"], start=1):
        value = f"{step['value']} {step['unit']}".rstrip()
        click.echo(f"{number:3}. {step['label']}: {step['expression']} = {value}  {step['clause']}".rstrip())
    for note in answer["notes"]:
        click.echo(f"  · {note['sentence']}")
    click.echo(_result(answer))
    for one in answer["readings"]:
        click.echo(f"  ({one['label']}: {_result(one)})")
    click.echo(f"{answer['status_label']}  {answer['citation']}")


def _result(amounts: Mapping[str, Any]) -> str:
    """Write base, low and high in yuan, or the reason why there is no one amount."""
    low, base, high = (
        None if amounts[name] is None else str(Money(amounts[name])) for name in ("low_fen", "base_fen", "high_fen")
    )
    if base is not None and low is None:
        return _("最高 %(amount)s %(unit)s。", amount=base, unit=_("元"))
    ends = _("%(low)s – %(high)s 元", low=low or "", high=high or "") if (low or high) and low != high else ""
    if base is not None:
        return _("%(amount)s 元", amount=base) + (f"  ({ends})" if ends else "")
    reason = amounts.get("reason")
    return "  ".join(part for part in (ends, reason["sentence"] if reason else "") if part) or "—"


def _check() -> click.Command:
    @click.command("check", help="Check schedule files, all of them when none is named.")
    @click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def verb(files: tuple[Path, ...]) -> None:
        paths = files or tuple(sorted(register.FOLDER.glob("*.toml")))
        found = list(file_check.mistakes(paths))
        for one in found:
            click.echo(str(one), err=True)
        if found:
            raise SystemExit(1)
        click.echo(f"{len(paths)} files are sound.")

    return verb


@contextmanager
def _refusals(app: Flask) -> Iterator[None]:
    """Turn a refusal into its sentences and exit code 2."""
    try:
        yield
    except DomainError as refusal:
        sentence = str(app.extensions["sentences"].get(refusal.code, refusal.code)) % refusal.facts
        click.echo(sentence, err=True)
        for one in refusal.facts.get("problems", ()):
            click.echo(f"  {one['field']}: {one['sentence']}", err=True)
            if one.get("known"):
                click.echo(f"    {_('、').join(one['known'])}", err=True)
        for name in refusal.facts.get("known", ()):
            click.echo(f"  {name}", err=True)
        raise SystemExit(REFUSED) from None


def _force(found: Schedule, day: date) -> str:
    """Return the legal force on a day in words."""
    period = found.status_on(day)
    return status_tag(period.status)[0] if period is not None else _("尚未施行")


def _today(app: Flask) -> date:
    return beijing_day(app.extensions["works"].clock.now())


def _write(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
