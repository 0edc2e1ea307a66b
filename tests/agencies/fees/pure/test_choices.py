"""Choices as people write them: by key, by label, by a part of it, with a number or by the number alone."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from agencies.fees.engine.choosing import choose, fold
from agencies.fees.engine.refusal import Problem
from agencies.fees.engine.schedule import Choice, InputField, Kind
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Chosen

F: Any = Fraction


def trade() -> InputField:
    """Return a field anew: what its names mean is remembered by the field itself."""
    return InputField(
        name="trade", kind=Kind.CHOICE, label=Words("专业", "Trade"),
        choices=(
            Choice("build", Words("建筑、人防、市政公用工程", "Building"), F("0.8"), names=("房建", "Shared")),
            Choice("rail", Words("铁路工程（含地铁）", "Rail"), F("1.1")),
            Choice("port", Words("港口，码头", "Port, quay"), F("1.1"), names=("shared",)),
            Choice("mine", Words("矿山,人防", "Mine"), low=F("1.2"), high=F("1.5")),
            Choice("nuclear", Words("核电", "Nuclear plant"), low=F("1.4"), high=F("1.6")),
            Choice("talk", Words("面议", "By agreement"), negotiated=True),
            Choice("plain", Words("其他", "Other")),
            Choice("half", Words("半", "Half"), low=F(7)),
            Choice("rest", Words("余", "Rest"), high=F(7)),
            Choice("road_2", Words("公路2", "Road 2"), F(2)),
            Choice("first", Words("甲", "I"), F("1.25")),
        ),
    )  # fmt: skip


def chosen(given: object) -> tuple:
    """Return key, label, coefficient and whether it is agreed."""
    found = choose(trade(), given)
    assert isinstance(found, Chosen), found
    return found.key, found.label.zh, found.value, found.negotiated


def key_and_value(given: object) -> tuple:
    return chosen(given)[0], chosen(given)[2]


@pytest.mark.parametrize(
    ("given", "key", "value"),
    [
        ("build", "build", "0.8"), ("建筑、人防、市政公用工程", "build", "0.8"), ("BUILDING", "build", "0.8"),
        ("房 建", "build", "0.8"), ("ｂｕｉｌｄ", "build", "0.8"), ("建筑", "build", "0.8"),
        ("市政公用", "build", "0.8"), ("市政公用工程", "build", "0.8"), ("建筑、人防、市政公用", "build", "0.8"),
        ("铁路", "rail", "1.1"), ("铁路工程", "rail", "1.1"), ("铁路工程(含地铁)", "rail", "1.1"),
        ("Rail", "rail", "1.1"),
        ("港口", "port", "1.1"), ("码头", "port", "1.1"), ("port,quay", "port", "1.1"), ("矿山 1.3", "mine", "1.3"),
        ("shared", "build", "0.8"), ("plain", "plain", None), ("其他", "plain", None), ("公路2", "road_2", 2),
        ("road 2", "road_2", 2), ("rest", "rest", None),
        ("建筑 0.8", "build", "0.8"), ("建筑:0.8", "build", "0.8"), ("建筑（0.8）", "build", "0.8"),
        ("建筑=(0.80%)", "build", "0.8"), ("mine 1.2", "mine", "1.2"), ("mine=1.5", "mine", "1.5"),
        ("人防 1.2", "mine", "1.2"), ("人防 0.8", "build", "0.8"), ("建筑工程 0.8", "build", "0.8"),
        ("核 电 站 1.4", "nuclear", "1.4"), ("公用 0.8", "build", "0.8"), ("矿山 +1.2", "mine", "1.2"),
        ("0.8", "build", "0.8"), (0.8, "build", "0.8"), (Decimal("0.80"), "build", "0.8"), (F(4, 5), "build", "0.8"),
        ("80%", None, None), ("1.3", "mine", "1.3"), (1.55, "nuclear", "1.55"), (2, "road_2", 2), ("=2", "road_2", 2),
        ("1.25", "first", "1.25"), ("甲 1.25", "first", "1.25"),
        ("１．２", "mine", "1.2"),
    ],
)  # fmt: skip
def test_a_choice_is_understood_by_any_of_its_names(given: object, key: str | None, value: object) -> None:
    if key is None:
        assert isinstance(choose(trade(), given), Problem)
        return
    assert key_and_value(given) == (key, None if value is None else F(str(value)))
    label = next(one.label.zh for one in trade().choices if one.key == key)
    assert chosen(given)[1] == label


def test_a_choice_left_to_agreement_says_so() -> None:
    assert chosen("talk") == ("talk", "面议", None, True)
    assert chosen("建筑") == ("build", "建筑、人防、市政公用工程", F("0.8"), False)


@pytest.mark.parametrize("given", ["1.1", 1.1, Decimal("1.10")])
def test_a_number_several_choices_have_stands_without_a_name(given: object) -> None:
    assert choose(trade(), given) == Chosen("", Words("1.1", "1.1"), F("1.1"))


def test_a_number_in_two_ranges_stands_without_a_name() -> None:
    assert choose(trade(), "1.45") == Chosen("", Words("1.45", "1.45"), F("1.45"))
    assert chosen("1.39")[0] == "mine"
    assert chosen("1.51")[0] == "nuclear"


KEYS = ("build", "rail", "port", "mine", "nuclear", "talk", "plain", "half", "rest", "road_2", "first")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("船", "船"), ("", ""), ("人防", "人防"), ("工程", "工程"), (True, "True"), (None, "None"), ([1], "[1]"),
        ("9", "9"), ("0.35", "0.35"), ("80 %", "80 %"),
               (9, "9"), (float("nan"), "nan"), ("船 0.8", "船 0.8"), ("筑 0.8", "筑 0.8"), ("人防 3", "人防 3"),
        ("-0.8", "-0.8"), ("7", "7"), ("公路 3.", "公路 3."), ("x" * 130, "x" * 60), ("程 1.1", "程 1.1"),
        ("含地铁", "含地铁"), (7, "7"), ("甲类 1.25", "甲类 1.25"),
    ],
)  # fmt: skip
def test_what_names_no_choice_is_refused_with_those_there_are(given: object, shown: str) -> None:
    assert choose(trade(), given) == Problem("trade", "unknown-choice", {"given": shown, "choices": KEYS})


@pytest.mark.parametrize(
    ("given", "code", "key", "limits"),
    [
        ("mine", "value-needed", "mine", (None, "1.2", "1.5")),
        ("half", "value-needed", "half", (None, 7, None)),
        ("矿山", "value-needed", "mine", (None, "1.2", "1.5")),
        ("mine 1.19", "value-not-of-choice", "mine", (None, "1.2", "1.5")),
        ("mine 1.51", "value-not-of-choice", "mine", (None, "1.2", "1.5")),
        ("建筑 0.9", "value-not-of-choice", "build", ("0.8", None, None)),
        ("half 7", "value-not-of-choice", "half", (None, 7, None)),
        ("rest 7", "value-not-of-choice", "rest", (None, None, 7)),
        ("plain 1", "value-not-of-choice", "plain", (None, None, None)),
    ],
)
def test_a_coefficient_that_does_not_fit_names_its_limits(given: str, code: str, key: str, limits: tuple) -> None:
    facts = {
        name: None if one is None else F(str(one)) for name, one in zip(("value", "low", "high"), limits, strict=True)
    }
    assert choose(trade(), given) == Problem(
        "trade", code, {"given": given, "choices": KEYS, "choice": key, **facts}
    )  # fmt: skip


def test_a_name_like_two_choices_names_none() -> None:
    one = InputField(
        name="x", kind=Kind.CHOICE, label=Words("x", "x"),
        choices=(Choice("a", Words("东桥梁", "aa"), F(1)), Choice("b", Words("西桥梁", "bb"), F(1)),
                 Choice("c", Words("南桥梁", "cc"), F(2))),
    )  # fmt: skip
    assert isinstance(choose(one, "桥梁 1"), Problem)
    found = choose(one, "桥梁 2")
    assert isinstance(found, Chosen)
    assert (found.key, found.value) == ("c", F(2))


def test_names_are_folded_so_that_spellings_meet() -> None:
    assert fold("  Ａ b\tC\n") == "abc"
    assert fold(12) == "12"
    assert fold("Ä_ß") == "ä_ss"
    assert len(fold("x" * 200)) == 120
