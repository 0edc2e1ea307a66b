"""Which slice a request asks for, kept to what its reader may see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from admin.performance import rules
from admin.performance.permissions import own_town
from admin.performance.rules import RowSet, Slice
from core.errors import Forbidden
from core.work import Work

MONTH: Final = re.compile(r"\d{4}-\d{2}")


def whole(text: Any) -> int | None:
    """Read a whole number of an address, or None."""
    given = str(text or "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None  # noqa: PLR2004 - a BIGINT's


def asked_slice(work: Work, asked: Mapping[str, Any]) -> Slice:
    """Return the slice of an address: months, item, town, agency, month, bin.

    A town's operator gets its own town. Raises Forbidden("town-not-yours") when it names another.
    """
    months = whole(asked.get("months"))
    months = months if months in rules.MONTHS else rules.USUAL_MONTHS
    since, until = rules.period(work.clock.now(), months)
    own, town = own_town(work.actor), str(asked.get("town") or "")[:20] or None
    if own is not None and town not in {None, own}:
        raise Forbidden("town-not-yours")
    month = str(asked.get("month") or "")
    return Slice(
        since,
        until,
        months,
        town_code=own or town,
        item_code=str(asked.get("item") or "")[:20] or None,
        agency_id=whole(asked.get("agency")),
        month=month if MONTH.fullmatch(month) else None,
        ratio_bin=whole(asked.get("bin")),
    )


def asked_rows(asked: Mapping[str, Any]) -> RowSet:
    """Return the row set an address names; the signed contracts when it names none."""
    given = str(asked.get("of") or "")
    return RowSet(given) if given in set(RowSet) else RowSet.SIGNED
