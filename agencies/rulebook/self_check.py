"""The questions of the fair-competition self-check, read from their dated file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from core.datafile import read_datafile, refuse_repeats

FILE: Final = Path(__file__).parent / "data" / "self_check.toml"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: a yes is a risk. ``basis`` cites the article, ``confidence`` how sure the citation is."""

    code: str
    text: str
    text_en: str
    basis: str
    confidence: str
    valid_from: date


@cache
def questions() -> tuple[Question, ...]:
    """Return every question in the file's order. Raises DataFileError."""
    rows = read_datafile(FILE).rows("questions")
    refuse_repeats(rows, "code")
    found = []
    for row in rows:
        row.only("code", "text", "text_en", "basis", "confidence", "valid_from")
        found.append(
            Question(
                row.text("code"),
                row.text("text"),
                row.text("text_en"),
                row.text("basis"),
                row.text("confidence"),
                row.day("valid_from"),
            )
        )
    return tuple(found)


def asked_on(day: date) -> tuple[Question, ...]:
    """Return the questions that a change proposed on a day must answer."""
    return tuple(one for one in questions() if one.valid_from <= day)
