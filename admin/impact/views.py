"""The impact page: what a revision would have meant for last year's contracts."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts.gate import may, reading
from admin.impact import queries
from admin.impact.pages import pages
from admin.impact.rules import Impact, Worked, impact_of
from agencies.revisions import recomputation
from agencies.revisions.queries import revision_by_id
from agencies.revisions.service import url_of
from agencies.revisions.showing import loaded, title_of
from core.i18n import gettext as _
from core.money import Money


@pages.get("/fee-revisions/<int:revision_id>/impact")
@may("fee_revision:read", subject=loaded)
def impact(revision_id: int) -> ResponseReturnValue:
    """Work last year's contracts under the old and the new text: how many change, by how much, the largest ten."""
    with reading() as work:
        row = revision_by_id(work.session, revision_id)
        texts = recomputation.both(work, row)
        contracts = queries.contracts_under(work.session, row.schedule_id, texts, row.effective_on, work.clock.now())
        found = impact_of(contracts)
    return render_template(
        "impact/impact.html",
        name=title_of(row),
        back=url_of(row.id),
        found=found,
        conclusion=_conclusion(found),
        difference=_signed(found.difference),
        bars=[_bar(one) for one in found.largest if one.difference.fen],
        rows=[_row(one) for one in found.largest],
        capped=found.looked >= queries.MOST,
        most=queries.MOST,
    )


def _conclusion(found: Impact) -> str:
    if not found.changed:
        return _("近一年的 %(looked)s 份合同按新旧文本算，结果都一样。", looked=found.looked)
    return _(
        "近一年的 %(looked)s 份合同里，%(changed)s 份的基准价变动：上升合计 %(up)s 元，下降合计 %(down)s 元。",
        looked=found.looked, changed=found.changed, up=str(found.up), down=str(found.down),
    )  # fmt: skip


def _bar(one: Worked) -> tuple[str, float, str]:
    return one.number, abs(one.difference.fen) / 100, _signed(one.difference)


def _row(one: Worked) -> list[Any]:
    return [
        {"text": one.number, "url": f"/contracts/{one.contract_id}", "note": one.title},
        _amount(one.amount),
        _amount(one.old),
        _amount(one.new),
        _signed(one.difference),
    ]


def _signed(money: Money) -> str:
    """Write a difference with its sign, so that a rise and a fall differ without colour."""
    return _("%(sign)s%(yuan)s 元", sign="+" if money.fen > 0 else "", yuan=str(money))


def _amount(money: Money | None) -> str:
    return _("%(yuan)s 元", yuan=str(money)) if money is not None else "—"
