"""A text of a schedule file in the languages it is written in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One text: `zh` simplified Chinese as in the document, `en` its English rendering."""

    zh: str
    en: str

    def then(self, zh: str, en: str) -> Words:
        """Return these words with a remark behind them."""
        return Words(self.zh + zh, self.en + en)

    def __str__(self) -> str:
        """Return the simplified Chinese, the language of the documents."""
        return self.zh
