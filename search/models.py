"""Tables of the room: what waits to be indexed, and which notices somebody follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.money import Money
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


class SavedSearch(db.Aggregate, db.Base):
    """A search of notices that one person follows for an organisation; stopped for good, never taken up again.

    town, item: one code or several with commas between; words, method, least and most as in the list of notices.
    pace: whether each hit is mailed at once or with the day's summary.
    """

    __tablename__ = "saved_search"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = db.text(60)
    words: Mapped[str] = db.text(100, default="")
    town: Mapped[str] = db.text(400, default="")
    item: Mapped[str] = db.text(400, default="")
    method: Mapped[str] = db.text(10, default="")
    least: Mapped[Money | None]
    most: Mapped[Money | None]
    pace: Mapped[str] = db.text(10)
    made_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (
        db.check("pace in ('instant', 'daily')", "pace"),
        db.check("least is null or most is null or least <= most", "amounts"),
    )
