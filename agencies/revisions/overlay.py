"""Bringing the approved texts from the database into this process, when the register's number says there are newer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agencies.fees import texts
from agencies.revisions import queries
from core.clock import beijing_day
from core.work import Work, Works


def look(works: Works) -> None:
    """Ask the register, and read the texts again if this process knows others: one short query, most often."""
    with works.reading() as work:
        refresh(work)


def refresh(work: Work) -> None:
    """Bring this process up to what the database holds."""
    stamp = queries.register_digest(work.session)
    if stamp != texts.stamp():
        texts.install(stamp, queries.approved(work.session), beijing_day(work.clock.now()))


def on_change(work: Work, _facts: Mapping[str, Any]) -> None:
    """Take up a text that was approved or came into force: what follows those events in the worker."""
    refresh(work)
