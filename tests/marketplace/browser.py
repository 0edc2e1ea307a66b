"""What the room tests' browsers do: get a page and check what every page owes, post a form with its token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


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


def post(client: FlaskClient, url: str, data: Mapping[str, Any] | None = None, shown_at: str = "") -> TestResponse:
    """Post a form with the token of the page it stands on."""
    shown = client.get(shown_at or url).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert found, shown[:500]
    return client.post(url, data={**(data or {}), "csrf_token": found[1]})
