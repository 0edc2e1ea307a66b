"""The site to be killed: the whole application, its time told by a file."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from web.app import create_app


class ToldClock:
    """A clock that reads its time from a file."""

    def now(self) -> datetime:
        """Return the time the test wrote last."""
        return datetime.fromisoformat(Path(os.environ["TOLD_TIME"]).read_text(encoding="ascii"))


app = create_app(clock=ToldClock())
