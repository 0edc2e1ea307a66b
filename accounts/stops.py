"""One link in every mail that stops such mails, without signing in: signed, for this one thing alone."""

from __future__ import annotations

import hmac
from typing import Final

from core.errors import NotFound
from core.secrets import keyed_hash

MAIL: Final = "stop-mail"
DIGITS: Final = 40


def token(purpose: str, subject_id: int) -> str:
    """Make the token that stops one thing: what it is about, signed with the house's key."""
    return f"{subject_id}-{keyed_hash(purpose, str(subject_id))[:DIGITS]}"


def subject_of(purpose: str, given: str) -> int:
    """Return what a token is about. Raises NotFound("stop-unknown") for one the house did not sign."""
    number, _dash, _mark = given.partition("-")
    if not number.isascii() or not number.isdecimal() or not hmac.compare_digest(
        token(purpose, int(number)).encode(), given.encode()
    ):  # fmt: skip
        raise NotFound("stop-unknown")
    return int(number)


def mail_path(user_id: int) -> str:
    """Return the address that stops mails to a person."""
    return f"/mail/stop/{token(MAIL, user_id)}"
