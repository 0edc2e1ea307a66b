"""Uploaded files: checked by name, content and size, stored outside the web root under random names, hashed."""

from __future__ import annotations

import hashlib
import io
import secrets
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.errors import Invalid, NotFound
from core.work import Work

MOST_BYTES: Final = 50 * 1024 * 1024
MOST_UNPACKED: Final = 500 * 1024 * 1024
STARTS: Final = {
    "pdf": (b"%PDF-",), "png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",),
    "docx": (b"PK\x03\x04",), "xlsx": (b"PK\x03\x04",), "ofd": (b"PK\x03\x04",), "dwg": (b"AC10",),
}  # fmt: skip
ZIP_MARKS: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "OFD.xml"}
MEDIA: Final = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd", "dwg": "image/vnd.dwg",
}  # fmt: skip
_folder: list[Path] = []


class StoredFile(db.Base):
    """One uploaded file. The name is what the sender called it; the file itself lies under ``key``."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    key: Mapped[str] = db.text(64, unique=True)
    name: Mapped[str] = db.text(200)
    media_type: Mapped[str] = db.text(120)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = db.text(64)
    kind: Mapped[str] = db.text(40)
    org_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    at: Mapped[datetime]


def configure(folder: Path) -> None:
    """Set the folder that holds uploads."""
    folder.mkdir(parents=True, exist_ok=True)
    _folder[:] = [folder]


def store(work: Work, stream: BinaryIO, filename: str, kind: str) -> StoredFile:
    """Keep an uploaded file and return its row.

    Raises Invalid("file-type"), ("file-empty") or ("file-too-large") with the file's name for the sentence.
    """
    name = Path(filename.replace("\\", "/")).name[:200]
    ending = name.rpartition(".")[2].lower()
    key = secrets.token_hex(16)
    path = _folder[0] / key
    try:
        size, digest = _copy(stream, path, name)
        with path.open("rb") as file:
            _inspect(file, ending, name)
    except (Invalid, OSError):
        path.unlink(missing_ok=True)
        raise
    row = StoredFile(
        key=key, name=name, media_type=MEDIA[ending], size=size, sha256=digest, kind=kind, org_id=work.actor.org_id,
        at=work.clock.now(),
    )  # fmt: skip
    work.add(row, "file.stored", sha256=digest, size=size)
    return row


def inspect(content: bytes, filename: str, *, field: str = "file", most: int = MOST_BYTES) -> None:
    """Check an upload held in memory as ``store`` checks one: by name, content and size, keeping nothing.

    most: bytes. field: the form's field a refusal names.

    Raises Invalid("file-type"), ("file-empty") or ("file-too-large") with the file's name for the sentence.
    """
    name = Path(filename.replace("\\", "/")).name[:200]
    if not content:
        raise Invalid("file-empty", field=field, name=name)
    if len(content) > most:
        raise Invalid("file-too-large", field=field, name=name, most=most // 1024 // 1024)
    try:
        _inspect(io.BytesIO(content), name.rpartition(".")[2].lower(), name)
    except Invalid as refused:
        raise Invalid(refused.code, **{**refused.facts, "field": field}) from None


def path_of(row: StoredFile) -> Path:
    """Return where a stored file lies. Raises NotFound when it was lost."""
    path = _folder[0] / row.key
    if not path.is_file():
        raise NotFound("file-lost", id=row.id)
    return path


def erase(work: Work, row: StoredFile) -> None:
    """Delete what a stored file holds; its row stays with name, size and hash, and the record says so."""
    (_folder[0] / row.key).unlink(missing_ok=True)
    work.record(row, "file.erased", sha256=row.sha256)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(1 << 16):
        yield chunk


def _copy(stream: BinaryIO, path: Path, name: str) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as out:
        for chunk in _chunks(stream):
            size += len(chunk)
            if size > MOST_BYTES:
                raise Invalid("file-too-large", field="file", name=name, most=MOST_BYTES // 1024 // 1024)
            digest.update(chunk)
            out.write(chunk)
    if not size:
        raise Invalid("file-empty", field="file", name=name)
    return size, digest.hexdigest()


def _inspect(file: BinaryIO, ending: str, name: str) -> None:
    """Refuse a file whose content is not what its ending says, a nested archive, or a bomb."""
    refused = Invalid("file-type", field="file", name=name)
    head = file.read(16)
    if ending not in STARTS or not head.startswith(STARTS[ending]):
        raise refused
    if ending in ZIP_MARKS:
        try:
            with zipfile.ZipFile(file) as archive:
                infos = archive.infolist()
        except zipfile.BadZipFile:
            raise refused from None
        names = {info.filename for info in infos}
        if ZIP_MARKS[ending] not in names or sum(info.file_size for info in infos) > MOST_UNPACKED:
            raise refused
        if any(inner.lower().endswith((".zip", ".exe", ".js", "vbaproject.bin")) for inner in names):
            raise refused
