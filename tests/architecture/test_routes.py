"""What routes, lives and deadlines owe one another, read from the finished application."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from accounts.gate import gate_of
from core.lifecycle import Lifecycle
from tests.architecture.product import PACKAGES, ROOT, sources
from web import rooms, wiring

EXEMPT = {"static", "api-docs.openapi_json"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# Whoever is not signed in may change only these: they enter, leave, ask for a reset, ask a question of the calculator,
# or stop mails by the signed link in one.
OPEN_TO_STRANGERS = {
    "accounts.enter",
    "accounts.pass_code",
    "accounts.sign_out",
    "accounts.join",
    "accounts.ask_reset",
    "accounts.set_password",
    "accounts-api.sign_up",
    "accounts-api.make_token",
    "fees-api.calculation",
    "accounts.stop_mail",
    "search.stop_by_link",
}


@pytest.fixture
def site(_site: Flask) -> Flask:
    """Give the finished application."""
    return _site


def lives() -> list[Lifecycle]:
    """Find the lives that the rooms declare."""
    found = {
        id(thing): thing
        for module in rooms.parts("lifecycle")
        for thing in vars(module).values()
        if isinstance(thing, Lifecycle)
    }
    return list(found.values())


def test_every_route_has_a_gate_the_policy_knows(site: Flask) -> None:
    policy = rooms.policy()
    for rule in site.url_map.iter_rules():
        if rule.endpoint in EXEMPT:
            continue
        gate = gate_of(site.view_functions[rule.endpoint])
        assert gate is not None, rule
        assert gate.permission is None or gate.permission in policy, rule


def test_a_stranger_changes_nothing_but_by_the_doors_named_here(site: Flask) -> None:
    changing = {
        rule.endpoint
        for rule in site.url_map.iter_rules()
        if rule.endpoint not in EXEMPT and UNSAFE & set(rule.methods or ())
        if getattr(gate_of(site.view_functions[rule.endpoint]), "kind", "") == "public"
    }
    assert changing == OPEN_TO_STRANGERS


def test_an_address_that_names_a_thing_is_judged_by_that_thing(site: Flask) -> None:
    """A gate with a permission on an address with an id loads what the id names, unless it is one's own account."""
    blind = [
        str(rule)
        for rule in site.url_map.iter_rules()
        if any(name.endswith("_id") and name != "schedule_id" for name in rule.arguments)
        for gate in [gate_of(site.view_functions[rule.endpoint])]
        if gate is not None and gate.permission and gate.subject is None and not rule.rule.startswith("/account/")
    ]
    assert blind == []


def test_every_move_has_a_permission(subtests: pytest.Subtests) -> None:
    policy = rooms.policy()
    found = lives()
    assert len(found) >= 8
    for life in found:
        with subtests.test(life.name):
            assert set(life.permissions()) <= set(policy)


def test_every_permission_is_asked_for_somewhere_or_belongs_to_a_move() -> None:
    text = "\n".join(source.text for source in sources() if not source.place.endswith("permissions.py"))
    text += "\n".join(path.read_text(encoding="utf-8") for path in rooms_templates())
    moves = {permission for life in lives() for permission in life.permissions()}
    assert [name for name in rooms.policy() if name not in moves and name not in text] == []


def rooms_templates() -> list[Path]:
    """Return every template of the rooms."""
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.html")]


def test_every_deadline_that_is_set_has_a_handler() -> None:
    assert {"need.close", "registration.review", "rating.reveal"} <= set(wiring.DEADLINES)


def test_every_event_that_is_wired_is_told_by_somebody() -> None:
    text = "\n".join(source.text for source in sources() if source.place != "web/wiring.py")
    told = {f"{life.name}.{move.event}" for life in lives() for move in life.moves}
    lost = [name for name in wiring.EVENTS if name not in told and f'"{name}"' not in text]
    assert lost == []
