"""Check digits of the numbers China gives organisations, people and projects."""

from __future__ import annotations

import re
from typing import Final

CREDIT_LENGTH: Final = 18
CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
IDENTITY_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
IDENTITY_CHECKS: Final = "10X98765432"
PROJECT: Final = re.compile(r"\d{4}-\d{6}-\d{2}-0[123]-\d{6}", re.ASCII)
IDENTITY: Final = re.compile(r"\d{17}[\dX]", re.ASCII)  # one person, one spelling: other scripts' digits are no match
MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)


def credit_check(first17: str) -> str:
    """Return the check character of a unified social credit code. Source: GB 32100-2015. Raises ValueError."""
    total = sum(CREDIT_ALPHABET.index(char) * weight for char, weight in zip(first17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    """Say whether an 18-character unified social credit code fits its check character."""
    return (
        len(code) == CREDIT_LENGTH and all(c in CREDIT_ALPHABET for c in code) and credit_check(code[:17]) == code[17]
    )


def identity_check(first17: str) -> str:
    """Return the check character of a citizen's identity number. Source: GB 11643-1999."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, IDENTITY_WEIGHTS, strict=True))
    return IDENTITY_CHECKS[total % 11]


def is_identity_number(number: str) -> bool:
    """Say whether an 18-character identity number fits its check character."""
    return IDENTITY.fullmatch(number) is not None and identity_check(number[:17]) == number[17]


def is_mobile(number: str) -> bool:
    """Say whether this is an 11-digit mainland mobile number."""
    return MOBILE.fullmatch(number) is not None


def is_project_code(code: str) -> bool:
    """Say whether this has the form of a unified investment-project code (投资项目统一代码)."""
    return PROJECT.fullmatch(code) is not None


def mask_mobile(number: str) -> str:
    """Show 138****8000."""
    return f"{number[:3]}****{number[-4:]}"


def mask_identity(number: str) -> str:
    """Show 110105********0123."""
    return f"{number[:6]}********{number[-4:]}"
