"""What the search finds of this room: a guide for every life, by its name, its states and what can be done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy.orm import Session

from admin.guide import queries, wording
from admin.guide.life_words import STATES
from admin.guide.verb_words import VERBS
from core.access import Actor
from core.i18n import force_locale
from search import sayings
from search.documents import Document, Kind


class Guides:
    """The source of guides: implements ``search.sources.Source``. They change with a release, not with a row."""

    kind = Kind.GUIDE

    def documents(self, session: Session, ids: Sequence[int] | None = None) -> Iterable[Document]:
        """Draw the guide of every life kept; none by number, since none changes alone."""
        return [_document(row.life) for row in queries.current(session)] if ids is None else []

    def visible(self, session: Session, actor: Actor, ids: Collection[str]) -> Collection[str]:
        """Return all of them: guides are public."""
        return ids


def _document(life: str) -> Document:
    with force_locale("en"):
        english = wording.life_name(life)
    with force_locale("zh_Hans_CN"):
        states = [wording.state_name(life, state) for state in STATES.get(life, {})]
        verbs = [wording.verb_name(life, verb) for verb in VERBS.get(life, {})]
        return Document(
            kind=Kind.GUIDE,
            id=life,
            title=wording.life_name(life),
            url=f"/guide/lives/{life}",
            names=(english,),
            about=("办事指南", *sayings.of_guide(wording.life_name(life))),
            body="\n".join(("、".join(verbs), "、".join(states))),
        )


SOURCE: Final = Guides()
