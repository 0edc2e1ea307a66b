"""The record in JSON, for those who keep a copy elsewhere."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, reading
from accounts.listing import listed
from admin.oversight import queries
from admin.oversight.queries import LeafFilter
from admin.oversight.schemas import LeafPageSchema, LeafQuerySchema, VerificationSchema
from core import audit

api = Blueprint("oversight-api", __name__, url_prefix="/api/v1/audit", description="审计记录 · The record of changes")


@api.get("/leaves")
@may("audit:see")
@api.arguments(LeafQuerySchema, location="query")
@api.response(200, LeafPageSchema)
def leaves(query: dict[str, Any]) -> dict[str, Any]:
    """List leaves of the record, newest first, narrowed by kind, object or verb."""
    asked = LeafFilter(query["kind"], query["object_id"], query["verb"])
    with reading() as work:
        page = queries.leaves(work.session, asked, after=query["after"], limit=query["limit"])
    return listed(page)


@api.get("/verification")
@may("audit:verify")
@api.response(200, VerificationSchema)
def verification() -> dict[str, Any]:
    """Hash the whole record again and say whether it fits."""
    with reading() as work:
        broken, head = audit.first_break(work.session), queries.head(work.session)
    return {
        "first_break": broken,
        "leaves": head.seq if head is not None else 0,
        "head": head.chain_hash if head is not None else None,
    }
