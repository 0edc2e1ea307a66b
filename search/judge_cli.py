"""The command line's judge: the questions of a file put to the engine in use, and how well it answered."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import click
from flask import Flask

from core.datafile import DataFileError
from core.work import Works
from search import judging, queries, service
from search.backend import Query
from search.judging import Verdict


@click.command("judge")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--worst", default=0, help="Show so many of the questions answered worst.")
@click.pass_context
def judge(context: click.Context, file: Path | None, worst: int) -> None:
    """Put graded questions to the index of the demo world; the last line is the mean nDCG at 10."""
    app: Flask = context.obj.load_app()
    works: Works = app.extensions["works"]
    with app.app_context(), works.reading() as work:

        def ask(text: str) -> tuple[list[str], int]:
            found = service.search(work, Query(text, size=judging.DEPTH, counted=False)).results
            return [hit.document.key for hit in (*found.hits, *found.beside)], found.total

        documents = list(queries.all_documents(work.session, work.clock.now()))
        try:
            questions, absent = judging.parted(judging.read(file or judging.JUDGED), documents)
            verdicts = list(judging.judge(questions, documents, ask))
        except DataFileError as error:
            raise click.ClickException(str(error)) from None
    if absent:
        click.echo(f"left out {len(absent)}, which name nothing of this world: {', '.join(one.text for one in absent)}")
    if not verdicts:
        raise click.ClickException("Nothing these questions name is here: is this the world they were written for?")
    _show(verdicts, worst)


def _show(verdicts: list[Verdict], worst: int) -> None:
    ways: dict[str, list[Verdict]] = defaultdict(list)
    for one in verdicts:
        ways[one.question.way].append(one)
    for one in sorted(verdicts, key=lambda one: one.score)[:worst]:
        click.echo(f"{one.score:.3f}  {one.question.text}  ->  {', '.join(one.first) or 'nothing'}")
    for way, some in ways.items():
        click.echo(f"{way or '-':8} {len(some):4} questions  nDCG@10 {judging.mean(some):.3f}")
    click.echo(f"zero results {judging.empty_share(verdicts):.3f} of {len(verdicts)} questions")
    click.echo(f"nDCG@10 {judging.mean(verdicts):.4f}")
