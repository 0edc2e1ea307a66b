"""A town's window around one market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from accounts.models import Organisation
from admin.window import courier, filing, service
from admin.window.commands import Announce, Receive, RecordConsent, Scan, Send, TypeCode
from admin.window.lifecycle import ConsentKind, Party
from core.access import Actor
from marketplace.needs.commands import WriteNeed
from tests.marketplace.conftest import market
from tests.marketplace.selection.world import ITEM, Market

__all__ = ["market"]

UNTIL = date(2026, 12, 31)
PDF = b"%PDF-1.7\nsigned by hand\n%%EOF"
NEED = WriteNeed(
    ITEM, "厂房扩建项目建议书", "建筑面积 3 万平方米", "social", no_ceiling_reason="首次采购，没有可比价格"
)


@dataclass
class Window:
    """The clerk, the visitor's enterprise and what they do."""

    market: Market
    clerk: Actor
    owner: Actor

    def act(self, actor: Actor, deed: Any, *words: Any, **named: Any) -> Any:
        """Do one deed as one person."""
        with self.market.works.writing(actor) as work:
            return deed(work, *words, **named)

    def name_of(self, actor: Actor) -> str:
        """Return the name of an actor's organisation."""
        with self.market.works.reading() as work:
            return work.session.get_one(Organisation, actor.org_id).name

    def received(self, number: str = "") -> int:
        """Let the clerk receive a visitor of the enterprise; return the visit's id."""
        command = Receive(self.name_of(self.owner), "王小明", "发布项目建议书的采购需求", number)
        return int(self.act(self.clerk, service.receive, command).id)

    def consented(self, visit_id: int, item: str = ITEM, until: date = UNTIL) -> int:
        """Record a consent on paper until a day; return its id."""
        command = RecordConsent(ConsentKind.PAPER, item, "代为发布采购需求", until)
        return int(self.act(self.clerk, service.record_consent, visit_id, command, Scan(BytesIO(PDF), "授权.pdf")).id)

    def by_code(self, visit_id: int) -> tuple[int, str]:
        """Record a consent to be confirmed by code; return its id and the code."""
        command = RecordConsent(ConsentKind.CODE, ITEM, "代为发布采购需求", UNTIL)
        row = self.act(self.clerk, service.record_consent, visit_id, command)
        return int(row.id), service.code_of(row)

    def confirmed(self, consent_id: int, code: str) -> bool:
        """Say whether the enterprise's code confirms a consent."""
        return bool(self.act(self.owner, service.confirm, consent_id, TypeCode(code)))

    def filed(self) -> tuple[int, int]:
        """File a need under a consent on paper; return the visit's id and the need's."""
        visit_id = self.received()
        self.consented(visit_id)
        return visit_id, int(self.act(self.clerk, filing.file_need, visit_id, NEED).id)

    def sent(self, need_id: int, tracking: str = "SF1234567890123") -> int:
        """Announce a shipment and send it off; return its id."""
        command = Announce(Party.WINDOW, "sf", "证照复印件一套")
        shipment_id = int(self.act(self.owner, courier.announce, need_id, command).id)
        self.act(self.owner, courier.send, shipment_id, Send(tracking))
        return shipment_id

    def told(self, actor: Actor) -> list[str]:
        """Return the codes of what an actor's organisation was told, in order."""
        return self.market.told(actor.org_id)


@pytest.fixture
def window(market: Market) -> Window:
    """Lay out the market with the town's clerk."""
    return Window(market, market.world.town, market.owner)
