"""The mark of an index's format: one made with other fields or another analysis is not read, but made anew.

A fingerprint of all that decides what an index holds: the fields of the engine and of a document, the words the
segmenter keeps whole, the synonyms, what is said of guides, and the packages that fold, cut and spell.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import Final

from search import lexicon, sayings
from search.analysis import Analysed
from search.documents import Document
from search.faceting import Facts

ANALYSIS: Final = 1
"""To be raised whenever the same text gives other tokens; tests/search/test_formats.py says when."""
PACKAGES: Final = ("rjieba", "opencc", "pypinyin")
_LETTERS: Final = 20


@cache
def mark(shape: str) -> str:
    """Return the mark of an index whose engine keeps a document in this shape; some letters and digits."""
    parts = (
        str(ANALYSIS),
        shape,
        *Analysed.__dataclass_fields__,
        *Document.__dataclass_fields__,
        *Facts._fields,
        *(f"{name} {version(name)}" for name in PACKAGES),
        *lexicon.domain_words(),
        (lexicon.DATA / "synonyms.toml").read_text(encoding="utf-8"),
        *(text for one in sayings.of_guides() for text in (one.of, *one.said, *one.english)),
    )
    return sha256("\x00".join(parts).encode()).hexdigest()[:_LETTERS]
