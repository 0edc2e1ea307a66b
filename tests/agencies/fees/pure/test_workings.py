"""Every shape of the engine, written out whole as `workings.json` keeps it: amounts, working, echo, reason, force.

`python tests/agencies/fees/pure/test_workings.py` writes that file anew; every change in it is read before it is kept.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agencies.fees.engine.calculation import Calculation, calculate, other_readings
from agencies.fees.engine.reader import read_schedule
from agencies.fees.engine.refusal import InputRefused

HERE = Path(__file__).parent
SCHEDULE = read_schedule(HERE / "every_shape.toml")
KEPT = HERE / "workings.json"
GUIDED, SPLIT, FREE, LATER = "2020-06-01", "2021-06-01", "2022-06-01", "2023-06-01"
BANDS = [
    {"kind": kind, "amount": amount}
    for kind in ("goods", "works")
    for amount in (1, 40, 100, "100.01", "300万", 500, "0.15亿", 900)
]
LOTS = [
    {"kind": "works", "lots": "100万；100万；0.01元"},
    {"kind": "works", "lots": [300, 200, "33.3333元"], "method": "alone"},
    {"kind": "goods", "lots": ["150"], "method": "alone"},
    {"kind": "goods", "lots": ["150", "350"], "amount": 500},
    {"kind": "goods", "lots": ["150", "350"], "amount": 501},
    {"kind": "goods", "lots": [100, 100, 100], "scope": "部分"},
    {"kind": "goods", "amount": 300, "scope": "part"},
    {"kind": "goods", "amount": 300, "scope": "all"},
    {"kind": "goods", "amount": 300, "stage": "基准价"},
    {"kind": "goods", "amount": 300, "scope": "part", "stage": "base_price"},
    {"kind": "goods", "amount": 300, "stage": "charge_base"},
    {"kind": "goods"},
    {"amount": 300},
    {},
    {"kind": "纸", "amount": -3, "colour": "red"},
]
TABLE = [
    *({"amount": amount} for amount in (500, 700, 1000, 2999, 3000, "3000.01", 40000, 499)),
    *({"amount": 250, "under": key} for key in ("line", "level", "share", "fixed", "range", "open", "none")),
    *({"amount": amount, "under": "level"} for amount in (99, 100, 101)),
    *({"amount": 1000, "trade": key} for key in ("light", "plain", "heavy", "heavy 1.25", "talk", "bare")),
    *({"amount": amount, "trade": "light"} for amount in (2999, 3000, 3001)),
    {"amount": 1000, "trade": "light", "parts": ["plan", "lead 4"]},
    {"amount": 1000, "parts": ["plan", "nothing"], "lift": "usual"},
    {"amount": 1000, "lift": "more 33"},
    {"works": 600, "equipment": 300},
    {"works": 600, "equipment": 400},
    {"works": 600, "equipment": 900},
    {"works": 600, "equipment": 2000, "rule": "works_only"},
    {"works": 600},
    {"works": 0, "equipment": 0},
    {"equipment": 2000},
    {"works": 600, "equipment": 1000, "stage": "计费额"},
    {"works": 600, "amount": 1000},
    {"amount": 250, "under": "range", "trade": "light", "parts": "plan"},
    {"amount": 250, "under": "open", "trade": "light", "parts": "plan"},
    {},
]
RANGES = [
    *({"amount": amount} for amount in (1, 1000, "1000.01", 2000, 9000)),
    {"amount": 1000, "trade": "light", "kind": "works"},
    {"amount": 1500, "trade": "plain", "parts": "plan", "kind": "works"},
    {"amount": 9000, "trade": "heavy 1.3", "parts": "plan", "kind": "works"},
    {"amount": 1000, "trade": "talk"},
]
EXCESS = [
    *({"amount": amount} for amount in (1, 100, 101, 500, 501, 100000)),
    {"amount": 300, "extras": "smart"},
    {"amount": 300, "extras": ["smart", "rebuild 1.2"]},
    {"amount": 300, "extras": ["small", "tiny"]},
    {"amount": 300, "extras": ["tiny", "smart", "small", "word"]},
    {"amount": 300, "extras": "word"},
]
MATRIX = [
    {"kind": "goods", "scope": "all"},
    {"kind": "works", "scope": "part", "topics": 2},
    {"kind": "works", "scope": "part", "topics": 0, "count": 0},
    {"kind": "works", "scope": "all", "count": "7个"},
    {"kind": "goods", "scope": "part", "topics": 1, "count": 3, "stages": ["scheme", "drawings"]},
    {"kind": "works", "scope": "all", "stages": "early"},
    {"kind": "works", "scope": "all", "stages": ["drawings"]},
    {"kind": "works"},
]
RATES = [
    {"amount": 100},
    {"amount": 100, "kind": "works"},
    {"amount": 100, "kind": "goods", "second": 20},
    {"amount": 100, "kind": "works", "second": "20.5"},
    {"second": 0},
    {"kind": "goods"},
]
CASES: list[Any] = [
    *((GUIDED, "bands", inputs) for inputs in (*BANDS, *LOTS)),
    *((GUIDED, "table", inputs) for inputs in TABLE),
    *((GUIDED, "ranges", inputs) for inputs in RANGES),
    *((GUIDED, "excess", inputs) for inputs in EXCESS),
    *((GUIDED, "matrix", inputs) for inputs in MATRIX),
    *((GUIDED, "rates", inputs) for inputs in RATES),
    *((GUIDED, "units", inputs) for inputs in ({"count": 1}, {"count": 3}, {"count": 5.5}, {"count": 0}, {})),
    *((SPLIT, "bands", {"kind": "works", "amount": amount, **paid})
      for amount in ("99.99", 100, 101) for paid in ({}, {"funding": "government"}, {"funding": "社会"})),
    (SPLIT, "matrix", {"kind": "goods", "scope": "all"}),
    (SPLIT, "bands", {"kind": "works", "amount": 100, "funding": "government", "stage": "base_price"}),
    *((FREE, "", {"amount": amount}) for amount in (50, 100, 101, 100000)),
    (LATER, "", {"amount": "1000.00001"}),
    ("2019-12-31", "", {"amount": 1}),
    (GUIDED, "纸", {"amount": 1}),
    ("2021-01-01", "", {"amount": 1}),
]  # fmt: skip


def written(on: str, service: str, inputs: dict) -> dict:
    """Return everything a calculation says, as plain values."""
    asked = {"service": service, **inputs} if service else inputs
    try:
        found = calculate(SCHEDULE, date.fromisoformat(on), asked)
        others = other_readings(SCHEDULE, date.fromisoformat(on), asked)
    except InputRefused as refused:
        return {"refused": [[one.name, one.code, repr(sorted(one.facts.items()))] for one in refused.problems]}
    readings = [[one.field, one.choice, str(one.label), fens(one.calculation)] for one in others]
    return {**plain(found), "readings": readings}


def fens(found: Calculation) -> list[int | None]:
    """Return low, base and high in fen."""
    return [None if end is None else end.fen for end in (found.low, found.base, found.high)]


def plain(found: Calculation) -> dict:
    """Return a calculation as plain values, both languages of every text."""
    cap = found.binding_cap()
    return {
        "of": [found.schedule_id, found.document, found.version, found.service, repr(found.service_label)],
        "stage": [found.stage, found.unit, found.on.isoformat()],
        "fen": fens(found),
        "exact": None if found.exact_base is None else str(found.exact_base),
        "force": [str(found.status), repr(found.status_citation), None if cap is None else cap.fen, found.funding],
        "is_maximum": found.is_maximum,
        "steps": [[one.label.zh, one.label.en, one.expression, one.value, one.clause, one.unit] for one in found.steps],
        "echo": [[one.name, one.given, one.taken.zh, one.taken.en] for one in found.inputs_echo],
        "reason": None if found.reason is None else [found.reason.code, repr(sorted(found.reason.facts.items()))],
        "notes": list(found.notes),
        "turned_on": list(found.readings),
        "lots": [one.fen for one in found.lots],
    }


@cache
def kept() -> list[dict]:
    """Return the workings as the file keeps them."""
    found: list[dict] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_working_reads_as_it_is_kept(number: int) -> None:
    assert json.loads(json.dumps(written(*CASES[number]))) == kept()[number]["result"]


def test_every_kept_working_has_its_case() -> None:
    assert [[one["on"], one["service"], one["inputs"]] for one in kept()] == json.loads(json.dumps(CASES))


def test_calculations_of_one_kind_follow_each_other_without_a_trace() -> None:
    again = [written(*case) for case in reversed(CASES)][::-1]
    assert json.loads(json.dumps(again)) == [one["result"] for one in kept()]


if __name__ == "__main__":
    rows = [
        {"on": on, "service": name, "inputs": inputs, "result": written(on, name, inputs)} for on, name, inputs in CASES
    ]
    text = ",\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
    KEPT.write_text(f"[\n{text}\n]\n", encoding="utf-8")
