"""What quotes show on a desk: notices an agency may still quote for, and its own quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from accounts.desk import Item, Panel
from core.access import OrgKind
from core.i18n import gettext as _
from core.icalendar import Entry
from core.work import Work
from marketplace.needs.models import Need
from marketplace.quotes import queries, wording
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote

SHOWN: Final = 8
MOST_DEADLINES: Final = 100


def desk_panels(work: Work) -> Sequence[Panel]:
    """Return the panels of matching notices and of the agency's own quotes; for nobody else."""
    if work.actor.org_kind is not OrgKind.AGENCY or work.actor.org_id is None:
        return ()
    fitting = queries.fitting_needs(work.session, work.actor.org_id, work.clock.now(), SHOWN)
    quotes = queries.own_quotes(work.session, work.actor.org_id, limit=SHOWN).items
    return (
        Panel(
            _("可以报价的公告"), [Item(need.title, f"/needs/{need.id}", need.closes_at) for need in fitting],
            _("没有符合贵机构服务事项的新公告。"), "/needs?state=open", _("全部公告"),
        ),
        Panel(_("我的报价"), [_line(*row) for row in quotes], _("还没有报过价。"), "/quotes", _("全部报价")),
    )  # fmt: skip


def calendar_entries(work: Work) -> Sequence[Entry]:
    """Return when the notices close for which the reader's agency has a sealed quote."""
    rows = queries.own_quotes(work.session, work.actor.org_id or 0, limit=MOST_DEADLINES).items
    return [
        Entry(f"{need.number}-quoted", need.closes_at, _("报价截止：%(title)s", title=need.title), f"/needs/{need.id}")
        for quote, need in rows
        if quote.state is QuoteState.SEALED and need.closes_at is not None
    ]


def _line(quote: Quote, need: Need) -> Item:
    label, kind = wording.state_tag(quote, need)
    return Item(
        _("%(title)s（%(state)s）", title=need.title, state=label), f"/needs/{need.id}/quote/receipt", None, kind
    )
