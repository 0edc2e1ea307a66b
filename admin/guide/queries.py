"""Reads of the guide's versions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin.guide.models import GuideVersion
from core.errors import NotFound


def current(session: Session) -> Sequence[GuideVersion]:
    """Return the newest version of every life, by name."""
    newest = select(GuideVersion.life, func.max(GuideVersion.number).label("number")).group_by(GuideVersion.life)
    last = newest.subquery()
    query = select(GuideVersion).join(last, (GuideVersion.life == last.c.life) & (GuideVersion.number == last.c.number))
    return session.scalars(query.order_by(GuideVersion.life)).all()


def versions_of(session: Session, life: str) -> Sequence[GuideVersion]:
    """Return all versions of a life, newest first. Raises NotFound for a life never kept."""
    query = select(GuideVersion).where(GuideVersion.life == life).order_by(GuideVersion.number.desc())
    found = session.scalars(query).all()
    if not found:
        raise NotFound("guide-not-found", life=life)
    return found
