"""An office with two people, an enterprise's world, and a schedule of our own to revise."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Membership, User
from agencies.fees import texts
from agencies.revisions import service
from agencies.revisions.commands import WriteRevision
from agencies.revisions.models import FeeRevision
from core import deadlines, outbox
from core.access import Actor, MemberRole, OrgKind
from core.work import Works
from tests.agencies.fees.conftest import Market, market
from web.wiring import DEADLINES, EVENTS

__all__ = ["market"]

SCHEDULE = "demo-fee"
TEXT = """
id = "demo-fee"
document = "演示价[2020]1号"
aliases = ["演示收费"]
title = { zh = "演示收费标准", en = "Demo fee schedule" }
issuer = { zh = "演示机关", en = "Demo office" }
level = "municipal"
subject = { zh = "演示服务", en = "Demo service" }
charge_base = { zh = "投资额", en = "Investment" }
unit = "万元"

[source]
mark = "found"
note = { zh = "演示。", en = "Demo." }

[fields.amount]
kind = "amount"
unit = "万元"
required = true
label = { zh = "投资额", en = "Investment" }

[[versions]]
key = "2020"
document = "演示价[2020]1号"
since = 2020-01-01

[[versions.services]]
key = "work"
label = { zh = "服务", en = "Work" }
fields = ["amount"]

[[versions.services.steps]]
do = "bands"
base = "amount"
mark = "%"
uppers = [100]
rates = [1, 0.5]
label = { zh = "费用", en = "Fee" }
clause = "演示价[2020]1号 附件"

[[statuses]]
since = 2020-01-01
status = "binding-cap"
citation = { zh = "演示价[2020]1号", en = "Demo" }
"""
CHEAPER = TEXT.replace("rates = [1, 0.5]", "rates = [0.8, 0.5]")


@dataclass
class Office:
    """Two people of the price regulator's office, one of the administration."""

    market: Market
    first: Actor
    second: Actor
    reader: Actor
    administration: Actor

    @property
    def works(self) -> Works:
        """The opener of units of work."""
        return self.market.works

    def command(self, text: str = TEXT, on: date = date(2020, 1, 1), **changes: Any) -> WriteRevision:
        """Make what a revision is written with."""
        facts = {"schedule_id": SCHEDULE, "reason": "收录演示标准", "citation": "演示价[2020]1号"}
        return WriteRevision(**{**facts, "text": text, "effective_on": on, **changes})

    def draft(self, text: str = TEXT, on: date = date(2020, 1, 1), **changes: Any) -> FeeRevision:
        """Write a draft as the first person."""
        with self.works.writing(self.first) as work:
            return service.draft(work, self.command(text, on, **changes))

    def proposed(self, text: str = TEXT, on: date = date(2020, 1, 1), **changes: Any) -> FeeRevision:
        """Write a draft and hand it to a second person."""
        row = self.draft(text, on, **changes)
        with self.works.writing(self.first) as work:
            return service.propose(work, row.id)

    def approve(self, revision_id: int, actor: Actor | None = None) -> FeeRevision:
        """Let a proposed text stand, as the second person unless another is named."""
        with self.works.writing(actor or self.second) as work:
            return service.approve(work, revision_id, "逐行核对过，与原文一致")

    def approved(self, text: str = TEXT, on: date = date(2020, 1, 1), **changes: Any) -> FeeRevision:
        """Take a text all the way into force."""
        return self.approve(self.proposed(text, on, **changes).id)

    def settle(self) -> None:
        """Do what is due and hand out what was told, until it is quiet; the search engines are left alone."""
        quiet = {
            name: [one for one in many if not one.__module__.startswith("search")] for name, many in EVENTS.items()
        }
        while deadlines.run_due(self.works, DEADLINES) + outbox.relay(self.works, quiet):
            pass


def colleague(works: Works, of: Actor, number: int, role: MemberRole = MemberRole.MANAGER) -> Actor:
    """Enter one more person of an office."""
    with works.system() as work:
        now = work.clock.now()
        user = User(display_name="同事", email_hash=f"{number:064d}", password_hash="x", created_at=now)
        work.add(user, "test.user")
        row = Membership(user_id=user.id, org_id=of.org_id, role=role, valid_from=date(2026, 1, 1))
        work.add(row, "test.member")
    return replace(of, user_id=user.id, role=role)


@pytest.fixture
def office(market: Market) -> Office:
    """Lay out the office."""
    regulator = market.regulator
    administration = market.world.actor(OrgKind.ADMINISTRATION, "市级管理办公室", None)
    return Office(
        market,
        regulator,
        colleague(market.works, regulator, 991),
        colleague(market.works, regulator, 992, MemberRole.READER),
        administration,
    )


@pytest.fixture(autouse=True)
def _files_alone() -> Iterator[None]:
    """Begin and end with the texts of the files, as a new process does."""
    texts.forget()
    yield
    texts.forget()
