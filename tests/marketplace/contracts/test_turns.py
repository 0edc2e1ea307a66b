"""What amendments, settlements, early ends and findings may say; and what differs between two documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.money import Money
from marketplace.contracts import differences, outcome_table, return_codes, rules, turns
from marketplace.contracts.differences import Drafted, Edit, Noticed, Quoted, Term, Verdict
from marketplace.contracts.rules import LineKind, PaidLine
from marketplace.contracts.turns import AmendmentKind, Finding, FirstPass, Limits, Terms

WHY = "审批部门要求补充论证内容"
BEFORE = Terms(Money(10_000), 15, "乙方提交纸质四份。")
LIMITS = Limits(Money(10_000), Money(12_000), Decimal("0.10"))


@pytest.mark.parametrize(
    ("kind", "after", "limits", "refusal"),
    [
        (AmendmentKind.CORRECTION, BEFORE, LIMITS, "amendment-changes-nothing"),
        (AmendmentKind.EXTENSION, Terms(Money(10_000), 14, BEFORE.clause), LIMITS, "amendment-not-longer"),
        (AmendmentKind.EXTENSION, Terms(Money(10_500), 20, BEFORE.clause), LIMITS, "amendment-not-its-kind"),
        (AmendmentKind.EXTENSION, Terms(Money(10_000), 20, BEFORE.clause), LIMITS, ""),
        (AmendmentKind.PRICE, Terms(Money(10_000), 20, BEFORE.clause), LIMITS, "amendment-price-same"),
        (AmendmentKind.PRICE, Terms(Money(11_000), 15, BEFORE.clause), LIMITS, ""),
        (AmendmentKind.PRICE, Terms(Money(11_001), 15, BEFORE.clause), LIMITS, "amendment-above-share"),
        (AmendmentKind.PRICE, Terms(Money(12_001), 15, BEFORE.clause), LIMITS, "contract-above-cap"),
        (AmendmentKind.SCOPE_CHANGED, Terms(Money(99_999), 15, ""), Limits(Money(10_000)), ""),
        (AmendmentKind.CORRECTION, Terms(Money(10_000), 15, "乙方提交纸质六份。"), LIMITS, ""),
        (AmendmentKind.PRICE, Terms(Money(9_000), 15, BEFORE.clause), LIMITS, ""),
    ],
)
def test_an_amendment_is_judged_by_its_kind_and_its_limits(
    kind: AmendmentKind, after: Terms, limits: Limits, refusal: str
) -> None:
    if not refusal:
        turns.judge_amendment(kind, BEFORE, after, limits, WHY)
        return
    with pytest.raises(Invalid, match=refusal):
        turns.judge_amendment(kind, BEFORE, after, limits, WHY)


@pytest.mark.parametrize(
    ("lines", "reason", "refusal"),
    [
        ((PaidLine("扣款", Money(10), LineKind.DEDUCTION),), WHY, "settlement-empty"),
        ((PaidLine("服务费", Money(0)),), WHY, "settlement-zero-line"),
        ((PaidLine("服务费", Money(100), quantity=3),), WHY, "settlement-quantity"),
        ((PaidLine("服务费", Money(50)), PaidLine("服务费", Money(50))), WHY, "settlement-named-twice"),
        (
            (PaidLine("服务费", Money(50)), PaidLine("扣", Money(50), LineKind.DEDUCTION)),
            WHY,
            "settlement-nothing-left",
        ),
        ((PaidLine("服务费", Money(99)),), "", "reason-too-short"),
        ((PaidLine("服务费", Money(100), quantity=4),), "", ""),
        ((PaidLine("服务费", Money(110)), PaidLine("扣", Money(10), LineKind.DEDUCTION)), "", ""),
    ],
)
def test_a_settlement_is_judged_line_by_line(lines: tuple[PaidLine, ...], reason: str, refusal: str) -> None:
    if not refusal:
        assert rules.judge_settlement(lines, Money(100), None, reason) == Money(100)
        return
    with pytest.raises(Invalid, match=refusal):
        rules.judge_settlement(lines, Money(100), None, reason)


def test_each_line_says_how_far_it_is_from_the_contract() -> None:
    lines = [
        PaidLine("首期", Money(60)), PaidLine("加印", Money(20), LineKind.EXTRA), PaidLine("尾款", Money(30)),
        PaidLine("扣款", Money(5), LineKind.DEDUCTION),
    ]  # fmt: skip
    assert rules.differences(lines, Money(100)) == [0, 20, -10, -5]


@given(
    st.lists(st.tuples(st.sampled_from(LineKind), st.integers(1, 500)), max_size=6),
    st.integers(1, 500),
    st.integers(1, 1000),
)
def test_the_lines_differences_make_the_whole_difference(
    others: list[tuple[LineKind, int]], agreed: int, contract: int
) -> None:
    lines = [
        PaidLine("甲", Money(agreed)),
        *(PaidLine(str(n), Money(fen), kind) for n, (kind, fen) in enumerate(others)),
    ]
    total = sum(line.counted for line in lines)
    assert sum(rules.differences(lines, Money(contract))) == total - contract


def test_no_more_is_payable_than_the_contract_or_the_cap() -> None:
    turns.judge_payable(Money(100), Money(100), None)
    for payable, cap in ((101, None), (91, Money(90))):
        with pytest.raises(Invalid, match="payable-above-contract"):
            turns.judge_payable(Money(payable), Money(100), cap)


@pytest.mark.parametrize(
    ("finding", "codes", "day", "refusal"),
    [
        (Finding.RETURNED, (), date(2026, 3, 10), "outcome-codes-missing"),
        (Finding.ACCEPTED, ("R01",), date(2026, 3, 10), "outcome-codes-unwanted"),
        (Finding.RETURNED, ("R00",), date(2026, 3, 10), "outcome-code-unknown"),
        (Finding.RETURNED, ("R01",), date(2026, 3, 1), "outcome-day"),
        (Finding.ACCEPTED, (), date(2026, 3, 21), "outcome-day"),
        (Finding.RETURNED, ("R01", "R03"), date(2026, 3, 2), ""),
        (Finding.ACCEPTED, (), date(2026, 3, 20), ""),
    ],
)
def test_a_finding_has_its_codes_and_a_day_that_fits(
    finding: Finding, codes: tuple[str, ...], day: date, refusal: str
) -> None:
    known, span = return_codes.known_on(day), {"since": date(2026, 3, 2), "today": date(2026, 3, 20)}
    if not refusal:
        turns.judge_outcome(finding, codes, known, day, **span)
        return
    with pytest.raises(Invalid, match=refusal):
        turns.judge_outcome(finding, codes, known, day, **span)


def test_no_code_holds_before_its_first_day() -> None:
    assert return_codes.known_on(date(2018, 12, 27)) == frozenset()
    assert len(return_codes.known_on(date(2026, 1, 1))) == len(return_codes.all_codes())


@pytest.mark.parametrize(
    ("passed", "count", "percent"),
    [(2, 2, None), (0, 0, None), (3, 3, "100"), (2, 3, "66.7"), (1, 16, "6.3"), (0, 3, "0")],
)
def test_a_first_pass_share_needs_three_results(passed: int, count: int, percent: str | None) -> None:
    assert FirstPass(passed, count).percent == (None if percent is None else Decimal(percent))


def test_a_draft_is_held_against_the_notice_and_the_quote() -> None:
    lines = differences.compare(
        Noticed(Money(100), 20, "3 万平方米"), Quoted(Money(90), 15), Drafted(Money(90), 15, "规模：3 万平方米。")
    )
    assert [line.verdict for line in lines] == [Verdict.SAME] * 3
    worse = differences.compare(
        Noticed(Money(100), 20, "3 万平方米"), Quoted(Money(110), None), Drafted(Money(110), 18, "见公告")
    )
    assert {line.term: line.verdict for line in worse} == {
        Term.AMOUNT: Verdict.WORSE, Term.DAYS: Verdict.BETTER, Term.SCALE: Verdict.MISSING,
    }  # fmt: skip


def test_an_edit_never_cuts_a_number() -> None:
    found = differences.edits("提交纸质 4 份。", "提交纸质 14 份。")
    assert found == [(Edit.KEPT, "提交纸质 "), (Edit.GONE, "4"), (Edit.NEW, "14"), (Edit.KEPT, " 份。")]


@given(st.text(max_size=40), st.text(max_size=40))
def test_edits_hold_both_wordings_whole(before: str, after: str) -> None:
    found = differences.edits(before, after)
    assert "".join(words for edit, words in found if edit is not Edit.NEW) == before
    assert "".join(words for edit, words in found if edit is not Edit.GONE) == after


def test_a_table_of_findings_keeps_every_row_and_says_what_is_wrong_with_each() -> None:
    header = ",".join(outcome_table.HEADER)
    rows = outcome_table.read(
        f"\ufeff{header}\nHT-1,1,退回,R01、R03,2026/3/18,缺附件\n\nHT-2,,不行,,2026-03-18,\nHT-3,,通过,,昨天,\n"
        "HT-4,甲,通过,,2026-03-18,\nHT-5,通过\n"
    )
    assert [row.line for row in rows] == [2, 4, 5, 6, 7]
    first = rows[0].command
    assert first is not None
    assert (first.finding, first.codes, first.decided_on) == (Finding.RETURNED, ("R01", "R03"), date(2026, 3, 18))
    assert first.version_no == 1
    refused = ["outcome-finding-unknown", "outcome-day-unreadable", "outcome-version-unreadable", "outcome-columns"]
    assert [row.error.code for row in rows[1:]] == refused
    again = outcome_table.read(outcome_table.write([row.cells for row in rows]))
    assert [row.cells for row in again] == [row.cells for row in rows]


def test_a_table_without_its_header_is_refused_whole() -> None:
    with pytest.raises(Invalid, match="outcome-header"):
        outcome_table.read("合同编号,结果\nHT-1,通过\n")
    assert outcome_table.decode("合同编号".encode("gb18030")) == "合同编号"
