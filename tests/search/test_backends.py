"""What a reader finds through each engine, held against reading every document one by one."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from search import analysis
from search.backend import Dimension, Filters, Hit, Query, Relaxed, SearchBackend, Sort
from search.documents import Document, Kind, dumps, loads
from search.faceting import PRICE_BANDS, RATINGS, SHARES, band_value, read_band
from search.folding import fold
from search.memory_backend import MemoryBackend
from search.vocabulary import Via
from search.whoosh_backend import WhooshBackend
from tests.search import corpus

CITY = corpus.city()
BY_KEY = {document.key: document for document in CITY}


def keys(backend: SearchBackend, query: Query) -> list[str]:
    """Return every hit's key, turning all pages."""
    found: list[str] = []
    page = 1
    while True:
        results = backend.search(Query(query.text, query.kind, query.filters, query.sort, page, 50))
        found += [hit.document.key for hit in results.hits]
        if len(found) >= results.total or not results.hits:
            assert len(found) == len(set(found)) == results.total
            return found
        page += 1


def text_of(document: Document) -> str:
    return fold(" \n ".join((document.title, *document.names, *document.about, document.body)))


@pytest.mark.parametrize(
    "typed",
    [
        "环评",
        "環評",
        "huanping",
        "hp",
        "EIA",
        "环凭",
        "还评",
        "环境影晌评价",
        "办环评找谁",
        "长安厂房 环评 3200万",
    ],
)
def test_the_item_is_found_however_it_is_asked_for(backend: SearchBackend, typed: str) -> None:
    first = [hit.document.key for hit in backend.search(Query(typed)).hits[:3]]
    assert first[0] in {"item:DG-B-24", "item:DG-B-25"}
    assert {"item:DG-B-24", "item:DG-B-25"} <= set(first)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("图审", "item:DG-C-50"),
        ("tushen", "item:DG-C-50"),
        ("水保方案", "item:DG-B-31"),
        ("可研", "item:DG-A-02"),
        ("feasibility study", "item:DG-A-02"),
        ("gongchengzaojia", "item:DG-C-55"),
        ("造价", "item:DG-C-55"),
        ("多测合一", "item:DG-D-61"),
        ("施工監理", "item:DG-C-53"),
        ("树木保护", "item:DG-C-60"),
        ("DG-2026-000042", "notice:42"),
        ("dg 2026 000042", "notice:42"),
        ("000042", "notice:42"),
        ("DG-A-03", "item:DG-A-03"),
        ("计价格[2002]1980号", "schedule:tender-agency"),
        ("计价格（2002）1980", "schedule:tender-agency"),
        ("1980号", "schedule:tender-agency"),
        ("粤价函2011 742号", "schedule:cost-consulting"),
        ("enviromental impact", "item:DG-B-24"),
    ],
)
def test_a_name_or_number_lands_on_its_thing(backend: SearchBackend, typed: str, key: str) -> None:
    assert key in [hit.document.key for hit in backend.search(Query(typed)).hits[:2]]


def test_half_a_name_finds_the_agency(backend: SearchBackend) -> None:
    agency = next(one for one in CITY if one.kind is Kind.AGENCY)
    for half in (agency.title[3:8], agency.title[4:7]):
        assert agency.key in keys(backend, Query(f'"{half}"'))


PIECES = (
    "踏勘",
    "按期交付",
    "评价报告",
    "专家",
    "境影",
    "物流中心",
    "00",
    "保护",
    "期",
    "工程监理",
    "影响评价",
    "与相关服务",
    "技术服务",
)


@pytest.mark.parametrize("piece", PIECES)
def test_a_quoted_piece_is_found_exactly_where_it_stands(backend: SearchBackend, piece: str) -> None:
    expected = {document.key for document in CITY if piece in text_of(document)}
    if len(piece) == 1:
        assert set(keys(backend, Query(piece))) == expected
    elif expected:
        assert set(keys(backend, Query(f"“{piece}”"))) == expected
    else:
        assert backend.search(Query(f"“{piece}”")).relaxed is not Relaxed.NOTHING


def test_no_document_with_the_words_is_missed(backend: SearchBackend) -> None:
    draw = random.Random(7)
    for _ in range(60):
        text = max(text_of(draw.choice(CITY)).split(), key=len)
        start = draw.randrange(max(1, len(text) - 5))
        piece = text[start : start + draw.randint(2, 5)]
        if not all("\u4e00" <= char <= "\u9fff" for char in piece):
            continue
        results = backend.search(Query(f"“{piece}”"))
        assert results.total == sum(piece in text_of(document) for document in CITY), piece


def test_latin_words_are_matched_whole(backend: SearchBackend) -> None:
    assert backend.search(Query("survey")).total == backend.search(Query("Surveys")).total > 0
    found = backend.search(Query("urve"))
    assert found.relaxed is not Relaxed.NOTHING or found.total == 0
    assert set(keys(backend, Query("sur*"))) >= set(keys(backend, Query("survey")))


FILTERS = (
    (None, Filters()),
    (Kind.AGENCY, Filters()),
    (Kind.AGENCY, Filters(grades=("A", "B"))),
    (None, Filters(towns=("441900119", "441900005"))),
    (Kind.AGENCY, Filters(on_time=0.9, grades=("A",))),
    (Kind.NOTICE, Filters(states=("open",), prices=((1_000_000, 3_000_000),))),
    (None, Filters(stages=("completion",), rating=0.8)),
    (None, Filters(items=("DG-B-25", "DG-C-53"))),
    (Kind.AGENCY, Filters(prices=((None, 1_000_000), (50_000_000, None)), on_time=0.8)),
)


def value_sets(document: Document) -> dict[Dimension, set[str]]:
    """Say by plain reading what a document counts under."""
    price, on_time, rating = document.price_fen, document.on_time, document.rating
    return {
        Dimension.KIND: {document.kind.value},
        Dimension.TOWN: {document.town_code} - {""},
        Dimension.ITEM: set(document.item_codes),
        Dimension.STAGE: set(document.stages),
        Dimension.GRADE: {document.grade} - {""},
        Dimension.STATE: {document.state} - {""},
        Dimension.PRICE: {
            band_value((low, high))
            for low, high in PRICE_BANDS
            if price is not None and (low or 0) <= price and (high is None or price < high)
        },
        Dimension.ON_TIME: {str(share) for share in SHARES if on_time is not None and on_time >= share},
        Dimension.RATING: {str(share) for share in RATINGS if rating is not None and rating >= share},
    }


def failing(document: Document, kind: Kind | None, filters: Filters) -> set[Dimension]:
    """Say by plain reading which filters a document fails."""
    price, on_time, rating = document.price_fen, document.on_time, document.rating
    verdicts = {
        Dimension.KIND: kind is None or document.kind is kind,
        Dimension.TOWN: not filters.towns or document.town_code in filters.towns,
        Dimension.ITEM: not filters.items or bool(set(filters.items) & set(document.item_codes)),
        Dimension.STAGE: not filters.stages or bool(set(filters.stages) & set(document.stages)),
        Dimension.GRADE: not filters.grades or document.grade in filters.grades,
        Dimension.STATE: not filters.states or document.state in filters.states,
        Dimension.PRICE: not filters.prices
        or (price is not None and any((low or 0) <= price < (high or 10**18) for low, high in filters.prices)),
        Dimension.ON_TIME: filters.on_time is None or (on_time is not None and on_time >= filters.on_time),
        Dimension.RATING: filters.rating is None or (rating is not None and rating >= filters.rating),
    }
    return {dimension for dimension, passed in verdicts.items() if not passed}


@pytest.mark.parametrize("piece", ["", "“评价”", "“监理”"])
@pytest.mark.parametrize(("kind", "filters"), FILTERS)
def test_hits_and_facets_equal_plain_counting(
    backend: SearchBackend, piece: str, kind: Kind | None, filters: Filters
) -> None:
    having = [document for document in CITY if piece.strip("“”") in text_of(document)]
    failed = {document.key: failing(document, kind, filters) for document in having}
    results = backend.search(Query(piece, kind, filters))
    assert set(keys(backend, Query(piece, kind, filters))) == {key for key, missed in failed.items() if not missed}
    for dimension, counted in results.facets.items():
        expected = Counter(
            value
            for document in having
            if failed[document.key] <= {dimension}
            for value in value_sets(document)[dimension]
        )
        assert dict(counted) == dict(expected), dimension
    for dimension, count in results.offers:
        assert count == sum(missed <= {dimension} for missed in failed.values())


def test_every_order_is_the_order_of_its_number(backend: SearchBackend) -> None:
    def run(sort: Sort, kind: Kind) -> list[Document]:
        return [BY_KEY[key] for key in keys(backend, Query("", kind, sort=sort))]

    prices = [one.price_fen for one in run(Sort.PRICE, Kind.NOTICE)]
    known = [price for price in prices if price is not None]
    assert prices[: len(known)] == sorted(known)
    shares = [one.on_time or 0 for one in run(Sort.ON_TIME, Kind.AGENCY)]
    assert shares == sorted(shares, reverse=True)
    ratings = [one.rating or 0 for one in run(Sort.RATING, Kind.AGENCY)]
    assert ratings == sorted(ratings, reverse=True)
    newest = [one.published_at for one in run(Sort.NEWEST, Kind.NOTICE)]
    assert newest == sorted(newest, reverse=True)  # type: ignore[type-var]
    closing = run(Sort.CLOSING, Kind.NOTICE)
    still_open = [one.closes_at for one in closing if one.state == "open"]
    assert [one.closes_at for one in closing][: len(still_open)] == sorted(still_open)  # type: ignore[type-var]


PLAIN = MemoryBackend(CITY)
ASKED = (
    *("", "环评", "huanping", "EIA", "hp", "监理", "评", "长安 监理", "sur*", "20", "3号楼", "办环评找谁", "还评"),
    *(
        "DG-2026-000042",
        "DG-2026-0000",
        "1980号",
        "检测 报告",
        "“按期交付”",
        "“ eia”",
        "“00”",
        "虎门 厂房 环评 3200万",
        "在建",
    ),
    *(
        "国有资产评估",
        "新建厂房环评",
        "计价格[2002]1980号",
        "水土保持方案 A级",
        "准时率90%以上 监理",
        "今年 监理",
        "5万以下 测绘",
    ),
)


@pytest.mark.parametrize("typed", ASKED)
def test_every_engine_counts_the_same(backend: SearchBackend, typed: str) -> None:
    found, plain = backend.search(Query(typed)), PLAIN.search(Query(typed))
    assert found.relaxed is plain.relaxed
    if plain.relaxed in {Relaxed.NOTHING, Relaxed.SPELLING}:
        assert (found.total, found.facets, found.offers) == (plain.total, plain.facets, plain.offers)
        assert (found.chips, found.corrected) == (plain.chips, plain.corrected)


def test_what_is_found_is_what_is_shown(backend: SearchBackend) -> None:
    for query in (Query("监理"), Query("环评", Kind.AGENCY, sort=Sort.RATING, page=2, size=5), Query("", seed="day")):
        shown, found = backend.search(query), backend.find(query)
        assert found.keys == shown.keys == tuple(hit.document.key for hit in shown.hits)
        assert (found.hits, found.total, found.facets, found.offers) == ((), shown.total, shown.facets, shown.offers)
        bare = backend.find(replace(query, counted=False))
        assert (bare.keys, bare.total, bare.facets, bare.offers) == (shown.keys, shown.total, {}, ())


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("kind", [None, Kind.AGENCY])
def test_without_words_every_engine_keeps_the_same_order(backend: SearchBackend, sort: Sort, kind: Kind | None) -> None:
    assert keys(backend, Query("", kind, sort=sort)) == keys(PLAIN, Query("", kind, sort=sort))


def test_standing_lifts_the_same_words(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path)
    twins = [
        Document(Kind.AGENCY, "1", "东莞粤诚监理", "/1"),
        Document(Kind.AGENCY, "2", "东莞粤诚监理", "/2", boosts={"standing": 0.2}),
    ]
    backend.replace_all(twins)
    assert [hit.document.id for hit in backend.search(Query("监理")).hits] == ["2", "1"]


def why(hit: Hit) -> set[tuple[str, str, Via]]:
    return {(one.where, one.found, one.via) for one in hit.why}


def test_each_hit_says_why_it_is_there(backend: SearchBackend) -> None:
    hits = {hit.document.key: hit for hit in backend.search(Query("huanping")).hits}
    assert ("names", "环评", Via.PINYIN) in why(hits["item:DG-B-25"])
    hits = {hit.document.key: hit for hit in backend.search(Query("环评 规范")).hits}
    assert ("about", "环境影响评价", Via.SYNONYM) in why(hits["schedule:environmental-impact"])
    hits = {hit.document.key: hit for hit in backend.search(Query("DG-2026-000042")).hits}
    assert {(one.where, one.typed) for one in hits["notice:42"].why} == {("codes", "dg-2026-000042")}
    hits = {hit.document.key: hit for hit in backend.search(Query("hjyxbg")).hits}
    assert ("pinyin", "环境影响报告表编制", Via.PINYIN) in why(hits["item:DG-B-25"])


def test_marks_show_the_words_in_the_title(backend: SearchBackend) -> None:
    hit = next(hit for hit in backend.search(Query("監理")).hits if hit.document.key == "item:DG-C-53")
    assert [hit.document.title[start:end] for start, end in hit.marks] == ["工程监理"]
    assert all(end > start for start, end in hit.marks)


def test_every_hit_of_plain_words_has_a_reason(backend: SearchBackend) -> None:
    for typed in ("环评", "水土保持", "监理", "检测 报告", "survey", "hp", "评价"):
        for hit in backend.search(Query(typed, size=50)).hits:
            assert hit.why, (typed, hit.document.title)


def test_a_town_in_the_line_keeps_what_holds_everywhere(backend: SearchBackend) -> None:
    results = backend.search(Query("长安 监理"))
    kinds = {hit.document.kind for hit in results.hits}
    assert Kind.ITEM in kinds
    for hit in results.hits:
        assert hit.document.town_code in {"", "441900119"} or "长安" in hit.document.title


def test_too_narrow_a_filter_says_what_leaving_it_brings(backend: SearchBackend) -> None:
    results = backend.search(Query("监理", Kind.AGENCY, Filters(on_time=1.0, grades=("A",), towns=("441900003",))))
    offers = dict(results.offers)
    if results.total == 0:
        assert offers.keys() == {Dimension.KIND, Dimension.ON_TIME, Dimension.GRADE, Dimension.TOWN}
    for dimension, count in offers.items():
        assert count >= results.total, dimension


@pytest.mark.parametrize(
    ("typed", "relaxed"),
    [
        ("粤诚 考古", Relaxed.SOME_WORDS),
        ("物流园", Relaxed.SIMILAR),
        ("还评", Relaxed.SPELLING),
        ("粤城检测", Relaxed.SOME_WORDS),
        ("月成", Relaxed.SOUND),
    ],
)
def test_a_search_gives_way_a_step_at_a_time(backend: SearchBackend, typed: str, relaxed: Relaxed) -> None:
    results = backend.search(Query(typed))
    assert results.relaxed is relaxed
    assert results.total > 0


@pytest.mark.parametrize("typed", ["xyzzyq", "DG-2026-999999"])
def test_what_means_nothing_finds_nothing(backend: SearchBackend, typed: str) -> None:
    assert backend.search(Query(typed)).total == 0


def test_the_number_of_a_document_that_is_not_here_finds_what_is_like_it(backend: SearchBackend) -> None:
    assert backend.search(Query("计价格[2002]1981号")).total > 0


def test_suggestions_go_on_as_was_typed(backend: SearchBackend) -> None:
    for typed in ("环境", "huanjing", "hjyx", "环"):
        titles = [one.title for one in backend.suggest(typed)]
        assert titles, typed
        assert any("环" in title for title in titles[:3])
    assert next(one.url for one in backend.suggest("DG-2026-00004")).startswith("/needs/")
    assert backend.suggest("") == backend.suggest("  *") == ()
    assert len(backend.suggest("东", limit=5)) == 5


def test_names_that_begin_as_typed_come_first_however_much_was_typed(backend: SearchBackend) -> None:
    named = backend.suggest("环境影响报告书")[0].title
    spelled = analysis.pinyin_of(named)
    for length in range(1, len(named) + 1):
        assert all(one.title.startswith(named[:length]) for one in backend.suggest(named[:length], limit=1)), length
    for length in range(2, 12):
        assert analysis.pinyin_of(backend.suggest(spelled[:length], limit=1)[0].title).startswith(spelled[:length])
    assert backend.suggest(named, limit=1)[0].title == named


def test_a_document_comes_back_as_it_went_in() -> None:
    for document in CITY:
        assert loads(dumps(document)) == document


@pytest.mark.parametrize("value", ["", "-", "1-2-3", "x-5", "5", "٣-5", f"{'9' * 20}-"])
def test_an_odd_price_band_is_no_band_or_an_open_one(value: str) -> None:
    assert read_band(value) in (None, (None, None))


def test_price_bands_go_through_an_address() -> None:
    assert [read_band(band_value(band)) for band in PRICE_BANDS] == list(PRICE_BANDS)
