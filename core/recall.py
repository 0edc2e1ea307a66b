"""What a page's form begins with beyond its own values: what its reader had typed there and not sent.

Whoever keeps such drafts says how to find them; without that, forms begin as their rooms say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

Recall: TypeAlias = Callable[[], Mapping[str, list[str]]]
_recall: list[Recall] = []


def configure(recall: Recall) -> None:
    """Say how what was typed on the page being drawn is found; each name with the values typed."""
    _recall[:] = [recall]


def typed_here() -> Mapping[str, list[str]]:
    """Return what was typed on this page and not sent, by field."""
    return _recall[0]() if _recall else {}
