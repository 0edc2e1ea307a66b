"""A schedule file is data: a new shape of schedule needs no code, a mistake is named."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.reader import read_schedule
from agencies.fees.engine.schedule import Schedule, Status
from core.datafile import DataFileError

HEAD = """
id = "try"
document = "试[2020]1号"
title = { zh = "试", en = "Try" }
issuer = { zh = "试", en = "Try" }
level = "city"
subject = { zh = "试", en = "Try" }
charge_base = { zh = "投资", en = "Investment" }
unit = "万元"
source = { mark = "memory", note = { zh = "试", en = "Try" } }
[fields.amount]
kind = "amount"
unit = "万元"
required = true
label = { zh = "投资", en = "Investment" }
[fields.importance]
kind = "choice"
label = { zh = "重要性", en = "Importance" }
choices = [{ key = "high", zh = "重要", en = "High" }, { key = "low", zh = "一般", en = "Low" }]
[fields.complexity]
kind = "choice"
label = { zh = "复杂程度", en = "Complexity" }
choices = [{ key = "hard", zh = "复杂", en = "Hard" }, { key = "easy", zh = "简单", en = "Easy" }]
[[statuses]]
since = 2020-01-01
status = "no-charge"
citation = { zh = "财政承担", en = "Borne by the treasury" }
[[versions]]
key = "2020"
document = "试[2020]1号"
since = 2020-01-01
[[versions.services]]
key = "one"
label = { zh = "一", en = "One" }
fields = ["amount", "importance", "complexity"]
"""
STEP = 'label = { zh = "步", en = "Step" }, clause = "试[2020]1号"'
BASES = """rows = [{ upto = 10000, base = 6 }, { upto = 50000, base = 6, above = 10000, rate = 0.025 },
 { base = 16, above = 50000, rate = 0.018 }]""".replace("\n", "")
RANGES = "rows = [{ upto = 1000, low = 4, high = 6 }, { low = 6 }]"
FEES = "fees = { high = { hard = 15, easy = 11 }, low = { hard = 9, easy = 5 } }"


def written(tmp_path: Path, text: str) -> Schedule:
    """Write a file and read it."""
    path = tmp_path / "try.toml"
    path.write_text(text, encoding="utf-8")
    return read_schedule(path)


def with_step(step: str) -> str:
    """Return the file with one step."""
    return f"{HEAD}steps = [{{ {step}, {STEP} }}]\n"


@pytest.mark.parametrize(("amount", "fee"), [(9000, 6), (10000, 6), (50000, 16), (100000, 25)])
def test_band_base_and_excess_needs_no_code(tmp_path: Path, amount: int, fee: int) -> None:
    schedule = written(tmp_path, with_step(f'do = "brackets", base = "amount", ranges = false, {BASES}'))
    assert calculate(schedule, date(2020, 1, 1), {"amount": amount}).exact_base == fee


def test_a_negotiated_range_needs_no_code(tmp_path: Path) -> None:
    schedule = written(tmp_path, with_step(f'do = "brackets", base = "amount", ranges = true, {RANGES}'))
    result = calculate(schedule, date(2020, 1, 1), {"amount": 1000})
    assert (result.low.wan, result.base, result.high.wan) == (4, None, 6)
    above = calculate(schedule, date(2020, 1, 1), {"amount": 1001})
    assert (above.low.wan, above.high) == (6, None)


def test_a_matrix_needs_no_code(tmp_path: Path) -> None:
    schedule = written(tmp_path, with_step(f'do = "matrix", row = "importance", column = "complexity", {FEES}'))
    inputs = {"amount": 1, "importance": "一般", "复杂程度": "复杂"}
    assert calculate(schedule, date(2020, 1, 1), inputs).exact_base == Fraction(9)


def test_a_service_without_charge_caps_at_nothing(tmp_path: Path) -> None:
    schedule = written(tmp_path, with_step('do = "rate", bases = ["amount"], rate = 2'))
    result = calculate(schedule, date(2020, 1, 1), {"amount": 100})
    assert (result.status, result.binding_cap().fen) == (Status.NO_CHARGE, 0)


BANDS = 'do = "bands", base = "amount", uppers = [100, 500], rates = [1, 2, 3]'


@pytest.mark.parametrize(
    ("step", "key"),
    [
        ('do = "guess"', "do"),
        ('do = "bands", base = "amount", uppers = [500, 100], rates = [1, 2, 3]', "uppers"),
        ('do = "bands", base = "amount", uppers = [100, 500], rates = [1, 2]', "rates"),
        ('do = "bands", base = "amount", uppers = [100, "x"], rates = [1, 2, 3]', "uppers"),
        (BANDS + ', mark = "%%"', "mark"),
        (BANDS + ', colour = "red"', "colour"),
        (BANDS + ', column = "amount"', "rates"),
        (BANDS + ', column = "nothing"', "column"),
        ('do = "rate", bases = ["amounts"], rate = 2', "bases"),
        ('do = "rate", bases = ["amount"], rate = "2"', "rate"),
        ('do = "factor", field = "nothing"', "field"),
        ('do = "matrix", row = "importance", column = "complexity", fees = { big = { hard = 1 } }', "fees"),
        ('do = "brackets", base = "amount", ranges = true, rows = [{ low = 1 }, { low = 2 }]', "rows"),
        ('do = "interpolate", base = "amount", points = [[1, 1]]', "points"),
        ('do = "interpolate", base = "amount", points = [[1, 1], [2, 2]]', "below"),
        (BANDS + ', when = { field = "importance", is = ["middle"] }', "is"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(tmp_path: Path, step: str, key: str) -> None:
    with pytest.raises(DataFileError) as refused:
        written(tmp_path, with_step(step))
    message = str(refused.value)
    assert message.startswith("try.toml")
    assert f": {key}: " in message


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('unit = "万元"\nrequired', 'unit = "亿元"\nrequired', "fields"),
        ('status = "no-charge"', 'status = "free"', "status"),
        ('kind = "amount"', 'kind = "text"', "kind"),
        ("since = 2020-01-01\nstatus", 'since = "2020"\nstatus', "since"),
        ('fields = ["amount"', 'fields = ["sum"', "fields"),
        ('document = "试[2020]1号"\ntitle', "title", "document"),
        ('key = "low", zh', 'key = "high", zh', "key"),
        ('level = "city"', 'level = "city"\ncolour = "red"', "colour"),
    ],
)
def test_a_mistake_outside_the_steps_is_named_too(tmp_path: Path, old: str, new: str, key: str) -> None:
    good = with_step(BANDS)
    assert written(tmp_path, good).id == "try"
    assert old in good
    with pytest.raises(DataFileError, match=key):
        written(tmp_path, good.replace(old, new, 1))
