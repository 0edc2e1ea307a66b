"""What a typed line is understood as: synonyms, pinyin, slips, towns, sizes."""

import contextlib
import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from search.plan import ChipKind
from search.query import corrected, read
from search.vocabulary import Via, distance, town_by_pinyin


def meanings(text: str) -> set[str]:
    return {one.text for term in read(text).terms for one in term.alternatives}


@pytest.mark.parametrize("typed", ["环评", "環評", "huanping", "hp", "huan ping", "HuanPing", "eia", "环境评价"])
def test_many_ways_to_ask_mean_one_thing(typed: str) -> None:
    assert "环境影响评价" in meanings(typed)


def test_a_narrower_word_does_not_find_its_neighbour() -> None:
    assert "环境影响报告书" in meanings("环评")
    assert "环境影响报告书" not in meanings("环境影响报告表")


def test_a_line_is_cut_into_town_size_and_words() -> None:
    plan = read("長安廠房 环评 3200万")
    assert [(chip.kind, chip.value) for chip in plan.chips] == [
        (ChipKind.TOWN, "441900119"),
        (ChipKind.AMOUNT, "3200000000"),
    ]
    assert plan.amount_fen == 32_000_000_00
    assert [term.text for term in plan.terms] == ["厂房", "环评"]
    assert plan.chips[0].text == "長安"
    assert plan.chips[0].rest == "廠房 环评 3200万"


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("3200万", 3_200_000_000),
        ("0.32亿", 3_200_000_000),
        ("３２００万元", 3_200_000_000),
        ("1,500元", 150_000),
        ("5w", 5_000_000),
    ],
)
def test_an_amount_is_read_however_it_is_typed(typed: str, fen: int) -> None:
    assert read(typed).amount_fen == fen


@pytest.mark.parametrize(
    ("typed", "band"),
    [
        ("5万以下", (None, 5_000_001)),
        ("低于5万", (None, 5_000_001)),
        ("3-5万", (3_000_000, 5_000_001)),
        ("3万到5万元", (3_000_000, 5_000_001)),
        ("10万以上", (10_000_000, None)),
    ],
)
def test_a_limit_is_a_price(typed: str, band: tuple[int | None, int | None]) -> None:
    assert read(f"监理 {typed}").conditions.prices == (band,)
    assert [term.text for term in read(f"监理 {typed}").terms] == ["监理"]


@pytest.mark.parametrize("typed", ["万江", "萬江街道", "wanjiang", "Wanjiang Subdistrict"])
def test_a_town_is_known_by_every_name(typed: str) -> None:
    assert [code for code, _ in read(typed).conditions.towns] == ["441900005"]


@pytest.mark.parametrize("typed", ["长按", "changann", "changa", "虎们"])
def test_a_misspelt_town_is_not_guessed(typed: str) -> None:
    assert read(typed).conditions.towns == ()
    assert town_by_pinyin(typed) is None
    assert "镇" not in (corrected(read(typed)) or "")


@pytest.mark.parametrize(
    "typed",
    [
        "计价格[2002]1980号",
        "计价格〔2002〕1980号",
        "计价格(2002)1980号",
        "計價格2002 1980號",
        "计价格2002第1980号",
        "国家计委计价格[2002]1980号",
        "计价格[2002]1980",
    ],
)
def test_a_document_number_is_read_in_any_spelling(typed: str) -> None:
    plan = read(f"{typed} 收费")
    assert [chip.kind for chip in plan.chips] == [ChipKind.DOCUMENT]
    assert plan.terms[0].alternatives[0].text == "2002#1980"
    assert plan.terms[0].alternatives[0].via is Via.CODE


@pytest.mark.parametrize("typed", ["DG-2026-031842", "dg2026031842", "DG 2026 031842"])
def test_a_notice_number_is_read(typed: str) -> None:
    assert read(typed).terms[0].alternatives[0].text == "dg2026031842"


def test_a_month_is_a_span_of_beijing_days() -> None:
    ((start, end),) = read("2026年12月 监理").conditions.days
    assert (start.isoformat(), end.isoformat()) == ("2026-12-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00")
    assert read("2026年13月").conditions.days == ()


def test_a_stage_stands_alone() -> None:
    assert read("竣工验收").conditions.stages == ("completion",)
    assert read("竣工验收测量").conditions.stages == ()


def test_a_state_and_a_share_are_conditions() -> None:
    plan = read("监理 报价中 准时率90%以上")
    assert plan.conditions.states == ("open",)
    assert plan.conditions.on_time == 0.9


def test_words_of_a_question_are_not_demanded() -> None:
    assert [term.text for term in read("办环评要多少钱").required] == ["环评"]
    assert [term.text for term in read("多少钱").required] == ["多少钱"]


def test_single_characters_stay_together() -> None:
    assert [term.text for term in read("环凭").terms] == ["环凭"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("环凭", "环评"),
        ("厂房还评", "厂房环评"),
        ("环境影晌评价", "环境影响评价"),
        ("水土保寺方案", "水土保持方案"),
        ("enviromental", "environmental"),
        ("huanjinyinxiangpingjia", "环境影响评价"),
        ("zaojiazixun", "造价咨询"),
    ],
)
def test_a_misspelling_is_mended(typed: str, meant: str) -> None:
    assert corrected(read(typed)) == meant


def test_what_is_right_is_left_alone() -> None:
    assert corrected(read("长安 环评")) is None
    assert corrected(read("xyzzy 1234")) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("环" * 121, "query-too-long"),
        (" ".join(f"词{number}" for number in range(30)), "query-too-many-words"),
        ("*", "query-wildcard"),
        ("*评", "query-wildcard"),
        ("a*", "query-wildcard"),
        ("环*评*", "query-wildcard"),
    ],
)
def test_an_absurd_line_is_refused_with_a_code(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(typed)
    assert refusal.value.code == code
    assert refusal.value.facts["field"] == "q"


def test_a_star_behind_a_word_asks_for_beginnings() -> None:
    (term,) = read("environ*").terms
    assert term.prefix
    assert term.text == "environ"


@given(st.text(max_size=140))
@settings(max_examples=300, deadline=None)
def test_any_line_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Invalid):
        plan = read(text)
        assert all(len(chip.rest) < len(plan.text) for chip in plan.chips)
        corrected(plan)


def test_distance_counts_letters_up_to_a_limit() -> None:
    draw = random.Random(5)
    for _ in range(300):
        left = "".join(draw.choices(string.ascii_lowercase[:4], k=draw.randint(0, 7)))
        right = "".join(draw.choices(string.ascii_lowercase[:4], k=draw.randint(0, 7)))
        assert distance(left, right, 2) == min(plain_distance(left, right), 3)


def plain_distance(left: str, right: str) -> int:
    if not left or not right:
        return len(left) + len(right)
    return min(
        plain_distance(left[1:], right) + 1,
        plain_distance(left, right[1:]) + 1,
        plain_distance(left[1:], right[1:]) + (left[0] != right[0]),
    )


@pytest.mark.parametrize("typed", ["1.8万平方米厂房 地勘", "地勘 3000㎡", "160米 地勘", "地勘 200多亩"])
def test_how_large_a_thing_is_is_no_price_and_narrows_nothing(typed: str) -> None:
    plan = read(typed)
    assert [one.text for one in plan.required] == ["地勘"]
    assert plan.amount_fen is None


def test_a_number_decides_and_other_words_only_lift() -> None:
    plan = read("2026-441900-47-01-201700 这个工程的图纸")
    assert [one.text for one in plan.required] == ["2026-441900-47-01-201700"]
    assert plan.required[0].alternatives[0].text == "202644190047 01201700".replace(" ", "")
    assert read("2026—000293号").required[0].alternatives[0].text == "2026000293"


def test_the_end_of_a_number_is_filled_with_zeros() -> None:
    assert "dg2026000093" in [one.text for one in read("DG-2026-93").terms[0].alternatives]


def test_the_number_of_a_service_means_its_name_too() -> None:
    plan = read("ＤＧ－Ｂ－３１")
    assert [one.via for one in plan.terms[0].alternatives] == [Via.CODE, Via.SYNONYM]
    assert plan.terms[0].alternatives[1].text.startswith("水土保持方案")


@pytest.mark.parametrize(
    ("typed", "kinds", "words"),
    [
        ("塘厦公告", ("notice",), []),
        ("监理 公告", ("notice",), ["监理"]),
        ("望牛墩最近有什么项目", ("notice",), []),
        ("虎门的中介机构", ("agency",), []),
        ("公告怎么发", (), ["公告", "发"]),
        ("虎门 监理公司", (), ["监理"]),
    ],
)
def test_a_word_for_a_kind_asks_for_that_kind_beside_a_town_or_a_service(
    typed: str, kinds: tuple[str, ...], words: list[str]
) -> None:
    plan = read(typed)
    assert plan.conditions.kinds == kinds
    assert [one.text for one in plan.required] == words
    assert [chip.value for chip in plan.chips if chip.kind is ChipKind.KIND] == list(kinds)


def test_a_state_before_a_word_is_a_condition_and_inside_one_is_not() -> None:
    assert read("正在报价的测绘").conditions.states == ("open",)
    assert read("流标怎么办").conditions.states == ()


def test_what_holds_for_the_whole_city_passes_a_town_only_beside_words() -> None:
    assert read("长安 监理").conditions.general
    assert not read("长安").conditions.general
    assert read("监理").conditions.general


@pytest.mark.parametrize("typed", ["DG-2026", "dg2026", "DG-2026-03", "dg 2026"])
def test_the_beginning_of_a_number_asks_for_all_that_begin_so(typed: str) -> None:
    (term,) = read(typed).terms
    assert term.prefix
    assert term.alternatives[0].via is Via.CODE


@pytest.mark.parametrize(
    ("typed", "needed", "beside"),
    [
        ("国有资产评估", ["国有", "资产评估"], ["国有"]),
        ("长安厂房 环评", ["环评"], []),
        ("厂房", ["厂房"], []),
        ("工程监理收费标准", ["工程监理"], []),
        ("科正检测", ["科正", "检测"], ["科正"]),
        ("科正 检测", ["科正", "检测"], []),
    ],
)
def test_what_stands_beside_a_service_tells_more_of_it(typed: str, needed: list[str], beside: list[str]) -> None:
    plan = read(typed)
    assert [term.text for term in plan.required] == needed
    services = plan.without_asides()
    left = [] if services is None else [one for one in needed if one not in {term.text for term in services.required}]
    assert left == beside


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("地质灾害评价", "地质灾害危险性评估"),
        ("工程预算", "工程造价咨询"),
        ("安全评估", "安全预评价"),
        ("洪水评估", "洪水影响评价"),
        ("避雷针检测", "雷电防护装置检测"),
        ("房产证测绘", "房产测绘"),
        ("geotech survey", "工程勘察"),
        ("construction cost", "工程造价咨询"),
    ],
)
def test_what_people_call_a_service_means_it(typed: str, meant: str) -> None:
    assert meant in {one.text for term in read(typed).terms for one in term.alternatives}
