"""What the tests' browsers do: get a page and check what it owes, read its form, post it with its token."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.access import Actor

Browse = Callable[[Actor], FlaskClient]
"""What makes a browser that is signed in as an actor."""


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    """Get a page and check what every page owes."""
    answer = client.get(url)
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, text[:2000]
    owed(text)
    return text


def owed(text: str) -> None:
    """Check one h1, unique ids, labels for ids that exist, no inline style."""
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    assert text.count("<h1") == 1
    assert " style=" not in text
    assert set(re.findall(r'<label for="([^"]+)"', text)) <= set(ids)


def post(client: FlaskClient, url: str, data: Mapping[str, Any] | None = None, at: str = "") -> TestResponse:
    """Post a form with the token of the page it stands on."""
    shown = client.get(at or url).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert found, shown[:500]
    return client.post(url, data={**(data or {}), "csrf_token": found[1]})


def form_values(text: str) -> dict[str, str]:
    """Return what a browser would send of a form untouched: filled texts, chosen options, ticked radios."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", text):
        attrs = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        ticked = attrs.get("type") not in {"radio", "checkbox"} or " checked" in tag
        if "name" in attrs and ticked:
            found[attrs["name"]] = html.unescape(attrs.get("value", ""))
    for name, body in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL):
        found[name] = html.unescape(body)
    found.pop("q", None)
    return found
