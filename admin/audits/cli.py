"""The command line's audit: a table in, a workbook or CSV out, with a bar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask

from admin.audits import forms, judging, refusals, results, service
from admin.audits.judging import Columns
from admin.audits.limits import limits
from admin.audits.reading import Table, read_table
from core.errors import Invalid
from core.work import Works

USAGE = "Columns as ROLE=HEADING (schedule, on, base, charged, service, funding); input=HEADING for an input."


@click.command("audit")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "mapped", multiple=True, help=USAGE)
@click.option("--fixed", multiple=True, help="A value for all rows, as ROLE=VALUE.")
@click.option("--base-unit", type=click.Choice(judging.UNITS), help="What a bare base is counted in.")
@click.option("--charged-unit", type=click.Choice(judging.UNITS), help="What a bare charge is counted in.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="An .xlsx or .csv file.")
@click.pass_context
def audit(context: click.Context, /, file: Path, out: Path, **given: Any) -> None:
    """Hold the fees of a CSV or XLSX table against the schedules of their days."""
    if out.suffix not in {".xlsx", ".csv"}:
        raise click.BadParameter("give a file that ends in .xlsx or .csv", param_hint="--out")
    app: Flask = context.obj.load_app()
    with app.app_context():
        try:
            with file.open("rb") as stream:
                table = read_table(stream, file.name)
        except Invalid as refused:
            raise click.ClickException(str(refusals.SENTENCES[refused.code]) % refused.facts) from None
        columns = _columns(table, **given)
        counts: dict[str, int] = {}
        rows = _judged(app.extensions["works"], table, columns, counts)
        if out.suffix == ".xlsx":
            results.write_xlsx(out, table.headings, rows)
        else:
            with out.open("w", encoding="utf-8", newline="") as sheet:
                sheet.writelines(results.csv_lines(table.headings, rows))
    for outcome, count in sorted(counts.items()):
        click.echo(f"{outcome:16}{count:>10,}")
    click.echo(f"{len(table.rows):,} rows, {out}")


def _columns(table: Table, *, mapped: tuple[str, ...], fixed: tuple[str, ...], **units: str | None) -> Columns:
    """Read the options. Raises ClickException naming what is missing."""
    pairs = [one.partition("=") for one in mapped]
    mapping: dict[str, Any] = {role: heading for role, _mark, heading in pairs if role != "input"}
    mapping["inputs"] = [heading for role, _mark, heading in pairs if role == "input"]
    mapping["fixed"] = {role: value for role, _mark, value in (one.partition("=") for one in fixed)}
    try:
        columns = forms.by_headings(table.headings, {**mapping, **units})
    except KeyError as error:
        raise click.ClickException(f"no column {error}; the table has {', '.join(table.headings)}") from None
    missing = columns.missing()
    if missing:
        raise click.ClickException(f"say which column is {', '.join(missing)}: --map {missing[0]}=HEADING")
    return columns


def _judged(
    works: Works, table: Table, columns: Columns, counts: dict[str, int]
) -> Iterator[tuple[list[str], list[Any]]]:  # fmt: skip
    """Yield every row with its verdict, with a bar; counts the outcomes on the way."""
    with works.reading() as work:
        find = service.finder(work)
    size = limits().part_rows
    with click.progressbar(length=len(table.rows), label="fees audit", show_pos=True) as bar:
        for first in range(0, len(table.rows), size):
            part = table.rows[first : first + size]
            verdicts = judging.judge(columns, table.headings, part, find)
            for cells, verdict in zip(part, verdicts, strict=True):
                counts[str(verdict.outcome)] = counts.get(str(verdict.outcome), 0) + 1
                yield cells, verdict.as_json()
            bar.update(len(part))


def install(app: Flask) -> None:
    """Add the verb to `flask fees`, making the group where no lower room has."""
    group = app.cli.commands.get("fees")
    if not isinstance(group, click.Group):
        group = click.Group("fees", help="Fee schedules.")
        app.cli.add_command(group)
    group.add_command(audit)
