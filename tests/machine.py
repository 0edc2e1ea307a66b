"""What this machine has for the tests: a Chromium, PostgreSQL's programs, Redis."""

from __future__ import annotations

import os
import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path

CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def chromium() -> str | None:
    """Find a Chromium: the one named by CHROMIUM, one on the path, or one that Playwright fetched."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or _playwrights_own()


def _playwrights_own() -> str | None:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next((str(path) for path in sorted(folder.glob("chromium*/chrome-linux*/*chrome*")) if path.is_file()), None)


@cache
def postgresql() -> Path | None:
    """Find the folder with PostgreSQL's `initdb` and `postgres`, the newest where there are several."""
    found = shutil.which("initdb")
    if found and (Path(found).resolve().parent / "postgres").exists():
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@cache
def redis() -> str | None:
    """Find a Redis server's program."""
    return shutil.which("redis-server")


@cache
def opensearch() -> str | None:
    """Find the stand-in for an OpenSearch server that comes with the requirements of the tests."""
    found = find_spec("osmem_server")
    program = Path(found.origin).parent / "bin" / "osmem-server" if found and found.origin else None
    return str(program) if program and program.exists() else None
