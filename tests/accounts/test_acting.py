"""A refusal put beside a field of the form, in a room's words, or passed on where the room has none."""

import pytest

from accounts.acting import marker, saying
from core.errors import Conflict, DomainError, Invalid
from core.forms import Form, Item, blank_form

SENTENCES = {"too-long": "最多 %(most)s 个字"}


def form() -> Form[object]:
    drawn: Form[object] = blank_form([Item("reason", "理由"), Item("day", "日期")])
    drawn.command = object()
    return drawn


@pytest.mark.parametrize(
    ("refusal", "where"),
    [
        (Invalid("too-long", field="day", most=9), "f-day"),
        (Conflict("too-long", most=9), "f-reason"),
        (Invalid("too-long", field="elsewhere", most=9), ""),
    ],
)
def test_a_refusal_stands_beside_the_field_it_names_or_the_usual_one(refusal: DomainError, where: str) -> None:
    for mark in (marker(SENTENCES, "reason"), saying(lambda said: SENTENCES[said.code] % said.facts, "reason")):
        drawn = form()
        mark(drawn, refusal)
        assert (drawn.errors, drawn.command) == ([(where, "最多 9 个字")], None)


def test_what_has_no_sentence_goes_its_own_way() -> None:
    drawn = form()
    with pytest.raises(Conflict, match="wrong-state"):
        marker(SENTENCES)(drawn, Conflict("wrong-state", field="day"))
    assert (drawn.errors, drawn.command is None) == ([], False)
