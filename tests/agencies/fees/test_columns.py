"""Columns and the exact engine agree to the fen, for every service that compiles, everywhere."""

from __future__ import annotations

import functools
import itertools
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.fees.columns.compiling import MOST_FEN, Amount, Piece, Program, compile_program, epochs
from agencies.fees.columns.evaluation import NONE, Evaluator, evaluate, plain
from agencies.fees.columns.lines import Line, NotStraight, Turns, fill
from agencies.fees.engine import exact
from agencies.fees.engine.calculation import Calculation, calculate
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import InputField, Kind, Schedule, Service, Version
from agencies.fees.register import SCHEDULES
from core.money import Money

DAYS = (date(2004, 2, 29), date(2012, 5, 1), date(2014, 9, 1), date(2020, 6, 30))
ONE = Fraction(1, 100)


def answers(version: Version, service: Service, choose: Any) -> dict[str, object]:
    """Give every choice field one of its choices, where a plain choice fits."""
    given: dict[str, object] = {"service": service.key} if len(version.services) > 1 else {}
    for field in service.fields:
        plain_choices = [one.key for one in field.choices if one.low is None]
        if field.kind is Kind.CHOICE and plain_choices:
            given[field.name] = choose(plain_choices)
    return given


def varying(service: Service) -> list[InputField]:
    """Return the fields a column may hold."""
    return [one for one in service.fields if one.kind in {Kind.AMOUNT, Kind.QUANTITY}]


CASES = [
    (schedule, version, service, field)
    for schedule in SCHEDULES.values()
    for version in schedule.versions
    for service in version.services
    for field in varying(service)
]


def by_engine(schedule: Schedule, on: date, given: dict[str, object]) -> Calculation | None:
    """Ask the engine; None where it refuses."""
    try:
        return calculate(schedule, on, given)
    except InputRefused:
        return None


def fen(money: Money | None) -> int:
    """Return fen, or what stands for none."""
    return NONE if money is None else money.fen


@functools.cache
def compiled(place: int, on: date, picks: tuple[int, ...]) -> tuple[Program | None, dict[str, object]]:
    """Compile one case with the choices picked by number."""
    schedule, version, service, field = CASES[place]
    wheel = iter(picks * 10)
    given = answers(version, service, lambda keys: keys[next(wheel) % len(keys)])
    try:
        return compile_program(schedule, on, given, field.name), given
    except InputRefused:
        return None, given


def agree(program: Program, given: dict[str, object], on: date, field: InputField, steps: list[int]) -> None:
    """Hold columns with numpy, plain integers and the engine equal for these steps."""
    schedule = SCHEDULES[program.schedule_id]
    fast, slow = evaluate(program, steps), plain(program, steps)
    assert (fast.low, fast.base, fast.high, fast.piece) == (slow.low, slow.base, slow.high, slow.piece)
    for row, step in enumerate(steps):
        if fast.piece[row] == NONE:
            continue
        amount = step * program.step / exact.YUAN[field.unit] if field.kind is Kind.AMOUNT else step * program.step
        found = by_engine(schedule, on, {**given, field.name: amount})
        assert found is not None, (program, step)
        ends = (fast.low[row], fast.base[row], fast.high[row])
        assert ends == (fen(found.low), fen(found.base), fen(found.high)), (program.service, step)
        piece = program.pieces[fast.piece[row]]
        assert piece.force is not None
        assert (piece.force.status, piece.force.citation) == (found.status, found.status_citation)
        assert (piece.reason and piece.reason.code) == (found.reason and found.reason.code)


@settings(deadline=None)
@given(st.data())
def test_columns_are_equal_to_the_engine_for_any_amount(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(CASES) - 1))
    on = data.draw(st.sampled_from(DAYS))
    picks = tuple(data.draw(st.lists(st.integers(0, 6), min_size=6, max_size=6)))
    program, given = compiled(place, on, picks)
    if program is None:
        return
    last = program.pieces[-1].last
    steps = data.draw(st.lists(st.integers(1, 10**13) | st.integers(1, last), min_size=1, max_size=4))
    agree(program, given, on, CASES[place][3], [min(step, last) for step in steps])


@pytest.mark.parametrize("place", range(len(CASES)), ids=lambda place: f"{CASES[place][2].key}-{CASES[place][3].name}")
def test_columns_are_equal_to_the_engine_at_every_end_of_a_piece(place: int) -> None:
    version = CASES[place][1]
    program, given = compiled(place, version.since, (0,) * 6)
    if program is None:
        return
    ends = {end + by for piece in program.pieces for end in (piece.first, piece.last) for by in (-1, 0, 1)}
    agree(
        program, given, version.since, CASES[place][3], sorted(end for end in ends if 1 <= end <= piece_last(program))
    )


def piece_last(program: Program) -> int:
    """Return the last step a program knows."""
    return program.pieces[-1].last


def test_most_services_of_the_register_compile() -> None:
    done = [place for place in range(len(CASES)) if compiled(place, CASES[place][1].since, (0,) * 6)[0] is not None]
    assert len(done) >= 0.7 * len(CASES)


def test_pieces_cover_every_step_once() -> None:
    for place in range(len(CASES)):
        program, _given = compiled(place, CASES[place][1].since, (0,) * 6)
        if program is not None:
            assert program.pieces[0].first == 1
            for one, two in itertools.pairwise(program.pieces):
                assert two.first == one.last + 1


def test_the_legal_force_and_version_never_change_within_an_epoch() -> None:
    for schedule in SCHEDULES.values():
        days = epochs(schedule)
        for first, following in itertools.pairwise(days):
            last = following - timedelta(days=1)
            assert schedule.version_on(first) is schedule.version_on(last)
            assert schedule.status_on(first) == schedule.status_on(last)


def test_the_working_of_a_piece_is_the_engines_for_the_same_amount() -> None:
    schedule, on = SCHEDULES["tender-agency"], date(2012, 1, 1)
    version = schedule.version_on(on)
    assert version is not None
    place = next(n for n, case in enumerate(CASES) if case[0] is schedule and case[1] is version)
    program, given = compiled(place, on, (0,) * 6)
    assert program is not None
    step = 600_000_012_345
    piece = program.pieces[plain(program, [step]).piece[0]]
    found = calculate(schedule, on, {**given, CASES[place][3].name: Fraction(step, 10**6)})
    assert [(one.expression, one.value) for one in piece.working(step)] == [
        (one.expression, one.value) for one in found.steps[: len(piece.steps)]
    ]


@given(
    st.integers(0, 10**9), st.integers(0, 10**14), st.integers(1, 1 << 30),
    st.integers(1, 10**16), st.lists(st.integers(0, 10**16), min_size=1, max_size=5),
)  # fmt: skip
def test_sixty_four_bits_are_enough_for_any_rate(
    slope: int, start: int, bottom: int, first: int, beyond: list[int]
) -> None:
    amount = Amount(slope, start, bottom)
    last = first + 10**16
    if not amount.fits(first, last):
        return
    piece = Piece(first, last, base=amount)
    program = Program("s", "v", "d", "k", "f", ONE, (Piece(1, first - 1, refused=True), piece))
    steps = [first + one for one in beyond]
    assert evaluate(program, steps).base == [(2 * (slope * n + start) + bottom) // (2 * bottom) for n in steps]


def test_an_amount_that_would_leave_64_bits_does_not_fit() -> None:
    assert not Amount(MOST_FEN, 0, 1).fits(1, 10)
    assert not Amount(1, 0, (1 << 30) + 1).fits(1, 10)
    assert Amount(1, 0, 1 << 30).fits(1, 10)


def test_amounts_outside_the_pieces_are_left_to_the_engine() -> None:
    program, _given = compiled(0, CASES[0][1].since, (0,) * 6)
    assert program is not None
    found = evaluate(program, [0, -5, piece_last(program) + 1, 1 << 70])
    assert found.piece == [NONE] * 4
    assert found.base == [NONE] * 4


def test_halves_round_up() -> None:
    program = Program("s", "v", "d", "k", "f", ONE, (Piece(1, 9, base=Amount(1, 0, 2)),))
    assert evaluate(program, [1, 2, 3]).base == [1, 1, 2]


def test_an_evaluator_takes_no_rows() -> None:
    program = Program("s", "v", "d", "k", "f", ONE, (Piece(1, 9, base=Amount(1, 0, 2)),))
    assert Evaluator(program).run(np.array([], dtype=np.int64)).base.tolist() == []


LINE = Line(Fraction(1, 2), Fraction(3), 1, 100)


def test_a_line_compares_for_its_whole_interval_or_says_where_it_turns() -> None:
    assert LINE > 3
    assert LINE <= 53
    with pytest.raises(Turns) as turn:
        assert LINE < 10
    assert turn.value.at == 13
    with pytest.raises(Turns):
        assert LINE == 10


def test_what_is_not_straight_is_refused() -> None:
    for bend in (lambda: LINE * LINE, lambda: 1 / LINE, lambda: LINE // 2, lambda: round(LINE), lambda: Fraction(LINE)):
        with pytest.raises(NotStraight):
            bend()


def test_a_text_of_a_line_is_filled_with_the_exact_number() -> None:
    assert fill(f"{exact.text(LINE)} × 2", 3) == "4.5 × 2"
