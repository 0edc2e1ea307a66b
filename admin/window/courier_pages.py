"""Pages of shipments: those of a purchase beside its contract's clock, and one with what may be recorded."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from accounts.acting import acted
from accounts.gate import may, reading
from admin.window import courier, forms, showing
from admin.window.acting import refuse
from admin.window.pages import pages
from admin.window.schemas import AnnounceSchema, SendSchema, SignShipmentSchema, WindowEndSchema
from core.forms import Form, read_form
from core.i18n import gettext as _


@pages.get("/needs/<int:need_id>/window")
@may("window:purchase", subject=showing.purchase_of)
def purchase(need_id: int) -> ResponseReturnValue:
    """Show a purchase's visits and shipments."""
    with reading() as work:
        return showing.purchase_page(work, need_id)


@pages.post("/needs/<int:need_id>/shipments")
@may("shipment:announce", subject=showing.purchase_of)
def announce(need_id: int) -> ResponseReturnValue:
    """Say what will be couriered."""
    with reading() as work:
        layout = showing.announcing(work)
    form = read_form(AnnounceSchema(), layout, request.form)
    return acted(
        form,
        lambda work, command: courier.announce(work, need_id, command),
        courier.url_of(need_id),
        lambda work: showing.purchase_page(work, need_id, form),
        mark=refuse,
        told=_("已登记，寄出后填运单号。"),
    )


@pages.get("/shipments/<int:shipment_id>")
@may("shipment:read", subject=showing.shipment_of)
def shipment(shipment_id: int) -> ResponseReturnValue:
    """Show one shipment."""
    with reading() as work:
        return showing.shipment_page(work, shipment_id)


@pages.post("/shipments/<int:shipment_id>/send")
@may("shipment:send", subject=showing.shipment_of)
def send(shipment_id: int) -> ResponseReturnValue:
    """Note that it left, with the carrier's number."""
    form = read_form(SendSchema(), forms.SENDING, request.form)
    return _acted(shipment_id, "send", form, courier.send, _("已登记寄出，收件方会收到通知。"))


@pages.post("/shipments/<int:shipment_id>/sign")
@may("shipment:sign", subject=showing.shipment_of)
def sign(shipment_id: int) -> ResponseReturnValue:
    """Record who signed, in which role, and when."""
    form = read_form(SignShipmentSchema(), forms.SIGNING, request.form)
    return _acted(shipment_id, "sign", form, courier.sign, _("签收已登记。"))


@pages.post("/shipments/<int:shipment_id>/return")
@may("shipment:send_back", subject=showing.shipment_of)
def send_back(shipment_id: int) -> ResponseReturnValue:
    """Note that it came back."""
    form = read_form(WindowEndSchema(), forms.ENDING, request.form)
    return _acted(shipment_id, "end", form, courier.send_back, _("退回已登记。"))


@pages.post("/shipments/<int:shipment_id>/loss")
@may("shipment:lose", subject=showing.shipment_of)
def lose(shipment_id: int) -> ResponseReturnValue:
    """Note that it was lost."""
    form = read_form(WindowEndSchema(), forms.ENDING, request.form)
    return _acted(shipment_id, "end", form, courier.lose, _("丢失已登记，请重新寄送。"))


def _acted(shipment_id: int, name: str, form: Form[Any], deed: Any, told: str) -> ResponseReturnValue:
    return acted(
        form,
        lambda work, command: deed(work, shipment_id, command),
        f"/shipments/{shipment_id}",
        lambda work: showing.shipment_page(work, shipment_id, {name: form}, form),
        mark=refuse,
        told=told,
    )
