"""Uploads: what is kept and how, and what is refused by name, by content and by size, leaving nothing behind."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from core import files
from core.access import Actor, OrgKind
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.errors import Invalid, NotFound
from core.files import MOST_BYTES, MOST_UNPACKED, StoredFile
from core.work import Works

AGENT = Actor(7, 9, OrgKind.AGENCY)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 300 + b"%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
PROGRAM = b"MZ\x90\x00" + bytes(100)
WORD, EXCEL, OFD = "word/document.xml", "xl/workbook.xml", "OFD.xml"


def packed(*names: str) -> bytes:
    """Pack a document; its entries carry no time of their own, so that every process makes the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), f"what {name} says")
    return out.getvalue()


def bomb(claimed: int) -> bytes:
    """Pack a document whose only entry says it unpacks to this many bytes."""
    content = packed(WORD)
    size_at = content.index(b"PK\x01\x02") + 24
    return content[:size_at] + struct.pack("<I", claimed) + content[size_at + 4 :]


def store(works: Works, content: bytes, name: str) -> StoredFile:
    with works.writing(AGENT) as work:
        return files.store(work, io.BytesIO(content), name, "paper")


def uploads(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "uploads").iterdir())


def test_a_stored_file_is_kept_byte_for_byte_with_its_hash(works: Works, clock: FixedClock, tmp_path: Path) -> None:
    row = store(works, PDF, "营业执照.pdf")
    assert files.path_of(row).read_bytes() == PDF
    assert (row.sha256, row.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert (row.name, row.kind, row.org_id, row.at) == ("营业执照.pdf", "paper", 9, clock.now())
    with works.reading() as work:
        leaf = work.session.scalars(select(AuditLeaf)).one()
    assert (leaf.verb, leaf.object_id, leaf.facts) == ("file.stored", row.id, {"sha256": row.sha256, "size": row.size})
    assert uploads(tmp_path) == [files.path_of(row)]


def test_the_place_of_a_file_cannot_be_told_from_its_name(works: Works) -> None:
    one, two = store(works, PDF, "a.pdf"), store(works, PDF, "a.pdf")
    assert one.key != two.key
    assert len(one.key) == 32
    assert "a.pdf" not in str(files.path_of(one))


@pytest.mark.parametrize("given", ["../../etc/a.pdf", "C:\\资料\\a.pdf", "/a.pdf", "..\\..\\a.pdf"])
def test_folders_in_a_name_are_dropped(works: Works, tmp_path: Path, given: str) -> None:
    row = store(works, PDF, given)
    assert row.name == "a.pdf"
    assert [path.parent for path in uploads(tmp_path)] == [tmp_path / "uploads"]


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.b.png", PNG, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.docx", packed("[Content_Types].xml", WORD), files.MEDIA["docx"]),
        ("a.docx", packed(WORD, "word/embeddings/oleObject1.bin", "word/media/vbanner.png"), files.MEDIA["docx"]),
        ("a.xlsx", packed(EXCEL), files.MEDIA["xlsx"]),
        ("a.ofd", packed(OFD), "application/ofd"),
        ("a.dwg", b"AC1032" + bytes(40), "image/vnd.dwg"),
    ],
)
def test_a_file_that_is_what_its_ending_says_is_kept(works: Works, name: str, content: bytes, media: str) -> None:
    assert store(works, content, name).media_type == media


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", PROGRAM),
        ("a.pdf", PROGRAM),
        ("a.pdf", PNG),
        ("a.pdf", b" " + PDF),
        ("a.png", JPEG),
        ("a.pdf.exe", PDF),
        ("a.svg", b"<svg onload='x()'/>"),
        ("a.html", b"<script>x()</script>"),
        ("a", PDF),
        ("a.zip", packed("a.txt")),
        ("a.docx", packed(EXCEL)),
        ("a.xlsx", packed(WORD)),
        ("a.ofd", packed("a.txt")),
        ("a.docx", b"PK\x03\x04" + bytes(100)),
        ("a.docx", packed(WORD)[:-10]),
        ("a.docx", packed(WORD, "word/vbaProject.bin")),
        ("a.xlsx", packed(EXCEL, "xl/VBAPROJECT.BIN")),
        ("a.docx", packed(WORD, "word/embeddings/more.zip")),
        ("a.docx", packed(WORD, "word/embeddings/SETUP.EXE")),
        ("a.ofd", packed(OFD, "Doc_0/run.js")),
        ("a.docx", bomb(MOST_UNPACKED + 1)),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_not_kept(
    works: Works, tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(Invalid, match="file-type") as refusal:
        store(works, content, name)
    assert refusal.value.facts == {"field": "file", "name": name}
    assert uploads(tmp_path) == []
    with works.reading() as work:
        assert work.session.scalars(select(StoredFile)).all() == []


def test_a_document_that_unpacks_to_the_most_allowed_is_kept(works: Works) -> None:
    assert store(works, bomb(MOST_UNPACKED), "a.docx").id


def test_an_empty_file_is_refused(works: Works, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="file-empty") as refusal:
        store(works, b"", "a.pdf")
    assert refusal.value.facts == {"field": "file", "name": "a.pdf"}
    assert uploads(tmp_path) == []


def test_a_file_may_be_as_large_as_allowed_and_not_a_byte_larger(works: Works, tmp_path: Path) -> None:
    largest = b"%PDF-" + bytes(MOST_BYTES - 5)
    assert store(works, largest, "a.pdf").size == MOST_BYTES
    with pytest.raises(Invalid, match="file-too-large") as refusal:
        store(works, largest + b"x", "b.pdf")
    assert refusal.value.facts == {"field": "file", "name": "b.pdf", "most": 50}
    assert [path.stat().st_size for path in uploads(tmp_path)] == [MOST_BYTES]


def test_a_file_that_was_lost_is_said_to_be(works: Works) -> None:
    row = store(works, PDF, "a.pdf")
    files.path_of(row).unlink()
    with pytest.raises(NotFound, match="file-lost"):
        files.path_of(row)


class Broken(io.BytesIO):
    """An upload whose line breaks half way."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("the line broke")
        return super().read(size)


def test_an_upload_whose_line_breaks_leaves_nothing(works: Works, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="the line broke"), works.writing(AGENT) as work:
        files.store(work, Broken(PDF), "a.pdf", "paper")
    assert uploads(tmp_path) == []
