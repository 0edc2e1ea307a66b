"""The table of the guide's versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import db


class GuideVersion(db.Base):
    """One version of how a thing lives; ``table`` as in ``rules.table_of``, in force from ``from_at`` to the next."""

    __tablename__ = "guide_version"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    life: Mapped[str] = db.text(60)
    number: Mapped[int] = mapped_column(Integer)
    content_hash: Mapped[str] = db.text(64)
    table: Mapped[dict[str, Any]] = mapped_column(JSON)
    from_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("life", "number"), db.check("number >= 1", "number"))
