"""Who hears of what: events to handlers, due deadlines to use cases. The only place where lower rooms reach upper ones."""

from __future__ import annotations

from typing import Final

from core.deadlines import DueHandler
from core.outbox import Handler

EVENTS: Final[dict[str, list[Handler]]] = {}
DEADLINES: Final[dict[str, DueHandler]] = {}
