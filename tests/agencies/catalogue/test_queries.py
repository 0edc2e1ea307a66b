"""The catalogue in tables: loaded once, loaded again, and the parameter in force on a day."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from agencies.catalogue import queries, reference
from agencies.catalogue.models import Rule, ServiceItem
from agencies.catalogue.reference_types import Fund, ParameterData, ParameterValue, Payer
from agencies.catalogue.service import load_catalogue
from core.audit import AuditLeaf
from core.errors import NotFound
from core.work import Work, Works
from tests.worlds import Worlds

DAY = date(2026, 3, 18)


@pytest.fixture
def catalogue(works: Works, worlds: Worlds) -> Works:
    return worlds.begin("catalogue", works, loaded)


def loaded(works: Works) -> Works:
    with works.system() as work:
        load_catalogue(work)
    return works


def test_every_item_and_parameter_is_loaded_with_its_leaf(catalogue: Works) -> None:
    with catalogue.reading() as work:
        items = queries.all_items(work.session)
        leaves = work.session.scalar(select(func.count()).select_from(AuditLeaf))
        rules = work.session.scalar(select(func.count()).select_from(Rule))
    assert [one.code for one in items] == [one.code for one in reference.items()]
    assert leaves == len(items) + rules


def test_loading_again_changes_nothing(catalogue: Works) -> None:
    with catalogue.system() as work:
        assert load_catalogue(work) == 0


def test_a_row_that_drifted_is_put_right_and_recorded(catalogue: Works) -> None:
    with catalogue.system() as work:
        row = queries.item_by_code(work.session, "DG-A-02")
        row.name = "旧名"
        work.record(row, "test.renamed")
    with catalogue.system() as work:
        assert load_catalogue(work) == 1
        assert [entry.facts for entry in work.entries] == [{"fields": ["name"]}]
    with catalogue.reading() as work:
        assert queries.item_by_code(work.session, "DG-A-02").name == "可行性研究报告编制"


def test_an_unknown_item_is_not_found(catalogue: Works) -> None:
    with catalogue.reading() as work, pytest.raises(NotFound) as refusal:
        queries.item_by_code(work.session, "DG-Z-99")
    assert refusal.value.code == "item-not-found"


def test_an_item_keeps_its_marks_thresholds_and_conflicts(catalogue: Works) -> None:
    with catalogue.reading() as work:
        item = queries.item_by_code(work.session, "DG-B-31")
    data = reference.item("DG-B-31")
    assert item.confidence == data.confidence
    assert item.thresholds[0]["outcome"] == "report"
    assert tuple(item.conflicts) == data.conflicts
    assert item.who_pays in Payer


@pytest.mark.parametrize("parameter", reference.rules().parameters, ids=lambda one: f"{one.key}-{one.fund}")
def test_a_parameter_reads_back_as_the_file_has_it(catalogue: Works, parameter: ParameterData) -> None:
    with catalogue.reading() as work:
        value = queries.rule(work.session, parameter.key, fund=parameter.fund, on=DAY)
    assert value == parameter.value
    assert type(value) is type(parameter.value)


def test_a_parameter_of_an_item_goes_before_that_of_a_town_and_both_before_the_general_one(catalogue: Works) -> None:
    def put(work: Work, value: int, **scope: str) -> None:
        general = queries.rule_row(work.session, "publicity-days", fund="social", on=DAY)
        columns = {
            "key": "publicity-days",
            "fund": "social",
            "unit": general.unit,
            "name": "甲",
            "name_en": "a",
            "basis": "乙",
        }
        work.add(Rule(**columns, confidence="R", valid_from=date(2026, 1, 1), value=value, **scope), "test.rule")

    with catalogue.system() as work:
        put(work, 7, town_code="441900003")
        put(work, 8, item_code="DG-A-02")

    with catalogue.reading() as work:

        def days(**scope: str) -> ParameterValue:
            return queries.rule(work.session, "publicity-days", fund="social", on=DAY, **scope)

        assert days() == reference.parameter("publicity-days", Fund.SOCIAL, DAY)
        assert days(town_code="441900003") == 7
        assert days(town_code="441900003", item_code="DG-A-02") == 8
        assert days(town_code="441900004", item_code="DG-A-01") == days()
        assert (
            queries.rule(work.session, "publicity-days", fund="social", on=date(2025, 12, 31), item_code="DG-A-02")
            == days()
        )


def test_a_parameter_before_its_first_day_is_not_found(catalogue: Works) -> None:
    with catalogue.reading() as work, pytest.raises(NotFound):
        queries.rule(work.session, "publicity-days", fund="social", on=date(2018, 1, 1))


def test_a_parameter_ends_the_day_before_its_last(catalogue: Works) -> None:
    with catalogue.system() as work:
        row = queries.rule_row(work.session, "publicity-days", fund="social", on=DAY)
        row.valid_to = DAY
        work.record(row, "test.ended")
    with catalogue.reading() as work, pytest.raises(NotFound):
        queries.rule(work.session, "publicity-days", fund="social", on=DAY)


def test_ratios_are_exact(catalogue: Works) -> None:
    with catalogue.reading() as work:
        assert queries.rule(work.session, "low-ceiling-ratio", fund="fiscal", on=DAY) == Decimal("0.45")


def test_methods_switched_off_in_the_file_are_off(catalogue: Works) -> None:
    with catalogue.reading() as work:
        assert queries.method_is_enabled(work.session, "direct", fund="social", on=DAY)
        assert not queries.method_is_enabled(work.session, "random", fund="social", on=DAY)
        assert not queries.method_is_enabled(work.session, "of-no-file", fund="social", on=DAY)


def test_two_items_never_share_a_code(catalogue: Works) -> None:
    with catalogue.reading() as work:
        codes = list(work.session.scalars(select(ServiceItem.code)))
    assert len(codes) == len(set(codes)) == 72
