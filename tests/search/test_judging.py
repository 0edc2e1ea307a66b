"""The judge of answers: what it reads, what it counts, and whether the kept questions still mean something."""

import json
from pathlib import Path

import pytest

from agencies.catalogue import reference as catalogue
from agencies.fees.register import SCHEDULES
from core.datafile import DataFileError
from search import judging
from search.documents import Document, Kind
from search.judging import Question, Verdict
from tests.search import corpus

CITY = corpus.city()


def test_a_ranking_is_held_against_the_best_one() -> None:
    graded = {"a": 3, "b": 2, "c": 1}
    assert judging.ndcg(["a", "b", "c"], graded) == pytest.approx(1)
    # (0 + 3/log2(3) + 7/2) over (7 + 3/log2(3) + 1/2), worked by hand.
    assert judging.ndcg(["x", "b", "a"], graded) == pytest.approx((1.892789 + 3.5) / (7 + 1.892789 + 0.5), abs=1e-6)
    assert judging.ndcg([], graded) == 0
    assert judging.ndcg(["x"], {}) == 1
    assert judging.ndcg(["x"] * 10 + ["a"], {"a": 3}) == 0
    assert judging.ndcg(["a"], {str(number): 1 for number in range(40)} | {"a": 1}) < 1


@pytest.mark.parametrize(
    "text",
    [
        "简称\t环评\titem:DG-B-24=3 agencies:DG-B-24=1\n# a remark\n\n",
        json.dumps([{"way": "简称", "query": "环评", "answers": {"item:DG-B-24": 3, "agencies:DG-B-24": 1}}]),
        json.dumps({"way": "简称", "query": "环评", "answers": {"item:DG-B-24": 3, "agencies:DG-B-24": 1}}),
    ],
)
def test_questions_are_read_from_lines_and_from_json(tmp_path: Path, text: str) -> None:
    file = tmp_path / "judged"
    file.write_text(text, encoding="utf-8")
    assert judging.read(file) == [Question("简称", "环评", {"item:DG-B-24": 3, "agencies:DG-B-24": 1})]


@pytest.mark.parametrize(
    "text",
    ["环评 item:DG-B-24=3", "a\t环评\titem:DG-B-24", '[{"query": "环评"}]', '[{"query": "环评", "answers": []}]', "["],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "judged"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match="judged"):
        judging.read(file)


def test_an_answer_names_one_thing_or_all_of_an_item() -> None:
    agency = next(one for one in CITY if one.kind is Kind.AGENCY)
    notice = next(one for one in CITY if one.kind is Kind.NOTICE)
    assert [one.key for one in judging.named("item:DG-B-24", CITY)] == ["item:DG-B-24"]
    assert agency in judging.named(f"agency:{agency.title[:8]}", CITY)
    assert judging.named(f"notice:{notice.codes[0].lower()}", CITY) == [notice]
    item, town = notice.item_codes[0], notice.town_code
    here = judging.named(f"notices:{item}@{town}", CITY)
    assert notice in here
    assert here == [one for one in judging.named(f"notices:{item}", CITY) if one.town_code == town]
    assert all(one in judging.named(f"notices:*@{town}", CITY) for one in here)
    assert {one.kind for one in judging.named(f"agencies:{agency.item_codes[0]}", CITY)} == {Kind.AGENCY}


def test_the_highest_grade_counts_and_a_dead_answer_is_refused() -> None:
    item = next(one for one in CITY if one.key == "item:DG-B-24")
    assert judging.grades(Question("", "x", {"item:DG-B-24": 1, "item:环境影响报告书": 3}), [item]) == {item.key: 3}
    asked: list[Document] = [item]
    with pytest.raises(DataFileError, match="no such thing"):
        list(judging.judge([Question("", "no such thing", {"item:none": 3})], asked, lambda _text: ([], 0)))
    verdicts = list(judging.judge([Question("", "环评", {item.key: 3})], asked, lambda _text: ([item.key], 1)))
    assert (judging.mean(verdicts), judging.empty_share(verdicts), verdicts[0].first) == (1.0, 0.0, (item.key,))


def test_an_empty_answer_is_counted_among_the_answerable_only() -> None:
    answerable, idle = Question("", "a", {"item:a": 3}), Question("", "b", {})
    assert judging.empty_share([Verdict(answerable, 0, 0, ()), Verdict(idle, 1, 0, ())]) == 1
    assert judging.empty_share([Verdict(answerable, 0.5, 2, ()), Verdict(answerable, 0, 0, ())]) == 0.5
    assert (judging.mean([]), judging.empty_share([])) == (0, 0)


def test_questions_about_another_world_are_left_out() -> None:
    item = next(one for one in CITY if one.kind is Kind.ITEM)
    here = Question("", "环评", {item.key: 3, "agency:nobody": 1})
    elsewhere = Question("", "某某", {"agency:nobody": 3})
    idle = Question("", "xyzzyq", {})
    assert judging.parted([elsewhere, here, idle], CITY) == ([here, idle], [elsewhere])


def test_the_kept_questions_are_many_of_every_way_and_name_what_there_is() -> None:
    questions = judging.read(judging.JUDGED)
    assert len(questions) >= 300
    assert len({one.text for one in questions}) == len(questions)
    ways = {one.way for one in questions}
    assert {"简体", "繁体", "拼音", "首字母", "英文", "错字", "混合", "文号", "机构", "公告", "编号"} <= ways
    items = {one.code for one in catalogue.items()}
    for one in questions:
        assert 3 in one.answers.values(), one.text
        for name in one.answers:
            kind, _sign, rest = name.partition(":")
            assert kind not in {"item", "agencies", "notices"} or rest.partition("@")[0] in {*items, "*"}, name
            assert kind != "schedule" or rest in SCHEDULES, name
