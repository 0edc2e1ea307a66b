"""Papers that leave the house: each with a verification code, a fingerprint of what it says, an HTML view and a PDF.

A paper is its data. The fingerprint is the SHA-256 of the data in canonical JSON, so that whoever holds a printed copy
can compare it, line by line, with what was issued; the PDF is drawn from the data when it is asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import segno
import typst
from sqlalchemy import JSON, BigInteger, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, db, secrets
from core.clock import beijing
from core.work import Work

TEMPLATES: Final = Path(__file__).with_name("paper_templates")
FONT_PACKAGE: Final = "cvttf_NotoSansCJK_Regular"
CODE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_GROUPS: Final = 3
CODE_GROUP: Final = 4


class IssuedPaper(db.Base):
    """One paper as it was issued; never changed afterwards.

    data holds title, number, lines and paragraphs as they are printed, and ``public``: the lines anybody with the code
    may see.
    """

    __tablename__ = "issued_paper"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    code: Mapped[str] = db.text(20, unique=True)
    kind: Mapped[str] = db.text(40)
    object_id: Mapped[int] = mapped_column(BigInteger)
    template: Mapped[str] = db.text(40)
    sha256: Mapped[str] = db.text(64)
    issued_at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (Index("ix__issued_paper__kind__object_id", "kind", "object_id"),)


@dataclass(frozen=True, slots=True)
class Verification:
    """What is printed on a paper so that it can be checked: the code, the address to check at, the fingerprint."""

    code: str
    url: str
    sha256: str
    issued_at: datetime


def fingerprint(data: Mapping[str, Any]) -> str:
    """Hash what a paper says: SHA-256 of its canonical JSON, 64 hex digits."""
    return hashlib.sha256(audit.canonical(data)).hexdigest()


def issue(work: Work, kind: str, object_id: int, template: str, data: Mapping[str, Any]) -> IssuedPaper:
    """Issue a paper, once: the same data for the same object gives the paper already issued.

    template: name of a file in core/paper_templates, without ending. data: plain JSON values.
    """
    sha256 = fingerprint(data)
    code = _code_for(f"{kind}:{object_id}:{sha256}")
    issued = find(work.session, code)
    if issued is not None:
        return issued
    issued = IssuedPaper(
        code=code,
        kind=kind,
        object_id=object_id,
        template=template,
        sha256=sha256,
        issued_at=work.clock.now(),
        data=dict(data),
    )
    work.add(issued, "paper.issued", kind=kind, sha256=sha256)
    return issued


def find(session: Session, code: str) -> IssuedPaper | None:
    """Return the paper of a code, however its letters and dashes were typed."""
    return session.scalars(select(IssuedPaper).where(IssuedPaper.code == tidy_code(code))).one_or_none()


def latest(session: Session, kind: str, object_id: int) -> IssuedPaper | None:
    """Return the newest paper of this kind for this object."""
    query = select(IssuedPaper).where(IssuedPaper.kind == kind, IssuedPaper.object_id == object_id)
    return session.scalars(query.order_by(IssuedPaper.id.desc()).limit(1)).first()


def tidy_code(typed: str) -> str:
    """Bring a typed code into its printed form: capitals, groups of four, O read as 0, I and L as 1."""
    letters = typed.upper().translate(str.maketrans("OIL", "011"))
    kept = [char for char in letters if char in CODE_ALPHABET]
    groups = (kept[start : start + CODE_GROUP] for start in range(0, len(kept), CODE_GROUP))
    return "-".join("".join(group) for group in groups)


def _code_for(name: str) -> str:
    """Derive a code nobody can guess from a name and the house's key."""
    number = int(secrets.keyed_hash("paper-code", name), 16)
    letters = []
    for _ in range(CODE_GROUPS * CODE_GROUP):
        number, rest = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[rest])
    return tidy_code("".join(letters))


def verification(paper: IssuedPaper, url: str) -> Verification:
    """Return what is printed on a paper for checking it; url is the whole address that shows it."""
    return Verification(paper.code, url, paper.sha256, paper.issued_at)


def qr_svg(text: str) -> str:
    """Draw a QR code as SVG, medium error correction, with a quiet zone; its colour is black."""
    return str(
        segno.make(text, error="m", micro=False).svg_inline(
            scale=4, border=2, light="#ffffff", svgclass=None, lineclass=None
        )
    )


def _standalone_qr(text: str) -> bytes:
    return qr_svg(text).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


def render_pdf(template: str, data: Mapping[str, Any], check: Verification | None = None) -> bytes:
    """Draw a paper as PDF/A-2b with its font inside.

    The data goes to the template as JSON and is never read as markup. check: what is printed for verification; without
    it the paper is marked as a draft. The same input gives the same bytes.
    """
    printed: dict[str, Any] = {"data": dict(data), "check": None, "qr": ""}
    stamp = 0
    if check is not None:
        at = beijing(check.issued_at)
        written = f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
        printed["check"] = {"code": check.code, "url": check.url, "sha256": check.sha256, "issued": written}
        printed["qr"] = _standalone_qr(check.url).decode()
        stamp = int(check.issued_at.timestamp())
    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="a-2b",
        timestamp=stamp,
        sys_inputs={"paper": json.dumps(printed, ensure_ascii=False)},
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Find the font once: it is 16 MB, and reading it is most of the time a paper takes."""
    package = find_spec(FONT_PACKAGE)
    if package is None or package.origin is None:
        raise RuntimeError(f"{FONT_PACKAGE} is not installed")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(package.origin).parent]
    )
