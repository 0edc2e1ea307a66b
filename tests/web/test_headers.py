"""What every answer says to the browser, whoever drew it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PAGES = ["/", "/sign-in", "/status", "/no-such-page"]
PROGRAMS = ["/healthz", "/api/v1/openapi.json", "/api/v1/no-such-thing"]
STATIC = ["/static/app.css", "/static/no-such-file.css"]
REDIRECT = "/desk"


def head(client: FlaskClient, address: str, **asked: str) -> TestResponse:
    """Get an answer whole, and let go of the file it came from."""
    answer = client.get(address, headers=asked)
    answer.close()
    return answer


def policy(header: str) -> dict[str, list[str]]:
    parts = [part.split() for part in header.split(";")]
    assert len({part[0] for part in parts}) == len(parts)  # of two of a name a browser heeds only the first
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize("address", [*PAGES, *PROGRAMS, *STATIC, REDIRECT])
def test_every_answer_carries_the_strict_policy(client: FlaskClient, address: str) -> None:
    headers = head(client, address).headers
    rules = policy(headers["Content-Security-Policy"])
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == ["'none'"]
    for kind in ("script-src", "style-src", "connect-src", "form-action"):
        assert rules[kind] == ["'self'"]
    assert rules["img-src"] == ["'self'", "data:"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"


def test_an_answer_that_failed_carries_the_policy_too(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "a@example.org"})  # without its CSRF field
    assert answer.status_code == 403
    assert policy(answer.headers["Content-Security-Policy"])["default-src"] == ["'none'"]


@pytest.mark.parametrize("address", [*PAGES, *PROGRAMS, REDIRECT])
def test_what_is_drawn_for_one_reader_is_not_kept(client: FlaskClient, address: str) -> None:
    headers = head(client, address).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert {"Cookie", "Accept-Language"} <= {word.strip() for word in headers["Vary"].split(",")}


def test_a_static_file_named_with_its_digest_is_kept_for_a_year(client: FlaskClient) -> None:
    headers = head(client, "/static/app.css?v=0123456789").headers
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_static_file_without_a_digest_is_kept_for_minutes(client: FlaskClient) -> None:
    assert head(client, "/static/app.css").headers["Cache-Control"] == "public, max-age=300"


def test_a_static_file_not_changed_since_is_answered_so_and_kept_on(client: FlaskClient) -> None:
    first = head(client, "/static/app.css?v=1")
    again = head(client, "/static/app.css?v=1", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "public, max-age=31536000, immutable")


def test_a_static_file_that_is_missing_is_not_remembered_as_missing(client: FlaskClient) -> None:
    answer = client.get("/static/no-such-file.css?v=1")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "private, no-store")


def test_a_browser_is_held_to_encryption_only_where_it_came_encrypted(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    secure = client.get("/healthz", base_url="https://market.example").headers
    assert secure["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
