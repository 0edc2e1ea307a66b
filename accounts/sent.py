"""How the ledger of deliveries reads on a page."""

from __future__ import annotations

from typing import Any, Final

from accounts.models import Delivery, DeliveryState, Message
from accounts.packing import sentence
from accounts.wording import CHANNELS
from core.i18n import lazy_gettext as _l

STATES: Final = {
    DeliveryState.WAITING: (_l("等着发"), "info"),
    DeliveryState.SENT: (_l("已发出"), "ok"),
    DeliveryState.FAILED: (_l("没发出去"), "bad"),
    DeliveryState.STOPPED: (_l("不用发了"), "plain"),
}


def line(row: Delivery, message: Message) -> dict[str, Any]:
    """Return one line of what was sent: what, by which channel, whether it left."""
    return {
        "text": sentence(message),
        "url": message.url,
        "channel": CHANNELS[row.channel],
        "state": STATES[row.state],
        "at": row.sent_at or row.not_before,
        "tries": row.tries,
        "error": row.last_error or "",
    }
