"""Who hears of the window: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import Duty, Reader, Telling

TELLINGS: Final = (
    Telling("window-consent-asked", "consent.asked", Reader.ENTERPRISE, Duty.TODO),
    Telling("window-consent-recorded", "consent.given", Reader.ENTERPRISE),
    Telling("window-consent-given", "consent.given", Reader.OPERATOR),
    Telling("window-consent-withdrawn", "consent.withdrawn", Reader.OPERATOR),
    Telling("window-filed", "window.filed", Reader.ENTERPRISE),
    Telling("shipment-sent", "shipment.sent", Reader.OTHER_PARTY, Duty.TODO),
    Telling("shipment-signed", "shipment.signed", Reader.OTHER_PARTY),
    Telling("shipment-returned", "shipment.returned", Reader.OTHER_PARTY),
    Telling("shipment-lost", "shipment.lost", Reader.PARTIES),
    Telling("window-complained", "window.filed", Reader.AGENCY),
    Telling("window-registered", "window.filed", Reader.AGENCY),
    Telling("window-asked", "window.filed", Reader.AGENCY),
    Telling("window-answered", "window.filed", Reader.ENTERPRISE),
    Telling("window-received", "window.filed", Reader.ENTERPRISE),
    Telling("window-handed-in", "window.filed", Reader.AGENCY),
    Telling("window-priced", "window.filed", Reader.AGENCY),
    Telling("shipment-unsigned", "shipment.unsigned", Reader.OTHER_PARTY, Duty.TODO),
    Telling("shipment-unsigned-sender", "shipment.unsigned", Reader.PARTIES),
)
