"""Turns of the day: reckoned by anybody, even over many days, and bounded in what they give."""

from datetime import date, timedelta
from hashlib import sha256

from search import rotation
from search.backend import Query
from search.documents import Document, Kind
from search.memory_backend import MemoryBackend

DAY = date(2026, 11, 29)


def agency(number: int, rating: float | None = None) -> Document:
    boosts = {"standing": 0.3 * rating} if rating is not None else {}
    return Document(
        Kind.AGENCY, str(number), f"东莞第{number}监理公司", f"/agencies/{number}", about=("工程监理",), rating=rating,
        boosts=boosts,
    )  # fmt: skip


def order(backend: MemoryBackend, day: date) -> list[str]:
    hits = backend.search(Query("监理", seed=rotation.seed_of(day), size=50)).hits
    return [hit.document.id for hit in hits]


def test_a_turn_is_what_anybody_reckons_from_the_day() -> None:
    seed = sha256(b"market-search 2026-11-29").hexdigest()
    assert rotation.seed_of(DAY) == seed
    first = int.from_bytes(sha256(f"{seed} agency:7".encode()).digest()[:8], "big")
    assert rotation.turn(seed, "agency:7") == first / 2**64
    assert 0 <= rotation.turn(seed, "agency:7") < 1


def test_the_unrated_take_turns_and_each_is_first_about_as_often() -> None:
    backend = MemoryBackend(agency(number) for number in range(5))
    firsts = [order(backend, DAY + timedelta(days=days))[0] for days in range(200)]
    for number in range(5):
        assert 20 <= firsts.count(str(number)) <= 60
    assert order(backend, DAY) == order(backend, DAY)


def test_the_best_rated_is_never_behind_the_unrated_and_no_seed_takes_no_turns() -> None:
    backend = MemoryBackend([agency(1, 1.0), *(agency(number) for number in range(2, 9))])
    for days in range(40):
        assert order(backend, DAY + timedelta(days=days))[0] == "1"
    plain = [hit.document.id for hit in backend.search(Query("监理")).hits]
    assert plain == ["1", *sorted(plain[1:])]
