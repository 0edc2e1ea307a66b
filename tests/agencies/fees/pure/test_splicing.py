"""Texts of one schedule laid end to end at the day a revision takes effect."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agencies.fees.engine.adjustments import FactorSum
from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.reader import read_schedule
from agencies.fees.engine.schedule import Schedule, Status, StatusPeriod, Version
from agencies.fees.engine.splicing import changed_before, charges, splice, start
from agencies.fees.engine.words import Words

F: Any = Fraction
READ = read_schedule(Path(__file__).parent / "every_shape.toml")
SHAPES, FLAT = READ.versions
FIRST, SECOND, CUT, LATER = date(2020, 1, 1), date(2021, 1, 1), date(2021, 7, 1), date(2022, 1, 1)
EVE = date(2021, 6, 30)
WORDS, OTHER = Words("据", "By"), Words("另据", "By another")


class Likewise(FactorSum):
    """An operation with the same figures as another, and another kind."""


def version(key: str, since: date = FIRST, until: date | None = None, **more: Any) -> Version:
    return replace(FLAT, key=key, since=since, until=until, **more)


def dearer(one: Version, times: int = 2, **more: Any) -> Version:
    """Return a version with its first rates so many times higher."""
    service = one.services[0]
    first: Any = service.operations[0]
    rates = {key: tuple(rate * times for rate in column) for key, column in first.rates.items()}
    operations = (replace(first, rates=rates), *service.operations[1:])
    return replace(one, services=(replace(service, operations=operations),), **more)


def renamed(one: Version) -> Version:
    """Return a version that says the same in other words."""
    service = one.services[0]
    operations = tuple(replace(each, label=OTHER, clause="另") for each in service.operations)
    return replace(one, services=(replace(service, label=OTHER, operations=operations),), note=OTHER)


def force(since: date, until: date | None = None, status: Status = Status.REFERENCE, **more: Any) -> StatusPeriod:
    return StatusPeriod(since, until, status, more.pop("citation", WORDS), **more)


def schedule(*versions: Version, statuses: tuple = (), title: Words = WORDS) -> Schedule:
    return replace(READ, versions=versions, statuses=statuses, title=title)


def keys(made: Schedule) -> list[tuple]:
    return [(one.key, one.since, one.until) for one in made.versions]


def test_a_dearer_text_holds_from_its_day_under_a_marked_key() -> None:
    before, after = schedule(version("a")), schedule(dearer(version("a")), title=OTHER)
    made = splice(before, after, CUT, "2")
    assert keys(made) == [("a", FIRST, EVE), ("a@2", CUT, None)]
    assert (made.title, made.versions[0].services) == (OTHER, before.versions[0].services)
    assert made.versions[1].services == after.versions[0].services
    costs = [calculate(made, day, {"amount": 100}).exact_base for day in (EVE, CUT)]
    assert costs == [F("0.4"), F("0.7")]
    assert splice(before, after, CUT, "2", heading=False).title == WORDS


def test_the_same_price_in_newer_words_stays_one_version() -> None:
    made = splice(schedule(version("a")), schedule(renamed(version("a"))), CUT, "2")
    assert keys(made) == [("a", FIRST, None)]
    assert made.versions[0].note == OTHER
    thrice = splice(made, schedule(dearer(version("a"))), LATER, "3")
    assert keys(thrice) == [("a", FIRST, date(2021, 12, 31)), ("a@3", LATER, None)]
    back = splice(thrice, schedule(version("a")), date(2023, 1, 1), "4")
    assert keys(back) == [("a", FIRST, date(2021, 12, 31)), ("a@3", LATER, date(2022, 12, 31)),
                          ("a", date(2023, 1, 1), None)]  # fmt: skip
    again = splice(thrice, schedule(dearer(renamed(version("a")))), date(2023, 1, 1), "4")
    assert keys(again) == [("a", FIRST, date(2021, 12, 31)), ("a@3", LATER, None)]


def test_versions_begun_later_keep_their_day_and_those_gone_are_left_out() -> None:
    before = schedule(version("a", FIRST, date(2020, 12, 31)), version("b", SECOND, date(2025, 1, 1)),
                      version("c", date(2026, 1, 1)))  # fmt: skip
    after = schedule(version("a", FIRST, date(2020, 12, 31)), dearer(version("b", SECOND, LATER)),
                     version("d", date(2022, 1, 2)))  # fmt: skip
    assert keys(splice(before, after, CUT, "2")) == [
        ("a", FIRST, date(2020, 12, 31)), ("b", SECOND, EVE), ("b@2", CUT, LATER),
        ("d", date(2022, 1, 2), None)]  # fmt: skip
    ended = schedule(version("x", FIRST, date(2020, 5, 1)), version("y", FIRST, CUT), version("z", FIRST, EVE))
    assert keys(splice(before, ended, CUT, "2"))[2:] == [("y", CUT, CUT), ("z", CUT, EVE)]
    later = schedule(version("a", CUT))
    assert keys(splice(later, later, CUT, "2")) == [("a", CUT, None)]
    assert keys(splice(later, schedule(dearer(version("a", CUT))), CUT, "2")) == [("a@2", CUT, None)]
    both = schedule(version("a", FIRST, date(2021, 12, 31)), version("n", LATER))
    assert keys(splice(schedule(version("a")), both, CUT, "2")) == [
        ("a", FIRST, date(2021, 12, 31)), ("n", LATER, None)]  # fmt: skip


def test_a_text_alone_begins_on_its_day() -> None:
    text = schedule(version("a", FIRST, EVE), version("b", SECOND, CUT), version("c", LATER),
                    statuses=(force(FIRST, EVE), force(SECOND, CUT), force(LATER)))  # fmt: skip
    made = start(text, CUT)
    assert keys(made) == [("b", CUT, CUT), ("c", LATER, None)]
    assert made.statuses == (force(CUT, CUT), force(LATER))
    ended = start(schedule(*(version(key, FIRST, EVE) for key in "abc")), CUT)
    assert keys(ended) == [("c", CUT, EVE)]


def test_the_force_is_cut_and_goes_on_where_it_is_the_same() -> None:
    before, after = schedule(version("a")), schedule(version("a"))

    def joined(old: tuple, new: tuple) -> list[StatusPeriod]:
        made = splice(replace(before, statuses=old), replace(after, statuses=new), CUT, "2")
        return list(made.statuses)

    assert joined((force(FIRST),), (force(FIRST),)) == [force(FIRST)]
    assert joined((force(FIRST),), (force(FIRST, LATER),)) == [force(FIRST, LATER)]
    assert joined((force(FIRST, LATER),), (force(FIRST),)) == [force(FIRST)]
    other = force(FIRST, citation=OTHER)
    assert joined((force(FIRST),), (other,)) == [force(FIRST, EVE), replace(other, since=CUT)]
    assert joined((force(FIRST, SECOND),), (force(FIRST),)) == [force(FIRST, SECOND), force(CUT)]
    assert joined((force(FIRST),), (force(LATER),)) == [force(FIRST, EVE), force(LATER)]
    assert joined((force(CUT),), (force(FIRST, EVE),)) == []
    assert joined((force(EVE),), (force(FIRST, CUT),)) == [force(EVE, CUT)]
    two = (force(FIRST, funding="government"), force(FIRST, funding="social"))
    assert joined(two, two[::-1]) == list(two)
    assert joined(two[:1], two) == [two[0], replace(two[1], since=CUT)]


def test_what_versions_charge_is_compared_without_words() -> None:
    one = version("a")
    assert charges(one) == charges(renamed(one)) == charges(version("b", SECOND))
    assert charges(one) != charges(dearer(one))
    service = one.services[0]
    for other in (
        replace(service, key="other"), replace(service, unit="元"), replace(service, operations=service.operations[:1]),
        replace(service, operations=(replace(service.operations[0], stage="base_price"), service.operations[1])),
        replace(service, fields=()),
    ):  # fmt: skip
        assert charges(one) != charges(replace(one, services=(other,)))
    assert charges(one) == charges(replace(one, services=(replace(service, names=("x",), confidence="low"),)))
    assert charges(SHAPES)[0][0] == "bands"
    one_step, another = FactorSum(label=WORDS, clause="一", field="f"), Likewise(label=WORDS, clause="一", field="f")
    of = [charges(replace(one, services=(replace(service, operations=(each,)),))) for each in (one_step, another)]
    assert of[0] != of[1]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"name": "x"}, False), ({"unit": "元"}, False), ({"required": True}, False), ({"default": "heavy"}, False),
        ({"help": OTHER}, True), ({"label": OTHER}, True), ({"aliases": ("x",)}, True),
    ],
)  # fmt: skip
def test_a_field_counts_by_what_it_takes(change: dict, same: bool) -> None:
    table = next(one for one in SHAPES.services if one.key == "table")

    def of(field: Any) -> Any:
        fields = tuple(field if one.name == "trade" else one for one in table.fields)
        return charges(replace(SHAPES, services=(replace(table, fields=fields),)))

    trade = table.field("trade")
    assert (of(trade) == of(replace(trade, **change))) is same
    choices = trade.choices
    for more, alike in (
        ({"key": "x"}, False), ({"value": F(9)}, False), ({"low": F(1)}, False), ({"high": F(9)}, False),
        ({"negotiated": True}, False), ({"label": OTHER}, True), ({"names": ("x",)}, True),
    ):  # fmt: skip
        other: Any = replace(choices[0], **more)
        assert (of(trade) == of(replace(trade, choices=(other, *choices[1:])))) is alike
    assert of(trade) != of(replace(trade, choices=choices[1:]))


def test_what_a_text_changes_of_the_past_is_named() -> None:
    old = schedule(version("a", FIRST, EVE), version("b", SECOND), version("e", CUT), statuses=(force(FIRST),))

    def changed(*versions: Version, statuses: tuple = (force(FIRST),)) -> tuple:
        return changed_before(old, schedule(*versions, statuses=statuses), CUT)

    a, b = old.versions[:2]
    assert changed(a, b) == ()
    assert changed(renamed(a), renamed(b)) == ()
    assert changed(a, dearer(b)) == ("b",)
    assert changed(b) == ("a",)
    assert changed(a, replace(b, since=EVE)) == ("b",)
    assert changed(a, b, version("c", EVE), version("d", CUT)) == ("c",)
    assert changed(a, b, statuses=(force(SECOND),)) == ("",)
    assert changed(dearer(a), version("c"), statuses=()) == ("a", "b", "c", "")
    assert changed(a, b, statuses=(force(FIRST, CUT, citation=OTHER), force(CUT, status=Status.NO_CHARGE))) == ()
    assert changed(a, b, statuses=(force(FIRST, SECOND),)) == ("",)
    for more in ({"status": Status.BINDING_CAP}, {"funding": "social"}, {"at_least": F(1)}, {"below": F(1)},
                 {"unit": "元"}, {"services": ("flat",)}):  # fmt: skip
        assert changed(a, b, statuses=(force(FIRST, **more),)) == ("",)
