"""The use case of dossiers: gather what a purchase left, issue what is missing as paper, pack it, list every hash.

The same purchase read by the same side gives the same files. A party gets texts and versions; an office that watches
gets the rest, and the index says how many papers were kept back.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from admin.dossiers import book, queries, sheets
from admin.dossiers.permissions import POLICY
from core import audit, files, papers
from core.errors import Conflict
from core.papers import IssuedPaper
from core.work import Work
from marketplace.contracts import queries as contracts
from marketplace.contracts.lifecycle import ContractState
from marketplace.contracts.models import Contract
from marketplace.contracts.permissions import POLICY as CONTRACTS
from marketplace.needs.models import Need
from marketplace.selection import letters

OVER: Final = (ContractState.ACCEPTED, ContractState.SETTLED, ContractState.TERMINATED)
OPEN: Final = (letters.NOTICE, letters.LETTER, sheets.NOTICE, sheets.RATINGS, sheets.SETTLEMENT)
WHOLE: Final = "dossier"
"""The name of the one document that holds everything readable, and of its data beside it."""
IN_MEMORY: Final = 16 * 1024 * 1024
STAMP: Final = (2018, 12, 28, 0, 0, 0)  # one time for every file, so that the same purchase packs to the same bytes

CheckUrl = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A packed dossier at its start, what to call it, and the paper that lists its hashes."""

    stream: IO[bytes]
    name: str
    index: IssuedPaper


def make(work: Work, contract_id: int, check_url: CheckUrl) -> Dossier:
    """Pack the dossier of a purchase that is over; check_url gives the address at which a code is checked.

    Raises NotFound, Forbidden, Conflict while the service still runs.
    """
    contract = contracts.contract_by_id(work.session, contract_id)
    work.require(POLICY, "dossier:make", contract)
    if contract.state not in OVER or contract.starts_at is None:
        raise Conflict("dossier-too-early", id=contract_id)
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    try:
        index = _pack(work, contract, check_url, stream)
    except BaseException:
        stream.close()
        raise
    stream.seek(0)
    return Dossier(stream, f"{contract.number}.zip", index)


def _pack(work: Work, contract: Contract, check_url: CheckUrl, stream: IO[bytes]) -> IssuedPaper:
    """Write every file, then the index of them, then the list of all hashes; return the index."""
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in _parts(work, contract, check_url):
            hashes[name] = _put(archive, name, words)
        index = papers.issue(work, sheets.INDEX, contract.id, "notice", sheets.index(contract, hashes))
        for name, words in _paper(index, check_url, "index"):
            hashes[name] = _put(archive, name, words)
        listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
        _put(archive, "SHA256SUMS", listed.encode())
    work.record(contract, "dossier.made", sha256=index.sha256, files=len(hashes))
    return index


def _parts(work: Work, contract: Contract, check_url: CheckUrl) -> Iterator[tuple[str, bytes | Path]]:
    """Yield the files: the whole as one PDF/A and its data, facts, protocol, papers, and the versions for a party."""
    session, is_party = work.session, work.allows(CONTRACTS, "contract:text", contract)
    told = book.book(work, contract, with_wording=is_party)
    yield from _paper(papers.issue(work, book.BOOK, contract.id, book.TEMPLATE, told), check_url, WHOLE)
    yield "data.json", audit.canonical(queries.data_of(session, contract, with_wording=is_party))
    protocol = queries.protocol_of(session, contract.need_id)
    if protocol is not None:
        yield "protocol.json", audit.canonical(protocol)
    for paper in [*_added(work, contract), *queries.papers_of(session, contract)]:
        if is_party or paper.kind in OPEN:
            yield from _paper(paper, check_url, f"papers/{paper.kind}-{paper.code}")
    if is_party:
        for version in reversed(contracts.deliverables_of(session, contract.id)):
            stored = session.get_one(files.StoredFile, version.file_id)
            yield f"versions/{version.no}{Path(stored.name).suffix}", files.path_of(stored)


def _added(work: Work, contract: Contract) -> list[IssuedPaper]:
    """Issue as papers what so far was only rows; issued once, they stay the same."""
    need = work.session.get_one(Need, contract.need_id)
    found = [papers.issue(work, sheets.NOTICE, need.id, "notice", sheets.notice(work, need))]
    paid = contracts.settlement_of(work.session, contract.id)
    if paid is not None:
        said = sheets.settlement(contract, paid)
        found.append(papers.issue(work, sheets.SETTLEMENT, contract.id, "notice", said))
    rated = queries.ratings_of(work.session, contract.id)
    if rated:
        found.append(papers.issue(work, sheets.RATINGS, contract.id, "notice", sheets.ratings(contract, rated)))
    return found


def _paper(paper: IssuedPaper, check_url: CheckUrl, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield a paper as PDF, and as the canonical data whose SHA-256 is the fingerprint printed on it."""
    printed: dict[str, Any] = paper.data
    check = papers.verification(paper, check_url(paper.code))
    yield f"{name}.json", audit.canonical(printed)
    yield f"{name}.pdf", papers.render_pdf(paper.template, printed, check)


def _put(archive: zipfile.ZipFile, name: str, words: bytes | Path) -> str:
    """Write one file into the archive and return its SHA-256."""
    digest, entry = hashlib.sha256(), zipfile.ZipInfo(name, STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w") as out:
        for chunk in _chunks(words):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _chunks(words: bytes | Path) -> Iterator[bytes]:
    if isinstance(words, bytes):
        yield words
        return
    with words.open("rb") as file:
        while chunk := file.read(1 << 16):
            yield chunk
