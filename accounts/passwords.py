"""Passwords: argon2id, and the same work for somebody who is not there."""

from __future__ import annotations

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's least for argon2id
UNSET: Final = "!"


def make_hash(password: str) -> str:
    """Hash a password for keeping."""
    return HASHER.hash(password)


@cache
def nobodys_hash() -> str:
    """Return a hash nobody's password fits, so that a stranger's name takes as long as a known one."""
    return HASHER.hash("nobody has this password")


def fits(password_hash: str | None, password: str) -> bool:
    """Say whether a password fits; without a hash, or with none set, work as long and say no."""
    known = password_hash is not None and password_hash != UNSET
    try:
        right = HASHER.verify(password_hash if known and password_hash else nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and known


def is_outdated(password_hash: str) -> bool:
    """Say whether a hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(password_hash)
