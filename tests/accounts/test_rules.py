"""Waits, passwords, codes and days are judged as written."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import factors, rules
from core.clock import FixedClock
from core.identifiers import is_credit_code, is_identity_number, mask_identity, mask_mobile
from tests.accounts.people import SECRET, credit_code
from tests.conftest import MORNING


def test_a_credit_code_needs_its_check_character() -> None:
    assert is_credit_code("91350100M000100Y43")  # the example of GB 32100-2015
    assert not is_credit_code("91350100M000100Y44")
    assert is_credit_code(credit_code(7))


@given(st.integers(0, 999_999), st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_changed_character_breaks_a_credit_code(number: int, place: int, other: str) -> None:
    code = credit_code(number)
    changed = code[:place] + other + code[place + 1 :]
    assert is_credit_code(changed) is (changed == code)


def test_an_identity_number_needs_its_check_character() -> None:
    assert is_identity_number("11010519491231002X")  # the example of GB 11643-1999
    assert not is_identity_number("110105194912310021")
    assert mask_identity("11010519491231002X") == "110105********002X"
    assert mask_mobile("13812348000") == "138****8000"


def test_five_tries_are_free_and_the_wait_doubles_to_a_quarter_hour() -> None:
    waits = [int(rules.wait_after(failures).total_seconds()) for failures in range(1, 13)]
    assert waits == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900]
    assert rules.wait_after(99) == rules.LONGEST_WAIT
    assert rules.wait_after(100) == rules.STOPPED_WAIT


@given(st.integers(0, 200), st.integers(1, 50))
def test_a_further_failure_never_shortens_the_wait(failures: int, free: int) -> None:
    assert rules.wait_after(failures, free) <= rules.wait_after(failures + 1, free)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "password-short"),
        ("1234567890", "password-guessable"),
        ("aaaaaaaaaaaa", "password-guessable"),
        ("13900000001", "password-guessable"),
        ("x" * 129, "password-long"),
        ("只要十个字就可以了呀", None),
        ("all lower case letters", None),
    ],
)
def test_a_password_is_judged_by_length_and_by_what_is_guessed_first(password: str, fault: str | None) -> None:
    assert rules.password_fault(password, ["13900000001"]) == fault


def test_a_code_is_taken_once_whatever_spaces_are_added() -> None:
    now = FixedClock(MORNING).now()
    code = factors.code_at(SECRET, factors.step_of(now))
    step = factors.accepted_step(SECRET, code, now, None)
    assert step == factors.step_of(now)
    for again in (
        code,
        f" {code[:3]} {code[3:]} ",
        f"{code}\u200b",
        "".join(chr(ord(digit) + 0xFEE0) for digit in code),
    ):
        assert factors.accepted_step(SECRET, again, now, None) == step
        assert factors.accepted_step(SECRET, again, now, step) is None


def test_a_code_of_the_neighbouring_half_minute_is_taken_and_an_older_one_is_not() -> None:
    now = FixedClock(MORNING).now()
    step = factors.step_of(now)
    assert factors.accepted_step(SECRET, factors.code_at(SECRET, step - 1), now, None) == step - 1
    assert factors.accepted_step(SECRET, factors.code_at(SECRET, step + 1), now, None) == step + 1
    assert factors.accepted_step(SECRET, factors.code_at(SECRET, step - 2), now, None) is None
    assert factors.accepted_step(SECRET, factors.code_at(SECRET, step - 1), now, step) is None


@given(st.text(max_size=12))
def test_only_six_digits_are_a_code(typed: str) -> None:
    code = rules.normal_code(typed)
    assert code is None or (len(code) == 6 and code.isascii() and code.isdigit())


def test_the_last_day_of_a_delegation_counts() -> None:
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    held = [rules.is_standing(first, last, ended=False, today=first + timedelta(days=n)) for n in (-1, 0, 30, 31)]
    assert held == [False, True, True, False]
    assert not rules.is_standing(first, None, ended=True, today=first)
    assert rules.term_fault(last, first, first) == "term-reversed"
    assert rules.term_fault(first, last, last + timedelta(days=1)) == "term-over"
    assert rules.term_fault(first, last, last) is None


@pytest.mark.parametrize(
    "url",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "",
        "desk",
        "/\t/evil",
    ],
)
def test_an_address_elsewhere_is_not_local(url: str) -> None:
    assert not rules.is_local(url)
    assert rules.is_local("/needs/12?tab=1#questions")


def test_a_name_is_read_with_wide_digits_and_country_code() -> None:
    assert rules.normal_identifier(" ＋86 138-1234-8000 ") == ("mobile", "13812348000")
    assert rules.normal_identifier("Wang@Example.COM ") == ("email", "wang@example.com")
    assert rules.mask_email("wang@example.com") == "w***@example.com"
