"""Feeds for whoever reads by program: public notices, narrowed as their list is, and results."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.gate import public, works
from accounts.pages import site
from accounts.wording import town_name
from agencies.catalogue.wording import item_name
from agencies.registration.models import Agency
from core.access import ANONYMOUS
from core.audit import AuditLeaf
from core.clock import beijing
from core.i18n import current_lang
from core.i18n import gettext as _
from marketplace.needs import narrowing, queries
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.needs.wording import FUNDS, METHODS, STATES
from marketplace.selection.models import Award
from search import atom
from search.pages import pages

MOST: Final = 50
SINCE: Final = "2026"
ENDED: Final = (NeedState.AWARDED, NeedState.CONTRACTED, NeedState.COMPLETED, NeedState.FAILED)
Line = queries.NeedRow


@pages.get("/needs.atom")
@public
def notices_feed() -> ResponseReturnValue:
    """Give the newest public notices that the address's filters let through, as Atom."""
    filters = narrowing.read_filters(request.args)
    with works().reading(ANONYMOUS) as work:
        rows = queries.list_needs(work.session, ANONYMOUS, filters, work.clock.now(), limit=MOST).items
        changed = _changed(work.session, "need", [row.id for row in rows])
        entries = [_notice(row, changed) for row in rows]
    kept = {name: value for name, value in narrowing.kept(request.args).items() if name != "mine"}
    page = f"{site()}/needs" + (f"?{urlencode(kept)}" if kept else "")
    return _answer(_("公告"), page, entries, "needs")


@pages.get("/results.atom")
@public
def results_feed() -> ResponseReturnValue:
    """Give the newest results, who was chosen or why nobody was, as Atom."""
    with works().reading(ANONYMOUS) as work:
        query = queries.lines().where(queries.visible_needs(ANONYMOUS), Need.state.in_(ENDED), Need.number.is_not(None))
        rows = [Line(*row) for row in work.session.execute(query.order_by(Need.id.desc()).limit(MOST))]
        ids = [row.id for row in rows]
        changed = _changed(work.session, "need", ids)
        winners = _winners(work.session, ids)
        entries = [_result(row, changed, winners.get(row.id)) for row in rows]
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    return _answer(_("选取结果"), f"{site()}/needs", entries, "results")


def _answer(title: str, page: str, entries: list[atom.Entry], name: str) -> ResponseReturnValue:
    """Write the feed; a reader that has this very text already is told so."""
    here = site() + (request.full_path.rstrip("?") if request.query_string else request.path)
    own_id = _id(f"feed:{name}:{request.query_string.decode()}")
    feed = atom.Feed(own_id, f"{_('莞中介')}：{title}", here, page, current_lang())
    text = atom.write(feed, entries, datetime.fromisoformat(f"{SINCE}-01-01T00:00:00+00:00"))
    answer = Response(text, mimetype="application/atom+xml", headers={"Cache-Control": "public, max-age=300"})
    answer.add_etag()
    return answer.make_conditional(request)


def _id(name: str) -> str:
    """Make an id that never changes on this site (RFC 4151); a site without an address of its own is at home."""
    host = str(current_app.extensions["config"].site_url).partition("://")[2].partition("/")[0].partition(":")[0]
    return f"tag:{host or 'market.invalid'},{SINCE}:{name}"


def _changed(session: Session, kind: str, ids: Iterable[int]) -> dict[int, datetime]:
    """Return when each thing last changed in public, by the audit record."""
    query = select(AuditLeaf.object_id, func.max(AuditLeaf.at)).where(AuditLeaf.kind == kind)
    rows = session.execute(query.where(AuditLeaf.object_id.in_(list(ids))).group_by(AuditLeaf.object_id))
    return {int(row[0]): row[1] for row in rows}


def _winners(session: Session, ids: Iterable[int]) -> dict[int, tuple[Award, str]]:
    query = select(Award, Agency.name).join(Agency, Agency.id == Award.agency_id)
    rows = session.execute(query.where(Award.need_id.in_(list(ids)), Award.declined_at.is_(None)))
    return {award.need_id: (award, name) for award, name in rows}


def _categories(row: Line) -> tuple[tuple[str, str], ...]:
    return (
        (f"item:{row.item_code}", item_name(row.item_code)), (f"town:{row.town_code}", town_name(row.town_code)),
        (f"method:{row.method}", str(METHODS[row.method])), (f"fund:{row.fund}", str(FUNDS[row.fund])),
        (f"state:{row.state}", str(STATES[row.state][0])),
    )  # fmt: skip


def _notice(row: Line, changed: dict[int, datetime]) -> atom.Entry:
    parts = [row.org_name, item_name(row.item_code), town_name(row.town_code)]
    if row.ceiling is not None:
        parts.append(_("最高限价 %(yuan)s 元", yuan=row.ceiling))
    if row.closes_at is not None:
        parts.append(_("报价截止 %(when)s（北京时间）", when=f"{beijing(row.closes_at):%Y-%m-%d %H:%M}"))
    return _entry(row, changed, (f"need:{row.number}", f"/needs/{row.id}"), row.title, parts)


def _result(row: Line, changed: dict[int, datetime], won: tuple[Award, str] | None) -> atom.Entry:
    parts = [row.org_name, str(STATES[row.state][0])]
    if won is not None:
        award, name = won
        parts += [_("中选机构：%(name)s", name=name), _("中选金额 %(yuan)s 元", yuan=award.amount)]
    title = _("选取结果：%(title)s", title=row.title)
    return _entry(row, changed, (f"result:{row.number}", f"/needs/{row.id}/result"), title, parts)


def _entry(
    row: Line, changed: dict[int, datetime], named: tuple[str, str], title: str, parts: list[str]
) -> atom.Entry:  # fmt: skip
    published = row.published_at or changed[row.id]
    name, url = named
    return atom.Entry(
        _id(name), title, site() + url, published, changed.get(row.id, published), " · ".join(parts), row.org_name,
        _categories(row),
    )  # fmt: skip
