"""Fold text to one form, so that 環評, 环评 and ＥＩＡ, eia meet: the first link of the analysis chain."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Final

import opencc

HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"


def is_han(char: str) -> bool:
    """Tell whether a character is a Chinese one."""
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0002ffff"


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return the text in NFKC, lower case and simplified characters.

    Simplifying keeps the length: where a phrase would change it, each character is turned by itself, so that a place
    in the folded text stays a place in the normalised one. Control characters become blanks.
    """
    lowered = unicodedata.normalize("NFKC", _whole(text)).lower()
    if not lowered.isprintable():
        lowered = "".join(char if char.isprintable() else " " for char in lowered)
    if lowered.isascii():
        return lowered
    simple = _simplify(lowered)
    return simple if len(simple) == len(lowered) else "".join(_simplify_one(char) for char in lowered)


def same_length_fold(text: str) -> str | None:
    """Return the folded text when every place in it is the same place in the given one, else None."""
    folded = fold(text)
    return folded if len(folded) == len(text) else None


def _whole(text: str) -> str:
    """Replace lone surrogates, which no encoder takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _simplify(text: str) -> str:
    return str(_converter().convert(text))


@lru_cache(maxsize=8192)
def _simplify_one(char: str) -> str:
    simple = _simplify(char)
    return simple if len(simple) == 1 else char


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
