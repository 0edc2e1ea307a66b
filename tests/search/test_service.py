"""Documents from the tables, and the way of a change into the index."""

import shutil
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from agencies.fees import register
from agencies.registration.lifecycle import RegistrationState
from agencies.registration.models import Agency
from core.errors import Unavailable
from core.work import Works
from marketplace.needs.lifecycle import NeedState
from search import queries, service
from search.backend import Query
from search.documents import Kind, dumps
from search.models import WaitingDocument
from search.service import Found
from tests.search.world import Shop


def rebuilt(works: Works) -> int:
    with works.reading() as work:
        return service.rebuild(work)


def ask(works: Works, text: str, kind: Kind | None = None) -> Found:
    with works.reading() as work:
        return service.search(work, Query(text, kind))


def keys(works: Works, text: str, kind: Kind | None = None) -> list[str]:
    return [hit.document.key for hit in ask(works, text, kind).results.hits]


def waiting(works: Works) -> int:
    with works.reading() as work:
        return work.session.scalar(select(func.count()).select_from(WaitingDocument)) or 0


def test_every_public_thing_is_indexed_and_nothing_else(shop: Shop, index: Path) -> None:
    shop.agency("东莞粤诚环境科技有限公司", "DG-B-25")
    shop.agency("东莞草稿咨询有限公司", "DG-B-25", state=RegistrationState.DRAFT, listed_at=None)
    shop.notice("长安厂房扩建", "DG-B-25")
    shop.notice("没有发布的厂房", "DG-B-25", state=NeedState.DRAFT)
    count = rebuilt(shop.works)
    assert count == 72 + len(register.SCHEDULES) + 2
    assert keys(shop.works, "粤诚")[0].startswith("agency:")
    assert keys(shop.works, "厂房扩建")[0].startswith("notice:")
    assert not any(hit.document.title == "没有发布的厂房" for hit in ask(shop.works, "没有发布的厂房").results.hits)


def test_what_the_names_of_the_items_say_is_found(shop: Shop, index: Path) -> None:
    rebuilt(shop.works)
    assert {"item:DG-B-24", "item:DG-B-25"} <= set(keys(shop.works, "环评")[:2])
    assert keys(shop.works, "计价格〔2002〕1980号")[0] == "schedule:tender-agency"
    assert keys(shop.works, "tendering agency", Kind.SCHEDULE)[0] == "schedule:tender-agency"
    assert keys(shop.works, "招标代理收费", Kind.SCHEDULE)[0] == "schedule:tender-agency"


def test_no_contact_and_no_person_is_in_the_index(shop: Shop, index: Path) -> None:
    need = shop.notice("厂房", "DG-B-25", contact_name="陈静", contact_phone="13800138000", complaint_phone="22220000")
    agency = shop.agency("东莞甲公司", "DG-B-25", contact_name="王五", contact_mobile="13900139000")
    with shop.works.reading() as work:
        drawn = queries.notice_documents(work.session, [need])
        drawn += queries.agency_documents(work.session, [agency], work.clock.now())
    texts = " ".join(dumps(one) for one in drawn)
    for secret in ("陈静", "13800138000", "22220000", "王五", "13900139000"):
        assert secret not in texts


def test_a_change_waits_and_is_carried_in_once(shop: Shop, index: Path) -> None:
    agency = shop.agency("东莞粤诚环境科技有限公司", "DG-B-25")
    rebuilt(shop.works)
    with shop.works.system() as work:
        row = work.session.get_one(Agency, agency)
        row.name = "东莞鼎正环境科技有限公司"
        work.record(row, "test.renamed")
        service.index_agency(work, {"id": agency})
        service.index_agency(work, {"id": 99, "agency_id": agency})
    assert keys(shop.works, "鼎正") != [f"agency:{agency}"]
    assert service.flush(shop.works) == 1
    assert waiting(shop.works) == 0
    assert keys(shop.works, "鼎正") == [f"agency:{agency}"]
    assert service.flush(shop.works) == 0


def test_a_change_that_was_carried_in_but_not_forgotten_is_carried_again(shop: Shop, index: Path) -> None:
    rebuilt(shop.works)
    need = shop.notice("长安厂房扩建", "DG-B-25")
    with shop.works.system() as work:
        service.index_need(work, {"id": need})
    with shop.works.reading() as work:
        service._carry(work, {Kind.NOTICE: {need}})
    assert keys(shop.works, "厂房扩建") == [f"notice:{need}"]
    assert service.flush(shop.works) == 1
    assert keys(shop.works, "厂房扩建") == [f"notice:{need}"]


def test_a_note_made_while_flushing_is_kept(shop: Shop, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilt(shop.works)
    need = shop.notice("长安厂房扩建", "DG-B-25")
    carry = service._carry

    def meanwhile(work: object, changed: object) -> None:
        carry(work, changed)  # type: ignore[arg-type]
        with shop.works.system() as other:
            service.index_need(other, {"need_id": need, "id": 1})

    with shop.works.system() as work:
        service.index_need(work, {"id": need})
    monkeypatch.setattr(service, "_carry", meanwhile)
    service.flush(shop.works)
    assert waiting(shop.works) == 1


def test_what_is_suspended_or_gone_is_not_shown_even_before_the_index_knows(shop: Shop, index: Path) -> None:
    agency = shop.agency("东莞粤诚环境科技有限公司", "DG-B-25")
    rebuilt(shop.works)
    with shop.works.system() as work:
        row = work.session.get_one(Agency, agency)
        row.state = RegistrationState.SUSPENDED
        work.record(row, "test.suspended")
    assert f"agency:{agency}" not in keys(shop.works, "粤诚")
    with shop.works.reading() as work:
        assert service.suggest(work, "粤诚") == ()
    with shop.works.system() as work:
        service.index_agency(work, {"id": agency})
        service.index_need(work, {"id": 4711})
    service.flush(shop.works)
    assert service.backend().search(Query("粤诚", Kind.AGENCY)).total == 0


def test_without_an_index_the_database_answers(shop: Shop, index: Path) -> None:
    agency = shop.agency("东莞粤诚环境科技有限公司", "DG-B-25")
    need = shop.notice("长安厂房扩建环评", "DG-B-25")
    assert service.health() == "none-built"
    found = ask(shop.works, "环评")
    assert found.degraded
    assert {"item:DG-B-25", f"notice:{need}"} <= {hit.document.key for hit in found.results.hits}
    assert [hit.document.key for hit in ask(shop.works, "粤诚").results.hits] == [f"agency:{agency}"]
    assert ask(shop.works, "100%_\\").degraded


def test_a_lost_index_is_built_anew_by_the_next_change(shop: Shop, index: Path) -> None:
    rebuilt(shop.works)
    shutil.rmtree(index)
    assert service.health() == "none-built"
    need = shop.notice("长安厂房扩建", "DG-B-25")
    with shop.works.system() as work:
        service.index_need(work, {"id": need})
    service.flush(shop.works)
    assert service.health() == "ok"
    assert keys(shop.works, "厂房扩建") == [f"notice:{need}"]
    assert not ask(shop.works, "环评").degraded


def test_a_busy_writer_leaves_the_change_waiting(shop: Shop, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilt(shop.works)
    need = shop.notice("长安厂房扩建", "DG-B-25")
    with shop.works.system() as work:
        service.index_need(work, {"id": need})

    def busy(*_: object) -> None:
        raise Unavailable("search-index-busy")

    monkeypatch.setattr(type(service.backend()), "put", busy)
    with pytest.raises(Unavailable):
        service.flush(shop.works)
    monkeypatch.undo()
    assert waiting(shop.works) == 1


def test_standing_and_punctuality_come_from_the_agency(shop: Shop, index: Path) -> None:
    agency = shop.agency(
        "东莞粤诚环境科技有限公司", "DG-B-25", grade="A", standing_low_milli=4500, on_time_milli=950, contracts_n=10
    )
    with shop.works.reading() as work:
        (document,) = queries.agency_documents(work.session, [agency], work.clock.now())
    assert (document.grade, document.rating, document.on_time) == ("A", 0.9, 0.95)
    assert document.boosts == {"standing": pytest.approx(0.27), "activity": pytest.approx(0.05)}


def test_an_unknown_engine_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="choose one of whoosh"):
        service.configure(tmp_path, "sphinx")
    with pytest.raises(ValueError, match="DATABASE_URL"):
        service.configure(tmp_path, "postgresql", "sqlite:///market.sqlite3")
    with pytest.raises(ValueError, match="SEARCH_URL"):
        service.configure(tmp_path, "opensearch")


def test_an_engine_that_is_not_installed_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tantivy", None)
    monkeypatch.delitem(sys.modules, "search.tantivy_backend", raising=False)
    with pytest.raises(ValueError, match="requirements-tantivy"):
        service.configure(tmp_path, "tantivy")
