"""Who may knock at a route. Every view declares one gate; without it the application does not start.

``@public`` lets everybody in, ``@signed_in`` anyone with an account, ``@may`` those the policy allows. The service
behind judges again, so that pages, API, jobs and the shell are treated alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Flask, current_app, g, request
from flask_login import current_user

from accounts.viewer import Viewer
from core.access import Policy, require
from core.errors import Forbidden, SignInRequired
from core.work import Work, Works

View = TypeVar("View", bound=Callable[..., Any])
Loader = Callable[..., Any]
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Gate:
    """What a view asks of whoever knocks."""

    kind: str
    permission: str | None = None
    subject: Loader | None = None
    scope: str | None = None


def viewer() -> Viewer:
    """Return who is behind this request; an unsafe API call counts only its bearer token."""
    person = cast("Viewer", current_user)
    if not hasattr(person, "actor"):
        return Viewer()
    if request.path.startswith("/api/") and request.method not in SAFE and not person.by_api:
        return Viewer()
    return person


def works() -> Works:
    """Return the application's opener of units of work."""
    return cast("Works", current_app.extensions["works"])


def policy() -> Policy:
    """Return the merged policy of all rooms."""
    return cast("Policy", current_app.extensions["policy"])


@contextmanager
def reading() -> Iterator[Work]:
    """Open a work for reading as whoever is behind this request."""
    with works().reading(viewer().actor, request_id()) as work:
        yield work


@contextmanager
def writing() -> Iterator[Work]:
    """Open the request's unit of work as whoever is behind this request."""
    with works().writing(viewer().actor, request_id()) as work:
        yield work


def request_id() -> str:
    """Return this request's id, which leaves and logs carry."""
    return str(getattr(g, "request_id", ""))


def public(view: View) -> View:
    """Let everybody in."""
    return _gated(view, Gate("public"))


def signed_in(view: View) -> View:
    """Let in anyone who has signed in."""
    return _gated(view, Gate("signed-in"))


def may(permission: str, *, subject: Loader | None = None) -> Callable[[View], View]:
    """Let in those the policy allows this permission, on the subject that ``subject(work, **view_args)`` loads."""

    def gate(view: View) -> View:
        return _gated(view, Gate("may", permission, subject))

    return gate


def _gated(view: View, gate: Gate) -> View:
    @wraps(view)
    def knock(*args: Any, **kwargs: Any) -> Any:
        _judge(gate)
        return view(*args, **kwargs)

    knock.__gate__ = gate  # type: ignore[attr-defined]  # read by declare_gates at start
    return cast("View", knock)


def _judge(gate: Gate) -> None:
    """Refuse whoever may not knock. Raises SignInRequired, Forbidden or NotFound."""
    if _shows_dead_token():
        raise SignInRequired("token-ended")
    if gate.kind == "public":
        return
    person = viewer()
    if not person.signed_in:
        raise SignInRequired("sign-in-required")
    if person.needs_second_factor and not request.path.startswith(("/account", "/sign-out", "/api/v1/me")):
        raise Forbidden("second-factor-required")
    _judge_scope(person)
    if gate.permission is None:
        return
    with reading() as work:
        subject = gate.subject(work, **(request.view_args or {})) if gate.subject else None
        require(policy(), gate.permission, person.actor, subject)


def _shows_dead_token() -> bool:
    """Tell whether a program shows a token nobody holds: it must hear so, and not be answered as the public is."""
    if not request.path.startswith("/api/") or not request.headers.get("Authorization", "").lower().startswith(
        "bearer "
    ):
        return False
    return not viewer().by_api


def _judge_scope(person: Viewer) -> None:
    """Refuse an API token that lacks the scope: ``read`` for looking, ``write`` for anything else."""
    if person.actor.scopes is None:
        return
    needed = "read" if request.method in SAFE else "write"
    if needed not in person.actor.scopes:
        raise Forbidden("scope-missing", scope=needed)


def gate_of(view: Any) -> Gate | None:
    """Return the gate a view declares, looking through flask views made of classes."""
    found = getattr(view, "__gate__", None)
    return found if isinstance(found, Gate) else None


def refuse_ungated(app: Flask, exempt: frozenset[str] = frozenset({"static"})) -> None:
    """Stop the start when a route has no gate, or names a permission no policy knows. Raises RuntimeError."""
    known: Policy = app.extensions["policy"]
    for rule in app.url_map.iter_rules():
        if rule.endpoint in exempt:
            continue
        gate = gate_of(app.view_functions[rule.endpoint])
        if gate is None:
            raise RuntimeError(f"{rule.endpoint} declares no gate")
        if gate.permission is not None and gate.permission not in known:
            raise RuntimeError(f"{rule.endpoint} asks for {gate.permission}, which no policy knows")
