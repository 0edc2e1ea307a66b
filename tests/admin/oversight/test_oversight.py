"""The record is listed without personal data and verified; organisations are suspended with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from accounts.models import Message, Organisation
from admin.oversight import queries, service
from admin.oversight.permissions import POLICY
from admin.oversight.queries import LeafFilter
from core import audit
from core.access import Actor, MemberRole, OrgKind, allows
from core.errors import Conflict, Forbidden
from tests.marketplace.contracts.deal import signed
from tests.marketplace.selection.world import Market

ADMIN = Actor(user_id=1, org_id=9001, org_kind=OrgKind.ADMINISTRATION, role=MemberRole.MANAGER)


def test_leaves_come_newest_first_and_narrow_by_kind_and_object(market: Market) -> None:
    contract = signed(market)
    with market.works.reading(ADMIN) as work:
        page = queries.leaves(work.session, LeafFilter("contract", contract.id), after=None, limit=100)
        assert [leaf.verb for leaf in page.items][-1] == "contract.drafted"
        assert {(leaf.kind, leaf.object_id) for leaf in page.items} == {("contract", contract.id)}
        first = queries.leaves(work.session, LeafFilter(), after=None, limit=3)
        second = queries.leaves(work.session, LeafFilter(), after=first.after, limit=3)
        assert first.items[-1].seq - 1 == second.items[0].seq


def test_the_record_fits_until_somebody_touches_it(market: Market) -> None:
    signed(market)
    with market.works.reading() as work:
        assert audit.first_break(work.session) is None
        postgres = work.session.get_bind().dialect.name == "postgresql"
    with market.works.engine.begin() as connection:
        if postgres:
            connection.execute(text("ALTER TABLE audit_leaf DISABLE TRIGGER audit_leaf_stays"))
        else:
            connection.execute(text("DROP TRIGGER audit_leaf_no_UPDATE"))
        connection.execute(text("UPDATE audit_leaf SET verb = 'contract.forged' WHERE seq = 2"))
        if postgres:
            connection.execute(text("ALTER TABLE audit_leaf ENABLE TRIGGER audit_leaf_stays"))
    with market.works.reading() as work:
        assert audit.first_break(work.session) == 2


def test_an_organisation_is_suspended_told_why_and_resumed(market: Market) -> None:
    org_id = market.owner.org_id
    assert org_id is not None
    with market.works.writing(ADMIN) as work:
        assert service.steer(work, org_id, "查实冒用他人执照", suspended=True).suspended_at is not None
    with pytest.raises(Conflict), market.works.writing(ADMIN) as work:
        service.steer(work, org_id, "再停一次", suspended=True)
    with market.works.writing(ADMIN) as work:
        service.steer(work, org_id, "已经更正", suspended=False)
    with market.works.reading() as work:
        assert work.session.get_one(Organisation, org_id).suspended_at is None
        told = [row for row in work.session.query(Message).filter_by(org_id=org_id) if "reason" in row.facts]
    assert [row.code for row in told] == ["organisation-suspended", "organisation-resumed"]


def test_only_the_administration_suspends_and_not_itself(market: Market) -> None:
    org_id = market.owner.org_id
    assert org_id is not None
    with pytest.raises(Forbidden), market.works.writing(market.world.city) as work:
        service.steer(work, org_id, "越权", suspended=True)
    own = Actor(user_id=1, org_id=org_id, org_kind=OrgKind.ADMINISTRATION, role=MemberRole.MANAGER)
    with pytest.raises(Conflict), market.works.writing(own) as work:
        service.steer(work, org_id, "自己", suspended=True)


def test_towns_are_shown_with_their_clocks(market: Market) -> None:
    market.agency()
    with market.works.reading(ADMIN) as work:
        found = queries.towns_at_work(work.session, work.clock.now())
    assert [(one.submitted, one.waiting, one.overdue) for one in found] == [(1, 0, 0)]


def test_organisations_narrow_by_kind_name_and_suspension(market: Market) -> None:
    with market.works.reading(ADMIN) as work:
        page = queries.organisations(
            work.session, kind=OrgKind.ENTERPRISE, name="乙实业", suspended=False, after=None, limit=20
        )
        none = queries.organisations(work.session, kind=None, name="%", suspended=False, after=None, limit=20)
    assert [row.id for row in page.items] == [market.owner.org_id]
    assert list(none.items) == []


@pytest.mark.parametrize("kind", list(OrgKind))
def test_only_administration_and_city_operator_see_the_record(kind: OrgKind) -> None:
    actor = Actor(user_id=1, org_id=1, org_kind=kind, role=MemberRole.MANAGER, town_code="441900003")
    wanted = kind in {OrgKind.ADMINISTRATION, OrgKind.CITY_OPERATOR}
    assert all(allows(POLICY, permission, actor) is wanted for permission in POLICY)
