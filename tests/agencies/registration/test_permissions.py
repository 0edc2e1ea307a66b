"""Who sees which agency: the policy and the list queries say the same of every state and every reader."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from agencies.registration import queries, service
from agencies.registration.lifecycle import RegistrationState as S
from agencies.registration.models import Agency
from agencies.registration.permissions import POLICY
from core.access import ANONYMOUS, SYSTEM, Actor, MemberRole, OrgKind, allows
from core.errors import NotFound
from tests.agencies.registration.test_review import returned, with_gaps
from tests.agencies.registration.world import OTHER_TOWN, World


def everyone(world: World) -> list[Actor]:
    some = [world.town, world.other_town, world.city, world.reader, ANONYMOUS, SYSTEM]
    some += [world.actor(kind, f"某{kind}") for kind in OrgKind]
    return [*some, *(replace(one, role=MemberRole.READER) for one in some if one.signed_in)]


@pytest.fixture
def market(world: World) -> World:
    world.agency()
    world.submitted()
    world.submitted(town=OTHER_TOWN)
    returned(world)
    with_gaps(world)
    world.listed(town=None)
    for act in (service.suspend, service.remove):
        _actor, agency_id = world.listed()
        with world.works.writing(world.city) as work:
            act(work, agency_id, "说明")
    return world


def test_the_sample_holds_every_state(market: World) -> None:
    with market.works.reading() as work:
        assert set(work.session.scalars(select(Agency.state))) == set(S)


def test_the_list_of_agencies_is_the_twin_of_the_policy(market: World) -> None:
    with market.works.reading() as work:
        agencies = work.session.scalars(select(Agency)).all()
        owners = [replace(market.reader, org_id=one.org_id, org_kind=OrgKind.AGENCY) for one in agencies]
        for actor in (*everyone(market), *owners):
            by_policy = {one.id for one in agencies if allows(POLICY, "registration:see", actor, one)}
            by_query = set(work.session.scalars(select(Agency.id).where(queries.visible_agencies(actor))))
            assert by_query == by_policy, actor


def test_the_queue_is_the_twin_of_who_may_judge(market: World) -> None:
    with market.works.reading() as work:
        agencies = work.session.scalars(select(Agency)).all()
        for actor in everyone(market):
            if actor.role is MemberRole.READER or actor.is_system:
                continue
            by_policy = {one.id for one in agencies if allows(POLICY, "registration:review", actor, one)}
            by_query = set(work.session.scalars(select(Agency.id).where(queries.reviewable_agencies(actor))))
            assert by_query == by_policy, actor


def test_a_registration_not_yet_public_is_not_found_by_strangers(world: World) -> None:
    _actor, agency_id = world.submitted()
    with world.works.reading() as work:
        for actor in (ANONYMOUS, world.reader, world.other_town):
            with pytest.raises(NotFound):
                queries.visible_agency(work.session, actor, agency_id)
        assert queries.visible_agency(work.session, world.town, agency_id).id == agency_id
