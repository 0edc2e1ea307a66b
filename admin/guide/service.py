"""Keeping how things live: each new table is a new version, with its leaf."""

from __future__ import annotations

from collections.abc import Iterable

from admin.guide import queries
from admin.guide.models import GuideVersion
from admin.guide.rules import Table, hash_of
from core.work import Work


def keep(work: Work, tables: Iterable[Table]) -> int:
    """Keep each table that differs from the newest kept one as a new version; return how many were new."""
    known = {row.life: row for row in queries.current(work.session)}
    new = 0
    for table in tables:
        last, content_hash = known.get(table["name"]), hash_of(table)
        if last is not None and last.content_hash == content_hash:
            continue
        row = GuideVersion(
            life=table["name"], number=1 if last is None else last.number + 1, content_hash=content_hash, table=table,
            from_at=work.clock.now(),
        )  # fmt: skip
        work.add(row, "guide.kept", life=row.life, number=row.number, sha256=content_hash)
        new += 1
    return new
