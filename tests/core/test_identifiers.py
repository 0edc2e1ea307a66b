"""Numbers with a check: one wrong or swapped character is found."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identifiers import (
    CREDIT_ALPHABET,
    credit_check,
    identity_check,
    is_credit_code,
    is_identity_number,
    is_mobile,
    is_project_code,
    mask_identity,
    mask_mobile,
)

FIRST = st.text(CREDIT_ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "12100000400000624D"])
def test_codes_of_the_standard_and_of_a_real_body_fit(code: str) -> None:
    assert is_credit_code(code)


@pytest.mark.parametrize(
    "code", ["91350100M000100Y44", "91350100M000100Y4", "91350100M000I00Y43", "", "9135o100M000100Y43"]
)
def test_other_codes_do_not(code: str) -> None:
    assert not is_credit_code(code)


@given(FIRST, st.integers(0, 16), st.sampled_from(CREDIT_ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_found(first: str, place: int, other: str) -> None:
    code = first + credit_check(first)
    assert is_credit_code(code)
    if other != code[place]:
        assert not is_credit_code(code[:place] + other + code[place + 1 :])


def test_an_identity_number_of_the_standard_fits_and_its_neighbours_do_not() -> None:
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310021")
    assert not is_identity_number("11010519491231002x")
    assert not is_identity_number("1101051949123100")


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_an_identity_number_is_found(first: str, place: int, step: int) -> None:
    number = first + identity_check(first)
    assert is_identity_number(number)
    wrong = str((int(number[place]) + step) % 10)
    assert not is_identity_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    ("number", "fits"),
    [("13800138000", True), ("12800138000", False), ("1380013800", False), ("+8613800138000", False)],
)
def test_mobile_numbers_are_eleven_digits_of_the_mainland(number: str, *, fits: bool) -> None:
    assert is_mobile(number) is fits


@pytest.mark.parametrize(
    ("code", "fits"),
    [("2026-441900-47-01-000123", True), ("2026-441900-47-09-000123", False), ("2026-441900-47-01-123", False)],
)
def test_project_codes_have_five_parts(code: str, *, fits: bool) -> None:
    assert is_project_code(code) is fits


def test_what_is_shown_hides_the_middle() -> None:
    assert mask_mobile("13800138000") == "138****8000"
    assert mask_identity("11010519491231002X") == "110105********002X"


@given(FIRST, st.integers(0, 15))
def test_two_neighbours_swapped_in_a_credit_code_are_found(first: str, place: int) -> None:
    code = first + credit_check(first)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_credit_code(swapped) is (swapped == code)


@given(FIRST.map(lambda first: first + credit_check(first)), st.sampled_from("IOSVZiosvzａ１-  "))
def test_letters_the_standard_leaves_out_never_fit(code: str, other: str) -> None:
    assert not is_credit_code(other + code[1:])
    assert not is_credit_code(code + other)


@pytest.mark.parametrize("first", ["", "9" * 16, "9" * 18, "9" * 16 + "I"])
def test_a_check_character_is_worked_out_of_seventeen_known_characters_only(first: str) -> None:
    with pytest.raises(ValueError):
        credit_check(first)


@pytest.mark.parametrize(
    ("fits", "number"),
    [
        (is_identity_number, "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X"),
        (is_identity_number, "１１０１０５１９４９１２３１００２X"),
        (is_mobile, "1٣800138000"),
        (is_project_code, "٢٠٢٦-441900-47-01-000123"),
    ],
)
def test_digits_of_another_script_are_no_second_spelling(fits: Callable[[str], bool], number: str) -> None:
    ordinary = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in number)
    assert fits(ordinary)
    assert not fits(number)


@pytest.mark.parametrize("tail", ["\n", " ", "0"])
def test_nothing_may_follow_a_number(tail: str) -> None:
    assert not is_mobile("13800138000" + tail)
    assert not is_identity_number("11010519491231002X" + tail)
    assert not is_project_code("2026-441900-47-01-000123" + tail)
    assert not is_credit_code("91350100M000100Y43" + tail)
