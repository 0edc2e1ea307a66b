"""Encryption at rest and keyed hashes for personal numbers and sealed payloads.

One key per purpose is derived from the master secret read at start, so that a leaked table column opens nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES: Final = 12
LEAST_BYTES: Final = 32
_keys: dict[str, bytes] = {}
_master: list[bytes] = []


def configure(master: bytes) -> None:
    """Set the master secret, at least 32 bytes. Raises ValueError when shorter."""
    if len(master) < LEAST_BYTES:
        raise ValueError("the master secret is shorter than 32 bytes")
    _master[:] = [master]
    _keys.clear()


def _key(purpose: str) -> bytes:
    if not _master:
        raise RuntimeError("core.secrets was not configured")
    if purpose not in _keys:
        derive = HKDF(algorithm=hashes.SHA256(), length=LEAST_BYTES, salt=None, info=purpose.encode())
        _keys[purpose] = derive.derive(_master[0])
    return _keys[purpose]


def seal(purpose: str, plain: bytes, bound_to: str = "") -> bytes:
    """Encrypt and authenticate; opens only for the same purpose and the same ``bound_to``."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(purpose)).encrypt(nonce, plain, bound_to.encode())


def unseal(purpose: str, sealed: bytes, bound_to: str = "") -> bytes:
    """Decrypt what ``seal`` made. Raises cryptography's InvalidTag when anything was changed or cut short."""
    if len(sealed) < NONCE_BYTES:
        raise InvalidTag
    return AESGCM(_key(purpose)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())


def keyed_hash(purpose: str, value: str) -> str:
    """Return a hash for finding equal values without storing them; 64 hex digits."""
    return hmac.new(_key(purpose), value.encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """Return the stored form of a random bearer token."""
    return hashlib.sha256(token.encode()).hexdigest()
