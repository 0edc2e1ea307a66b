"""Shares of stages with more of one stage, prices printed as a range, coefficients written as a percentage."""

from fractions import Fraction
from typing import Any

import pytest

from agencies.fees.engine.adjustments import Additions, Split
from agencies.fees.engine.choosing import choose
from agencies.fees.engine.refusal import InputRefused, Problem
from agencies.fees.engine.schedule import Choice, InputField, Kind
from agencies.fees.engine.unpriced import UnitRange
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import NOTHING, Chosen, Span, Working

F: Any = Fraction
STEP = Words("步", "Step")
SAID: dict[str, Any] = {"label": STEP, "clause": "第一条"}
SHARES = {"house": (F("0.2"), F("0.3"), F("0.5")), "road": (F(0), F("0.4"), F("0.6"))}


def working(span: Any = None, /, **answers: Any) -> Any:
    work = Working(answers, "万元")
    if span is not None:
        work.span = span if isinstance(span, Span) else Span.point(F(span))
    return work


def chosen(key: str) -> Chosen:
    return Chosen(key, Words(f"选{key}", f"the {key}"), None)


def split(**more: Any) -> Split:
    columns = ("scheme", "outline", "drawings")
    return Split(**SAID, row="kind", columns_field="stages", columns=columns, shares=SHARES, **more)


def further() -> Split:
    return split(more="schemes", more_column="scheme", more_rate=F("0.5"))


def written(work: Working) -> list[tuple]:
    return [(step.label.zh, step.label.en, step.expression, step.value, step.clause) for step in work.steps]


def test_further_schemes_are_added_to_the_stages_ordered() -> None:
    work = working(1000, kind=chosen("house"), stages=(chosen("scheme"), chosen("outline")), schemes=F(3))
    further().apply(work)
    # 1,000 x (20 % + 30 %), and three schemes more at half of 20 % of the whole each.
    assert work.span == Span.point(F(800))
    assert written(work) == [
        ("步：选scheme、选outline", "Step: the scheme, the outline", "1,000 × (20% + 30%)", "500", "第一条"),
        ("另做的方案", "Further schemes", "1,000 × 20% × 50% × 3", "300", "第一条"),
        ("合计", "Total", "500 + 300", "800", "第一条"),
    ]


def test_further_schemes_are_added_to_the_whole_where_no_stage_is_named() -> None:
    work = working(Span(F(900), F(1000), None), kind=chosen("house"), schemes=F(1))
    further().apply(work)
    assert work.span == Span(F(990), F(1100), None)
    assert [step.expression for step in work.steps] == ["1,000 × 20% × 50% × 1", "1,000 + 100"]


@pytest.mark.parametrize("answers", [{}, {"schemes": F(0)}])
def test_no_further_scheme_adds_nothing_and_is_not_written(answers: dict) -> None:
    work = working(1000, kind=chosen("house"), stages=(chosen("drawings"),), **answers)
    further().apply(work)
    assert work.span == Span.point(F(500))
    assert [step.expression for step in work.steps] == ["1,000 × 50%"]


def test_a_split_without_further_pieces_asks_for_none() -> None:
    work = working(1000, kind=chosen("house"), schemes=F(3))
    split().apply(work)
    assert (work.span, work.steps) == (Span.point(F(1000)), [])


def test_stages_the_table_gives_no_share_of_stop_before_anything_is_added() -> None:
    work = working(1000, kind=chosen("road"), stages=(chosen("scheme"),), schemes=F(3))
    further().apply(work)
    assert (work.span, work.steps) == (NOTHING, [])
    assert (work.reason.code, dict(work.reason.facts)) == (
        "outside-table", {"field": "stages", "clause": "第一条"},
    )  # fmt: skip


def test_the_share_of_further_pieces_is_that_of_their_own_stage() -> None:
    work = working(1000, kind=chosen("road"), schemes=F(2))
    split(more="schemes", more_column="outline", more_rate=F("0.25")).apply(work)
    assert work.span == Span.point(F(1200))
    assert work.steps[0].expression == "1,000 × 40% × 25% × 2"


def ranged(**more: Any) -> UnitRange:
    return UnitRange(**SAID, quantity="n", low=F(3), high=F(5), **more)


def test_a_price_printed_as_a_range_gives_both_ends() -> None:
    work = working(100, n=F("2.5"))
    ranged().apply(work)
    assert work.span == Span(F("7.5"), None, F("12.5"))
    assert written(work) == [("步", "Step", "2.5 × 3–5", "7.5–12.5", "第一条")]
    assert (work.reason.code, dict(work.reason.facts)) == ("open-bracket", {"amount": "2.5", "clause": "第一条"})


def test_a_rate_printed_as_a_range_keeps_its_mark() -> None:
    work = working(n=F(200))
    UnitRange(**SAID, quantity="n", low=F("0.003"), high=F("0.005"), mark="‰").apply(work)
    assert (work.steps[0].expression, work.steps[0].value) == ("200 × 3‰–5‰", "0.6–1")


def test_ranges_add_up_end_by_end_and_an_open_end_stays_open() -> None:
    work = working(Span(F(10), None, None), n=F(2))
    ranged(adds=True).apply(work)
    assert work.span == Span(F(16), None, None)
    assert written(work)[1:] == [("合计", "Total", "10– + 6–10", "16–", "第一条")]
    other = working(Span(None, None, F(10)), n=F(2))
    ranged(adds=True).apply(other)
    assert other.span == Span(None, None, F(20))


def test_a_range_that_adds_stands_alone_where_nothing_runs() -> None:
    work = working(n=F(2))
    ranged(adds=True).apply(work)
    assert (work.span, len(work.steps)) == (Span(F(6), None, F(10)), 1)


@pytest.mark.parametrize("answers", [{}, {"n": F(0)}])
def test_a_range_that_adds_is_passed_over_where_none_is_given(answers: dict) -> None:
    work = working(100, **answers)
    ranged(adds=True).apply(work)
    assert (work.span, work.steps, work.reason) == (Span.point(F(100)), [], None)


def test_a_range_without_its_quantity_says_which_is_missing() -> None:
    with pytest.raises(InputRefused) as refused:
        ranged().apply(working(100))
    assert refused.value.problems == (Problem("n", "missing"),)
    work = working(100, n=F(0))
    ranged().apply(work)
    assert work.span == Span(F(0), None, F(0))


def rates() -> InputField:
    """Return a field anew: what its names mean is remembered by the field itself."""
    return InputField(
        name="use", kind=Kind.CHOICE, label=Words("目的", "Use"),
        choices=(
            Choice("pledge", Words("抵押", "Pledge"), F("0.5")),
            Choice("sale", Words("转让", "Sale"), F(50)),
            Choice("lease", Words("租赁", "Lease"), low=F("0.25"), high=F("0.75")),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "key", "value"),
    [
        ("抵押 50%", "pledge", F("0.5")),
        ("抵押（50%）", "pledge", F("0.5")),
        ("抵押 0.5", "pledge", F("0.5")),
        ("转让 50%", "sale", F(50)),
        ("转让 50", "sale", F(50)),
        ("租赁 60%", "lease", F("0.6")),
        ("50", "sale", F(50)),
    ],
)
def test_a_name_with_a_percentage_means_the_share_where_the_number_itself_is_not_the_choices(
    given: str, key: str, value: Any
) -> None:
    found = choose(rates(), given)
    assert isinstance(found, Chosen), found
    assert (found.key, found.value) == (key, value)


@pytest.mark.parametrize(
    ("given", "code"),
    [("抵押 60%", "value-not-of-choice"), ("抵押 50", "value-not-of-choice"), ("没有 50%", "unknown-choice")],
)
def test_a_percentage_of_no_choice_is_refused_as_the_number_was(given: str, code: str) -> None:
    found = choose(rates(), given)
    assert isinstance(found, Problem)
    assert (found.name, found.code, found.facts["given"]) == ("use", code, given)


def component(key: str, value: Any) -> Chosen:
    return Chosen(key, Words(f"选{key}", f"the {key}"), F(str(value)))


def test_components_that_stand_alone_leave_out_what_they_are_reckoned_on() -> None:
    work = working(Span(F(90), F(100), None), parts=(component("a", 10), component("b", 5)))
    Additions(**SAID, field="parts", alone=True).apply(work)
    assert work.span == Span(F("13.5"), F(15), None)
    assert [(step.label.zh, step.expression, step.value) for step in work.steps] == [
        ("步：选a", "100 × 10%", "10"), ("步：选b", "100 × 5%", "5"), ("合计", "10 + 5", "15"),
    ]  # fmt: skip
    nothing = working(100)
    Additions(**SAID, field="parts", alone=True).apply(nothing)
    assert (nothing.span, nothing.steps) == (Span.point(F(0)), [])


def test_components_are_added_to_an_amount_of_nothing_in_writing_too() -> None:
    work = working(0, parts=(component("a", 10),))
    Additions(**SAID, field="parts").apply(work)
    assert [step.expression for step in work.steps] == ["0 × 10%", "0 + 0"]
