"""The workbench's parts: what a room puts on a person's desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from core.work import Work


class Item(NamedTuple):
    """One line: what, where, by when, and how pressing (``ok``, ``warn``, ``bad``, ``info`` or nothing)."""

    text: Any
    url: str | None = None
    due_at: datetime | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A card on the desk: lines with due times, or a template of the room's own with its data."""

    title: Any
    items: Sequence[Item] = ()
    empty_text: Any = ""
    more_url: str | None = None
    more_label: Any = ""
    template: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


Panels: TypeAlias = Callable[[Work], Sequence[Any]]


def gather(work: Work, sources: Sequence[Panels]) -> list[Panel]:
    """Return the panels of all rooms for this actor; a plain (title, template, data) becomes a panel."""
    found: list[Panel] = []
    for panels_of in sources:
        for panel in panels_of(work):
            if isinstance(panel, Panel):
                found.append(panel)
            else:
                title, template, data = panel
                found.append(Panel(title, template=template, data=data))
    return found
