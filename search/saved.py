"""Following a search of notices: make, change, stop; and tell each follower once of each notice that fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select

from accounts import messages, stops, timing
from accounts.messages import Aim
from accounts.models import User
from accounts.reference import divisions
from accounts.viewer import standing_membership
from agencies.catalogue.queries import all_items
from core.access import Actor
from core.clock import beijing
from core.errors import Conflict, Invalid, NotFound
from core.work import Work, facts_of
from marketplace.needs import queries as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.needs.queries import Filters
from marketplace.needs.rules import METHODS
from search.commands import FollowSearch
from search.models import SavedSearch
from search.permissions import POLICY

MOST: Final = 30
STOP: Final = "stop-search"


def filters_of(saved: SavedSearch) -> Filters:
    """Return what narrows a followed search, as the list of notices takes it."""
    return Filters(
        words=saved.words, town=saved.town, item=saved.item, method=saved.method, least=saved.least, most=saved.most
    )


def saved_by_id(work: Work, search_id: int) -> SavedSearch:
    """Return a followed search. Raises NotFound, also for another's."""
    row = work.session.get(SavedSearch, search_id)
    if row is None or not work.allows(POLICY, "saved_search:keep", row):
        raise NotFound("saved-search-not-found")
    return row


def own(work: Work) -> Sequence[SavedSearch]:
    """Return the actor's searches that are still followed, newest first."""
    query = select(SavedSearch).where(SavedSearch.user_id == (work.actor.user_id or -1))
    return work.session.scalars(query.where(SavedSearch.stopped_at.is_(None)).order_by(SavedSearch.id.desc())).all()


def follow(work: Work, cmd: FollowSearch) -> SavedSearch:
    """Follow a search from now on. Raises Forbidden, Invalid for what narrows nothing or is unknown, Conflict."""
    work.require(POLICY, "saved_search:make")
    _judge(work, cmd)
    if len(own(work)) >= MOST:
        raise Conflict("saved-searches-many", most=MOST)
    row = SavedSearch(user_id=work.actor.user_id, org_id=work.actor.org_id, made_at=work.clock.now())
    _fill(row, cmd)
    work.add(row, "saved_search.made")
    return row


def change(work: Work, search_id: int, cmd: FollowSearch) -> SavedSearch:
    """Change name, pace or what narrows it. Raises NotFound, Invalid, Conflict for one that was stopped."""
    row = saved_by_id(work, search_id)
    work.require(POLICY, "saved_search:keep", row)
    if row.stopped_at is not None:
        raise Conflict("saved-search-stopped")
    _judge(work, cmd)
    _fill(row, cmd)
    work.record(row, "saved_search.changed")
    return row


def stop(work: Work, search_id: int) -> SavedSearch:
    """Follow it no more. Raises NotFound."""
    row = saved_by_id(work, search_id)
    work.require(POLICY, "saved_search:keep", row)
    return _stop(work, row)


def stop_by_link(work: Work, search_id: int) -> SavedSearch:
    """Follow it no more: what the link in its mails does; the caller has checked the link. Raises NotFound."""
    row = work.session.get(SavedSearch, search_id)
    if row is None:
        raise NotFound("saved-search-not-found")
    return _stop(work, row)


def _stop(work: Work, row: SavedSearch) -> SavedSearch:
    if row.stopped_at is None:
        row.stopped_at = work.clock.now()
        work.record(row, "saved_search.stopped")
    return row


def stop_path(search_id: int) -> str:
    """Return the address that stops the alerts of one search, without signing in."""
    return f"/searches/stop/{stops.token(STOP, search_id)}"


def _judge(work: Work, cmd: FollowSearch) -> None:
    if not any((cmd.words.strip(), cmd.town, cmd.item, cmd.method, cmd.least, cmd.most)):
        raise Invalid("saved-search-too-wide", field="words")
    if cmd.least is not None and cmd.most is not None and cmd.least > cmd.most:
        raise Invalid("saved-search-amounts", field="most")
    if cmd.method and cmd.method not in METHODS:
        raise Invalid("saved-search-unknown", field="method")
    if cmd.pace not in timing.PACES:
        raise Invalid("saved-search-unknown", field="pace")
    if cmd.item and not set(needs.codes_of(cmd.item)) <= {one.code for one in all_items(work.session)}:
        raise Invalid("saved-search-unknown", field="item")
    if cmd.town and not set(needs.codes_of(cmd.town)) <= {one.code for one in divisions()}:
        raise Invalid("saved-search-unknown", field="town")


def _fill(row: SavedSearch, cmd: FollowSearch) -> None:
    row.name, row.pace, row.words = cmd.name.strip(), cmd.pace, " ".join(cmd.words.split())
    row.town, row.item, row.method = cmd.town, cmd.item, cmd.method
    row.least, row.most = cmd.least, cmd.most


def tell_followers(work: Work, facts: Mapping[str, Any]) -> None:
    """Tell whoever follows a search that a new notice fits, once each.

    Handles ``need.published``, so nothing is told before a notice is public; late, one that closed is told to nobody,
    nor is one open to named agencies alone.
    What fits is asked of the database by the conditions of the list of notices, as the follower may read it.
    """
    need = work.session.get_one(Need, facts_of(facts))
    if need.state is not NeedState.OPEN or need.closes_at is None or needs.admitted(work.session, need.id):
        return
    for saved in work.session.scalars(_candidates(need)):
        actor = _follower(work, saved)
        if actor is not None and actor.org_id != need.org_id and _fits(work, saved, need, actor):
            messages.tell(
                work, saved.org_id, "search-matched", f"/needs/{need.id}", unique_key=f"search:{saved.id}:{need.id}",
                aim=Aim(saved.user_id, saved.pace, stop_path(saved.id)),
                search=saved.name, need=need.title, until=f"{beijing(need.closes_at):%m-%d %H:%M}",
            )  # fmt: skip


def _candidates(need: Need) -> Any:
    """Select the searches that a notice could fit by town, item and method, so that most are never looked at."""

    def open_or(column: Any, code: str) -> ColumnElement[bool]:
        return or_(column == "", column.contains(code, autoescape=True))

    query = select(SavedSearch).where(SavedSearch.stopped_at.is_(None), open_or(SavedSearch.town, need.town_code))
    query = query.where(open_or(SavedSearch.item, need.item_code), open_or(SavedSearch.method, need.method))
    return query.order_by(SavedSearch.id)


def _follower(work: Work, saved: SavedSearch) -> Actor | None:
    """Return the follower, if still of the organisation the search is followed for."""
    seat = standing_membership(work.session, saved.user_id, saved.org_id, work)
    if seat is None or work.session.get_one(User, saved.user_id).suspended_at is not None:
        return None
    membership, org = seat
    return Actor(saved.user_id, org.id, org.kind, membership.role, org.town_code)


def _fits(work: Work, saved: SavedSearch, need: Need, actor: Actor) -> bool:
    found = needs.conditions(filters_of(saved), work.clock.now())
    query = select(Need.id).where(Need.id == need.id, needs.visible_needs(actor), *found)
    return work.session.scalar(query) is not None
