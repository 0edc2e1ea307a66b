"""Judgements of the window: how long a consent holds, the shape of tracking numbers, shares of visits. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from core.errors import Invalid

LONGEST: Final = timedelta(days=366)
TRIES: Final = 5
FEWEST: Final = 3
MONTHS: Final = 12
SHORTEST_REASON: Final = 4
CODE_DIGITS: Final = 6

# The shapes carriers print on their waybills; a number that fits is not yet a number that exists.
SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "ems": re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}|\d{13}", re.ASCII),
    "sf": re.compile(r"SF\d{12,13}|\d{12}", re.ASCII),
    "jd": re.compile(r"JD[A-Z0-9]{9,16}", re.ASCII),
    "yto": re.compile(r"YT\d{13}", re.ASCII),
    "zto": re.compile(r"\d{12,14}", re.ASCII),
    "sto": re.compile(r"\d{12,15}", re.ASCII),
    "yunda": re.compile(r"\d{13,15}", re.ASCII),
}
POSTAL: Final = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}", re.ASCII)
POSTAL_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def tidy(tracking: str) -> str:
    """Bring a tracking number into one spelling: half width, capitals, no spaces or dashes."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", tracking)).upper()


def fits(carrier: str, tracking: str) -> bool:
    """Say whether a tidy number has the carrier's shape, and a postal one its check digit.

    Source of the check digit: UPU S10 (weights 8 6 4 2 3 5 9 7, eleven less the remainder; ten is nought, eleven five).
    """
    shape = SHAPES.get(carrier)
    if shape is None or shape.fullmatch(tracking) is None:
        return False
    return POSTAL.fullmatch(tracking) is None or postal_check(tracking[2:10]) == int(tracking[10])


def postal_check(first8: str) -> int:
    """Return the check digit, 0 to 9, of a postal item's eight digits. Source: UPU S10."""
    total = sum(int(digit) * weight for digit, weight in zip(first8, POSTAL_WEIGHTS, strict=True))
    return {10: 0, 11: 5}.get(found := 11 - total % 11, found)


def judge_until(until: datetime, now: datetime) -> None:
    """Refuse a consent that ends before it begins, or has practically no end. Raises Invalid."""
    if not now < until <= now + LONGEST:
        raise Invalid("consent-until", field="until", latest=(now + LONGEST).date().isoformat())


def judge_signature(signed_at: datetime, sent_at: datetime | None, now: datetime) -> None:
    """Refuse a signature from before the shipment left, or from the future. Raises Invalid.

    A signature is typed to the minute: one in the minute of the sending counts as after it.
    """
    if sent_at is None or not sent_at.replace(second=0, microsecond=0) <= signed_at <= now:
        raise Invalid("signature-time", field="signed_at")


def reason(text: str) -> str:
    """Return a reason without edges. Raises Invalid when it says too little."""
    if len(text.strip()) < SHORTEST_REASON:
        raise Invalid("window-reason", field="reason", least=SHORTEST_REASON)
    return text.strip()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many purchases came with no visit, with one, with more; ``code`` names the item or the town."""

    code: str
    zero: int
    one: int
    more: int

    @property
    def n(self) -> int:
        """Return how many purchases there are."""
        return self.zero + self.one + self.more

    @property
    def is_shown(self) -> bool:
        """Say whether there are enough purchases to speak of shares."""
        return self.n >= FEWEST

    def share(self, part: int) -> Decimal | None:
        """Return a part of the purchases in percent with one digit, half up; None where there are too few."""
        if not self.is_shown:
            return None
        return (Decimal(part) * 100 / Decimal(self.n)).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def shares(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """Return the shares of no visit, one visit, more visits."""
        return self.share(self.zero), self.share(self.one), self.share(self.more)


def bucket(visits: int) -> str:
    """Name how often somebody came for one purchase: zero, one or more."""
    return ("zero", "one")[visits] if visits in {0, 1} else "more"
