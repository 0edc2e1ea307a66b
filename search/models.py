"""The one table of the room: what waits to be indexed. Everything else the room keeps can be thrown away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from search.documents import Kind


class WaitingDocument(db.Base):
    """A thing that changed and waits for the index's writer, who takes many at a time into one commit.

    A thing that changes twice waits twice; the writer reads it once, as it stands then.
    """

    __tablename__ = "waiting_document"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    kind: Mapped[Kind] = db.enum_column(Kind)
    object_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
