"""Before the site starts: database, reference data, demo world and index are brought up to date, once.

What was prepared is noted in the data folder. While nothing it depends on has changed, the next start skips all of it
and need not even read the application in.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from web.config import Config

ROOT: Final = Path(__file__).parent.parent
LOADING_MARK: Final = "demo-is-loading"
PREPARED_MARK: Final = "prepared"
LIVES: Final = ("*/lifecycle.py", "*/*/lifecycle.py", "*/permissions.py", "*/*/permissions.py")
DEPENDS_ON: Final = ("migrations/versions/*.py", "*/data/*", "*/*/data/*", *LIVES, "requirements.txt")


def prepare(config: Config) -> None:
    """Bring the data up to date. A demo world whose loading was cut short is wiped and loaded again."""
    if is_prepared(config):
        return
    from web import cli  # noqa: PLC0415 - reading the application in takes seconds
    from web.app import create_app  # noqa: PLC0415 - likewise

    app = create_app(config)
    with _step("database"):
        cli.upgrade_database(app)
    with _step("reference data"):
        cli.load_reference(app)
    mark = config.data / LOADING_MARK
    if mark.exists():
        with _step("clearing a demo world half loaded"):
            cli.wipe_demo(app)
    stale = mark.exists() or cli.is_empty(app)
    if stale:
        mark.touch()
        with _step("demo world"):
            cli.load_demo(app)
    if stale or cli.index_is_missing(app):
        with _step("search index"):
            cli.rebuild_index(app)
    mark.unlink(missing_ok=True)
    (config.data / PREPARED_MARK).write_text(fingerprint(config), encoding="ascii")


def is_prepared(config: Config) -> bool:
    """Say whether the last start left everything in place.

    Asked only of a SQLite file, where looking is cheap; another database is always looked into.
    """
    file = Path(config.database_url.removeprefix("sqlite:///"))
    mark = config.data / PREPARED_MARK
    in_place = file.is_file() and config.index.is_dir() and any(config.index.iterdir())
    return in_place and mark.is_file() and mark.read_text(encoding="ascii") == fingerprint(config)


def fingerprint(config: Config) -> str:
    """Digest what the prepared data depends on: migrations, reference data, lives, pinned libraries, settings.

    A data folder may be moved or copied whole.
    """
    told = [config.database_url.replace(str(config.data), ""), str(config.demo)]
    told += [config.search_backend, config.search_url]
    for pattern in DEPENDS_ON:
        files = sorted(path for path in ROOT.glob(pattern) if path.is_file())
        told += [f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


@contextmanager
def _step(name: str) -> Iterator[None]:
    """Print a step that took long enough to be noticed."""
    began = time.monotonic()
    yield
    seconds = time.monotonic() - began
    if seconds > 1:
        print(f"  {name}: {seconds:.0f} s", flush=True)
