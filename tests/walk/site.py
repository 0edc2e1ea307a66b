"""A site of its own on a loopback port, with a clock the walk may move, and the people who walk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from accounts import factors
from accounts import service as accounts
from accounts.models import User
from agencies.catalogue.service import load_catalogue
from agencies.fees import service as fees
from agencies.fees.commands import PostPrice
from core import deadlines, outbox
from core.access import Actor, MemberRole, OrgKind
from core.clock import FixedClock, beijing_day
from core.money import Money
from core.work import Works
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from search import service as search
from tests.accounts.people import HASH, SECRET
from tests.agencies.registration.world import TOWN, World, credit_code
from web.wiring import DEADLINES, EVENTS

ITEM = "DG-A-01"


class Quiet(WSGIRequestHandler):
    """A handler that says nothing of each request."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name werkzeug gives it
        """Say nothing."""


@dataclass
class People(World):
    """A world whose people have a password, and whose staff have a second factor."""

    mobiles: dict[str, str] = field(default_factory=dict)

    def actor(self, kind: OrgKind, name: str, town: str | None = TOWN, role: MemberRole = MemberRole.MANAGER) -> Actor:
        """Found an organisation with one person who can sign in."""
        self.count += 1
        mobile, staff = f"139{self.count:08d}", kind not in {OrgKind.ENTERPRISE, OrgKind.AGENCY}
        with self.works.system() as work:
            org = accounts.found_organisation(
                work, kind, name, credit_code=credit_code(self.count), town_code=town, contact_phone="0769-22220000"
            )
            user = accounts.add_person(
                work, org.id, display_name=f"人{self.count}", email=f"p{self.count}@example.com", mobile=mobile,
                password_hash=HASH, role=role,
            )  # fmt: skip
            if staff:
                row = work.session.get_one(User, user.id)
                row.totp_secret, row.totp_confirmed_at = SECRET, work.clock.now()
                work.record(row, "person.second-factor-set")
        self.mobiles[name] = mobile
        return Actor(user.id, org.id, kind, role, town, second_factor=True)


@dataclass
class Site:
    """The running site and its people, by name."""

    url: str
    works: Works
    clock: FixedClock
    people: People
    agents: list[tuple[Actor, int]] = field(default_factory=list)

    def settle(self) -> None:
        """Do what a worker does until nothing is left: deadlines, events, the index."""
        while deadlines.run_due(self.works, DEADLINES) + outbox.relay(self.works, EVENTS):
            pass
        search.flush(self.works)

    def later(self, **by: float) -> None:
        """Move the clock and let the worker follow."""
        self.clock.instant += timedelta(**by)
        self.settle()

    def code(self) -> str:
        """Return the second factor of this half minute."""
        return factors.code_at(SECRET, factors.step_of(self.clock.now()))

    def others_quote(self, need_id: int, yuan: int) -> None:
        """Let every agency but the first quote by the service, each more than the last."""
        for place, (actor, _agency_id) in enumerate(self.agents[1:]):
            command = SubmitQuote(Money.from_yuan(yuan + 5000 * place), None, 18, "按期完成，修改两轮")
            with self.works.writing(actor) as work:
                quotes.submit(work, need_id, command)


def lay_out(works: Works) -> People:
    """Lay out the offices and one enterprise."""
    with works.system() as work:
        accounts.load_reference(work)
        load_catalogue(work)
    nobody = Actor()
    people = People(works, nobody, nobody, nobody, nobody)
    people.town = people.actor(OrgKind.TOWN_OPERATOR, "南城运营机构")
    people.city = people.actor(OrgKind.CITY_OPERATOR, "市级运营机构", None)
    people.actor(OrgKind.PRICE_REGULATOR, "价格主管部门", None)
    people.reader = people.actor(OrgKind.ENTERPRISE, "东莞市乙实业有限公司")
    return people


def list_agencies(site: Site, count: int) -> None:
    """List agencies that posted a price for the item."""
    for _number in range(count):
        actor, agency_id = site.people.listed()
        with site.works.writing(actor) as work:
            today = beijing_day(work.clock.now())
            price = PostPrice(ITEM, "fixed", today, Money.from_yuan(200_000), included="报告")
            fees.post_price(work, agency_id, price)
        site.agents.append((actor, agency_id))


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application from a thread of its own; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@contextmanager
def running(app: Flask, works: Works, clock: FixedClock, index: Path) -> Iterator[Site]:
    """Serve the application from a thread of its own."""
    kept = dict(search._configured)
    search.configure(index)
    site = Site("", works, clock, lay_out(works))
    list_agencies(site, 3)
    site.settle()
    with works.system() as work:
        search.rebuild(work)
    try:
        with serving(app) as site.url:
            yield site
    finally:
        search._configured.clear()
        search._configured.update(kept)
