"""Issued bulletins in JSON, for everybody."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts.gate import public, reading
from admin.compliance import queries
from admin.compliance.rules import read_month
from admin.compliance.schemas import FeeBulletinSchema, FeeBulletinsSchema

api = Blueprint(
    "compliance-api", __name__, url_prefix="/api/v1/fee-bulletins", description="价格监管月报 · Bulletins of prices"
)


@api.get("")
@public
@api.response(200, FeeBulletinsSchema)
def bulletins() -> dict[str, Any]:
    """List the issued bulletins."""
    with reading() as work:
        found = queries.issued(work.session)
        return {"items": [{"month": one.data["number"], "code": one.code, "sha256": one.sha256} for one in found]}


@api.get("/<month>")
@public
@api.response(200, FeeBulletinSchema)
def bulletin(month: str) -> dict[str, Any]:
    """Return one issued bulletin."""
    with reading() as work:
        found: dict[str, Any] = queries.issued_of(work.session, read_month(month)).data["figures"]
    return found
