"""How good the answers are: a file of questions with graded answers, held against the engine in use.

A question's answers are graded 3 (what was meant), 2 (also asked for), 1 (of use); what no line names counts 0. The
measure is nDCG at 10 (Järvelin and Kekäläinen 2002) with the gain 2^grade - 1, and beside it the share of answerable
questions that found nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any, Final, TypeAlias

from core.datafile import DataFileError
from search.documents import Document
from search.folding import fold

JUDGED: Final = Path(__file__).parent / "data" / "judged.tsv"
DEPTH: Final = 10
BEST: Final = 3
_CELLS: Final = 3

Grades: TypeAlias = Mapping[str, int]
"""Grades by the key of the document."""


@dataclass(frozen=True)
class Question:
    """One question: how it is typed, what is typed, and the answers' grades by what names them."""

    way: str
    text: str
    answers: Mapping[str, int]


@dataclass(frozen=True)
class Verdict:
    """How one question was answered. score: nDCG at 10, 0 to 1; found: how many hits in all."""

    question: Question
    score: float
    found: int
    first: tuple[str, ...]


def read(path: Path) -> list[Question]:
    """Read questions: a line each of way, text and answers, apart by tabs; or JSON, an object a line or a list of them.

    answers: `item:DG-B-24=3 notices:DG-B-24@441900103=1`, see `named`. JSON objects have `query` and `answers`.
    Raises DataFileError naming the line.
    """
    text = path.read_text(encoding="utf-8")
    if text.lstrip()[:1] in {"[", "{"}:
        return _from_json(path, text)
    return list(_from_lines(path, text))


def _from_lines(path: Path, text: str) -> Iterator[Question]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != _CELLS:
            raise DataFileError(f"{path}:{number}: way, question and answers are wanted, apart by tabs")
        try:
            answers = {name: int(grade) for name, _sign, grade in (one.rpartition("=") for one in cells[2].split())}
        except ValueError:
            raise DataFileError(f"{path}:{number}: an answer is KIND:ID=GRADE") from None
        yield Question(cells[0], cells[1], answers)


def _from_json(path: Path, text: str) -> list[Question]:
    try:
        rows: list[Any] = (
            json.loads(text) if text.lstrip().startswith("[") else list(map(json.loads, text.splitlines()))
        )
        return [
            Question(
                str(row.get("way", "")),
                str(row["query"]),
                {str(name): int(grade) for name, grade in row["answers"].items()},
            )
            for row in rows
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataFileError(f"{path}: objects with query and answers are wanted ({error})") from None


def grades(question: Question, documents: Sequence[Document]) -> dict[str, int]:
    """Return the grade of every document an answer names, the highest where several do."""
    found: dict[str, int] = {}
    for name, grade in question.answers.items():
        for document in named(name, documents):
            found[document.key] = max(grade, found.get(document.key, 0))
    return found


def named(name: str, documents: Iterable[Document]) -> list[Document]:
    """Return the documents an answer names.

    `item:DG-B-24`, `schedule:tender-agency`: by kind and id. `agency:瑞安环境`, `notice:DG-2026-000123`: by a number,
    or by what the title holds. `agencies:DG-B-24`, `notices:DG-B-24@441900103`: all of an item, in a town where one
    is named; `notices:*@441900103` all of a town.
    """
    kind, _sign, rest = name.partition(":")
    if kind in {"agencies", "notices"}:
        item, _at, town = rest.partition("@")
        one = "agency" if kind == "agencies" else "notice"
        return [
            document
            for document in documents
            if document.kind == one and item in {"*", *document.item_codes} and town in {"", document.town_code}
        ]
    by_id = [document for document in documents if document.key == name]
    wanted = fold(rest.replace("_", " "))
    return by_id or [
        document
        for document in documents
        if document.kind == kind and (wanted in fold(document.title) or wanted in map(fold, document.codes))
    ]


def ndcg(ranked: Sequence[str], graded: Grades, depth: int = DEPTH) -> float:
    """Return the gain of a ranking over that of the best one, 0 to 1; 1.0 where there is nothing to find."""
    best = _gain(sorted(graded.values(), reverse=True)[:depth])
    return _gain([graded.get(key, 0) for key in ranked[:depth]]) / best if best else 1.0


def _gain(given: Iterable[int]) -> float:
    return sum(float(2**grade - 1) / log2(place + 1) for place, grade in enumerate(given, start=1))


def parted(questions: Iterable[Question], documents: Sequence[Document]) -> tuple[list[Question], list[Question]]:
    """Part questions that can be judged here from those all of whose answers name what this world does not have."""
    here: list[Question] = []
    absent: list[Question] = []
    for one in questions:
        (absent if one.answers and not grades(one, documents) else here).append(one)
    return here, absent


def judge(
    questions: Iterable[Question], documents: Sequence[Document], ask: Callable[[str], tuple[Sequence[str], int]]
) -> Iterator[Verdict]:
    """Ask each question and hold the first ten answers against the grades.

    ask: gives the keys of the hits in order, and how many there are in all. Raises DataFileError for an answer that
    names nothing: a question whose answer has left the world measures nothing.
    """
    for question in questions:
        graded = grades(question, documents)
        if question.answers and not graded:
            raise DataFileError(f"{question.text!r}: nothing is called {' '.join(question.answers)}")
        ranked, found = ask(question.text)
        yield Verdict(question, ndcg(ranked, graded), found, tuple(ranked[:BEST]))


def mean(verdicts: Sequence[Verdict]) -> float:
    """Return the mean score; 0.0 of none."""
    return sum(one.score for one in verdicts) / len(verdicts) if verdicts else 0.0


def empty_share(verdicts: Sequence[Verdict]) -> float:
    """Return the share of answerable questions that found nothing."""
    asked = [one for one in verdicts if one.question.answers]
    return sum(not one.found for one in asked) / len(asked) if asked else 0.0
