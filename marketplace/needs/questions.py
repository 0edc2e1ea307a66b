"""Use cases of questions on a notice: ask, answer for everybody; what stays open when quotes close has lapsed.

Other rooms call these through ``service``.
"""

from __future__ import annotations

from accounts import messages
from core import deadlines
from core.errors import Conflict, Invalid, NotFound
from core.work import Work
from marketplace.needs import events, queries
from marketplace.needs.lifecycle import QUESTION, QUESTION_ANSWER, NeedState, QuestionState
from marketplace.needs.models import Need, Question
from marketplace.needs.permissions import POLICY


def ask(work: Work, need_id: int, text: str) -> Question:
    """Ask in public, without a name.

    Raises NotFound, Forbidden, Conflict when the time for questions is over, Invalid.
    """
    need = queries.need_by_id(work, need_id)
    work.require(POLICY, "need:ask", need)
    if need.state is not NeedState.OPEN or need.questions_until is None or work.clock.now() >= need.questions_until:
        raise Conflict("questions-closed", until=need.questions_until)
    if not text.strip():
        raise Invalid("question-empty", field="text")
    question = Question(
        need_id=need.id, org_id=work.actor.org_id, enterprise_org_id=need.org_id, state=QUESTION.initial,
        text=text.strip(), asked_at=work.clock.now(),
    )  # fmt: skip
    work.add(question, "question.asked", need_id=need.id)
    work.emit(events.QUESTION_ASKED, id=need.id, question_id=question.id)
    if need.closes_at is not None:
        deadlines.put(work, QUESTION_ANSWER, question.id, need.closes_at)
    messages.tell(work, need.org_id, "question-asked", url_of(need.id), is_todo=True, need=need.title)
    return question


def answer(work: Work, question_id: int, text: str) -> Question:
    """Answer a question for everybody. Raises NotFound, Forbidden, Conflict after closing or when answered, Invalid."""
    question = question_by_id(work, question_id)
    need = queries.need_by_id(work, question.need_id)
    work.require(POLICY, "need:answer", need)
    if need.state is not NeedState.OPEN:
        raise Conflict("answers-closed", id=need.id)
    if not text.strip():
        raise Invalid("answer-empty", field="text")
    question.answer, question.answered_at = text.strip(), work.clock.now()
    work.move(QUESTION, POLICY, question, "answer", need_id=need.id)
    deadlines.drop(work, QUESTION_ANSWER, question.id)
    work.emit(events.QUESTION_ANSWERED, id=need.id, question_id=question.id)
    messages.tell(work, question.org_id, "question-answered", url_of(need.id), need=need.title)
    _settle(work, need)
    return question


def lapse_due(work: Work, question_id: int) -> None:
    """End a question nobody answered before the quotes closed. Handles ``question.answer``; may run twice.

    Where the notice's deadline moved meanwhile, the question waits until the new one.
    """
    question = question_by_id(work, question_id)
    need = queries.need_by_id(work, question.need_id)
    if question.state is not QuestionState.ASKED:
        return
    if need.state is NeedState.OPEN and need.closes_at is not None and need.closes_at > work.clock.now():
        deadlines.put(work, QUESTION_ANSWER, question.id, need.closes_at)
        return
    _lapse(work, need, question)


def lapse_all(work: Work, need: Need) -> None:
    """End every open question of a notice that ends itself; ``work`` is the system's."""
    for question in queries.questions_of(work.session, need.id):
        if question.state is QuestionState.ASKED:
            _lapse(work, need, question)


def _lapse(work: Work, need: Need, question: Question) -> None:
    question.lapsed_at = work.clock.now()
    work.move(QUESTION, POLICY, question, "lapse", need_id=need.id)
    deadlines.drop(work, QUESTION_ANSWER, question.id)
    messages.tell(work, question.org_id, "question-lapsed", url_of(need.id), need=need.title)
    _settle(work, need)


def _settle(work: Work, need: Need) -> None:
    work.session.flush()
    if all(one.state is not QuestionState.ASKED for one in queries.questions_of(work.session, need.id)):
        messages.settle(work, need.org_id, url_of(need.id))


def question_by_id(work: Work, question_id: int) -> Question:
    """Return a question. Raises NotFound."""
    question = work.session.get(Question, question_id)
    if question is None:
        raise NotFound("question-not-found", id=question_id)
    return question


def need_of_question(work: Work, question_id: int) -> Need:
    """Return the need a question stands under. Raises NotFound."""
    return queries.need_by_id(work, question_by_id(work, question_id).need_id)


def url_of(need_id: int) -> str:
    """Return the address of a notice's questions."""
    return f"/needs/{need_id}#questions"
