"""Whole columns against the engine, service by service of a schedule that has every operation; and their edges."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agencies.fees.columns.compiling import (
    MOST_BOTTOM,
    MOST_FEN,
    MOST_PIECES,
    Amount,
    Piece,
    Program,
    cap_is_nothing,
    compile_program,
    epochs,
    force_caps,
)
from agencies.fees.columns.evaluation import NONE, plain
from agencies.fees.engine import exact
from agencies.fees.engine.calculation import Calculation, calculate
from agencies.fees.engine.reader import read_text
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import Schedule, Status, StatusPeriod
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Step

F: Any = Fraction
WHOLE = (Path(__file__).parent / "every_shape.toml").read_text(encoding="utf-8")
GUIDED, SPLIT, FREE, LATER = date(2020, 6, 1), date(2021, 6, 1), date(2022, 6, 1), date(2023, 6, 1)


COUNT, TOPICS = (f'[fields.{name}]\nkind = "quantity"' for name in ("count", "topics"))
LIMITS = ((COUNT, f"{COUNT}\nhigh = 500"), (TOPICS, f"{TOPICS}\nhigh = 500"))


def shapes(*changes: tuple[str, str]) -> Schedule:
    """Read the schedule anew, with some of its text changed."""
    text = WHOLE
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return read_text(text, "every_shape.toml")


CASES: list[Any] = [
    (GUIDED, "amount", {"service": "bands", "kind": "goods"}, (1, 100_00_00, 500_00_00)),
    (GUIDED, "amount", {"service": "bands", "kind": "works", "scope": "part"}, (1, 100_00_00)),
    (GUIDED, "投资", {"service": "bands", "kind": "works"}, (1, 100_00_00)),
    *(
        (GUIDED, "amount", {"service": "table", "under": under, "trade": "light"}, (1, 500_00_00, 3000_00_00))
        for under in ("line", "level", "share", "fixed", "range", "open", "none")
    ),
    (GUIDED, "amount", {"service": "table", "parts": ["plan", "lead 4"], "lift": "more 33"}, (1, 1000_00_00)),
    (GUIDED, "amount", {"service": "ranges", "trade": "light", "kind": "works", "parts": "plan"}, (1, 2000_00_00)),
    (GUIDED, "amount", {"service": "excess", "extras": ["smart", "rebuild 1.2"]}, (1, 100_00_00)),
    (GUIDED, "works", {"service": "table", "equipment": 400}, (1, 600_00_00, 900_00_00)),
    (GUIDED, "equipment", {"service": "table", "works": 600, "rule": "works_only"}, (1, 400_00_00)),
    (GUIDED, "second", {"service": "rates", "amount": 100, "kind": "works"}, (1, 10_00_00)),
    (GUIDED, "count", {"service": "matrix", "kind": "goods", "scope": "all"}, (1, 100)),
    (GUIDED, "topics", {"service": "matrix", "kind": "goods", "scope": "all", "count": 3}, (1, 100)),
    (GUIDED, "count", {"service": "units"}, (1, 299, 300, 301)),
    (SPLIT, "amount", {"service": "bands", "kind": "works", "funding": "government"}, (1, 100_00_00)),
    (SPLIT, "amount", {"service": "bands", "kind": "works"}, (1, 100_00_00)),
    (FREE, "amount", {}, (1, 100_00_00)),
    (LATER, "amount", {}, (1, 100_00_00)),
]  # fmt: skip


def fens(found: Calculation) -> list[int]:
    return [NONE if end is None else end.fen for end in (found.low, found.base, found.high)]


@pytest.mark.parametrize("place", range(len(CASES)))
def test_a_column_says_what_the_engine_says_row_by_row(place: int) -> None:
    on, varying, fixed, steps = CASES[place]
    schedule = shapes(*LIMITS)
    program = compile_program(schedule, on, fixed, varying)
    assert program is not None
    ends = {end + by for piece in program.pieces for end in (piece.first, piece.last) for by in (-1, 0, 1)}
    asked = sorted(step for step in {*ends, *steps} if 1 <= step <= program.pieces[-1].last)
    columns = plain(program, asked)
    assert [step for step, piece in zip(asked, columns.piece, strict=True) if piece == NONE] == []
    for row, step in enumerate(asked):
        found = calculate(schedule, on, {**fixed, varying: typed(program, step * program.step)})
        piece = program.pieces[columns.piece[row]]
        assert [columns.low[row], columns.base[row], columns.high[row]] == fens(found), step
        assert (piece.first <= step <= piece.last, piece.reason) == (True, reason_of(found, piece))
        assert piece.force is not None
        assert (piece.force.status, piece.force.citation) == (found.status, found.status_citation)
        written = [said(one, whole=step < piece.last) for one in piece.working(step)]
        assert written == [said(one, whole=step < piece.last) for one in found.steps[: len(written)]]
        assert len(found.steps) - len(written) <= 1


def said(step: Step, *, whole: bool) -> tuple:
    """Return a line of the working; at the end of a piece, where a table has its row, without its expression."""
    return (step.label, step.value, step.clause, step.unit, step.expression if whole else "")


def typed(program: Program, value: Fraction) -> Fraction:
    """Return a value as it is given: an amount in 万元, a quantity as it is."""
    return value / exact.YUAN["万元"] if program.field not in {"count", "topics"} else value


def reason_of(found: Calculation, piece: Piece) -> object:
    """Return the engine's reason; its amounts are the row's own, so that only the code is compared."""
    if found.reason is None or piece.reason is None:
        return found.reason
    return piece.reason if piece.reason.code == found.reason.code else found.reason


@pytest.mark.parametrize("place", range(len(CASES)))
def test_pieces_follow_each_other_from_the_first_step_to_the_last(place: int) -> None:
    on, varying, fixed, _steps = CASES[place]
    program = compile_program(shapes(*LIMITS), on, fixed, varying)
    assert program is not None
    assert program.pieces[0].first == 1
    assert program.pieces[-1].last == (10**17 if program.field not in {"count", "topics"} else 50_000)
    assert all(two.first == one.last + 1 and one.first <= one.last for one, two in pairwise(program.pieces))
    assert len(program.pieces) < 20


def test_a_program_names_what_it_stands_for() -> None:
    found = compile_program(shapes(), GUIDED, {"service": "bands", "kind": "goods"}, "投资")
    assert found is not None
    assert (found.schedule_id, found.version, found.document) == ("every-shape", "2020", "试[2020]9号")
    assert (found.service, found.field, found.step) == ("bands", "amount", F("0.01"))
    assert [piece.last for piece in found.pieces][:4] == [30_303_030, 33_333_333, 41_666_666, 100_000_000]
    assert [found.steps_of(F(value)) for value in (3, "0.01", "0.005")] == [300, 1, None]
    flat = compile_program(shapes(), FREE, {}, "amount")
    assert flat is not None
    assert (flat.version, flat.document, flat.service) == ("2022", "试[2022]1号", "flat")


def test_a_quantity_goes_by_hundredths_or_whole_up_to_its_limit() -> None:
    for more, step, last in (("", "0.01", 10**17), ("\nhigh = 7.5", "0.01", 750), ("\nwhole = true", 1, 10**15),
                             ("\nwhole = true\nhigh = 500", 1, 500)):  # fmt: skip
        program = compile_program(shapes((COUNT, COUNT + more)), GUIDED, {"service": "units"}, "count")
        assert program is not None
        assert (program.step, program.pieces[-1].last) == (F(step), last)


def test_an_amount_goes_by_fen_whatever_unit_it_is_written_in() -> None:
    program = compile_program(read_text(WHOLE.replace('"万元"', '"元"'), "yuan"), FREE, {}, "amount")
    assert program is not None
    assert (program.step, program.pieces[0].last, program.pieces[-1].last) == (F("0.01"), 100_00, 10**17)
    assert plain(program, [100_00, 200_00]).base == [40, 60]


def test_what_cannot_be_a_column_is_left_to_the_engine() -> None:
    schedule, goods = shapes(), {"service": "bands", "kind": "goods"}
    assert compile_program(schedule, date(2019, 12, 31), {}, "amount") is None
    assert compile_program(schedule, GUIDED, goods, "scope") is None
    assert compile_program(schedule, GUIDED, {**goods, "stage": "base_price"}, "amount") is None
    assert compile_program(schedule, GUIDED, {**goods, "stage": "fee"}, "amount") is not None
    assert compile_program(schedule, GUIDED, goods, "lots") is None
    with pytest.raises(InputRefused) as refused:
        compile_program(schedule, GUIDED, {**goods, "colour": "red"}, "amount")
    assert "colour: unknown-input" in str(refused.value)
    with pytest.raises(InputRefused):
        compile_program(schedule, GUIDED, {"service": "bands", "kind": "paper"}, "amount")
    with pytest.raises(InputRefused):
        compile_program(schedule, GUIDED, {"service": "bands"}, "kind")


def test_lots_and_refused_inputs_are_pieces_for_the_engine() -> None:
    lots = compile_program(shapes(), GUIDED, {"service": "bands", "kind": "goods", "lots": [100, 200]}, "amount")
    assert lots is not None
    assert {piece.refused for piece in lots.pieces} == {True}
    assert lots.pieces[0] == Piece(1, lots.pieces[0].last, refused=True)
    none = compile_program(shapes(), GUIDED, {"service": "bands"}, "amount")
    assert none is not None
    assert none.pieces == (Piece(1, 10**17, refused=True),)
    assert plain(none, [5]).piece == [NONE]


def test_what_is_not_straight_or_falls_below_nothing_is_not_compiled() -> None:
    steep = shapes(('rule = "line", x = 1, y = 1,', 'rule = "line", x = 499, y = 0,'))
    assert compile_program(steep, GUIDED, {"service": "table", "under": "line"}, "amount") is None
    again = ('clause = "第二十六条"', f'clause = "第二十六条"{AGAIN}')
    assert compile_program(shapes(again), GUIDED, {"service": "units"}, "count") is None


AGAIN = """
[[versions.services.steps]]
do = "extra"
quantity = "count"
rate = 1
label = { zh = "再", en = "Again" }
clause = "末"
"""


def many_bands(count: int) -> Schedule:
    """Return the flat service with so many bands, one a yuan wide."""
    uppers = ", ".join(f"{number}" for number in range(1, count))
    rates = ", ".join("0.3" if number % 2 else "0.1" for number in range(count))
    return shapes(("uppers = [100]\nrates = [0.3, 0.1]", f"uppers = [{uppers}]\nrates = [{rates}]"),
                  ("[[statuses]]\nsince = 2022-01-01", "[[statuses]]\nsince = 2024-01-01"))  # fmt: skip


def test_so_many_pieces_are_kept_and_no_more() -> None:
    assert MOST_PIECES == 400
    most = compile_program(many_bands(400), FREE, {}, "amount")
    assert most is not None
    assert len(most.pieces) == 400
    assert compile_program(many_bands(401), FREE, {}, "amount") is None


def test_an_amount_rounds_half_up_and_fits_64_bits_up_to_its_limits() -> None:
    assert [Amount(1, 1, 2).at(step) for step in (0, 1, 2, 3)] == [1, 1, 2, 2]
    assert [Amount(3, 5, 7).at(step) for step in (0, 1, 2)] == [1, 1, 2]
    assert Amount(1, 0, MOST_BOTTOM).fits(1, 10)
    assert not Amount(1, 0, MOST_BOTTOM + 1).fits(1, 10)
    assert Amount(0, MOST_FEN - 1, 1).fits(1, 1)
    assert not Amount(0, MOST_FEN, 1).fits(1, 1)
    assert not Amount(-1, MOST_FEN + 1, 1).fits(1, 5)
    assert Amount(-1, MOST_FEN + 1, 1).fits(2, 5)
    assert not Amount(1, MOST_FEN - 5, 1).fits(1, 5)
    assert Amount(1, MOST_FEN - 6, 1).fits(1, 5)
    assert not Amount(-6, 6 * MOST_FEN, 6).fits(0, MOST_FEN)
    assert Amount(2, -2 * MOST_FEN, 2).fits(MOST_FEN, 2 * MOST_FEN - 1)
    assert not Amount(2, -2 * MOST_FEN, 2).fits(MOST_FEN, 2 * MOST_FEN)
    assert not Amount(-MOST_FEN, 0, 1).fits(1, 2)


def test_a_result_beyond_64_bits_is_left_to_the_engine() -> None:
    schedule = shapes(("price = 2.005", "price = 40000"), (COUNT, COUNT + "\nwhole = true"))
    program = compile_program(schedule, GUIDED, {"service": "units"}, "count")
    assert program is not None
    assert program.pieces[-1] == Piece(3, 10**15, refused=True)
    assert plain(program, [2, 3]).base == [12_000_000, NONE]


def test_an_epoch_begins_where_a_version_or_the_force_may_change() -> None:
    assert epochs(shapes()) == tuple(date(year, 1, 1) for year in (2020, 2021, 2022, 2023))
    last = shapes(("since = 2022-01-01\nuntil = 2022-12-31", "since = 2022-03-01\nuntil = 9999-12-31"))
    assert epochs(last) == (date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1), date(2022, 3, 1))
    eve = shapes(("since = 2022-01-01\nuntil = 2022-12-31", "since = 2022-03-01\nuntil = 9999-12-30"))
    assert epochs(eve)[-1] == date.max
    open_end = shapes(("since = 2022-01-01\nuntil = 2022-12-31", "since = 2022-03-01"))
    assert epochs(open_end) == epochs(last)


@pytest.mark.parametrize("status", list(Status))
def test_what_caps_and_what_forbids_all_charge_is_said_of_the_force(status: Status) -> None:
    force = StatusPeriod(GUIDED, None, status, Words("据", "by"))
    assert force_caps(force) is (status in {Status.BINDING_PRICE, Status.BINDING_BAND, Status.BINDING_CAP,
                                            Status.NO_CHARGE})  # fmt: skip
    assert cap_is_nothing(force) is (status is Status.NO_CHARGE)
    assert force_caps(None) is cap_is_nothing(None) is False


def test_a_limited_field_is_probed_below_its_limit() -> None:
    one = compile_program(shapes((COUNT, COUNT + "\nhigh = 1")), GUIDED, {"service": "units"}, "数量")
    assert one is not None
    assert (one.field, one.pieces[-1].last) == ("count", 100)
    with pytest.raises(InputRefused):
        compile_program(shapes((COUNT, COUNT + "\nhigh = 0.5")), GUIDED, {"service": "units"}, "count")
