"""The towns' windows in the demo world: visitors of some purchases, a need filed for its enterprise, shipments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import select

from admin.window import courier, filing
from admin.window import service as window
from admin.window.commands import Announce, Receive, RecordConsent, Send, Sign, TypeCode
from admin.window.lifecycle import ConsentKind, Party, Signer
from core.clock import beijing_day
from marketplace.contracts.models import Contract
from marketplace.needs.commands import WriteNeed
from marketplace.needs.models import Need
from web.demo.agencies import Firm
from web.demo.people import Player
from web.demo.stage import DAY, Stage, Story

ITEM: Final = "DG-B-31"
TITLE: Final = "演示：厂房扩建水土保持方案"
NEEDS: Final = 24
SHIPMENTS: Final = 3


def visits(stage: Stage, buyers: Sequence[Player], staff: Mapping[str, Player]) -> Story:
    """Let some purchases bring somebody to the window once or twice, and one be filed there altogether."""
    yield stage.end - DAY * 2
    asking, clerk = buyers[0], staff[buyers[0].actor.town_code or ""]
    came = Receive(asking.name, "演示来访人", "发布水土保持方案的采购需求")
    visit = stage.act(clerk.actor, partial(window.receive, command=came))
    until = beijing_day(stage.end) + timedelta(days=14)
    wanted = RecordConsent(ConsentKind.CODE, ITEM, "代为发布水土保持方案的采购需求", until)
    consent = stage.act(clerk.actor, partial(window.record_consent, visit_id=visit.id, command=wanted))
    typed = TypeCode(window.code_of(consent))
    stage.act(asking.actor, partial(window.confirm, consent_id=consent.id, command=typed))
    need = WriteNeed(
        ITEM, TITLE, "占地 2 公顷，挖填土方 3 万立方米", "social", no_ceiling_reason="按市场报价比选，不设限价"
    )
    stage.act(clerk.actor, partial(filing.file_need, visit_id=visit.id, command=need))
    by_org = {one.org_id: one for one in buyers}
    with stage.works.reading() as work:
        query = select(Need).where(Need.number.is_not(None)).order_by(Need.id.desc()).limit(NEEDS)
        rows = [(row.number or "", by_org[row.org_id]) for row in work.session.scalars(query)]
    for place, (number, buyer) in enumerate(rows):
        for _visit in range((0, 1, 0, 0, 2, 0)[place % 6]):
            yield stage.clock.now() + DAY / 48
            office = staff[buyer.actor.town_code or ""]
            asked = Receive(buyer.name, "演示来访人", "问公告的办理进度", number)
            row = stage.act(office.actor, partial(window.receive, command=asked))
            stage.act(office.actor, partial(window.finish, visit_id=row.id))


def shipments(stage: Stage, buyers: Sequence[Player], firms: Sequence[Firm]) -> Story:
    """Let agencies courier the originals of accepted reports; the last is still on its way."""
    yield stage.end - DAY * 3
    owners = {one.org_id: one for one in buyers}
    sellers = {one.player.org_id: one.player for one in firms}
    with stage.works.reading() as work:
        query = select(Contract).where(Contract.accepted_at.is_not(None)).order_by(Contract.id.desc())
        rows = list(work.session.scalars(query.limit(SHIPMENTS)))
    for place, row in enumerate(rows):
        yield stage.end - DAY * (2.5 - place / 2)
        seller, owner = sellers[row.agency_org_id], owners[row.enterprise_org_id]
        said = Announce(Party.ENTERPRISE, "sf", "报告书原件三份", is_originals=True)
        sent = stage.act(seller.actor, partial(courier.announce, need_id=row.need_id, command=said))
        number = Send(f"SF{1_000_000_000_000 + sent.id}")
        stage.act(seller.actor, partial(courier.send, shipment_id=sent.id, command=number))
        if place < SHIPMENTS - 1:
            yield stage.clock.now() + DAY / 3
            signed = Sign(stage.clock.now(), Signer.RECIPIENT)
            stage.act(owner.actor, partial(courier.sign, shipment_id=sent.id, command=signed))
