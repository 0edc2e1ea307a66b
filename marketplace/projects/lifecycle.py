"""The lives of a project and of an entry of its plan. Pure.

How far an entry that is bought has come is no state of it: that is read from its needs and contracts.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class ProjectState(StrEnum):
    """Where a project stands."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class EntryState(StrEnum):
    """What is to become of an entry: bought, prepared by the enterprise itself, not needed, or out of the plan."""

    PLANNED = "planned"
    OWN = "own"
    OWN_DONE = "own_done"
    NOT_NEEDED = "not_needed"
    REMOVED = "removed"


_P = ProjectState
_E = EntryState

PROJECT: Final = Lifecycle(
    "project",
    ProjectState,
    initial=_P.RUNNING,
    moves=[
        Move("finish", "finished", (_P.RUNNING,), _P.DONE, needs=("plan-done",)),
        Move("reopen", "reopened", (_P.DONE,), _P.RUNNING),
        Move("cancel", "cancelled", (_P.RUNNING,), _P.CANCELLED, needs=("reason",)),
    ],
)

ENTRY: Final = Lifecycle(
    "plan_entry",
    EntryState,
    initial=_E.PLANNED,
    moves=[
        Move("waive", "waived", (_E.PLANNED, _E.OWN), _E.NOT_NEEDED, needs=("reason", "not-bought")),
        Move("take_on", "taken_on", (_E.PLANNED,), _E.OWN, needs=("reason", "not-bought")),
        Move("finish", "own_finished", (_E.OWN,), _E.OWN_DONE),
        Move("restore", "restored", (_E.OWN, _E.OWN_DONE, _E.NOT_NEEDED), _E.PLANNED),
        Move(
            "remove", "removed", (_E.PLANNED, _E.OWN, _E.OWN_DONE, _E.NOT_NEEDED), _E.REMOVED, needs=("not-bought",)
        ),
    ],
)  # fmt: skip
