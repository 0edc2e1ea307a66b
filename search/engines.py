"""The engines there are, by the word of the setting; each is imported only when it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from search.backend import SearchBackend

Maker = Callable[[Path, str], SearchBackend]


def make(name: str, folder: Path, address: str = "") -> SearchBackend:
    """Open an engine: over a folder, or at the address of a database or search server.

    Raises ValueError with a sentence for an engine that there is not, that is not installed, or that lacks its address.
    """
    if name not in ENGINES:
        raise ValueError(f"SEARCH_BACKEND is {name!r}: choose one of {', '.join(ENGINES)}.")
    return ENGINES[name](folder, address)


def _whoosh(folder: Path, _address: str) -> SearchBackend:
    from search.whoosh_backend import WhooshBackend  # noqa: PLC0415 - only the engine that is used is read in

    return WhooshBackend(folder)


def _tantivy(folder: Path, _address: str) -> SearchBackend:
    try:
        from search.tantivy_backend import TantivyBackend  # noqa: PLC0415 - an optional package
    except ModuleNotFoundError as missing:
        raise ValueError(
            "SEARCH_BACKEND is tantivy, which is not installed: pip install -r requirements-tantivy.txt, or choose "
            "another engine."
        ) from missing
    return TantivyBackend(folder / "tantivy")


def _postgresql(_folder: Path, address: str) -> SearchBackend:
    from search.postgres_backend import PostgresBackend  # noqa: PLC0415 - only the engine that is used is read in

    if not address.startswith("postgresql"):
        raise ValueError("SEARCH_BACKEND is postgresql, and DATABASE_URL names no PostgreSQL: set it, or SEARCH_URL.")
    return PostgresBackend(address)


def _opensearch(_folder: Path, address: str) -> SearchBackend:
    from search.opensearch_backend import OpenSearchBackend  # noqa: PLC0415 - only the engine that is used is read in

    if not address.startswith(("http://", "https://")):
        raise ValueError("SEARCH_BACKEND is opensearch, and SEARCH_URL is not set: SEARCH_URL=http://host:9200/market.")
    return OpenSearchBackend(address)


ENGINES: Final[Mapping[str, Maker]] = {
    "whoosh": _whoosh,
    "tantivy": _tantivy,
    "postgresql": _postgresql,
    "opensearch": _opensearch,
}
