"""What each engine finds for those who tell what they need, where they are or what they would pay, and not its name."""

import pytest

from search import analysis, lexicon
from search.backend import Filters, Query, Relaxed, SearchBackend
from search.documents import Kind


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("打井取水要做的论证", "DG-B-34"),
        ("刚装修完的办公室有味道 测甲醛", "DG-D-64"),
        ("新楼盖好会挡隔壁的太阳", "DG-A-20"),
        ("roof load for solar panels", "DG-C-58"),
    ],
)
def test_who_tells_what_for_finds_the_service_and_who_offers_it(backend: SearchBackend, typed: str, code: str) -> None:
    results = backend.search(Query(typed))
    assert code in results.hits[0].document.item_codes
    assert all(hit.why for hit in results.hits[:5])


def test_what_was_recognised_is_left_out_where_nothing_fits_it(backend: SearchBackend) -> None:
    plain = backend.search(Query("环评"))
    narrowed = backend.search(Query("环评 已撤回 2019年"))
    assert narrowed.relaxed is Relaxed.CONDITIONS
    assert (narrowed.total, narrowed.facets) == (plain.total, plain.facets)
    assert [chip.text for chip in narrowed.chips] == ["已撤回", "2019年"]
    assert backend.search(Query("环评 已撤回 2019年", counted=False)).total == plain.total


def test_a_town_alone_shows_what_is_there_and_not_what_holds_everywhere(backend: SearchBackend) -> None:
    some = backend.search(Query("监理", Kind.AGENCY)).hits[0].document.town_code
    town = next(one for one in lexicon.towns() if one.code == some).stem
    for typed in (town, analysis.pinyin_of(town), f"{town}的机构", "长安有什么项目", "长安公告"):
        hits = backend.search(Query(typed, size=100)).hits
        kinds = {hit.document.kind for hit in hits}
        assert hits, typed
        assert kinds <= {Kind.AGENCY, Kind.NOTICE}, typed
        if typed.endswith(("项目", "公告")):
            assert kinds == {Kind.NOTICE}
        if typed.endswith("机构"):
            assert kinds == {Kind.AGENCY}


def test_the_number_of_a_service_finds_who_offers_it(backend: SearchBackend) -> None:
    hits = backend.search(Query("DG-D-63", size=50)).hits
    assert hits[0].document.key == "item:DG-D-63"
    assert {Kind.AGENCY, Kind.NOTICE} <= {hit.document.kind for hit in hits}


def test_a_short_word_nobody_uses_finds_what_has_its_characters(backend: SearchBackend) -> None:
    results = backend.search(Query("考梁"))
    assert results.relaxed is Relaxed.SIMILAR
    assert any("考古" in hit.document.title for hit in results.hits)


@pytest.mark.parametrize("typed", ["环评多少钱", "环评收费标准", "how much does an EIA cost"])
def test_who_asks_what_a_service_costs_finds_its_schedule_beside_it(backend: SearchBackend, typed: str) -> None:
    first = [hit.document.key for hit in backend.search(Query(typed)).hits[:4]]
    assert {"schedule:environmental-impact", "item:DG-B-24", "item:DG-B-25"} <= set(first)


def test_few_hits_of_a_town_are_followed_by_those_of_others(backend: SearchBackend) -> None:
    for town in lexicon.towns():
        results = backend.search(Query(f"{town.stem} 监理"))
        if 0 < results.total < 10:
            break
    found = [hit.document for hit in results.hits]
    beside = [hit.document for hit in results.beside]
    assert len(found) + len(beside) == 10
    assert not {one.key for one in found} & {one.key for one in beside}
    assert not any(one.town_code == town.code for one in beside)
    assert beside[0].kind is Kind.AGENCY
    everywhere = backend.search(Query("监理", size=100))
    assert {one.key for one in beside} <= {hit.document.key for hit in everywhere.hits}
    assert backend.search(Query("监理")).beside == ()
    assert backend.search(Query("监理", filters=Filters(towns=(town.code,)))).beside == ()
    assert backend.search(Query(f"{town.stem} 监理", page=2)).beside == ()


@pytest.mark.parametrize("typed", ["业主资料迟迟不给，工期能不能先停表"])
def test_a_city_without_guides_still_answers_who_asks_how(backend: SearchBackend, typed: str) -> None:
    assert backend.search(Query(typed)).total > 0
