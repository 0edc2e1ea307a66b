"""How the window desk is drawn: a visit with its consent, a purchase with its shipments, one shipment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flask import render_template

from accounts.models import Organisation
from admin.window import filing, forms, queries, service
from admin.window.courier import SIDES
from admin.window.lifecycle import (
    CONSENT,
    SHIPMENT,
    VISIT,
    ConsentKind,
    ConsentState,
    Matter,
    ShipmentState,
    VisitState,
)
from admin.window.models import Consent, Shipment, Visit
from admin.window.permissions import POLICY
from admin.window.queries import Purchase
from admin.window.rules import bucket
from admin.window.wording import (
    BUCKETS,
    CARRIERS,
    CONSENTS,
    KINDS,
    MATTERS,
    PARTIES,
    SEALED,
    SHIPMENTS,
    SIGNERS,
    VISITS,
)
from agencies.catalogue.wording import item_name, item_names
from core.clock import beijing, beijing_day
from core.errors import NotFound
from core.forms import Form, Item, blank_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs.models import Need

WEEKS: Final = timedelta(days=14)
Shown = Mapping[str, Form[Any]]


def visit_of(work: Work, visit_id: int) -> Visit:
    """Load a visit for the gate."""
    return queries.visit_by_id(work.session, visit_id)


def consent_of_visit(work: Work, visit_id: int) -> Consent:
    """Load the newest consent of a visit for the gate."""
    return queries.consent_of(work.session, visit_id)


def consent_of(work: Work, consent_id: int) -> Consent:
    """Load a consent for the gate."""
    return queries.consent_by_id(work.session, consent_id)


def scanned(work: Work, consent_id: int) -> Consent:
    """Load a consent that has a paper, for the gate. Raises NotFound for one given by code."""
    row = queries.consent_by_id(work.session, consent_id)
    if row.file_id is None:
        raise NotFound("consent-not-found", id=consent_id)
    return row


def purchase_of(work: Work, need_id: int) -> Purchase:
    """Load a purchase for the gate."""
    return queries.purchase(work, need_id)


def shipment_of(work: Work, shipment_id: int) -> Shipment:
    """Load a shipment for the gate."""
    return queries.shipment_by_id(work.session, shipment_id)


def consenting(work: Work, row: Visit) -> list[Item]:
    """Return the fields of a visitor's consent, with the service items there are."""
    return forms.consenting(list(item_names().items()), matters_of(work, row))


def matters_of(work: Work, row: Visit) -> tuple[Matter, ...]:
    """Return everything this kind of visitor may let a window file."""
    return service.MATTERS[work.session.get_one(Organisation, row.org_id).kind]


def announcing(work: Work) -> list[Item]:
    """Return the fields of a shipment from the reader's side."""
    return forms.announcing(SIDES.get(work.actor.org_kind) if work.actor.org_kind is not None else None)


def tag_of(words: Mapping[Any, tuple[Any, str]], state: Any) -> tuple[str, str]:
    """Return a state's words and colour."""
    label, kind = words[state]
    return str(label), kind


def visit_page(work: Work, visit_id: int, shown: Shown | None = None, wrong: Form[Any] | None = None) -> str:
    """Draw a visit; ``shown`` holds forms as they were sent, ``wrong`` the one that was refused."""
    row, given = queries.visit_by_id(work.session, visit_id), dict(shown or {})
    consent = queries.latest_consent(work.session, row.id)
    need = work.session.get(Need, row.need_id) if row.need_id is not None else None
    until = (beijing_day(work.clock.now()) + WEEKS).isoformat()
    return render_template(
        "window/visit.html",
        row=row,
        tag_of=tag_of(VISITS, row.state),
        enterprise=work.session.get_one(Organisation, row.org_id).name,
        window=work.session.get_one(Organisation, row.window_org_id).name,
        need=need,
        often=str(BUCKETS[bucket(queries.visits_n(work.session, need.id))]) if need is not None else "",
        consent=_consent(work, consent) if consent is not None else None,
        receipt=filing.receipt_of(work.session, row.id),
        filings=_filings(row),
        sealed=str(SEALED),
        may=_may(work, row, consent),
        consent_form=given.get("consent")
        or blank_form(consenting(work, row), {"kind": "paper", "until": until, "covers": matters_of(work, row)[:1]}),
        code_form=given.get("code") or blank_form(forms.CODE),
        end_form=given.get("end") or blank_form(forms.ENDING),
        form=wrong,
    )


def _filings(row: Visit) -> list[tuple[str, str, str]]:
    """Return what may be filed: its matter, its page, its button; what is about a notice only where there is one."""
    about = [
        (str(Matter.QUESTION), "question", _("代办提问或者答复")),
        (str(Matter.COMPLAINT), "complaint", _("代办提出投诉")),
        (str(Matter.RECEIPT), "receipt", _("代办验收成果")),
    ]
    return [
        (str(Matter.NEED), "filing", _("代办发布采购需求")),
        *(about if row.need_id is not None else ()),
        (str(Matter.REGISTRATION), "registration", _("代办提交入驻材料")),
        (str(Matter.QUALIFICATION), "qualification", _("代办登记资质")),
        (str(Matter.PRICE), "price", _("代办公示价格")),
    ]


def _may(work: Work, row: Visit, consent: Consent | None) -> dict[str, bool]:
    verbs = {verb: work.allows(POLICY, f"visit:{verb}", row) for verb in VISIT.open_to(row.state)}
    if consent is not None:
        open_to = CONSENT.open_to(consent.state)
        verbs |= {verb: verb in open_to and work.allows(POLICY, f"consent:{verb}", consent) for verb in ("withdraw",)}
        verbs["code"] = "give" in open_to and work.allows(POLICY, "consent:give", consent)
        may_file = row.state is VisitState.OPEN and work.allows(POLICY, "window:file", consent)
        left = queries.left_of(work.session, consent)
        verbs |= {str(matter): may_file and matter in left for matter in Matter}
        verbs["file"] = any(verbs[str(matter)] for matter in Matter)
    in_force = consent is not None and consent.state is ConsentState.GIVEN
    verbs["record"] = row.state is VisitState.OPEN and not in_force and work.allows(POLICY, "consent:record", row)
    if queries.filings_of(work.session, row.id):
        verbs["cancel"] = False
    return verbs


def _consent(work: Work, row: Consent) -> dict[str, Any]:
    shows_code = row.state is ConsentState.ASKED and row.kind is ConsentKind.CODE
    return {
        "row": row,
        "tag": tag_of(CONSENTS, row.state),
        "item": item_name(row.item_code),
        "covers": [str(MATTERS[Matter(one)]) for one in row.covers],
        "kind": str(KINDS[row.kind]),
        "until": row.until - timedelta(minutes=1),
        "code": service.code_of(row) if shows_code and work.allows(POLICY, "consent:record", row) else "",
    }


def purchase_page(work: Work, need_id: int, form: Form[Any] | None = None) -> str:
    """Draw a purchase's visits and shipments beside the clock of its contract; ``form`` as it was sent."""
    found = queries.purchase(work, need_id)
    rows = queries.shipments_of(work.session, need_id)
    visits = queries.visits_n(work.session, need_id)
    return render_template(
        "window/purchase.html",
        need=found.need,
        contract=found.contract,
        visits=visits,
        often=str(BUCKETS[bucket(visits)]),
        rows=[line(row) for row in rows],
        originals=originals_signed(rows),
        may_announce=work.allows(POLICY, "shipment:announce", found),
        announce_form=form or blank_form(announcing(work)),
        form=form,
    )


def originals_signed(rows: Any) -> Any:
    """Return when the originals of the result were signed for, the latest time; None when they were not."""
    return max((row.signed_at for row in rows if row.is_originals and row.signed_at is not None), default=None)


def line(row: Shipment) -> list[Any]:
    """Return a shipment's line in a list."""
    label, kind = tag_of(SHIPMENTS, row.state)
    way = f"{PARTIES[row.sender]} → {PARTIES[row.receiver]}"
    signed = f"{beijing(row.signed_at):%Y-%m-%d %H:%M}" if row.signed_at is not None else "—"
    tracking = f"{CARRIERS[row.carrier]} {row.tracking}"
    return [{"text": row.content, "url": f"/shipments/{row.id}"}, way, tracking, {"text": label, "kind": kind}, signed]


def shipment_page(work: Work, shipment_id: int, shown: Shown | None = None, wrong: Form[Any] | None = None) -> str:
    """Draw one shipment with what its reader may do."""
    row, given = queries.shipment_by_id(work.session, shipment_id), dict(shown or {})
    found = queries.purchase(work, row.need_id)
    now = beijing(work.clock.now())
    return render_template(
        "window/shipment.html",
        row=row,
        need=found.need,
        contract=found.contract,
        tag_of=tag_of(SHIPMENTS, row.state),
        sender=str(PARTIES[row.sender]),
        receiver=str(PARTIES[row.receiver]),
        carrier=str(CARRIERS[row.carrier]),
        signer=str(SIGNERS[row.signed_by]) if row.signed_by is not None else "",
        may={verb: work.allows(POLICY, f"shipment:{verb}", row) for verb in SHIPMENT.open_to(row.state)},
        send_form=given.get("send") or blank_form(forms.SENDING),
        sign_form=given.get("sign") or blank_form(forms.SIGNING, {"signed_at": now}),
        end_form=given.get("end") or blank_form(forms.ENDING),
        is_under_way=row.state in (ShipmentState.ANNOUNCED, ShipmentState.SENT),
        form=wrong,
    )
