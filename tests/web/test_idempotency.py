"""A call made again with its key: done once, answered as the first time, for this person and this content alone.

A key whose first call died without an answer is free again after a minute; until then the second call waits.
"""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, text

from accounts.models import ApiToken
from core.access import Actor, OrgKind
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.work import Works
from tests.agencies.registration.world import World
from web.idempotency import KEPT, LEASE, KeptAnswer

CALCULATION = {"schedule": "计价格[2002]1980号", "on": "2012-06-01", "inputs": {}}
ADDRESS = "/api/v1/fee-calculations"
OWN = "/api/v1/organisation"
PHONE = "0769-22830000"
REPLAYED = "Idempotent-Replayed"


@pytest.fixture
def world(works: Works) -> World:
    return World(works, Actor(), Actor(), Actor(), Actor())


@pytest.fixture
def buyer(world: World) -> dict[str, str]:
    """Give the headers of an enterprise's manager."""
    return world.api_token(world.actor(OrgKind.ENTERPRISE, "东莞市甲公司"))


def counted(works: Works) -> tuple[int, int]:
    """Return how many leaves and how many kept answers there are."""
    with works.reading() as work:
        found = [work.session.scalar(select(func.count()).select_from(table)) or 0 for table in (AuditLeaf, KeptAnswer)]
    return found[0], found[1]


def test_a_key_left_by_a_dead_process_is_free_after_its_lease(
    client: FlaskClient, works: Works, clock: FixedClock
) -> None:
    world = World(works, Actor(), Actor(), Actor(), Actor())
    headers = {**world.api_token(world.actor(OrgKind.ENTERPRISE, "东莞市甲公司")), "Idempotency-Key": "k"}
    first = client.post(ADDRESS, json=CALCULATION, headers=headers)
    with works.system() as work:
        row = work.session.query(KeptAnswer).one()
        row.status, row.body = None, None  # as a process killed before its answer leaves it
    in_flight = client.post(ADDRESS, json=CALCULATION, headers=headers)
    assert (in_flight.status_code, in_flight.get_json()["code"]) == (409, "idempotency-in-flight")
    clock.advance(LEASE + timedelta(seconds=1))
    again = client.post(ADDRESS, json=CALCULATION, headers=headers)
    assert (again.status_code, again.get_json()["problems"]) == (first.status_code, first.get_json()["problems"])
    replayed = client.post(ADDRESS, json=CALCULATION, headers=headers)
    assert replayed.headers["Idempotent-Replayed"] == "true"


def test_the_same_call_is_done_once_and_answered_the_same(
    client: FlaskClient, works: Works, buyer: dict[str, str]
) -> None:
    before, headers = counted(works)[0], {**buyer, "Idempotency-Key": "k"}
    first = client.patch(OWN, json={"contact_phone": PHONE}, headers=headers)
    again = client.patch(OWN, json={"contact_phone": PHONE}, headers=headers)
    assert (first.status_code, REPLAYED in first.headers) == (200, False)
    assert (again.status_code, again.data, again.mimetype) == (first.status_code, first.data, first.mimetype)
    assert again.headers[REPLAYED] == "true"
    assert counted(works) == (before + 1, 1)


def test_without_a_key_the_same_call_is_done_twice(client: FlaskClient, works: Works, buyer: dict[str, str]) -> None:
    before = counted(works)[0]
    for _ in range(2):
        assert client.patch(OWN, json={"contact_phone": PHONE}, headers=buyer).status_code == 200
    assert counted(works) == (before + 2, 0)


def test_a_refusal_is_given_again_too(client: FlaskClient, buyer: dict[str, str]) -> None:
    headers = {**buyer, "Idempotency-Key": "k"}
    first = client.patch(OWN, json={"address": 7}, headers=headers)
    again = client.patch(OWN, json={"address": 7}, headers=headers)
    assert first.status_code == 422
    assert (again.status_code, again.data, again.mimetype) == (422, first.data, "application/problem+json")
    assert again.headers[REPLAYED] == "true"


@pytest.mark.parametrize(
    "other",
    [("PATCH", OWN, "0769-22830001"), ("PATCH", OWN + "?x=1", PHONE), ("POST", ADDRESS, PHONE)],
)
def test_the_same_key_with_another_content_is_refused(
    client: FlaskClient, works: Works, buyer: dict[str, str], other: tuple[str, str, str]
) -> None:
    headers = {**buyer, "Idempotency-Key": "k"}
    client.patch(OWN, json={"contact_phone": PHONE}, headers=headers)
    before, (method, address, phone) = counted(works), other
    refused = client.open(address, method=method, json={"contact_phone": phone}, headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency-conflict")
    assert counted(works) == before
    again = client.patch(OWN, json={"contact_phone": PHONE}, headers=headers)
    assert again.headers[REPLAYED] == "true"  # the first answer stays


def test_a_refused_key_is_answered_with_the_requests_id_and_in_the_readers_language(
    client: FlaskClient, buyer: dict[str, str]
) -> None:
    headers = {**buyer, "Idempotency-Key": "x" * 256, "X-Request-Id": "r77", "Accept-Language": "en"}
    answer = client.patch(OWN, json={"contact_phone": PHONE}, headers=headers)
    said = answer.get_json()
    assert (answer.status_code, said["request_id"], said["field"]) == (422, "r77", "Idempotency-Key")
    assert said["title"].isascii()


def test_a_key_may_be_255_letters_long_and_not_empty(client: FlaskClient, buyer: dict[str, str]) -> None:
    def status(key: str) -> int:
        sent = {**buyer, "Idempotency-Key": key}
        return client.patch(OWN, json={"contact_phone": PHONE}, headers=sent).status_code

    assert [status("x" * 255), status("x" * 256), status("")] == [200, 422, 422]


def test_two_people_may_use_the_same_key(client: FlaskClient, world: World, buyer: dict[str, str]) -> None:
    other = world.api_token(world.actor(OrgKind.ENTERPRISE, "东莞市乙公司"))
    mine = client.patch(OWN, json={"contact_phone": PHONE}, headers={**buyer, "Idempotency-Key": "k"})
    theirs = client.patch(OWN, json={"contact_phone": PHONE}, headers={**other, "Idempotency-Key": "k"})
    assert (theirs.status_code, REPLAYED in theirs.headers) == (200, False)
    assert mine.get_json()["id"] != theirs.get_json()["id"]


def test_a_key_is_free_again_after_a_week(client: FlaskClient, works: Works, clock: FixedClock, world: World) -> None:
    actor = world.actor(OrgKind.ENTERPRISE, "东莞市甲公司")
    headers = {**world.api_token(actor), "Idempotency-Key": "k"}
    with works.system() as work:
        token = work.session.scalars(select(ApiToken)).one()
        token.ends_at = clock.now() + 2 * KEPT
        work.record(token, "token.prolonged")
    client.patch(OWN, json={"contact_phone": PHONE}, headers=headers)
    clock.advance(KEPT)
    assert REPLAYED in client.patch(OWN, json={"contact_phone": PHONE}, headers=headers).headers
    clock.advance(timedelta(microseconds=1))
    assert REPLAYED not in client.patch(OWN, json={"contact_phone": PHONE}, headers=headers).headers


def test_a_reading_call_and_a_stranger_leave_no_answer_behind(
    client: FlaskClient, works: Works, buyer: dict[str, str]
) -> None:
    for _ in range(2):
        assert REPLAYED not in client.get(OWN + "/members", headers={**buyer, "Idempotency-Key": "k"}).headers
        stranger = client.patch(OWN, json={"contact_phone": PHONE}, headers={"Idempotency-Key": "k"})
        assert (stranger.status_code, REPLAYED in stranger.headers) == (401, False)
    assert counted(works)[1] == 0


def test_a_call_that_failed_by_our_own_fault_may_be_made_again(
    client: FlaskClient, works: Works, engine: Engine, buyer: dict[str, str]
) -> None:
    headers = {**buyer, "Idempotency-Key": "k"}
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("ALTER TABLE audit_leaf RENAME TO audit_leaf_away"))
    try:
        failed = client.patch(OWN, json={"contact_phone": PHONE}, headers=headers)
    finally:
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(text("ALTER TABLE audit_leaf_away RENAME TO audit_leaf"))
    assert (failed.status_code, counted(works)[1]) == (500, 0)
    again = client.patch(OWN, json={"contact_phone": PHONE}, headers=headers)
    assert (again.status_code, REPLAYED in again.headers) == (200, False)


def test_a_kept_answer_is_encrypted_and_its_key_hashed(
    client: FlaskClient, engine: Engine, buyer: dict[str, str]
) -> None:
    headers = {**buyer, "Idempotency-Key": "my-own-key"}
    answer = client.patch(OWN, json={"contact_phone": PHONE}, headers=headers)
    said = answer.get_json()["credit_code"]
    with engine.connect() as connection:
        key, body = connection.execute(text("SELECT key, body FROM kept_answer")).one()
    assert said.encode() in answer.data
    assert said.encode() not in bytes(body)
    assert "my-own-key" not in key
