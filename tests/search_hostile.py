"""Ask an engine hostile lines as a passer-by: `python -m tests.search_hostile --times 10000 --engine tantivy`.

The index is made to know more than a passer-by may see: agencies suspended and drafts indexed as if they were public,
as an index does that has not heard yet. No line may end in an error, take a second, or show one of them.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select

from agencies.registration.lifecycle import RegistrationState
from agencies.registration.models import Agency
from core.access import Actor
from core.errors import Invalid
from core.work import Works
from marketplace.needs.lifecycle import NeedState
from search import queries, sayings, service
from search.backend import Filters, Query, SearchBackend, Sort
from search.documents import Kind
from tests.search import engines
from tests.search.listings import listings, tail
from tests.search.world import Shop, market

ALPHABET = (
    "环评监理水土保持 \"“”「」《》*[]()〔〕{}:^~&|!+-/\\'%_\x00\u202e\ud800😀ﷺ㍻"
    "0123456789万亿号镇abcDGhpq<>;=#$@．。，\t\n\u3000\u200b"
)
GONE = 100_000
MEAN = (
    *("a" * 120, "1" * 120, "号" * 120, "(" * 120, "环 " * 60, "环*" * 40, "**", "*a", "“" * 60, "\x00" * 20),
    *("AND OR NOT title:环", "title:[* TO *]", "../../etc/passwd", "' OR 1=1 --", "'; DROP TABLE search.document; --"),
    *(
        "\\' | 'b",
        "环评' & !'监理",
        "!!",
        "环评:*",
        "<-> & |",
        '{"match_all":{}}',
        "/.*.*.*/",
        "环评~2^9",
        "%s %d",
        "${x}",
    ),
    "，\u200b%a水4 /:5评》)hp5']95亿)%+〔4b7",
    *("a b c d e f g h i j k l m n o p q r s", "“环评”“监理”“测绘”“勘察”“设计”", "10000000000亿", "9" * 60 + "万"),
)


@dataclass
class Asked:
    """What came of the lines."""

    lines: int = 0
    refused: int = 0
    took: list[float] = field(default_factory=list)
    worst: float = 0.0
    slowest: str = ""
    shown: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    degraded: int = 0


def lay_trap(shop: Shop, backend: SearchBackend, folder: Path, extra: int = 300) -> frozenset[str]:
    """Fill the market and the index; return the keys that nobody may be shown."""
    service._configured["engine"] = backend
    service._folders["index"] = folder
    seen = [shop.agency(f"东莞粤诚{number}环境监理有限公司", "DG-B-25", "DG-C-53") for number in range(6)]
    kept = [shop.agency(f"东莞鼎正{number}环境监理有限公司", "DG-B-25") for number in range(6)]
    shown = [shop.notice(f"长安厂房{number}环评监理", "DG-B-25") for number in range(6)]
    drafts = [
        shop.notice(f"虎门厂房{number}环评监理", "DG-B-25", state=NeedState.DRAFT, published_at=None)
        for number in range(6)
    ]
    with shop.works.reading() as work:
        drawn = queries.agency_documents(work.session, [*seen, *kept], work.clock.now())
        drawn += queries.notice_documents(work.session, [*shown, *drafts])
        known = [replace(one, public=True) for one in drawn]
    strangers = (replace(one, id=str(int(one.id) + GONE)) for one in listings(extra))  # rows that are gone
    backend.replace_all([*known, *strangers])
    with shop.works.system() as work:
        for row in work.session.scalars(select(Agency).where(Agency.id.in_(kept))):
            row.state = RegistrationState.SUSPENDED
            work.record(row, "test.suspended")
    return frozenset({f"agency:{one}" for one in kept} | {f"notice:{one}" for one in drafts})


def ask(works: Works, hidden: frozenset[str], times: int, seed: int = 13) -> Asked:
    """Ask so many lines, and half as many beginnings of names."""
    draw, found = random.Random(seed), Asked()
    sayings.meant("打井")  # reads in what is said of all services, once a process
    for line in _lines(draw, times):
        began = time.perf_counter()
        try:
            with suppress(Invalid), works.reading(Actor()) as work:
                found.refused += 1
                answered = service.search(work, _query(line, draw))
                found.refused -= 1
                found.degraded += answered.degraded
                keys = {hit.document.key for hit in answered.results.hits}
                if found.lines % 2:
                    keys |= {one.key for one in service.suggest(work, line)}
                found.shown += [f"{key} by {line!a}" for key in keys if key in hidden or _is_gone(key)]
        except Exception as error:  # noqa: BLE001 - any error is what is looked for
            found.failed.append(f"{line!a}: {type(error).__name__} {error}")
        found.lines += 1
        found.took.append(took := time.perf_counter() - began)
        if took > found.worst:
            found.worst, found.slowest = took, line
    return found


def _is_gone(key: str) -> bool:
    """Tell whether a key is of one of the listings that have no row."""
    number = key.partition(":")[2]
    return number.isdecimal() and int(number) > GONE


def _lines(draw: random.Random, times: int) -> list[str]:
    words, weights = tail()
    lines = [*MEAN][:times]
    while len(lines) < times:
        kind = draw.random()
        if kind < 0.5:
            lines.append("".join(draw.choices(ALPHABET, k=draw.randint(0, draw.choice((15, 50, 130))))))
        elif kind < 0.8:
            lines.append("".join(draw.choices([*words, " ", "“", "”", "*"], k=draw.randint(1, 30))))
        else:
            lines.append(" ".join(draw.choices(words, cum_weights=weights, k=draw.randint(1, 6))))
    return lines


def _query(line: str, draw: random.Random) -> Query:
    kind = draw.choice([None, *Kind])
    filters = Filters(
        towns=tuple(draw.sample(("441900119", "441900003", "x' OR 1", ""), draw.randint(0, 2))),
        prices=(((None, 10**15), (5, None), (None, None))[draw.randint(0, 2)],) if draw.random() < 0.2 else (),
        on_time=draw.choice((None, None, 0.5, 2.0)),
    )
    return Query(
        line, kind, filters, draw.choice(list(Sort)), draw.choice((1, 1, 2, 50, 10**9, -1)), draw.choice((20, 10**6))
    )


def main() -> int:
    """Ask, print, and return 1 when an engine erred, dawdled or told too much."""
    parser = argparse.ArgumentParser(prog="python -m tests.search_hostile")
    parser.add_argument("--engine", choices=engines.NAMES, default="whoosh")
    parser.add_argument("--times", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=2000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        shop = stack.enter_context(market(Path(name)))
        backend = stack.enter_context(engines.for_script(asked.engine, Path(name) / "index"))
        hidden = lay_trap(shop, backend, Path(name) / "index", asked.documents)
        found = ask(shop.works, hidden, asked.times)
    print(
        f"{asked.engine}: {found.lines} lines, {found.refused} refused with a sentence, {len(found.failed)} errors, "
        f"{found.degraded} answered by the database, median {statistics.median(found.took) * 1000:.1f} "
        f"and worst {found.worst * 1000:.0f} ms, {len(found.shown)} shown that "
        "nobody may see"
    )
    for line in [*found.failed[:10], *found.shown[:10]]:
        print(line)
    if found.worst >= 1:
        print(f"slowest: {found.slowest!a}")
    return 1 if found.failed or found.shown or found.degraded or found.worst >= 1 else 0


if __name__ == "__main__":
    sys.exit(main())
