"""What the environment says, read once at start and refused with a sentence when it is unsafe for production."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

SECRET_BYTES: Final = 32


class UnsafeConfigError(RuntimeError):
    """A setting under which the site must not start."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one running site."""

    data: Path
    database_url: str
    broker_url: str
    secret_key: bytes
    demo: bool
    production: bool
    smtp_url: str
    site_url: str
    search_backend: str
    trusted_proxies: int = 0
    search_url: str = ""

    @property
    def index(self) -> Path:
        """The folder of the search index."""
        return self.data / "index"

    @property
    def uploads(self) -> Path:
        """The folder of uploaded files."""
        return self.data / "uploads"

    @property
    def mail(self) -> Path:
        """The folder mails are written to when no SMTP server is set."""
        return self.data / "mail"

    @property
    def sms(self) -> Path:
        """The folder short messages are written to: what a gateway would be given."""
        return self.data / "sms"


def read_config(env: Mapping[str, str] | None = None) -> Config:
    """Read the settings. Raises UnsafeConfigError with what to do.

    In production the secret must be given, the site's address must be https and the demo world must be off.
    """
    given = os.environ if env is None else env
    data = Path(given.get("MARKET_DATA", "./var")).resolve()
    production = given.get("MARKET_ENV", "development") == "production"
    config = Config(
        data=data,
        database_url=given.get("DATABASE_URL", f"sqlite:///{data / 'market.sqlite3'}"),
        broker_url=given.get("BROKER_URL", "filesystem://localhost"),
        secret_key=_secret(given, data, production=production),
        demo=given.get("MARKET_DEMO", "0" if production else "1") == "1",
        production=production,
        smtp_url=given.get("SMTP_URL", ""),
        site_url=given.get("SITE_URL", ""),
        search_backend=given.get("SEARCH_BACKEND", "whoosh"),
        trusted_proxies=_count(given, "TRUSTED_PROXIES"),
        search_url=given.get("SEARCH_URL", ""),
    )
    _refuse_unsafe(config)
    return config


def _secret(given: Mapping[str, str], data: Path, *, production: bool) -> bytes:
    """Return the given secret, or one kept in the data folder outside production."""
    if "SECRET_KEY" in given:
        return given["SECRET_KEY"].encode()
    if production:
        raise UnsafeConfigError("SECRET_KEY is not set: set it to at least 32 random bytes and keep it safe.")
    path = data / "keys" / "secret"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(SECRET_BYTES))
        path.chmod(0o600)
    return path.read_text().strip().encode()


def _count(given: Mapping[str, str], name: str) -> int:
    written = given.get(name) or "0"
    if not written.isdecimal():
        raise UnsafeConfigError(f"{name} is {written!r}: give a whole number, 0 for none.")
    return int(written)


def _refuse_unsafe(config: Config) -> None:
    if len(config.secret_key) < SECRET_BYTES:
        raise UnsafeConfigError("SECRET_KEY is shorter than 32 bytes: set a longer one.")
    if not config.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise UnsafeConfigError("DATABASE_URL begins with neither sqlite:/// nor postgresql+psycopg://.")
    if not config.broker_url.startswith(("filesystem://", "redis://", "rediss://", "memory://")):
        raise UnsafeConfigError("BROKER_URL begins with neither filesystem:// nor redis://.")
    if config.search_backend == "tantivy" and find_spec("tantivy") is None:
        raise UnsafeConfigError("SEARCH_BACKEND is tantivy, which is missing: pip install -r requirements-tantivy.txt.")
    if config.search_backend == "opensearch" and not config.search_url.startswith(("http://", "https://")):
        raise UnsafeConfigError("SEARCH_BACKEND is opensearch: set SEARCH_URL, such as http://host:9200/market.")
    if config.search_backend == "postgresql" and config.database_url.startswith("sqlite") and not config.search_url:
        raise UnsafeConfigError("SEARCH_BACKEND is postgresql and DATABASE_URL is SQLite: set DATABASE_URL.")
    if config.production and config.demo:
        raise UnsafeConfigError("MARKET_DEMO is 1 in production: set it to 0.")
    if config.production and not config.site_url.startswith("https://"):
        raise UnsafeConfigError("SITE_URL must begin with https:// in production.")
