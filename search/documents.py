"""What the index holds of a thing: only what anyone may read, in one shape for all kinds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The kinds of things found by one box, in the order of the tabs."""

    ITEM = "item"
    AGENCY = "agency"
    NOTICE = "notice"
    SCHEDULE = "schedule"
    GUIDE = "guide"
    ANSWER = "answer"


GENERAL: frozenset[Kind] = frozenset({Kind.ITEM, Kind.SCHEDULE, Kind.GUIDE, Kind.ANSWER})
"""Kinds that hold for the whole city and at any time, so that a town or a date in the text leaves them in."""


@dataclass(frozen=True)
class Document:
    """A thing as the index knows it.

    id: the row's id or code, unique within its kind. names: other names it goes by (aliases, English). about: names of
    what it concerns (items, approvals, qualifications). codes: numbers people type. town_code: empty where it holds for
    the whole city. cites: numbers of documents it goes by, found with less weight. item_codes, stages: service items
    and approval stages it belongs to. grade: of standing, "" when none. price_fen: posted price, ceiling or award,
    whole fen. on_time, rating: 0 to 1, the lower bound of the rating; None when too little is known. boosts: what
    lifts it besides the text, by reason, each 0 to 1. public: only documents anyone may read are kept; the rest are
    taken out. Times are aware and UTC.
    """

    kind: Kind
    id: str
    title: str
    url: str
    body: str = ""
    names: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    town_code: str = ""
    item_codes: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    grade: str = ""
    price_fen: int | None = None
    on_time: float | None = None
    rating: float | None = None
    published_at: datetime | None = None
    closes_at: datetime | None = None
    state: str = ""
    boosts: Mapping[str, float] = field(default_factory=dict)
    public: bool = True

    @property
    def key(self) -> str:
        """The name of the document in an index: kind and id."""
        return document_key(self.kind, self.id)

    @property
    def boost(self) -> float:
        """What the text's score is raised by: 0.25 raises it by a quarter."""
        return sum(self.boosts.values())


def document_key(kind: Kind, identity: int | str) -> str:
    """Name a document by its kind and the id of its row."""
    return f"{kind}:{identity}"


def dumps(document: Document) -> str:
    """Write a document as JSON."""
    values = {name: getattr(document, name) for name in document.__dataclass_fields__}
    values["boosts"] = dict(document.boosts)
    for name in ("published_at", "closes_at"):
        values[name] = values[name].astimezone(UTC).isoformat() if values[name] else None
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Document:
    """Read what dumps wrote."""
    values: dict[str, Any] = json.loads(text)
    for name in ("names", "about", "codes", "cites", "item_codes", "stages"):
        values[name] = tuple(values[name])
    for name in ("published_at", "closes_at"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Document(**values | {"kind": Kind(values["kind"])})
