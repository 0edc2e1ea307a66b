"""A straight line standing for a number, and pieces read for whole columns, with numpy and without."""

import builtins
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.fees.columns.compiling import Amount, Piece, Program
from agencies.fees.columns.evaluation import NONE, Columns, Evaluator, evaluate, plain
from agencies.fees.columns.lines import Line, NotStraight, Turns, fill
from agencies.fees.engine import exact

F: Any = Fraction
LINE: Any = Line(F("0.5"), F(3), 1, 100)
LEAST: Any = F("3.5")


def parts(line: Any) -> tuple:
    assert isinstance(line, Line)
    return line.slope, line.start, line.first, line.last


def test_a_line_reckons_with_numbers_and_other_lines() -> None:
    other: Any = Line(F(2), F(-1), 1, 100)
    assert parts(LINE + 2) == parts(2 + LINE) == (F("0.5"), 5, 1, 100)
    assert parts(LINE + other) == (F("2.5"), 2, 1, 100)
    assert parts(LINE - 2) == (F("0.5"), 1, 1, 100)
    assert parts(2 - LINE) == (F("-0.5"), -1, 1, 100)
    assert parts(LINE - other) == (F("-1.5"), 4, 1, 100)
    assert parts(LINE * 3) == parts(3 * LINE) == (F("1.5"), 9, 1, 100)
    assert parts(LINE / 2) == (F("0.25"), F("1.5"), 1, 100)
    assert parts(-LINE) == (F("-0.5"), -3, 1, 100)
    assert parts(abs(-LINE)) == parts(abs(LINE)) == parts(+LINE) == (F("0.5"), 3, 1, 100)


def test_a_level_line_is_a_plain_number() -> None:
    for level, number in ((LINE * 0, 0), (LINE - LINE, 0), (LINE + Line(F("-0.5"), F(1), 1, 100), 4)):
        assert not isinstance(level, Line)
        assert level == number


def test_a_line_knows_its_number_at_each_step_and_how_it_is_shown() -> None:
    assert [LINE.at(step) for step in (1, 2, 100)] == [F("3.5"), 4, 53]
    assert repr(LINE) == "Line(1/2n + 3, 1..100)"
    assert str(LINE) == LINE.place() == "\x021/2;3\x03"
    assert hash(LINE) == id(LINE)
    assert bool(LINE)


def test_a_line_compares_for_its_whole_interval() -> None:
    line, same = LINE, LINE
    assert (line > 3, line >= LEAST, line < 54, line <= 53) == (True,) * 4
    assert (line < LEAST, line <= 3, line > 53, line >= 54, line < 3) == (False,) * 5
    assert (line == 3, line == 54, line == same, line != 3) == (False, False, True, True)
    assert (line < line + 1, line < same, line <= same, line > line - 1) == (True, False, True, True)
    assert not line + 1 < line
    assert line.__eq__("3") is NotImplemented
    assert not bool(Line(F(1), F(0), 0, 0))


@pytest.mark.parametrize(
    ("compare", "at"),
    [
        (lambda: LINE < 10, 13), (lambda: LINE <= 10, 14), (lambda: LINE > 10, 14), (lambda: LINE >= 10, 13),
        (lambda: LINE == 10, 14), (lambda: LINE == 53, 99), (lambda: LINE < 53, 99), (lambda: LINE <= LEAST, 1),
        (lambda: -LINE < -10, 14), (lambda: LINE - 10 < 0, 13), (lambda: bool(LINE - 10), 14),
        (lambda: abs(LINE - 10), 13),
        (lambda: Line(F(2), F(-1), 1, 100) < LINE, 2),
    ],
)  # fmt: skip
def test_a_comparison_that_turns_says_where(compare: Any, at: int) -> None:
    with pytest.raises(Turns) as turn:
        compare()
    assert (turn.value.at, turn.value.args) == (at, (at,))


@settings(deadline=None, max_examples=25)
@given(st.integers(-50, 50).filter(bool), st.integers(-300, 300), st.integers(1, 60), st.integers(0, 60))
def test_a_turn_is_the_last_step_of_the_first_answer(slope: int, start: int, first: int, more: int) -> None:
    line: Any = Line(F(slope), F(start), first, first + more)
    answers = [slope * step + start < 0 for step in range(first, first + more + 1)]
    if answers[0] is answers[-1]:
        assert (line < 0) is answers[0]
        return
    with pytest.raises(Turns) as turn:
        bool(line < 0)
    place = turn.value.at - first
    assert (answers[place], answers[place + 1]) == (answers[0], answers[-1])


BENDS = (
    lambda: LINE * LINE, lambda: LINE / LINE, lambda: 1 / LINE, lambda: LINE // 2, lambda: 2 // LINE, lambda: LINE % 2,
    lambda: 2 % LINE, lambda: divmod(LINE, 2), lambda: divmod(2, LINE), lambda: LINE**2, lambda: 2**LINE,
    lambda: round(LINE), lambda: int(LINE), lambda: float(LINE), lambda: math.floor(LINE), lambda: math.ceil(LINE),
    lambda: math.trunc(LINE), lambda: LINE.numerator, lambda: LINE.denominator, lambda: Fraction(LINE),
)  # fmt: skip


@pytest.mark.parametrize("place", range(len(BENDS)))
def test_what_is_not_straight_is_refused(place: int) -> None:
    with pytest.raises(NotStraight):
        BENDS[place]()


def test_a_text_of_a_line_is_filled_with_the_exact_number() -> None:
    assert fill(f"{exact.text(LINE)} × 2 + {exact.text(LINE / 3)}", 3) == "4.5 × 2 + 1.5"
    assert fill("7 × 2", 3) == "7 × 2"


def program(*pieces: Piece) -> Program:
    return Program("s", "v", "d", "k", "f", F("0.01"), pieces)


THREE = program(
    Piece(1, 10, Amount(1, 0, 2), Amount(3, 1, 2), Amount(2, 0, 1)),
    Piece(11, 20, None, Amount(0, 77, 1), Amount(0, 78, 1)),
    Piece(21, 30, refused=True),
    Piece(31, 10**15, Amount(7, -5, 3), Amount(7, -5, 3), Amount(7, -5, 3)),
)
ASKED = [0, 1, 2, 10, 11, 20, 21, 30, 31, 32, 10**15, 10**15 + 1, -3, 1 << 61, 1 << 62, -(1 << 62), 1 << 70, -(1 << 70)]


def expected(steps: list[int]) -> list[tuple]:
    """Reckon each row by itself: low, base, high and the piece."""
    found: list[tuple] = []
    for step in steps:
        place = next(
            (n for n, one in enumerate(THREE.pieces) if one.first <= step <= one.last and not one.refused), NONE
        )
        one = THREE.pieces[place]
        ends = [(one.low, one.base, one.high)] if place != NONE else [(None, None, None)]
        found += [(*(NONE if end is None else end.at(step) for end in three), place) for three in ends]
    return found


def rows(found: Columns) -> list[tuple]:
    return list(zip(found.low, found.base, found.high, found.piece, strict=True))


def test_pieces_are_read_row_by_row_with_numpy_and_without() -> None:
    assert rows(plain(THREE, ASKED)) == expected(ASKED)
    assert rows(evaluate(THREE, ASKED)) == expected(ASKED)
    assert rows(plain(THREE, [5])) == [(3, 8, 10, 0)]
    assert [type(one) for one in evaluate(THREE, ASKED).base] == [int] * len(ASKED)


def test_every_row_alone_reads_as_among_others() -> None:
    for step, row in zip(ASKED, expected(ASKED), strict=True):
        assert rows(evaluate(THREE, [step])) == [row]


def test_without_numpy_plain_integers_do(monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def refuse(name: str, *more: Any, **named: Any) -> Any:
        if name == "numpy":
            raise ImportError(name)
        return known(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert rows(evaluate(THREE, ASKED)) == expected(ASKED)


def test_an_evaluator_takes_arrays_and_no_rows() -> None:
    one = Evaluator(THREE)
    assert one.program is THREE
    found = one.run(np.array([2, 11], dtype=np.int64))
    assert [each.tolist() for each in (found.low, found.base, found.high, found.piece)] == [
        [1, NONE], [4, 77], [4, 78], [0, 1]]  # fmt: skip
    empty = one.run(np.array([], dtype=np.int64))
    assert [each.tolist() for each in (empty.low, empty.base, empty.high, empty.piece)] == [[]] * 4


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 10**9), st.integers(0, 10**14), st.integers(1, 1 << 30),
    st.integers(1, 10**16), st.lists(st.integers(0, 10**16), min_size=1, max_size=5),
)  # fmt: skip
def test_sixty_four_bits_are_enough_for_any_rate(
    slope: int, start: int, bottom: int, first: int, beyond: list[int]
) -> None:
    amount, last = Amount(slope, start, bottom), first + 10**16
    if amount.fits(first, last):
        one = program(Piece(1, first - 1, refused=True), Piece(first, last, base=amount))
        steps = [first + each for each in beyond]
        assert evaluate(one, steps).base == [(2 * (slope * n + start) + bottom) // (2 * bottom) for n in steps]


def test_products_that_would_leave_64_bits_are_split() -> None:
    bottom = (1 << 30) - 1
    steep = program(Piece(1, 1 << 40, base=Amount(bottom - 1, 5, bottom)))
    steps = [1, 2, (1 << 31) + 1, (1 << 33) + 7, 1 << 40]
    assert evaluate(steep, steps).base == plain(steep, steps).base
    assert evaluate(steep, steps[:2]).base == plain(steep, steps[:2]).base
