"""The room's blueprint, and the panels it hangs on pages of the rooms below."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from marketplace.complaints.panels import need_panel, registration_panel

pages = Blueprint("complaints", __name__, template_folder="templates")


@pages.record
def _hang_panels(state: Any) -> None:
    """Let notices, results and registrations show what is complained of, and the way to complain."""
    state.app.extensions.setdefault("notice_panels", []).append(need_panel)
    state.app.extensions.setdefault("result_panels", []).append(need_panel)
    state.app.extensions.setdefault("registration_panels", []).append(registration_panel)
