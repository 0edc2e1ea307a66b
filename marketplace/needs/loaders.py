"""What both faces of needs load for their gates, and what is done before a notice is shown."""

from __future__ import annotations

from flask import current_app

from accounts.gate import works
from core.work import Work
from marketplace.needs import family, queries, questions
from marketplace.needs.models import Need


def need_of(work: Work, need_id: int) -> Need:
    """Load the need of an address for its gate. Raises NotFound."""
    return queries.need_by_id(work, need_id)


def need_of_lot(work: Work, need_id: int, no: int) -> Need:
    """Load the need whose notice has a lot of this number, for its gate. Raises NotFound."""
    need = queries.need_by_id(work, need_id)
    family.numbered(work.session, need.id, no)
    return need


def need_of_question(work: Work, question_id: int) -> Need:
    """Load the need a question stands under, for its gate. Raises NotFound."""
    return questions.need_of_question(work, question_id)


def open_what_is_due(need_id: int) -> None:
    """Let the rooms above open what is due; they hang themselves under ``before_notice``, which this room reads."""
    for opener in current_app.extensions.get("before_notice", ()):
        opener(works(), need_id)
