"""Every state of a quote with every verb, and who may what."""

from __future__ import annotations

import pytest

from core.access import Actor, MemberRole, OrgKind, allows
from core.errors import Conflict
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.quotes.lifecycle import CLOSED, QUOTE, READABLE, QuoteState
from marketplace.quotes.models import Quote
from marketplace.quotes.permissions import POLICY

ALLOWED = {
    ("sealed", "replace"),
    ("sealed", "withdraw"),
    ("sealed", "open"),
    ("opened", "win"),
    ("lost", "win"),
    ("lost", "reconsider"),
    ("opened", "lose"),
    ("opened", "reject"),
    ("won", "reject"),
    ("won", "decline"),
}
OFFICES = [kind for kind in OrgKind if kind is not OrgKind.AGENCY]


@pytest.mark.parametrize("state", list(QuoteState))
@pytest.mark.parametrize("verb", [move.verb for move in QUOTE.moves])
def test_a_quote_moves_only_along_its_life(state: QuoteState, verb: str) -> None:
    if (str(state), verb) in ALLOWED:
        assert QUOTE.follow(verb, state).verb == verb
    else:
        with pytest.raises(Conflict, match="wrong-state"):
            QUOTE.follow(verb, state)


def test_every_move_has_a_permission() -> None:
    assert set(QUOTE.permissions()) <= set(POLICY)


def test_a_quote_is_either_closed_or_readable() -> None:
    assert set(CLOSED) | READABLE == set(QuoteState)
    assert not READABLE & set(CLOSED)


@pytest.mark.parametrize("kind", OFFICES)
@pytest.mark.parametrize("permission", ["quote:offer", "quote:submit", "quote:receipt", "quote:read-own"])
def test_only_agencies_quote(kind: OrgKind, permission: str) -> None:
    actor = Actor(1, 7, kind, MemberRole.MANAGER, "441900003", second_factor=True)
    for subject in (Need(org_id=7, state=NeedState.OPEN), Quote(org_id=7, state=QuoteState.OPENED)):
        assert not allows(POLICY, permission, actor, subject)


@pytest.mark.parametrize("kind", list(OrgKind))
@pytest.mark.parametrize("state", CLOSED)
def test_nobody_reads_a_quote_before_it_is_opened(kind: OrgKind, state: QuoteState) -> None:
    actor = Actor(1, 7, kind, MemberRole.MANAGER, "441900003", second_factor=True)
    quote = Quote(org_id=7, state=state)
    assert not allows(POLICY, "quote:read-own", actor, quote)
    assert not allows(POLICY, "quote:list", actor, Need(org_id=7, town_code="441900003", state=NeedState.OPEN))


@pytest.mark.parametrize("verb", ["open", "win", "lose", "reconsider", "reject", "decline"])
def test_people_never_open_or_decide_a_quote_themselves(verb: str) -> None:
    for kind in OrgKind:
        actor = Actor(1, 7, kind, MemberRole.MANAGER, "441900003", second_factor=True)
        assert not allows(POLICY, f"quote:{verb}", actor, Quote(org_id=7))


def test_a_reader_of_an_agency_sees_the_receipt_and_may_not_quote() -> None:
    reader = Actor(1, 7, OrgKind.AGENCY, MemberRole.READER)
    assert allows(POLICY, "quote:receipt", reader, Quote(org_id=7))
    assert not allows(POLICY, "quote:receipt", reader, Quote(org_id=8))
    assert not allows(POLICY, "quote:submit", reader, Need(state=NeedState.OPEN))
    assert not allows(POLICY, "quote:withdraw", reader, Quote(org_id=7))
