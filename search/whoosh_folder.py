"""Where an embedded index lies: generations side by side, one named by CURRENT, and a lock for the one writer.

index/CURRENT      the name of the generation readers open and the mark of its format; replaced in one move
index/lock         held by whoever writes; the system frees it when a writer dies
index/g-000007/    a whole index of the engine
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.errors import Unavailable

CURRENT: Final = "CURRENT"
LOCK: Final = "lock"
PATIENCE: Final = 10.0
PAUSE: Final = 0.02


class IndexFolder:
    """The folder of one index. mark: gives the mark of the format that this release writes and reads."""

    def __init__(self, path: Path, mark: Callable[[], str]) -> None:
        self.path = path
        self.mark = mark

    def current(self) -> Path | None:
        """Return the folder of the generation in use, whatever its format; None when there is none or it is gone."""
        return self._looked_up()[0]

    def readable(self) -> Path | None:
        """Return the folder of the generation in use; None when it is of another format, too."""
        folder, mark = self._looked_up()
        return folder if mark == self.mark() else None

    def _looked_up(self) -> tuple[Path | None, str]:
        try:
            name, _blank, mark = (self.path / CURRENT).read_text(encoding="ascii").strip().partition(" ")
        except (OSError, UnicodeDecodeError):
            return None, ""
        folder = self.path / name
        return folder if name.startswith("g-") and folder.is_dir() else None, mark

    def is_new(self) -> bool:
        """Tell whether nothing was ever built here."""
        return not (self.path / CURRENT).exists()

    def begin(self) -> Path:
        """Make the folder of the next generation, clearing what a dead builder left. Only under the lock."""
        in_use = self.current()
        for left in self._generations():
            if in_use is None or left.name > in_use.name:
                shutil.rmtree(left, ignore_errors=True)
        number = int(in_use.name.removeprefix("g-")) + 1 if in_use else 1
        folder = self.path / f"g-{number:06d}"
        folder.mkdir(parents=True)
        return folder

    def swap(self, built: Path) -> None:
        """Point readers at a built generation, and drop all older than the one they leave. Only under the lock."""
        left = self.current()
        written = self.path / f"{CURRENT}.new"
        with written.open("w", encoding="ascii") as file:
            file.write(f"{built.name} {self.mark()}")
            file.flush()
            os.fsync(file.fileno())
        written.replace(self.path / CURRENT)
        for old in self._generations():
            if old not in (built, left):
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def writing(self, patience: float = PATIENCE) -> Iterator[None]:
        """Hold the writer's lock.

        Raises Unavailable("search-index-busy") when another writer keeps it longer than `patience` seconds.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / LOCK).open("a") as file:
            _acquire(file.fileno(), patience)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def _generations(self) -> list[Path]:
        return sorted(one for one in self.path.glob("g-*") if one.is_dir())


def _acquire(descriptor: int, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Unavailable("search-index-busy") from None
            time.sleep(PAUSE)
        else:
            return
