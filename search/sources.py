"""What rooms above this one give to the index: approved answers, guides. Each hangs its source at the start."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Protocol

from sqlalchemy.orm import Session

from core.access import Actor
from search.documents import Document, Kind


class Source(Protocol):
    """One kind of documents another room keeps."""

    kind: Kind

    def documents(self, session: Session, ids: Sequence[int] | None = None) -> Iterable[Document]:
        """Draw all that is public, or the rows named as they stand; what is not public any more is left out."""

    def visible(self, session: Session, actor: Actor, ids: Collection[str]) -> Collection[str]:
        """Return which of some documents' ids a reader may see at this moment."""


_SOURCES: Final[dict[Kind, Source]] = {}


def hang(sources: Iterable[Source]) -> None:
    """Take up the sources of a site; a later one of the same kind takes the place of the former."""
    _SOURCES.update({source.kind: source for source in sources})


def every() -> tuple[Source, ...]:
    """Return all sources, in the order of their kinds."""
    return tuple(_SOURCES[kind] for kind in Kind if kind in _SOURCES)


def of(kind: Kind) -> Source | None:
    """Return the source of a kind, None for a kind this room draws itself."""
    return _SOURCES.get(kind)
