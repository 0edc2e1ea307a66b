"""An agency's side of registration, and the figures other rooms set."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from accounts.models import Message, Organisation
from agencies.catalogue.queries import all_items
from agencies.registration import queries, service
from agencies.registration.commands import SaveDetails
from agencies.registration.lifecycle import RegistrationState as S
from agencies.registration.models import Agency, Practitioner
from agencies.registration.queries import Shelf
from agencies.registration.rules import Standing
from core.access import OrgKind
from core.audit import AuditLeaf
from core.deadlines import Deadline
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.outbox import OutboxEvent
from core.secrets import keyed_hash
from tests.agencies.registration.world import ITEMS, QUALIFICATION, World, identity, person

DAY = date(2026, 3, 18)


def state_of(world: World, agency_id: int) -> Agency:
    with world.works.reading() as work:
        return queries.agency_by_id(work.session, agency_id)


def test_a_registration_begins_with_what_the_organisation_says(world: World) -> None:
    actor, agency_id = world.agency()
    agency = state_of(world, agency_id)
    with world.works.reading() as work:
        organisation = work.session.get(Organisation, actor.org_id)
    assert (agency.name, agency.credit_code, agency.town_code) == (
        organisation.name,
        organisation.credit_code,
        organisation.town_code,
    )
    assert agency.state is S.DRAFT


def test_opening_twice_finds_the_first(world: World) -> None:
    actor, agency_id = world.agency()
    with world.works.writing(actor) as work:
        assert service.open_registration(work, actor.org_id or 0).id == agency_id


def test_only_the_agency_itself_opens_its_registration(world: World) -> None:
    org_id = world.organisation(OrgKind.AGENCY, "东莞乙咨询有限公司")
    for actor in (world.reader, world.city, world.agency()[0]):
        with pytest.raises(Forbidden), world.works.writing(actor) as work:
            service.open_registration(work, org_id)


def test_what_is_missing_is_said_in_the_order_of_the_task_list(world: World) -> None:
    actor, agency_id = world.agency()
    with world.works.writing(actor) as work, pytest.raises(Conflict) as refusal:
        service.submit(work, agency_id)
    assert refusal.value.code == "registration-incomplete"
    assert refusal.value.facts["missing"] == [
        "details-missing", "items-missing", "material-missing", "material-missing", "commitment-missing",
    ]  # fmt: skip


def test_a_complete_registration_goes_to_its_town_with_a_clock_of_five_working_days(world: World) -> None:
    _actor, agency_id = world.submitted()
    agency = state_of(world, agency_id)
    assert agency.state is S.SUBMITTED
    assert agency.due_at == datetime(2026, 3, 25, 9, tzinfo=UTC)
    with world.works.reading() as work:
        deadline = work.session.scalars(select(Deadline)).one()
        told = work.session.scalars(select(Message)).one()
        events = set(work.session.scalars(select(OutboxEvent.name)))
    assert (deadline.kind, deadline.object_id, deadline.due_at) == ("registration.review", agency_id, agency.due_at)
    assert (told.org_id, told.code) == (world.town.org_id, "registration-to-review")
    assert "registration.submitted" in events


def test_an_agency_from_outside_the_city_goes_to_the_city(world: World) -> None:
    world.submitted(town=None)
    with world.works.reading() as work:
        assert work.session.scalars(select(Message.org_id)).one() == world.city.org_id


def test_nothing_changes_while_the_operator_reads(world: World) -> None:
    actor, agency_id = world.submitted()
    with world.works.writing(actor) as work, pytest.raises(Conflict) as refusal:
        service.choose_items(work, agency_id, ITEMS[:1])
    assert refusal.value.code == "registration-locked"


def test_nobody_else_edits_an_agency(world: World) -> None:
    _actor, agency_id = world.agency()
    other, _other_id = world.agency()
    for actor in (other, world.town, world.city, world.reader):
        with world.works.writing(actor) as work, pytest.raises(Forbidden):
            service.save_details(work, agency_id, SaveDetails("某", "13800138000"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"category": "wizardry"}, "qualification-unknown"),
        ({"category": "engineering-design", "grade": "特级"}, "grade-unknown"),
        ({"category": "engineering-design"}, "grade-unknown"),
        ({"valid_from": date(2028, 1, 1)}, "term-reversed"),
        ({"valid_to": date(2026, 3, 17)}, "qualification-over"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused(world: World, changes: dict, code: str) -> None:
    actor, agency_id = world.agency()
    with world.works.writing(actor) as work, pytest.raises(Invalid) as refusal:
        service.add_qualification(work, agency_id, replace(QUALIFICATION, **changes))
    assert refusal.value.code == code


def test_the_same_certificate_is_entered_once(world: World) -> None:
    actor, agency_id = world.ready()
    with world.works.writing(actor) as work, pytest.raises(Conflict) as refusal:
        service.add_qualification(work, agency_id, QUALIFICATION)
    assert refusal.value.code == "qualification-twice"


def test_a_practitioner_works_for_one_agency_at_a_time(world: World) -> None:
    first, first_id = world.agency()
    second, second_id = world.agency()
    with world.works.writing(first) as work:
        entered = service.add_practitioner(work, first_id, person()).id
    for actor, agency_id, code in (
        (first, first_id, "practitioner-twice"),
        (second, second_id, "practitioner-elsewhere"),
    ):
        with world.works.writing(actor) as work, pytest.raises(Conflict) as refusal:
            service.add_practitioner(work, agency_id, person(certificate="别的证号"))
        assert refusal.value.code == code
    with world.works.writing(first) as work:
        service.release_practitioner(work, first_id, entered)
    with world.works.writing(second) as work:
        assert service.add_practitioner(work, second_id, person()).agency_id == second_id


def test_the_database_keeps_a_practitioner_in_one_agency_too(world: World) -> None:
    first, first_id = world.agency()
    _second, second_id = world.agency()
    with world.works.writing(first) as work:
        service.add_practitioner(work, first_id, person())
    raced = Practitioner(
        agency_id=second_id,
        name="李",
        identity=identity(1),
        identity_hash=keyed_hash("identity", identity(1)),
        kind="cost-engineer",
        certificate="造00001",
    )
    with pytest.raises(Conflict), world.works.system() as work:
        work.add(raced, "test.raced")


def test_an_identity_number_stays_out_of_the_record_and_is_not_kept_in_the_clear(world: World) -> None:
    actor, agency_id = world.agency()
    with world.works.writing(actor) as work:
        service.add_practitioner(work, agency_id, person())
    with world.works.reading() as work:
        assert work.session.scalars(select(Practitioner)).one().identity == identity(1)
        raw = work.session.connection().exec_driver_sql("SELECT identity FROM practitioner").scalar_one()
        leaves = str([leaf.facts for leaf in work.session.scalars(select(AuditLeaf))])
    assert identity(1).encode() not in bytes(raw)
    assert identity(1) not in leaves
    assert "李文" not in leaves


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"identity": identity(1)[:17] + ("0" if identity(1)[17] != "0" else "1")}, "identity-number"),
        ({"kind": "wizard"}, "certificate-unknown"),
        ({"valid_to": date(2025, 1, 1)}, "certificate-over"),
    ],
)
def test_a_practitioner_that_cannot_be_is_refused(world: World, changes: dict, code: str) -> None:
    actor, agency_id = world.agency()
    with world.works.writing(actor) as work, pytest.raises(Invalid) as refusal:
        service.add_practitioner(work, agency_id, person(**changes))
    assert refusal.value.code == code


def test_items_are_set_as_a_whole(world: World) -> None:
    actor, agency_id = world.ready()
    with world.works.writing(actor) as work:
        assert service.choose_items(work, agency_id, ["DG-A-03", "DG-A-02"]) == ("DG-A-02", "DG-A-03")
    with world.works.reading() as work:
        assert [one.code for one in queries.offered_items(work.session, agency_id)] == ["DG-A-02", "DG-A-03"]


@pytest.mark.parametrize(("codes", "code"), [([], "items-missing"), (["DG-A-02", "DG-Z-99"], "item-unknown")])
def test_items_of_no_catalogue_are_refused(world: World, codes: list[str], code: str) -> None:
    actor, agency_id = world.agency()
    with world.works.writing(actor) as work, pytest.raises(Invalid) as refusal:
        service.choose_items(work, agency_id, codes)
    assert refusal.value.code == code


def test_on_the_shelf_an_item_needs_its_certificate_first(world: World) -> None:
    actor, agency_id = world.listed()
    with world.works.reading() as work:
        sure = next(
            item.code
            for item in all_items(work.session)
            if item.qualifications
            and queries.demand_of(item).binds
            and all(one["category"] != "engineering-consulting" for one in item.qualifications)
        )
    with world.works.writing(actor) as work, pytest.raises(Conflict) as refusal:
        service.choose_items(work, agency_id, [*ITEMS, sure])
    assert refusal.value.code == "item-needs-qualification"


def test_a_material_of_somebody_else_is_not_taken(world: World) -> None:
    actor, agency_id = world.ready()
    with world.works.writing(actor) as work:
        with pytest.raises(NotFound):
            service.give_material(work, agency_id, "business-licence", file_id=4711)
        with pytest.raises(NotFound):
            service.give_material(work, agency_id, "of-no-list", statement="有")
        with pytest.raises(Invalid):
            service.give_material(work, agency_id, "business-licence", statement="  ")


def test_a_standing_is_set_once_and_repeats_in_silence(world: World) -> None:
    _actor, agency_id = world.listed()
    standing = Standing(4600, 4400, 4800, 54, "A", (0, 1, 2, 11, 40), (4700, 4500, 4600, 4400, 4800))
    for expected in (1, 0):
        with world.works.system() as work:
            service.set_standing(work, agency_id, standing)
            assert len(work.entries) == expected
            assert len(work.events) == expected
    agency = state_of(world, agency_id)
    assert (agency.standing_milli, agency.grade, agency.star_counts) == (4600, "A", [0, 1, 2, 11, 40])


def test_performance_moves_the_place_on_the_shelf(world: World) -> None:
    _first, first_id = world.listed()
    _second, second_id = world.listed()
    with world.works.system() as work:
        service.set_performance(work, first_id, delivered_n=20, on_time_n=8, contracts_n=20)
        service.set_performance(work, second_id, delivered_n=20, on_time_n=20, contracts_n=21)
    with world.works.reading() as work:
        page = queries.listed_agencies(work.session, Shelf(item_code="DG-A-02"))
        punctual = queries.listed_agencies(work.session, Shelf(on_time_percent=90))
    assert [one.id for one in page.items] == [second_id, first_id]
    assert [one.id for one in punctual.items] == [second_id]


@pytest.mark.parametrize("sort", queries.SORTS)
def test_pages_of_the_shelf_meet_without_gap_or_repeat(world: World, sort: str) -> None:
    ids = [world.listed()[1] for _number in range(5)]
    with world.works.system() as work:
        for place, agency_id in enumerate(ids[:3]):
            service.set_performance(work, agency_id, delivered_n=10, on_time_n=5 + place, contracts_n=10)
            service.set_standing(work, agency_id, Standing(4000, 3000 + 100 * place, 4500, 9, "B"))
    found: list[int] = []
    after = None
    with world.works.reading() as work:
        while True:
            page = queries.listed_agencies(work.session, Shelf(sort=sort), after=after, limit=2)
            found += [one.id for one in page.items]
            after = page.after
            if after is None:
                break
    assert sorted(found) == sorted(ids)
    assert len(found) == len(set(found))
    if sort != "rank":
        assert found[:3] == list(reversed(ids[:3]))


def test_the_filters_count_what_they_would_show(world: World) -> None:
    world.listed()
    world.listed(town=None)
    world.submitted()
    with world.works.reading() as work:
        counts = queries.shelf_counts(work.session, "DG-A-02")
        for town, number in counts["town"].items():
            assert len(queries.shelf_ids(work.session, Shelf(item_code="DG-A-02", towns=(town,)))) == number == 1
        assert counts["grade"] == {"none": 2}
        assert len(queries.shelf_ids(work.session, Shelf(grades=("none",)))) == 2
        assert queries.offered_counts(work.session)["DG-A-02"] == 2


def test_an_agency_on_the_shelf_with_its_certificate_may_quote(world: World) -> None:
    _actor, agency_id = world.listed()
    with world.works.reading() as work:
        assert queries.eligible(work.session, agency_id, "DG-A-02", DAY).ok


@pytest.mark.parametrize(
    ("item", "on", "missing"),
    [("DG-A-05", DAY, ("item-not-offered",)), ("DG-A-02", date(2027, 7, 1), ("qualification-expired",))],
)
def test_what_keeps_an_agency_from_quoting_is_named(world: World, item: str, on: date, missing: tuple) -> None:
    _actor, agency_id = world.listed()
    with world.works.reading() as work:
        found = queries.eligible(work.session, agency_id, item, on)
    assert not found.ok
    assert found.missing == missing


def test_an_agency_not_yet_listed_may_not_quote(world: World) -> None:
    _actor, agency_id = world.submitted()
    with world.works.reading() as work:
        assert queries.eligible(work.session, agency_id, "DG-A-02", DAY).missing == ("agency-not-listed",)


def test_a_conflict_pair_in_one_project_is_refused(world: World) -> None:
    _actor, agency_id = world.listed()
    with world.works.reading() as work:
        other = next(one for one in all_items(work.session) if "DG-A-02" in one.conflicts)
        found = queries.eligible(work.session, agency_id, "DG-A-02", DAY, project_items=[other.code])
    assert found.missing == ("conflicting-item",)
    assert found.details[0].facts["other"] == other.name


def test_a_certificate_entered_after_listing_counts_once_it_was_checked(world: World) -> None:
    actor, agency_id = world.listed()
    with world.works.writing(actor) as work:
        old = queries.qualifications_of(work.session, agency_id)[0]
        service.withdraw_qualification(work, agency_id, old.id)
        new = service.add_qualification(work, agency_id, replace(QUALIFICATION, number="新证")).id
    with world.works.reading(world.town) as work:
        assert [row.id for row, _agency in queries.unverified_qualifications(work.session, world.town)] == [new]
        assert queries.unverified_qualifications(work.session, world.other_town) == []
    with world.works.writing(world.other_town) as work, pytest.raises(Forbidden):
        service.verify_qualification(work, new)
    with world.works.writing(world.town) as work:
        service.verify_qualification(work, new)
    with world.works.reading() as work:
        assert queries.qualifications_of(work.session, agency_id)[0].verified_at is not None
