"""The model contract: dated clauses from data files, the facts of one deal set in. Pure but for reading the files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, Final

DATA: Final = Path(__file__).with_name("data")
NUMERALS: Final = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause: its heading with the number, and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@cache
def _model(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def version() -> str:
    """Return the version of the model contract, as contracts keep it."""
    return str(_model("model_contract")["version"])


def special_terms(item_code: str) -> tuple[str, ...]:
    """Return the paragraphs that this service item adds to the model contract."""
    families = _model("special_terms")["families"]
    found: list[str] = []
    for family in families:
        if item_code in family["items"]:
            found.extend(family["paragraphs"])
    return tuple(found)


def draft(item_code: str, facts: Mapping[str, str]) -> tuple[Clause, ...]:
    """Set the facts of a deal into the model contract; the item's own terms fill the clause left for them.

    Raises KeyError when the model asks for a fact that was not given. Facts are set in as one line of text each and
    never read again.
    """
    one_line = {name: " ".join(value.split()) for name, value in facts.items()}
    clauses: list[Clause] = []
    for entry in _model("model_contract")["clauses"]:
        paragraphs: Sequence[str] = entry["paragraphs"]
        if entry.get("special", False):
            paragraphs = special_terms(item_code) or paragraphs
        filled = tuple(Template(paragraph).substitute(one_line) for paragraph in paragraphs)
        clauses.append(Clause(f"第{numeral(len(clauses) + 1)}条　{entry['heading']}", filled))
    return tuple(clauses)


def as_text(clauses: Sequence[Clause]) -> str:
    """Write clauses as plain text: a heading a line, a paragraph a line, an empty line between clauses."""
    return "\n\n".join("\n".join((clause.heading, *clause.paragraphs)) for clause in clauses)


def from_text(text: str) -> tuple[Clause, ...]:
    """Read back what ``as_text`` wrote."""
    blocks = (block.split("\n") for block in text.split("\n\n") if block.strip())
    return tuple(Clause(lines[0], tuple(lines[1:])) for lines in blocks)


def numeral(number: int) -> str:
    """Write 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")
