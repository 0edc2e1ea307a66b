"""Idempotency-Key on unsafe API calls: the first answer is kept and given again for the same key and content."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Integer, LargeBinary, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from accounts.gate import viewer
from core import db, secrets
from core.errors import Conflict, Invalid

KEPT: Final = timedelta(days=7)
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LEASE: Final = timedelta(seconds=60)  # as long as a request may take; who held the key longer has died
LONGEST: Final = 255
SERVER_FAULT: Final = 500
PURPOSE: Final = "kept-answer"  # an answer may hold a token that is shown once, or a person's number


class KeptAnswer(db.Base):
    """One answered, or still unanswered, call."""

    __tablename__ = "kept_answer"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    key: Mapped[str] = db.text(64)
    user_id: Mapped[int]
    fingerprint: Mapped[str] = db.text(64)
    status: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    media_type: Mapped[str | None] = db.text(80)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "key"),)


def install(app: Flask) -> None:
    """Look before the view, keep after it."""
    app.before_request(_give_again)
    app.after_request(_keep)


def _applies() -> bool:
    return request.path.startswith("/api/") and request.method in UNSAFE and "Idempotency-Key" in request.headers


def _give_again() -> Response | None:
    """Answer a repeated call as the first time.

    Raises Conflict while the first is in flight, Invalid for other content. A first call that died without an answer
    is made again: what it had committed refuses the second by its own rules.
    """
    if not _applies() or not viewer().signed_in:
        return None
    given = request.headers["Idempotency-Key"]
    if not 0 < len(given) <= LONGEST:
        raise Invalid("bad-request", field="Idempotency-Key")
    key, user_id = hashlib.sha256(given.encode()).hexdigest(), viewer().actor.user_id
    print_of = hashlib.sha256(f"{request.method} {request.full_path}\n".encode() + request.get_data()).hexdigest()
    with current_app.extensions["works"].system() as work:
        work.session.execute(delete(KeptAnswer).where(KeptAnswer.at < work.clock.now() - KEPT))
        row = work.session.scalars(
            select(KeptAnswer).where(KeptAnswer.user_id == user_id, KeptAnswer.key == key)
        ).one_or_none()
        if row is None:
            row = KeptAnswer(key=key, user_id=user_id, fingerprint=print_of, at=work.clock.now())
            work.session.add(row)
            work.session.flush()
            g.kept_answer = row.id
            return None
        if row.fingerprint != print_of:
            raise Invalid("idempotency-conflict", field="Idempotency-Key")
        if row.status is None:
            if work.clock.now() < row.at + LEASE:
                raise Conflict("idempotency-in-flight")
            row.at, g.kept_answer = work.clock.now(), row.id
            return None
        answer = Response(secrets.unseal(PURPOSE, row.body or b""), row.status, mimetype=row.media_type)
        answer.headers["Idempotent-Replayed"] = "true"
        return answer


def _keep(response: Response) -> Response:
    row_id: Any = getattr(g, "kept_answer", None)
    if row_id is None:
        return response
    with current_app.extensions["works"].system() as work:
        row = work.session.get(KeptAnswer, row_id)
        if row is not None and response.status_code >= SERVER_FAULT:
            work.session.delete(row)
        elif row is not None:
            row.status, row.media_type = response.status_code, response.mimetype
            row.body = secrets.seal(PURPOSE, response.get_data())
    return response
