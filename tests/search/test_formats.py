"""What makes an index one of another format."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from search import formats, lexicon
from search.analysis import analyse
from search.documents import Document, Kind
from search.native_rows import row

SAMPLE = Document(
    Kind.NOTICE,
    "7",
    "长安镇厂房扩建環境影響評價（报告书）",
    "/7",
    body="依据计价格〔2002〕10号，EIA reports；重庆路 12.5 公里，银行行长的调查。",
    names=("Environmental surveys", "环评"),
    about=("水土保持方案编制",),
    codes=("DG-2026-031842",),
    cites=("计价格[2002]1980号",),
)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    formats.mark.cache_clear()
    yield
    formats.mark.cache_clear()


def test_the_same_format_has_the_same_mark_and_another_shape_another() -> None:
    first = formats.mark("a")
    formats.mark.cache_clear()
    assert formats.mark("a") == first != formats.mark("b")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("search.formats.ANALYSIS", 10_000),
        ("search.formats.PACKAGES", ("rjieba",)),
        ("search.lexicon.domain_words", lambda: ("环评",)),
    ],
)
def test_another_analysis_is_another_format(name: str, other: object, monkeypatch: pytest.MonkeyPatch) -> None:
    first = formats.mark("a")
    monkeypatch.setattr(name, other)
    formats.mark.cache_clear()
    assert formats.mark("a") != first


def test_other_synonyms_are_another_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = formats.mark("a")
    text = (lexicon.DATA / "synonyms.toml").read_text(encoding="utf-8")
    (tmp_path / "synonyms.toml").write_text(f"{text}\n", encoding="utf-8")
    monkeypatch.setattr(lexicon, "DATA", tmp_path)
    formats.mark.cache_clear()
    assert formats.mark("a") != first


def test_who_changes_the_tokens_raises_the_number_of_the_analysis() -> None:
    """Where this fails, raise formats.ANALYSIS and write the new print here, so that old indexes are made anew.

    Where words of the data files did it, the mark knows already, and the print alone is new.
    """
    held = repr((analyse(SAMPLE), row(SAMPLE)))
    assert (formats.ANALYSIS, sha256(held.encode()).hexdigest()[:12]) == (1, "fbe7555553e6")
