"""The JSON face of dossiers: the same file as on the page."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may
from admin.dossiers.pages import send
from marketplace.contracts.deal import contract_loader

api = Blueprint("dossiers-api", __name__, url_prefix="/api/v1", description="All papers of a finished purchase")


@api.post("/contracts/<int:contract_id>/dossier")
@may("dossier:make", subject=contract_loader)
@api.response(200, content_type="application/zip")
def make(contract_id: int) -> Any:
    """Pack the dossier of a purchase that is over, as a ZIP with SHA256SUMS."""
    return send(contract_id)
