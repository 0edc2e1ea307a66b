"""What people say who don't know the name: the data, and which service or guide a line means."""

from collections import Counter
from pathlib import Path

import pytest

from admin.guide import wording
from admin.guide.verb_words import VERBS
from core.datafile import DataFileError
from core.i18n import force_locale
from search import lexicon, query, sayings
from search.folding import fold
from search.plan import Plan
from search.vocabulary import Via


def meant(typed: str) -> tuple[str, ...]:
    return sayings.meant(fold(typed))


def test_every_item_and_every_guide_has_sayings() -> None:
    known = {one.of for one in sayings.sayings()}
    assert known >= {item.names[0] for item in lexicon.items()}
    with force_locale("zh_Hans_CN"):
        titles = {fold(wording.life_name(life)) for life in VERBS}
    assert {of.removeprefix(sayings.GUIDE) for of in known if of.startswith(sayings.GUIDE)} == titles


def test_no_saying_repeats_a_name_or_says_a_thing_twice() -> None:
    for one in sayings.sayings():
        assert not [phrase for phrase, count in Counter((*one.said, *one.english)).items() if count > 1], one.of
        assert one.of not in one.said
        assert all(phrase and 2 <= len(phrase) <= 60 for phrase in (*one.said, *one.english)), one.of


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("打井取水要做的论证", "水资源论证"),
        ("新楼会不会挡隔壁阳光", "日照分析"),
        ("工地水土流失监测", "水土保持监测"),
        ("开工前做个气侯影响论证", "气候可行性论证"),
        ("roof load for solar panels on an old factory", "鉴定"),
    ],
)
def test_a_free_line_means_the_service_it_shares_most_with(typed: str, name: str) -> None:
    assert name in meant(typed)[0]


@pytest.mark.parametrize("typed", ["", "粤诚", "一二三四五六七八", "xyzzy", "物流园"])
def test_a_line_that_shares_little_means_nothing(typed: str) -> None:
    assert meant(typed) == ()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("建节检测", "建筑节能检测"),
        ("排许证代办", "排污许可"),
        ("防雷检", "防雷装置检测"),
        ("文勘", "考古"),
        ("节评", "节能报告"),
    ],
)
def test_a_short_form_means_what_it_is_cut_from(typed: str, name: str) -> None:
    assert name in meant(typed)[0]


def test_a_question_about_the_market_means_a_guide_and_no_service() -> None:
    for typed, title in (
        ("业主资料迟迟不给，工期能不能先停表", "暂停计时"),
        ("写好的报告往哪里上传交给业主", "服务成果"),
    ):
        assert sayings.guides(fold(typed))[0] == title
        assert meant(typed) == ()
        plan = query.how(query.read(typed))
        assert plan is not None
        assert plan.terms[0].alternatives[0].via is Via.SAID


def test_a_strange_word_beside_a_service_may_be_a_name() -> None:
    plan = query.read("粤诚 考古")
    assert query.meant(plan) is None
    wide = query.widened(plan)
    assert [one.text for one in wide.terms] == ["粤诚 考古", "粤诚", "考古"]
    assert query.widened(query.read("打井取水要做的论证")).terms == query.read("打井取水要做的论证").terms


def test_a_quoted_phrase_is_meant_as_it_stands() -> None:
    assert query.meant(query.read("“打井取水要做的论证”")) is None
    assert isinstance(query.meant(query.read("打井取水要做的论证")), Plan)


@pytest.mark.parametrize(
    "text",
    [
        'valid_from = 2026-01-01\n[[sayings]]\nitem = "DG-Z-99"\nsaid = ["甲"]\nenglish = []\n',
        'valid_from = 2026-01-01\n[[sayings]]\nitem = "DG-A-01"\nsaid = []\nenglish = []\nsaidd = []\n',
        'valid_from = 2026-01-01\n[[sayings]]\nguide = "quote"\ntitle = "报价"\nsaid = []\nenglish = []\n' * 2,
    ],
)
def test_a_broken_file_says_where(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sayings.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(lexicon, "DATA", tmp_path)
    with pytest.raises(DataFileError):
        sayings.sayings.__wrapped__()
