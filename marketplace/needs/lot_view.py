"""What pages and programs see of a notice's lots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agencies.catalogue.wording import mark
from core.clock import beijing_day
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs import family
from marketplace.needs.lot_fees import together
from marketplace.needs.models import Need


def lots_view(work: Work, need: Need) -> Mapping[str, Any]:
    """Return the lots of the notice a need belongs to, their benchmarks together, and what splitting must mind."""
    rows = family.lots_of(work.session, need.id)
    first, head = rows[0]
    on = beijing_day(head.published_at or work.clock.now())
    fees = together([one for _lot, one in rows], on)
    shares = fees.shares or (None,) * len(rows)
    return {
        "notice_id": head.id,
        "number": head.number,
        "title": first.title or head.title,
        "most_wins": first.most_wins,
        "apart": fees.apart,
        "at_once": fees.at_once,
        "warning": warning(work, head),
        "lots": [
            {
                **{name: getattr(lot, name) for name in ("number", "name", "need_id")},
                **{name: getattr(one, name) for name in _OWN},
                "need_number": one.number,
                "share": share,
            }
            for (lot, one), share in zip(rows, shares, strict=True)
        ],
    }


_OWN = (
    "state", "scale", "time_limit_days", "ceiling", "no_ceiling_reason", "fee_inputs", "benchmark_base", "closes_at",
)  # fmt: skip


def warning(work: Work, head: Need) -> str:
    """Say where the lots together reach the size from which tender is compulsory; empty where they do not."""
    found = family.splitting(work.session, head, beijing_day(head.published_at or work.clock.now()))
    if found is None:
        return ""
    return _(
        "各标段合计 %(total)s 万元，达到“%(text)s”（%(citation)s，%(mark)s）。"
        "属于该规定范围的项目，不得分拆标段规避招标：依据 %(basis)s。",
        total=f"{found.total.wan.normalize():,f}", text=found.threshold.text, citation=found.threshold.citation,
        mark=mark(found.threshold.confidence)[0], basis=found.threshold.basis,
    )  # fmt: skip


def limit_sentence(most_wins: int | None) -> str:
    """Say how many of a notice's lots one agency may win."""
    if most_wins is None:
        return _("不限每家中选的标段数。")
    return _(
        "每家最多中选 %(most)s 个标段：按标段次序选定，已在前面标段中选满的，后面的标段仍计入报价、不再中选。",
        most=most_wins,
    )
