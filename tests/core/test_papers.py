"""Papers: codes, fingerprints, and PDFs that say what the data says and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from core import audit, db, outbox, papers, secrets
from core.clock import FixedClock
from core.work import Works

AT = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
LETTER = {
    "title": "中选通知书",
    "number": "DG-2026-000001-1",
    "to": "东莞市甲咨询有限公司",
    "from": "东莞市乙局",
    "paragraphs": ["贵单位被选定为本项目的服务机构。#panic() [x] *星号* \\u{41}"],
    "lines": [["中选金额", "93,000.00 元"]],
    "dated": "2026年3月18日",
}


@pytest.fixture
def works() -> Iterator[Works]:
    secrets.configure(b"m" * 32)
    engine: Engine = db.make_engine("sqlite://")
    tables = [papers.IssuedPaper.__table__, audit.AuditLeaf.__table__, outbox.OutboxEvent.__table__]
    db.Base.metadata.create_all(engine, tables=tables)  # type: ignore[arg-type]
    yield Works(engine, FixedClock(AT))
    engine.dispose()


def test_a_paper_is_issued_once_and_found_by_its_code_however_typed(works: Works) -> None:
    with works.system() as work:
        first = papers.issue(work, "award_letter", 7, "letter", LETTER)
        again = papers.issue(work, "award_letter", 7, "letter", LETTER)
        assert first.id == again.id
        typed = first.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        assert papers.find(work.session, typed) is first
    with works.reading() as work:
        assert len(work.session.scalars(select(papers.IssuedPaper)).all()) == 1


def test_a_changed_word_gives_another_paper_and_the_newest_is_found(works: Works) -> None:
    with works.system() as work:
        first = papers.issue(work, "award_letter", 7, "letter", LETTER)
        second = papers.issue(work, "award_letter", 7, "letter", {**LETTER, "dated": "2026年3月19日"})
        assert first.code != second.code
        assert first.sha256 != second.sha256
        assert papers.latest(work.session, "award_letter", 7) is second
        assert papers.latest(work.session, "award_letter", 8) is None


def test_a_code_has_three_groups_without_letters_that_look_alike(works: Works) -> None:
    with works.system() as work:
        codes = [papers.issue(work, "x", number, "letter", LETTER).code for number in range(60)]
    assert len(set(codes)) == 60
    assert all(len(code) == 14 and code.count("-") == 2 for code in codes)
    assert not set("".join(codes)) & set("OIL")


@pytest.mark.parametrize("template", ["letter", "notice", "contract"])
def test_every_template_draws_a_pdf_with_hostile_text_as_plain_text(template: str) -> None:
    data = {
        **LETTER,
        "headers": ["机构", "报价"],
        "rows": [["#甲", "1"]],
        "clauses": [{"heading": "一、标的", "paragraphs": ["$x$ #sys.inputs"]}],
        "signatures": [["甲方", "乙局"], ["乙方", "甲公司"]],
    }
    check = papers.Verification("7F3A-92C1-0B6E", "https://example.test/verify?code=7F3A-92C1-0B6E", "ab" * 32, AT)
    pdf = papers.render_pdf(template, data, check)
    assert pdf.startswith(b"%PDF-")
    assert 5_000 < len(pdf) < 400_000
    assert papers.render_pdf(template, data, check) == pdf


def test_a_paper_without_verification_differs_from_an_issued_one() -> None:
    check = papers.Verification("7F3A-92C1-0B6E", "https://example.test/v", "ab" * 32, AT)
    assert papers.render_pdf("letter", LETTER) != papers.render_pdf("letter", LETTER, check)


def test_the_picture_of_an_address_is_inline_svg_of_that_address() -> None:
    assert papers.qr_svg("https://example.test/verify").startswith("<svg ")
    assert papers.qr_svg("https://example.test/a") != papers.qr_svg("https://example.test/b")
