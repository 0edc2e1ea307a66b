"""Use cases of the window: receive a visitor, found the enterprise, record, confirm and end a consent, end the visit.

No leaf holds the visitor's name or the matter.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, BinaryIO, Final, cast

from sqlalchemy import select

from accounts import messages, reset
from accounts import service as accounts
from accounts.commands import SignUp
from accounts.models import Organisation
from admin.window import queries, rules
from admin.window.commands import End, FoundEnterprise, Receive, RecordConsent, Scan, TypeCode
from admin.window.lifecycle import CONSENT, END, SCAN_KEPT, VISIT, ConsentKind, ConsentState, Matter, VisitState
from admin.window.models import Consent, Filing, Visit
from admin.window.permissions import POLICY
from agencies.catalogue import queries as catalogue
from core import corrections, deadlines, files
from core.access import OrgKind
from core.clock import BEIJING, beijing_day
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.secrets import keyed_hash
from core.work import Work, Works
from marketplace.needs.models import Need
from marketplace.selection.publicity import as_system

PASSWORD_LENGTH = 40
SCAN = "window_consent"
MATTERS: Final = {
    OrgKind.ENTERPRISE: (Matter.NEED, Matter.QUESTION, Matter.COMPLAINT, Matter.RECEIPT),
    OrgKind.AGENCY: (Matter.REGISTRATION, Matter.QUALIFICATION, Matter.PRICE, Matter.QUESTION, Matter.COMPLAINT),
}
SCAN_DAYS: Final = "consent-scan-days"
SHIPMENT_DAYS: Final = "shipment-reminder-days"
USUAL_DAYS: Final = {SCAN_DAYS: 120, SHIPMENT_DAYS: 3}


def receive(work: Work, command: Receive) -> Visit:
    """Record that somebody of an enterprise of the clerk's town came to the window.

    Raises Forbidden, Invalid for an enterprise, a town or a notice that does not fit.
    """
    work.require(POLICY, "window:receive")
    if work.actor.org_id is None or work.actor.user_id is None:
        raise Forbidden("not-allowed", permission="window:receive")
    if work.actor.town_code is None:
        raise Invalid("window-town-missing", field="enterprise")
    org = _enterprise(work, command.enterprise.strip())
    if org.town_code != work.actor.town_code:
        raise Invalid("enterprise-other-town", field="enterprise")
    row = Visit(
        org_id=org.id,
        town_code=work.actor.town_code,
        window_org_id=work.actor.org_id,
        clerk_id=work.actor.user_id,
        visitor_name=command.visitor_name.strip(),
        matter=command.matter.strip(),
        need_id=_need(work, org, command.need_number.strip()),
        state=VisitState.OPEN,
        opened_at=work.clock.now(),
    )
    work.add(row, "visit.opened", org=org.id, need=row.need_id)
    return row


def found_enterprise(work: Work, command: FoundEnterprise, *, site: str = "") -> Organisation:
    """Enter a visitor's enterprise by the same door as everybody's; the password is set by mail, nobody here knows it.

    site: the address that the mailed link begins with. Raises what signing up raises.
    """
    work.require(POLICY, "window:receive")
    if work.actor.town_code is None:
        raise Invalid("window-town-missing", field="name")
    unknown = keyed_hash("window-password", f"{command.credit_code}:{work.clock.now().isoformat()}")
    entered = SignUp(
        OrgKind.ENTERPRISE, command.name, command.credit_code, work.actor.town_code, command.display_name,
        command.mobile, command.email, unknown[:PASSWORD_LENGTH], command.terms,
    )  # fmt: skip
    org, _user = accounts.sign_up(work, entered)
    work.record(org, "window.founded", window=work.actor.org_id)
    reset.ask(work, command.email, f"window:{work.actor.org_id}", site=site, locale="zh_Hans_CN")
    return org


def record_consent(work: Work, visit_id: int, command: RecordConsent, scan: Scan | None = None) -> Consent:
    """Record what an enterprise lets the window file: in force at once by signed paper, or once the code is typed.

    A consent asked for before and not yet given ends. Raises NotFound, Forbidden, Conflict, Invalid.
    """
    visit = locked_visit(work, visit_id)
    work.require(POLICY, "consent:record", visit)
    if visit.state is not VisitState.OPEN:
        raise Conflict("wrong-state", kind="visit", state=str(visit.state), verb="consent")
    if not command.covers:
        raise Invalid("consent-covers-none", field="covers")
    until = datetime.combine(command.until + timedelta(days=1), time(), BEIJING)
    rules.judge_until(until, work.clock.now())
    _judge_covers(work, visit, command)
    _end_asked(work, visit)
    on_paper = command.kind is ConsentKind.PAPER
    if on_paper and scan is None:
        raise Invalid("consent-scan-missing", field="file")
    stored = (
        files.store(work, cast("BinaryIO", scan.stream), scan.name, SCAN) if on_paper and scan is not None else None
    )
    row = Consent(
        visit_id=visit.id, org_id=visit.org_id, town_code=visit.town_code, item_code=command.item_code,
        purpose=command.purpose.strip(), kind=command.kind, file_id=stored.id if stored is not None else None,
        until=until, state=ConsentState.ASKED, asked_at=work.clock.now(), covers=[str(one) for one in command.covers],
    )  # fmt: skip
    work.add(row, "consent.asked", visit=visit.id, kind=str(command.kind), item=command.item_code, covers=row.covers)
    deadlines.put(work, END, row.id, until)
    window = work.session.get_one(Organisation, visit.window_org_id).name
    if on_paper:
        _give(work, row)
        messages.tell(work, row.org_id, "window-consent-recorded", url_of(visit.id), window=window)
    else:
        messages.tell(work, row.org_id, "window-consent-asked", url_of(visit.id), is_todo=True, window=window)
    return row


def code_of(row: Consent) -> str:
    """Return the six digits shown at the window for a consent; they are derived, not kept."""
    named = keyed_hash("window-code", f"{row.id}:{int(row.asked_at.timestamp())}")
    return f"{int(named, 16) % 10**rules.CODE_DIGITS:0{rules.CODE_DIGITS}d}"


def confirm(work: Work, consent_id: int, command: TypeCode) -> bool:
    """Give a consent by the code shown at the window; say whether it was right. A wrong one is counted.

    Raises NotFound, Forbidden, Conflict when it is over, given already, or wrong too often.
    """
    row = locked_consent(work, consent_id)
    work.require(POLICY, "consent:give", row)
    CONSENT.follow("give", row.state)
    if row.until <= work.clock.now():
        raise Conflict("consent-over", id=row.id)
    if row.tries >= rules.TRIES:
        raise Conflict("consent-tries", id=row.id)
    if command.code.strip() != code_of(row):
        row.tries += 1
        work.record(row, "consent.wrong_code", tries=row.tries)
        return False
    _give(work, row)
    visit = queries.visit_by_id(work.session, row.visit_id)
    messages.settle(work, row.org_id, url_of(row.visit_id))
    messages.tell(work, visit.window_org_id, "window-consent-given", url_of(row.visit_id))
    return True


def withdraw(work: Work, consent_id: int) -> Consent:
    """Take a consent back, as the enterprise; the window hears at once. Raises NotFound, Forbidden, Conflict."""
    row = locked_consent(work, consent_id)
    _end(work, row, "withdraw")
    visit = queries.visit_by_id(work.session, row.visit_id)
    messages.tell(work, visit.window_org_id, "window-consent-withdrawn", url_of(row.visit_id))
    return row


def finish(work: Work, visit_id: int) -> Visit:
    """End a visit whose matter is done; a consent not used ends with it. Raises NotFound, Forbidden, Conflict."""
    return _leave(work, visit_id, "finish", "")


def cancel(work: Work, visit_id: int, command: End) -> Visit:
    """End a visit entered in error, which is then not counted; never one that filed. Raises as ``finish``, Invalid."""
    if queries.filings_of(work.session, visit_id):
        raise Conflict("visit-filed", id=visit_id)
    return _leave(work, visit_id, "cancel", rules.reason(command.reason))


def expire_due(work: Work, consent_id: int) -> None:
    """End a consent whose day is over: what ``consent.end`` does."""
    row = locked_consent(work, consent_id)
    if row.state in queries.LIVE and row.until <= work.clock.now():
        _end(as_system(work), row, "expire")


def expire_if_due(works: Works, visit_id: int) -> None:
    """End the consent of a visit now when its day is over, so that who looks late sees what holds."""
    with works.reading() as work:
        row = queries.live_consent(work.session, visit_id)
        late = row is not None and row.until <= work.clock.now()
    if late and row is not None:
        with works.system() as work:
            expire_due(work, row.id)


def locked_visit(work: Work, visit_id: int) -> Visit:
    """Lock and return one visit. Raises NotFound."""
    return work.locked(Visit, visit_id, "visit-not-found")


def locked_consent(work: Work, consent_id: int) -> Consent:
    """Lock and return one consent. Raises NotFound."""
    return work.locked(Consent, consent_id, "consent-not-found")


def url_of(visit_id: int) -> str:
    """Return the address of a visit."""
    return f"/window/visits/{visit_id}"


def _enterprise(work: Work, text: str) -> Organisation:
    found = queries.enterprises_named(work.session, text)
    if not found:
        raise Invalid("enterprise-unknown", field="enterprise", name=text)
    if len(found) > 1:
        raise Invalid("enterprise-ambiguous", field="enterprise", name=text, count=len(found))
    return found[0]


def _need(work: Work, org: Organisation, number: str) -> int | None:
    """Return the notice of a number: an enterprise's own, for an agency any that was published."""
    if not number:
        return None
    query = select(Need.id).where(Need.number == number)
    if org.kind is OrgKind.ENTERPRISE:
        query = query.where(Need.org_id == org.id)
    need_id = work.session.scalar(query)
    if need_id is None:
        raise Invalid("window-need-unknown", field="need_number", number=number)
    return need_id


def _judge_covers(work: Work, visit: Visit, command: RecordConsent) -> None:
    """Refuse what this kind of visitor cannot let somebody file; a need names a service item there is."""
    kind = work.session.get_one(Organisation, visit.org_id).kind
    if not set(command.covers) <= set(MATTERS[kind]):
        raise Invalid("consent-covers-kind", field="covers")
    if Matter.NEED in command.covers:
        _known_item(work, command.item_code)


def _known_item(work: Work, code: str) -> None:
    if not code:
        raise Invalid("window-item-missing", field="item_code")
    try:
        catalogue.item_by_code(work.session, code)
    except NotFound as error:
        raise Invalid("window-item-unknown", field="item_code", item=code) from error


def _give(work: Work, row: Consent) -> None:
    row.given_at, row.given_by = work.clock.now(), work.actor.user_id
    work.move(CONSENT, POLICY, row, "give", kind=str(row.kind))
    deadlines.put(work, END, row.id, row.until)


def _end(work: Work, row: Consent, verb: str, **facts: Any) -> None:
    row.ended_at = work.clock.now()
    work.move(CONSENT, POLICY, row, verb, **facts)
    deadlines.drop(work, END, row.id)
    if row.file_id is not None:
        kept = days_of(work, SCAN_DAYS, row.town_code)
        deadlines.put(work, SCAN_KEPT, row.id, corrections.days_after(row.ended_at, kept))
    messages.settle(work, row.org_id, url_of(row.visit_id))


def _end_asked(work: Work, visit: Visit) -> None:
    """End what was asked for before; one in force stays and is not doubled."""
    live = queries.live_consent(work.session, visit.id)
    if live is None:
        return
    if live.state is ConsentState.GIVEN and live.until > work.clock.now():
        raise Conflict("wrong-state", kind="consent", state=str(live.state), verb="record")
    _end(as_system(work), live, "expire")
    work.session.flush()


def note_filing(work: Work, row: Consent, matter: Matter, **made: int) -> None:
    """Note what was filed under a consent; it is used up when everything it covers was filed.

    made: ids of the rows by the name of the filing's column, such as ``need_id``.
    """
    filed = Filing(consent_id=row.id, visit_id=row.visit_id, matter=matter, filed_at=work.clock.now(), **made)
    work.session.add(filed)
    work.session.flush()
    if matter is Matter.NEED:
        row.need_id = made["need_id"]
    if queries.left_of(work.session, row):
        as_system(work).move(CONSENT, POLICY, row, "file", matter=str(matter), **made)
    else:
        _end(as_system(work), row, "use_up", matter=str(matter), **made)


def scan_due(work: Work, consent_id: int) -> None:
    """Delete the scan of a consent whose time is over; its hash stays in the record. Handles ``consent.scan``.

    May run twice: the file is gone already when the first run could not say so.
    """
    row = locked_consent(work, consent_id)
    if row.file_id is None or row.scan_deleted_at is not None or row.ended_at is None:
        return
    stored = work.session.get_one(files.StoredFile, row.file_id)
    files.erase(work, stored)
    row.scan_deleted_at = work.clock.now()
    work.record(row, "consent.scan_deleted", file=stored.id, sha256=stored.sha256)


def days_of(work: Work, key: str, town_code: str) -> int:
    """Return the days of a dated rule of the window as they hold today."""
    today = beijing_day(work.clock.now())
    try:  # of every fund: a visit knows no fund
        return int(catalogue.rule(work.session, key, fund="social", on=today, town_code=town_code))
    except NotFound:
        return USUAL_DAYS[key]


def _leave(work: Work, visit_id: int, verb: str, reason: str) -> Visit:
    visit = locked_visit(work, visit_id)
    visit.ended_at, visit.end_reason = work.clock.now(), reason
    work.move(VISIT, POLICY, visit, verb)
    live = queries.live_consent(work.session, visit.id)
    if live is not None:
        _end(as_system(work), live, "expire")
    return visit
