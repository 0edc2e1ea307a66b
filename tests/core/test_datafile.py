"""Data files: what is misspelled, missing or of a wrong kind is refused by file, row and key."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datafile import DataFileError, Row, read_datafile, refuse_repeats


class Regime(StrEnum):
    SET = "government-set"
    FREE = "market"


WHOLE = """
source = "发改价格〔2015〕299号"
since = 2015-03-01
rate = 0.1
steps = 3
open = true
regime = "market"
towns = ["莞城", "石龙"]
regimes = ["market", "government-set"]
none = ""

[limits]
most = 100

[[item]]
code = "A01"
name = "环评"

[[item]]
name = "能评"

[[item.band]]
upto = 5
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def put(text: str) -> Path:
        path = tmp_path / "tariffs.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return put


def row(**values: object) -> Row:
    return Row("tariffs.toml [[item]] 2 (A02)", values)


def test_a_whole_file_is_read_as_it_is_written(write: Callable[[str], Path]) -> None:
    file = read_datafile(write(WHOLE))
    assert file.text("source") == "发改价格〔2015〕299号"
    assert file.day("since") == file.day_or_none("since") == date(2015, 3, 1)
    assert (file.integer("steps"), file.flag("open"), file.choice("regime", Regime)) == (3, True, Regime.FREE)
    assert file.texts("towns") == ("莞城", "石龙")
    assert file.choices("regimes", Regime) == (Regime.FREE, Regime.SET)
    assert file.row("limits").integer("most") == 100
    assert [one.text_or("code", "–") for one in file.rows("item")] == ["A01", "–"]
    assert file.rows("item")[1].rows("band")[0].decimal("upto") == Decimal(5)


def test_a_fraction_is_exactly_what_is_written_and_never_a_float(write: Callable[[str], Path]) -> None:
    file = read_datafile(write("a = 0.1\nb = 1.10\nc = 0.1234567890123456789012345678901\nd = 15"))
    assert [str(file.decimal(key)) for key in "abcd"] == ["0.1", "1.10", "0.1234567890123456789012345678901", "15"]


def test_what_is_not_written_is_nothing_or_the_default(write: Callable[[str], Path]) -> None:
    file = read_datafile(write(WHOLE))
    assert file.day_or_none("until") is None
    assert (file.texts("gone"), file.choices("gone", Regime), file.rows("gone")) == ((), (), ())
    assert (file.text_or("gone", "usual"), file.text_or("none", "usual")) == ("usual", "")
    assert (file.has("none"), file.has("gone")) == (True, False)
    assert file.text("none", empty=True) == ""


Reading = Callable[[Row], object]
READINGS: dict[str, Reading] = {
    "text": lambda one: one.text("k"),
    "flag": lambda one: one.flag("k"),
    "integer": lambda one: one.integer("k"),
    "decimal": lambda one: one.decimal("k"),
    "day": lambda one: one.day("k"),
    "choice": lambda one: one.choice("k", Regime),
    "texts": lambda one: one.texts("k"),
    "choices": lambda one: one.choices("k", Regime),
    "rows": lambda one: one.rows("k"),
    "row": lambda one: one.row("k"),
}
SAMPLES: dict[str, str] = {  # in TOML, with the readings that take it
    '"market"': "text choice",
    '"words"': "text",
    '""': "",
    '" "': "",
    "true": "flag",
    "7": "integer decimal",
    "0.5": "decimal",
    "inf": "",
    "nan": "",
    "2021-07-01": "day",
    "2021-07-01T00:00:00": "",
    "07:30:00": "",
    '["market"]': "texts choices",
    '["words"]': "texts",
    '["market", "market"]': "",
    '["market", ""]': "",
    "[7]": "",
    "[]": "texts choices rows",
    "{ a = 1 }": "row",
    "[{ a = 1 }]": "rows",
}


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_each_reading_takes_its_own_kind_and_refuses_the_rest_by_file_and_key(
    sample: str, reading: str, write: Callable[[str], Path]
) -> None:
    file = read_datafile(write(f"k = {sample}"))
    if reading in SAMPLES[sample].split():
        READINGS[reading](file)
    else:
        with pytest.raises(DataFileError) as refused:
            READINGS[reading](file)
        assert str(refused.value).startswith("tariffs.toml: k: ")


@pytest.mark.parametrize("reading", ["text", "flag", "integer", "decimal", "day", "choice", "row"])
def test_a_missing_key_is_refused_by_row_and_key(reading: str) -> None:
    with pytest.raises(DataFileError) as refused:
        READINGS[reading](row(other=1))
    assert str(refused.value) == "tariffs.toml [[item]] 2 (A02): k: is missing"


def test_a_misspelled_key_is_refused_with_the_keys_there_are() -> None:
    row(code="A02", name="能评").only("code", "name")
    with pytest.raises(DataFileError) as refused:
        row(code="A02", nmae="能评").only("code", "name")
    assert str(refused.value) == "tariffs.toml [[item]] 2 (A02): nmae: unknown key; known here: code, name"


@pytest.mark.parametrize(
    ("values", "reading", "said"),
    [
        ({"k": "州定价"}, "choice", "'州定价' is not one of government-set, market"),
        ({"k": ["market", "x"]}, "choices", "holds a word that is not one of government-set, market"),
        ({"k": ["a", "b", "a"]}, "texts", "holds 'a' twice"),
        ({"k": "2021-07-01"}, "day", "is not a date such as 2021-07-01"),
        ({"k": Decimal("Infinity")}, "decimal", "is not a number"),
    ],
)
def test_a_refusal_says_what_is_wrong_with_the_value(values: dict[str, object], reading: str, said: str) -> None:
    with pytest.raises(DataFileError) as refused:
        READINGS[reading](row(**values))
    assert str(refused.value) == f"tariffs.toml [[item]] 2 (A02): k: {said}"


def test_a_row_says_where_it_stands_by_table_ordinal_and_code(write: Callable[[str], Path]) -> None:
    file = read_datafile(write(WHOLE))
    assert [one.place for one in file.rows("item")] == ["tariffs.toml [[item]] 1 (A01)", "tariffs.toml [[item]] 2"]
    assert file.rows("item")[1].rows("band")[0].place == "tariffs.toml [[item]] 2 [[band]] 1"
    assert file.row("limits").place == "tariffs.toml [limits]"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = ", "tariffs.toml: is not TOML: "),
        (b"a = 1\na = 2", "tariffs.toml: is not TOML: "),
        ('a = "收费"'.encode("gbk"), "tariffs.toml: is not UTF-8: "),
    ],
)
def test_what_is_no_data_file_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "tariffs.toml"
    path.write_bytes(content)
    with pytest.raises(DataFileError) as refused:
        read_datafile(path)
    assert str(refused.value).startswith(said)


def test_an_absent_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"^gone\.toml: cannot be read: "):
        read_datafile(tmp_path / "gone.toml")


def test_two_rows_that_agree_in_all_the_keys_are_refused_naming_the_second() -> None:
    rows = tuple(Row(f"f.toml [[item]] {number}", values) for number, values in enumerate(TWINS, start=1))
    refuse_repeats(rows[:3], "code", "year")
    refuse_repeats(rows, "code", "year", "name")
    with pytest.raises(DataFileError) as refused:
        refuse_repeats(rows, "code", "year")
    assert str(refused.value) == "f.toml [[item]] 4: code, year: stands in the file twice"


TWINS: list[dict[str, Any]] = [
    {"code": "A", "year": 2025, "name": "one"},
    {"code": "A", "year": 2026, "name": "two"},
    {"code": "B", "year": 2025, "name": "three"},
    {"code": "A", "year": 2026, "name": "four"},
]


@given(st.lists(st.sampled_from("abcdef"), max_size=8))
def test_repeats_are_refused_exactly_when_there_are_some(codes: list[str]) -> None:
    rows = tuple(Row(f"f.toml [[item]] {number}", {"code": code}) for number, code in enumerate(codes))
    if len(set(codes)) == len(codes):
        refuse_repeats(rows, "code")
    else:
        with pytest.raises(DataFileError):
            refuse_repeats(rows, "code")
