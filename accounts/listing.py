"""How lists go on, on pages and in the API: the address of the next page asks for the same as this one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request

from core.paging import Page


def listed(page: Page[Any]) -> dict[str, Any]:
    """Return a page as the API gives it: ``items``, and ``next``, None at the end."""
    return {"items": page.items, "next": next_page(page.after)}


def next_page(after: int | str | None) -> str | None:
    """Return this request's own address with another place to go on from; None where nothing follows."""
    if after is None:
        return None
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "after"]
    return f"{request.script_root}{request.path}?{urlencode([*kept, ('after', after)])}"
