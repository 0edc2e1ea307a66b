"""The room's blueprint, and the sending of a dossier that both faces share."""

from __future__ import annotations

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from accounts.gate import writing
from admin.dossiers import service
from marketplace.contracts.verify import check_url

pages = Blueprint("dossiers", __name__, template_folder="templates")


def send(contract_id: int) -> ResponseReturnValue:
    """Pack a dossier and send it as a ZIP."""
    with writing() as work:
        made = service.make(work, contract_id, check_url)
    return send_file(made.stream, mimetype="application/zip", as_attachment=True, download_name=made.name, max_age=0)
