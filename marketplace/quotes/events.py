"""What quotes tell other rooms. Before opening nothing is told that counts them."""

from __future__ import annotations

from typing import Final

OPENED: Final = "quote.opened"
