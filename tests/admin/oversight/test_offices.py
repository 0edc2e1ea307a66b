"""The administration enters offices and appoints their managers; nobody else does."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import queries
from accounts.models import Organisation
from core.access import MemberRole, OrgKind
from core.work import Works
from tests.accounts.people import TOWN, Browser, People

OFFICE = {
    "kind": "town_operator", "name": "长安镇政务服务中心窗口", "credit_code": "", "town_code": TOWN,
    "contact_phone": "", "display_name": "王芳", "mobile": "13722223333", "email": "window@example.com",
}  # fmt: skip


@pytest.fixture
def people(works: Works) -> People:
    return People(works)


@pytest.fixture
def administration(people: People, client: FlaskClient) -> Browser:
    browser = Browser(client)
    user = people.person(people.organisation(OrgKind.ADMINISTRATION))
    people.second_factor(user)
    browser.use(people.token(user, second_factor=True))
    return browser


def test_an_office_is_entered_with_its_first_manager(administration: Browser, works: Works) -> None:
    assert "新建单位" in administration.get("/organisations").text
    assert administration.post("/organisations/new", OFFICE).status_code == 303
    with works.reading() as work:
        office = work.session.scalars(select(Organisation).where(Organisation.kind == OrgKind.TOWN_OPERATOR)).one()
        seats = queries.seats_of_organisation(work.session, office.id)
    assert (office.name, office.town_code) == (OFFICE["name"], TOWN)
    assert [(seat.user.mobile, seat.membership.role) for seat in seats] == [("13722223333", MemberRole.MANAGER)]


def test_an_operator_needs_its_town_and_what_was_typed_stays(administration: Browser) -> None:
    refused = administration.post("/organisations/new", {**OFFICE, "town_code": ""})
    assert refused.status_code == 422
    assert 'value="长安镇政务服务中心窗口"' in refused.text
    assert "镇街" in refused.text


def test_a_department_known_from_the_reference_gets_a_manager(
    administration: Browser, people: People, works: Works
) -> None:
    department = people.organisation(OrgKind.DEPARTMENT)
    page = f"/organisations/{department.id}/manager"
    given = {"display_name": "陈强", "mobile": "13733334444", "email": "dept@example.com"}
    assert administration.post(page, {**given, "mobile": "123"}, page=page).status_code == 422
    assert administration.post(page, given, page=page).status_code == 303
    with works.reading() as work:
        seats = queries.seats_of_organisation(work.session, department.id)
    assert [seat.membership.role for seat in seats] == [MemberRole.MANAGER]


def test_the_people_of_an_enterprise_are_its_own_affair(administration: Browser, people: People) -> None:
    enterprise = people.organisation(OrgKind.ENTERPRISE)
    assert administration.get(f"/organisations/{enterprise.id}/manager").status_code == 403


def test_the_city_operator_enters_no_office(people: People, administration: Browser) -> None:
    user = people.person(people.organisation(OrgKind.CITY_OPERATOR))
    people.second_factor(user)
    administration.use(people.token(user, second_factor=True))
    assert administration.get("/organisations/new").status_code == 403
    assert "新建单位" not in administration.get("/organisations").text
