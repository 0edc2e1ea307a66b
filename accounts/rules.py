"""Judgements about signing in: waits after failures, passwords, codes. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

ACCOUNT_TRIES: Final = 5
NETWORK_TRIES: Final = 20  # a whole office shares one address
STOP: Final = 100
FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(minutes=15)
STOPPED_WAIT: Final = timedelta(days=36500)
LEAST_PASSWORD: Final = 10
MOST_PASSWORD: Final = 128
STEP_SECONDS: Final = 30
CODE: Final = re.compile(r"\d{6}")
FIRST_PRINTABLE: Final = " "
WELL_KNOWN: Final = frozenset(
    {
        "1234567890", "0123456789", "12345678910", "123456789a", "a123456789", "password12", "password123",
        "qwertyuiop", "1q2w3e4r5t", "administrator", "woaini1314", "5201314520", "abcdefghij", "1qaz2wsx3edc",
    }
)  # fmt: skip


def wait_after(failures: int, free: int = ACCOUNT_TRIES) -> timedelta:
    """Return how long to wait after so many failures in a row: none, then doubling, then for good.

    Source: NIST SP 800-63B 5.2.2, at most 100 failures in a row.
    """
    if failures >= STOP:
        return STOPPED_WAIT
    if failures < free:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(failures - free, 12)), LONGEST_WAIT)


def password_fault(password: str, known: Iterable[str] = ()) -> str | None:
    """Return the code of what is wrong with a password, or None.

    known: what an attacker would try first: the person's own number, address and names.
    No rule about kinds of characters: length is what counts (NIST SP 800-63B 5.1.1.2).
    """
    if len(password) < LEAST_PASSWORD:
        return "password-short"
    if len(password) > MOST_PASSWORD:
        return "password-long"
    plain = password.casefold()
    if plain in WELL_KNOWN or len(set(plain)) == 1 or plain in {text.casefold() for text in known if text}:
        return "password-guessable"
    return None


def normal_code(typed: str) -> str | None:
    """Return a six-digit code without the spaces and wide digits people type; None when it is no code."""
    plain = re.sub(r"[\s\-\u200b]", "", unicodedata.normalize("NFKC", typed))
    return plain if plain.isascii() and CODE.fullmatch(plain) else None


def normal_identifier(typed: str) -> tuple[str, str]:
    """Return what somebody signs in with as (kind, value): an e-mail in small letters, or the digits of a number."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if "@" in plain:
        return "email", plain.lower()
    digits = re.sub(r"[\s\-]", "", plain)
    return "mobile", digits.removeprefix("+86")


def term_fault(valid_from: date, valid_to: date | None, today: date) -> str | None:
    """Return the code of what is wrong with a delegation's days, or None. The last day is included."""
    if valid_to is None:
        return None
    if valid_to < valid_from:
        return "term-reversed"
    return "term-over" if valid_to < today else None


def is_standing(valid_from: date, valid_to: date | None, *, ended: bool, today: date) -> bool:
    """Say whether a delegation holds on a day."""
    return not ended and valid_from <= today and (valid_to is None or today <= valid_to)


def mask_email(address: str) -> str:
    """Show w***@example.com."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}***@{host}"


def is_local(url: str) -> bool:
    """Say whether an address stays on this site: a path, and nothing a browser could read as another host."""
    safe = url.startswith("/") and not url.startswith(("//", "/\\"))
    return safe and not any(char < FIRST_PRINTABLE or char == "\\" for char in url)
