"""What the search finds of this room: approved answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.consultation.lifecycle import ConsultationState
from admin.consultation.models import Consultation
from admin.consultation.queries import visible
from agencies.catalogue import reference as catalogue
from agencies.catalogue.reference_types import ItemData
from core.access import Actor
from search.documents import Document, Kind

LONGEST_TITLE: Final = 80


class Answers:
    """The source of approved answers: implements ``search.sources.Source``."""

    kind = Kind.ANSWER

    def documents(self, session: Session, ids: Sequence[int] | None = None) -> Iterable[Document]:
        """Draw the approved answers, all or those named."""
        query = select(Consultation).where(Consultation.state == ConsultationState.PUBLISHED)
        if ids is not None:
            query = query.where(Consultation.id.in_(ids))
        items = {item.code: item for item in catalogue.items()}
        return [_document(row, items.get(row.item_code)) for row in session.scalars(query.order_by(Consultation.id))]

    def visible(self, session: Session, actor: Actor, ids: Collection[str]) -> Collection[str]:
        """Return those that are approved still."""
        query = select(Consultation.id).where(
            Consultation.id.in_([int(one) for one in ids]), Consultation.state == ConsultationState.PUBLISHED,
            visible(actor),
        )  # fmt: skip
        return {str(one) for one in session.scalars(query)}


def _document(row: Consultation, item: ItemData | None) -> Document:
    title = " ".join(row.question.split())
    return Document(
        kind=Kind.ANSWER,
        id=str(row.id),
        title=title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…",
        url=f"/help/{row.id}",
        about=(item.name, *item.aliases) if item is not None else (),
        body=row.answer,
        item_codes=(item.code,) if item is not None else (),
        stages=(item.stage,) if item is not None else (),
        published_at=row.published_at,
    )


SOURCE: Final = Answers()
