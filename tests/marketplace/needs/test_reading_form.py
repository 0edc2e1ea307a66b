"""What a draft was written with comes back into its form: choices in their list, coefficients in their boxes."""

import pytest
from werkzeug.datastructures import MultiDict

from marketplace.needs.commands import WriteNeed
from marketplace.needs.reading_form import kept_answers, posted_answers


@pytest.mark.parametrize(
    ("kept", "name", "values"),
    [
        ({"scope": "quality_safety 80"}, "scope", ["quality_safety"]),
        ({"scope": "quality_safety 80"}, "scope.quality_safety", ["80"]),
        ({"parts": ["a 1.15", "b"]}, "parts", ["a", "b"]),
        ({"parts": ["a 1.15", "b"]}, "parts.a", ["1.15"]),
        ({"investment": "3200 万"}, "investment", ["3200 万"]),
        ({"reports": "3"}, "reports", ["3"]),
    ],
)
def test_kept_answers_are_taken_apart_again(kept: dict[str, object], name: str, values: list[str]) -> None:
    command = WriteNeed(item_code="DG-A-01", title="t", scale="s", fund="social", fee_inputs=kept)
    assert kept_answers(command).getlist(name) == values


def test_only_the_fees_own_answers_are_taken_from_a_posted_form() -> None:
    posted = MultiDict([("fee-parts", "a"), ("fee-parts", "b"), ("title", "t")])
    answers = posted_answers(posted)
    assert answers.getlist("parts") == ["a", "b"]
    assert answers.getlist("title") == []
