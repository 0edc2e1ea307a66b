"""The questions every engine and peer is measured with, drawn from the listings by a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from search import analysis
from search.backend import Filters, Query, Sort
from search.documents import Document
from tests.search.corpus import WORDS
from tests.search.listings import tail

TWO, PHRASE, PREFIX, FILTER, BROAD = "two terms", "phrase", "prefix", "filter + facets", "broad facets"
SCORE, NEWEST = "by score", "newest"
WORKLOADS: Final = (TWO, PHRASE, PREFIX, FILTER, BROAD, SCORE, NEWEST)
COUNTED: Final = (FILTER, BROAD)
"""The workloads that ask for facets; the others ask for ids and a total."""
SAMPLE: Final = 2000
BROAD_SHARES: Final = (0.12, 0.35)


def questions(documents: Sequence[Document], each: int, seed: int = 3) -> dict[str, list[Any]]:
    """Draw so many questions of each workload; a prefix is a text, all others are queries."""
    draw = random.Random(seed)
    broad = broad_words(documents[:SAMPLE])
    found: dict[str, list[Any]] = {name: [] for name in WORKLOADS}
    for _ in range(each):
        one = draw.choice(documents)
        words = [word for word in analysis.words(one.body) if len(word) > 1]
        found[TWO].append(Query(" ".join(draw.sample(words, 2)), counted=False))
        plain = max(one.body.replace("。", "，").split("，"), key=len)
        start = draw.randrange(max(1, len(plain) - 5))
        found[PHRASE].append(Query(f"“{plain[start : start + 5]}”", counted=False))
        found[PREFIX].append(one.title[: draw.randint(3, 8)])
        narrowed = Filters(towns=(one.town_code,), items=one.item_codes[:1])
        found[FILTER].append(Query(words[0], filters=narrowed))
        wide = Query(draw.choice(broad))
        found[BROAD].append(wide)
        found[SCORE].append(replace(wide, sort=Sort.RATING, counted=False))
        found[NEWEST].append(replace(wide, sort=Sort.NEWEST, counted=False))
    return found


def broad_words(documents: Sequence[Document]) -> list[str]:
    """Return the words that a fifth or so of the listings have in their text."""
    least, most = (share * len(documents) for share in BROAD_SHARES)
    known = dict.fromkeys((*tail()[0][:200], *WORDS))
    return [word for word in known if least <= sum(word in one.body for one in documents) <= most]
