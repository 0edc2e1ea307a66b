"""Text folded and cut into words: spellings, scripts, places in a title."""

import subprocess
import sys

import pytest

from search import analysis, lexicon
from search.folding import fold, same_length_fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("環境影響評價", "环境影响评价"),
        ("ＥＩＡ　報告", "eia 报告"),
        ("Ⅲ类", "iii类"),
        ("資訊網路", "资讯网路"),
        ("a\x00b\u202ec", "a b c"),
        ("\ud800", "?"),
    ],
)
def test_spellings_fold_to_one(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_folding_twice_changes_nothing() -> None:
    for text in ("頭髮乾淨", "臺灣後臺", "İstanbul", "ﷺ", "㍻元年"):
        assert fold(fold(text)) == fold(text)


def test_a_place_in_the_folded_text_is_a_place_in_the_title() -> None:
    title = "長安鎮廠房環評（報告表）"
    folded = same_length_fold(title)
    assert folded is not None
    assert title[folded.index("环评") :][:2] == "環評"
    assert same_length_fold("㍻元年") is None


def test_words_of_the_trade_stay_whole() -> None:
    assert "环境影响评价" in analysis.words("编制环境影响评价报告")
    assert "多测合一" in analysis.words("竣工多测合一测绘")
    assert "大岭山" in analysis.words("大岭山厂房")


def test_words_know_their_places() -> None:
    text = fold("长安 3200万 Surveys")
    for token in analysis.tokens(text):
        assert analysis.singular(text[token.start : token.end]) == token.text


def test_any_substring_is_made_of_its_own_pairs() -> None:
    text = "环境影响评价报告表2026"
    held = set(analysis.grams(text))
    for start in range(len(text)):
        for end in range(start + 2, len(text) + 1):
            assert set(analysis.query_grams(text[start:end])) <= held | set(text), text[start:end]
    assert all(any(gram.startswith(char) for gram in held) for char in "环境影响评价报告表")


def test_pinyin_begins_at_every_character() -> None:
    full, short = analysis.spellings(["东莞环评"])
    assert "huanping" in full
    assert "hp" in short
    assert "dghp" in short
    assert not any(one.startswith("uan") for one in full)


@pytest.mark.parametrize("word", ["bus", "glass", "analysis", "eia"])
def test_a_singular_word_loses_nothing(word: str) -> None:
    assert analysis.singular(word) == word


def test_plurals_meet_their_singular() -> None:
    assert analysis.words("Surveys of properties") == analysis.words("survey of property")


@pytest.mark.parametrize(
    "spelling",
    [
        "计价格[2002]1980号",
        "计价格〔2002〕1980号",
        "计价格（2002）1980号",
        "計價格【2002】1980號",
        "計价格 2002 1980号",
    ],
)
def test_every_spelling_of_a_document_number_is_one_code(spelling: str) -> None:
    assert {"2002#1980", "#1980"} <= set(analysis.codes(spelling))


def test_a_notice_number_is_found_by_its_parts() -> None:
    assert set(analysis.codes("DG-2026-031842")) == {"dg2026031842", "2026031842", "031842"}


def test_every_process_cuts_alike() -> None:
    code = "from search import analysis; print(analysis.words('长安镇厂房环境影响评价报告表编制与水土保持监测'))"
    runs = {subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)}
    assert runs == {f"{analysis.words('长安镇厂房环境影响评价报告表编制与水土保持监测')}\n".encode()}


def test_the_synonyms_file_is_read_whole() -> None:
    groups = {group.term: group for group in lexicon.synonyms()}
    assert "环评" in groups["环境影响评价"].same
    assert "三通一平" in {word for group in groups.values() for word in group.same}
    assert all(group.basis and group.valid_from for group in groups.values())


def test_no_word_stands_in_two_groups() -> None:
    seen: dict[str, str] = {}
    for group in lexicon.synonyms():
        for word in (group.term, *group.same):
            assert seen.setdefault(word, group.term) == group.term, word
