"""Refusals: a stable code and its facts, never a sentence."""

import pickle

import pytest

from core import errors
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, SignInRequired, TooMany, Unavailable

KINDS = [NotFound, Forbidden, SignInRequired, Conflict, Invalid, TooMany, Unavailable]


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_carries_its_code_and_its_facts(kind: type[DomainError]) -> None:
    refusal = kind("need-not-found", id=7, field="title")
    assert refusal.code == "need-not-found"
    assert refusal.facts == {"id": 7, "field": "title"}
    assert kind("need-not-found").facts == {}


def test_a_refusal_says_its_code_and_keeps_its_facts_out_of_the_log() -> None:
    assert str(NotFound("person-not-found", mobile="13800138000")) == "person-not-found"
    assert "13800138000" not in repr(NotFound("person-not-found", mobile="13800138000"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_refusal_is_caught_as_itself_and_as_no_other(kind: type[DomainError]) -> None:
    assert [other for other in [DomainError, *KINDS] if issubclass(kind, other)] == [DomainError, kind]


def test_every_refusal_there_is_stands_in_these_tests() -> None:
    found = {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, DomainError)}
    assert found == {DomainError, *KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_survives_the_way_between_processes(kind: type[DomainError]) -> None:
    back = pickle.loads(pickle.dumps(kind("too-often", retry_after=60)))  # noqa: S301 - written a moment ago
    assert (type(back), back.code, back.facts) == (kind, "too-often", {"retry_after": 60})
