"""The room's blueprint; it opens the index when the application starts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from search import service

pages = Blueprint("search", __name__, template_folder="templates")


@pages.record
def _open_index(state: Any) -> None:
    """Choose the engine, its folder and its address by the application's settings."""
    config = state.app.extensions["config"]
    service.configure(config.index, config.search_backend, config.search_url or config.database_url)
