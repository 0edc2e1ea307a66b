"""What is wrong with a text is said with its line, its table and its key."""

import pytest

from agencies.fees.engine.reader import read_text
from agencies.revisions.placing import line_of, said_fault
from core.datafile import DataFileError
from tests.agencies.revisions.conftest import TEXT

LINES = TEXT.splitlines()


def line(start: str) -> int:
    return next(number for number, one in enumerate(LINES, start=1) if one.startswith(start))


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("rates = [1, 0.5]", "rates = [1]", "rates", "费率要比界限多一个"),
        ("since = 2020-01-01", 'since = "2020-01-01"', "since", "2021-07-01"),
        ('kind = "amount"', 'kind = "sum"', "kind", "从这些里选"),
        ("required = true", 'required = "yes"', "required", "只写 true 或 false"),
        ('mark = "found"', "", "[source]", "没有写，补上它"),
        ('level = "municipal"', 'levels = "municipal"', "level", "没有这一项"),
        ("uppers = [100]\nrates = [1, 0.5]", "uppers = [100, 50]\nrates = [1, 0.5, 0.2]", "uppers", "要从小到大排"),
    ],
)
def test_a_mistake_is_said_with_its_line(old: str, new: str, where: str, words: str) -> None:
    wrong = TEXT.replace(old, new, 1)
    with pytest.raises(DataFileError) as refused:
        read_text(wrong, "toml")
    said = said_fault(str(refused.value), wrong)
    assert f"第 {line(where)} 行" in said
    assert words in said


def test_broken_toml_is_said_with_line_and_column() -> None:
    wrong = TEXT.replace('unit = "万元"', "unit = 万元", 1)
    with pytest.raises(DataFileError) as refused:
        read_text(wrong, "toml")
    assert said_fault(str(refused.value), wrong).startswith(f"第 {line('unit =')} 行第 ")


def test_broken_at_its_end_is_said_with_the_last_line() -> None:
    wrong = TEXT + 'more = "'
    with pytest.raises(DataFileError) as refused:
        read_text(wrong, "toml")
    assert f"第 {len(wrong.splitlines())} 行" in said_fault(str(refused.value), wrong)


def test_tables_of_lists_are_counted_inside_their_own() -> None:
    text = "[[a]]\nx = 1\n[[a.b]]\ny = 1\n[[a]]\nx = 2\n[[a.b]]\ny = 2\n[[a.b]]\ny = 3\n"
    assert line_of(text, [("a", 2), ("b", 1)], "y") == 8
    assert line_of(text, [("a", 2), ("b", 2)], "y") == 10
    assert line_of(text, [("a", 2), ("b", 3)], "y") == 5
    assert line_of(text, [("c", 0)], "y") == 1
