"""What somebody typed and has not sent: kept on the server, given back on the same page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import session

KEPT = "kept-form"
MOST = 3000


def keep_typed(form: Mapping[str, Any]) -> str | None:
    """Keep a posted form in the signed cookie until its sender has signed in; return its name, None when too long.

    Passwords and tokens are left out.
    """
    lists = {name: form.getlist(name) if hasattr(form, "getlist") else [form[name]] for name in form}
    plain = {name: value for name, value in lists.items() if "password" not in name and name != "csrf_token"}
    if len(json.dumps(plain)) > MOST:
        return None
    session[KEPT] = plain
    return KEPT


def take_typed() -> dict[str, list[str]]:
    """Return what was kept, once."""
    found = session.pop(KEPT, {})
    return dict(found)
