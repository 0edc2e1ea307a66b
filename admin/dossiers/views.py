"""The page of a dossier: what it holds, and the download."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts.gate import may, reading
from admin.dossiers import service
from admin.dossiers.pages import pages, send
from marketplace.contracts import wording
from marketplace.contracts.deal import contract_loader


@pages.get("/contracts/<int:contract_id>/dossier")
@may("dossier:make", subject=contract_loader)
def dossier(contract_id: int) -> ResponseReturnValue:
    """Say what the dossier of a purchase holds, and offer it once the purchase is over."""
    with reading() as work:
        contract = contract_loader(work, contract_id)
        is_over = contract.state in service.OVER and contract.starts_at is not None
        return render_template(
            "dossiers/dossier.html", contract=contract, is_over=is_over, tag_of=wording.state_tag(contract.state)
        )


@pages.post("/contracts/<int:contract_id>/dossier")
@may("dossier:make", subject=contract_loader)
def make(contract_id: int) -> ResponseReturnValue:
    """Pack the dossier and send it."""
    return send(contract_id)
