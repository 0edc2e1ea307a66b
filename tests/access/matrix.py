"""Every route, called by everybody for every object: what the policy expects, what the application answers."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection
from sqlalchemy.orm import sessionmaker
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from accounts.gate import Gate, gate_of
from core.access import Policy, allows
from core.clock import Clock
from core.errors import DomainError, SignInRequired
from core.work import Works
from tests.access.people import Everything, Role
from tests.access.world import PLAIN

EXEMPT = {"static", "api-docs.openapi_json"}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
OK, NO, STRANGER, PUBLIC = "allowed", "forbidden", "sign in", "public"
OWN_ACCOUNT = ("/account", "/sign-out", "/api/v1/me")
MISSING = 2_000_000_000
# To keep the sweep within a minute or two: what does not exist is asked for by a few; who differs from a colleague by
# role alone asks for the first things only, and for nothing that is everybody's; whoever is sent away is so at the
# first and the last thing, and what is everybody's is read there. The policy is asked for all of them.
LOOKERS = {"anonymous", "enterprise, manager", "winning agency", "town operator", "city operator"}
SECONDS = (", delegate", ", reader")
EDGE = 1


class HeldWorks(Works):
    """Works whose commits are savepoints of one transaction, so that a call leaves nothing behind it."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        super().__init__(connection.engine, clock)
        held = {"bind": connection, "expire_on_commit": False, "join_transaction_mode": "create_savepoint"}
        self._writers = sessionmaker(autoflush=True, **held)  # type: ignore[call-overload]  # the keywords fit
        self._readers = sessionmaker(autoflush=False, **held)  # type: ignore[call-overload]  # the keywords fit


@dataclass(frozen=True, slots=True)
class Call:
    """One call: which route, by which method, who, with which words in the address; and what the policy says.

    made: whether the sweep makes it, or only asks the policy.
    """

    rule: Rule
    method: str
    role: Role
    words: tuple[tuple[str, Any], ...]
    gate: Gate
    actor: Any
    subject: Any
    expected: str
    made: bool = True

    def __str__(self) -> str:
        words = " ".join(f"{name}={value}" for name, value in self.words)
        return f"{self.method} {self.rule.rule} [{words}] {self.role.name}: {self.expected}"


@dataclass
class Door:
    """The application on the world's database, with a cookie and a form token for every role."""

    app: Flask
    world: Everything
    connection: Connection
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client(use_cookies=False)
        interface: Any = self.app.session_interface
        signer = interface.get_signing_serializer(self.app)
        for role in self.world.roles:
            with self.app.test_request_context():
                if role.cookie:
                    session["_user_id"] = role.cookie
                token = generate_csrf()
                value = signer.dumps(dict(session))
            self.cookies[role.name] = (f"{self.app.config['SESSION_COOKIE_NAME']}={value}", token)

    def knock(self, call: Call, method: str | None = None) -> TestResponse:
        """Make a call with an empty body and take back whatever it changed."""
        adapter = self.app.url_map.bind("localhost")
        method = method or call.method
        url = adapter.build(call.rule.endpoint, dict(call.words), method=call.method)
        cookie, token = self.cookies[call.role.name]
        more: dict[str, Any] = {}
        if url.startswith("/api/"):
            headers = {"Authorization": f"Bearer {call.role.bearer}"} if call.role.bearer else {}
            if method in UNSAFE:
                more["json"] = {}
        else:
            headers = {"Cookie": cookie}
            if method in UNSAFE:
                more["data"] = {"csrf_token": token}
        try:
            return self.client.open(url, method=method, headers=headers, buffered=True, **more)
        finally:
            self.connection.rollback()
            self.connection.begin()


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Return every route with every method it declares."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
        if rule.endpoint not in EXEMPT
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def words_of(rule: Rule, world: Everything) -> Iterator[tuple[tuple[str, Any], ...]]:
    """Yield what an address may be filled with. Raises KeyError for a name nobody has given values to."""
    choices = []
    for name in sorted(rule.arguments):
        known = world.ids.get(f"{rule.rule.strip('/').split('/')[0]}:{name}") or world.ids.get(name) or PLAIN.get(name)
        if rule.rule.startswith("/api/v1/papers"):
            known = world.ids["papers:code"]
        if known is None:
            raise KeyError(f"{rule.rule}: nobody has said what {name} may be; add it to tests/access/world.py")
        fits = re.compile(rule._converters[name].regex)
        known = [one for one in known if fits.fullmatch(str(one))]
        if name.endswith("_id") and name != "schedule_id" and len(rule.arguments) == 1:
            known = [*known, MISSING]
        choices.append([(name, one) for one in known])
    yield from itertools.product(*choices)


def calls(app: Flask, world: Everything) -> Iterator[Call]:
    """Yield every call with what the policy expects of it."""
    policy: Policy = app.extensions["policy"]
    seen: dict[Any, Any] = {}
    for rule, method in rules(app):
        gate = gate_of(app.view_functions[rule.endpoint])
        if gate is None:
            raise LookupError(f"{rule.endpoint} declares no gate")
        filled = list(words_of(rule, world))
        for place, role in itertools.product(range(len(filled)), world.roles):
            if role.name == "read-only token" and not rule.rule.startswith("/api/"):
                continue
            words = filled[place]
            nothing = any(value == MISSING for _name, value in words)
            spared = (nothing and role.name not in LOOKERS) or (place >= 2 and role.name.endswith(SECONDS))
            call = _call(policy, world.works, Call(rule, method, role, words, gate, None, None, "", not spared), seen)
            amid = EDGE <= place < len(filled) - EDGE and call.expected in {NO, STRANGER, PUBLIC}
            alike = call.expected == PUBLIC and role.name.endswith(SECONDS)
            yield replace(call, made=False) if amid or alike else call


def _call(policy: Policy, works: Works, call: Call, seen: dict[Any, Any]) -> Call:
    api = call.rule.rule.startswith("/api/")
    person = call.role.actor
    call = replace(call, actor=replace(person, scopes=call.role.scopes) if api and person.signed_in else person)
    expected = _without_policy(call, api=api)
    if expected:
        return replace(call, expected=expected)
    subject = _subject(works, call, seen)
    if isinstance(subject, DomainError):
        return replace(call, expected=STRANGER if isinstance(subject, SignInRequired) else NO)
    call = replace(call, subject=subject)
    return replace(call, expected=judged(policy, call))


def _without_policy(call: Call, *, api: bool) -> str:
    """Say what the gate decides before it asks the policy, or nothing."""
    if api and call.role.bearer and not call.actor.signed_in:
        return STRANGER  # a token nobody holds any more is told so, on public pages too
    if call.gate.kind == "public":
        return PUBLIC
    if not call.actor.signed_in:
        return STRANGER
    unproven = call.role.unproven and not call.rule.rule.startswith(OWN_ACCOUNT)
    if unproven or (api and ("read" if call.method == "GET" else "write") not in call.role.scopes):
        return NO
    return "" if call.gate.permission else OK


def _subject(works: Works, call: Call, seen: dict[Any, Any]) -> Any:
    """Load what the gate will judge, once for each organisation; a refusal is kept in its place."""
    if call.gate.subject is None:
        return None
    key = (call.gate.subject, call.words, call.actor.org_id)
    if key not in seen:
        with works.reading(call.actor) as work:
            try:
                seen[key] = call.gate.subject(work, **dict(call.words))
            except DomainError as refusal:
                seen[key] = refusal
    return seen[key]


def judged(policy: Mapping[str, Any], call: Call) -> str:
    """Say what a policy makes of a call whose subject is loaded."""
    return OK if allows(policy, call.gate.permission or "", call.actor, call.subject) else NO


def surprise(call: Call, answer: TestResponse) -> str:
    """Say what is wrong with an answer, or nothing."""
    status, location = answer.status_code, answer.headers.get("Location", "")
    if status >= 500 and status != 503:
        return f"a fault of ours, {status}"
    to_sign_in = status == 401 or (status == 303 and location.startswith("/sign-in?next"))
    to_proof = status == 303 and location.startswith("/account/second-factor?next")
    if call.expected == STRANGER and not to_sign_in:
        return f"a stranger got {status} {location}"
    if call.expected == NO and not (status in {403, 404} or to_proof):
        return f"a forbidden call got {status} {location}"
    if call.expected == OK and (to_sign_in or to_proof):
        return f"an allowed call was sent away with {status} {location}"
    if call.expected == PUBLIC and to_sign_in and call.method == "GET":
        return f"a public page asks to sign in, {status} {location}"
    return ""


@dataclass
class Tally:
    """What came of the calls."""

    made: int = 0
    surprises: list[str] = field(default_factory=list)
    deeper: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    succeeded: list[Call] = field(default_factory=list)

    def take(self, call: Call, answer: TestResponse) -> None:
        """Count one answer."""
        self.made += 1
        self.statuses[call.expected, answer.status_code] += 1
        found = surprise(call, answer)
        if found:
            self.surprises.append(f"{call}: {found}")
        if call.expected in {OK, PUBLIC} and answer.status_code == 403:
            self.deeper[f"{call.method} {call.rule.rule}"] += 1
        if answer.status_code < 400 and call.expected in {OK, PUBLIC}:
            self.succeeded.append(call)
