"""Use cases of search: find, suggest, mark what changed, carry it into the index, rebuild it, tell how it is.

Handlers of events only note what changed; `flush` carries all of it into the index in one commit, since a commit costs
a hundred times what a document does.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, select

from core.clock import beijing_day
from core.errors import Unavailable
from core.work import Work, Works
from search import engines, queries, rotation, sources
from search.backend import Query, Results, SearchBackend, Suggestion
from search.documents import Document, Kind, document_key
from search.memory_backend import MemoryBackend
from search.models import WaitingDocument
from search.query import read

log = logging.getLogger(__name__)
BATCH: Final = 500
BROKEN: Final = "BROKEN"
"""A file beside the index: a reader met a broken part, so that whoever rebuilds knows even if the rest looks well."""
_configured: dict[str, SearchBackend] = {}
_folders: dict[str, Path] = {}


@dataclass(frozen=True)
class Found:
    """An answer, and whether it came from the database because the index is out of reach."""

    results: Results
    degraded: bool = False


def configure(folder: Path, engine: str = "whoosh", address: str = "") -> None:
    """Choose the engine, the folder of its index and its address. Raises ValueError for an engine there is not."""
    _configured["engine"] = engines.make(engine, folder, address)
    _folders["index"] = folder


def backend() -> SearchBackend:
    """Return the engine chosen at start. Raises Unavailable before that."""
    found = _configured.get("engine")
    if found is None:
        raise Unavailable("search-index-lost")
    return found


def health() -> str:
    """Say how the index is: ok, none-built, lost, outdated or corrupt."""
    try:
        found = backend().health()
    except Unavailable:
        return "none-built"
    if found.ok and (_folders["index"] / BROKEN).exists():
        return "corrupt"
    return "ok" if found.ok else found.reason


def mend(works: Works) -> int:
    """Rebuild an index that cannot answer; return how many documents it then holds, 0 when nothing was done.

    Another builder at work is let be, and an engine out of reach is tried again the next time.
    """
    reason = health()
    if reason == "ok":
        return 0
    log.warning("search index broken, building it anew", extra={"reason": reason})
    try:
        with works.reading() as work:
            return rebuild(work)
    except Unavailable as refusal:
        log.warning("search index not rebuilt", extra={"code": refusal.code})
        return 0


def search(work: Work, query: Query) -> Found:
    """Answer a question with what this reader may see now; from the database while the index is out of reach.

    Raises Invalid when the line breaks a limit.
    """
    query = replace(query, seed=rotation.seed_of(beijing_day(work.clock.now())))
    try:
        return Found(_seen(work, backend().search(query)))
    except Unavailable as refusal:
        _note_broken(refusal)
        plan = read(query.text)
        texts = [one.text for term in plan.terms for one in term.alternatives] + list(plan.phrases)
        drawn = queries.candidates(work.session, texts[: queries.MOST_CANDIDATES], work.clock.now())
        return Found(MemoryBackend(drawn).search(query), degraded=True)


def suggest(work: Work, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
    """Return names that go on as was typed; none while the index is out of reach."""
    try:
        found = backend().suggest(prefix, limit)
    except Unavailable as refusal:
        _note_broken(refusal)
        return ()
    visible = queries.still_visible(work.session, work.actor, found)
    return tuple(one for one in found if one.key in visible)


def _seen(work: Work, results: Results) -> Results:
    """Leave out what was taken back or suspended since it was indexed."""
    drawn = (hit.document for hit in (*results.hits, *results.beside))
    visible = queries.still_visible(work.session, work.actor, drawn)
    kept, beside = (
        tuple(hit for hit in some if hit.document.key in visible) for some in (results.hits, results.beside)
    )
    return replace(results, hits=kept, beside=beside, total=results.total - (len(results.hits) - len(kept)))


def rebuild(work: Work, told: Callable[[int], object] = lambda _one: None) -> int:
    """Build the index from the tables beside the old one, and swap; return how many documents it holds.

    told: hears 1 for each document that is drawn.
    """

    def drawn() -> Iterator[Document]:
        for document in queries.all_documents(work.session, work.clock.now()):
            told(1)
            yield document

    count = backend().replace_all(drawn())
    (_folders["index"] / BROKEN).unlink(missing_ok=True)
    log.info("search index rebuilt", extra={"documents": count})
    return count


def index_agency(work: Work, event: Mapping[str, Any]) -> None:
    """Note that an agency changed; the event names it as `agency_id`, or is about it and gives its `id`."""
    _note(work, Kind.AGENCY, int(event.get("agency_id", event["id"])))


def index_need(work: Work, event: Mapping[str, Any]) -> None:
    """Note that a need changed; the event names it as `need_id`, or is about it and gives its `id`."""
    _note(work, Kind.NOTICE, int(event.get("need_id", event["id"])))


def index_answer(work: Work, event: Mapping[str, Any]) -> None:
    """Note that an approved answer changed; the event is about it and gives its `id`."""
    _note(work, Kind.ANSWER, int(event["id"]))


def flush(works: Works) -> int:
    """Carry what waits into the index, in one commit; return how many things were read.

    May die anywhere and run again: what waits is forgotten only after the index has it. A lost index is built anew.
    """
    with works.reading() as work:
        rows = work.session.execute(
            select(WaitingDocument.id, WaitingDocument.kind, WaitingDocument.object_id)
            .order_by(WaitingDocument.id)
            .limit(BATCH)
        ).all()
        if not rows:
            return 0
        changed: dict[Kind, set[int]] = defaultdict(set)
        for _id, kind, object_id in rows:
            changed[Kind(kind)].add(object_id)
        _carry(work, changed)
    with works.system() as work:
        work.session.execute(delete(WaitingDocument).where(WaitingDocument.id.in_([row[0] for row in rows])))
    return sum(len(ids) for ids in changed.values())


def _note_broken(refusal: Unavailable) -> None:
    """Leave word that the index is broken; one that is only slow or out of reach needs no rebuild."""
    folder = _folders.get("index")
    if refusal.code == "search-index-lost" and folder is not None and folder.is_dir():
        with suppress(OSError):
            (folder / BROKEN).touch()


def _note(work: Work, kind: Kind, object_id: int) -> None:
    work.session.add(WaitingDocument(kind=kind, object_id=object_id, at=work.clock.now()))


def _carry(work: Work, changed: Mapping[Kind, set[int]]) -> None:
    try:
        documents: list[Document] = [
            *queries.agency_documents(work.session, changed.get(Kind.AGENCY, ()), work.clock.now()),
            *queries.notice_documents(work.session, changed.get(Kind.NOTICE, ())),
        ]
        for source in sources.every():
            documents += source.documents(work.session, sorted(changed.get(source.kind, ())))
        known = {one.key for one in documents}
        gone = {document_key(kind, one) for kind, ids in changed.items() for one in ids} - known
        engine = backend()
        engine.put(documents)
        engine.remove(gone)
    except Unavailable as refusal:
        if refusal.code != "search-index-lost":
            raise
        log.warning("search index lost, building it anew")
        rebuild(work)
