"""Pack rows into bytes and back."""

from __future__ import annotations

import json
import zlib
from typing import Any


def pack(rows: list[Any]) -> bytes:
    """Return rows as compressed JSON."""
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(packed: bytes) -> list[Any]:
    """Return what was packed."""
    found: list[Any] = json.loads(zlib.decompress(packed))
    return found
