"""Whether the parts answer: database, index, worker, outbox. For machines at /healthz, for people at /status."""

from __future__ import annotations

import logging
from typing import Any, Final

from flask import Flask, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from accounts.gate import public
from core import outbox
from web.rooms import search_health

log = logging.getLogger(__name__)
WORKER_SECONDS: Final = 30.0
ENDPOINTS: Final = frozenset({"healthz", "status"})


def install(app: Flask) -> None:
    """Add the two routes."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/status", "status", status)


def look() -> dict[str, Any]:
    """Ask every part; ``ok`` is whether the site can serve, the rest says what is degraded."""
    works = current_app.extensions["works"]
    found: dict[str, Any] = {"database": _asked("database", _database), "index": _asked("index", search_health)}
    try:
        waiting, age = outbox.lag(works)
        lost = outbox.given_up(works)
    except Exception:  # noqa: BLE001 - the answer is that it cannot be asked
        waiting, age, lost = -1, -1.0, -1
    found["outbox"] = {"waiting": waiting, "oldest_seconds": round(age, 1), "given_up": lost}
    found["worker"] = _worker()
    found["ok"] = found["database"] == "ok"
    return found


def _asked(name: str, ask: Any) -> str:
    try:
        return str(ask())
    except Exception:  # health must answer whatever is broken
        log.exception("health", extra={"part": name})
        return "down"


def _database() -> str:
    with current_app.extensions["works"].reading() as work:
        work.session.execute(text("SELECT 1"))
    return "ok"


def _worker() -> str:
    path = current_app.extensions["config"].data / "worker.alive"
    if not path.exists():
        return "not seen"
    now = current_app.extensions["works"].clock.now().timestamp()
    return "ok" if abs(now - path.stat().st_mtime) < WORKER_SECONDS else "late"


@public
def healthz() -> ResponseReturnValue:
    """Answer in JSON; 200 when the site can serve, 503 when it cannot."""
    found = look()
    return jsonify(found), 200 if found["ok"] else 503


@public
def status() -> ResponseReturnValue:
    """Show the same to people."""
    return render_template("status.html", found=look())
