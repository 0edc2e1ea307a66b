"""A key whose first call died without an answer is free again after a minute; until then the second call waits."""

from datetime import timedelta

from flask.testing import FlaskClient

from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.work import Works
from tests.agencies.registration.world import World
from web.idempotency import LEASE, KeptAnswer

CALCULATION = {"schedule": "计价格[2002]1980号", "on": "2012-06-01", "inputs": {}}
ADDRESS = "/api/v1/fee-calculations"


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
