"""The file broker, made safe for two processes: a message is seen whole or not at all.

Kombu's own opens a message's final name and then writes, so that a worker polling in between reads nothing and dies.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any, Final

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

TRIES: Final = 5
PAUSE_SECONDS: Final = 0.05


class Channel(filesystem.Channel):
    """A channel whose files appear by renaming."""

    def _put(self, queue: Any, payload: Any, **_options: Any) -> None:  # type: ignore[override]  # as its own
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        part = folder / f".{name}.part"
        part.write_text(dumps(payload), encoding="utf-8")  # type: ignore[no-untyped-call]  # Kombu is half typed
        part.replace(folder / name)

    def _get(self, queue: Any, timeout: Any = None) -> Any:
        try:
            return super()._get(queue)  # type: ignore[no-untyped-call]  # Kombu is half typed
        except ValueError:  # left half-written by a machine that lost power; it was only a wake-up
            raise Empty from None

    def _queue_bind(self, *args: Any) -> None:
        for _try in range(TRIES):
            try:
                super()._queue_bind(*args)  # type: ignore[no-untyped-call]  # Kombu is half typed
            except ValueError:  # the other process made the table and has not written it yet
                time.sleep(PAUSE_SECONDS)
            else:
                return


class Transport(filesystem.Transport):
    """Files in a folder, by way of our channel."""

    Channel = Channel


def install() -> None:
    """Let ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
