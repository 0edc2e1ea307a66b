"""The guide in JSON: for programs that want to know what may follow what."""

from __future__ import annotations

from collections.abc import Sequence

from flask_smorest import Blueprint

from accounts.gate import public, reading
from admin.guide import queries
from admin.guide.models import GuideVersion
from admin.guide.schemas import GuideVersionSchema

api = Blueprint("guide-api", __name__, url_prefix="/api/v1/guides", description="办事指南 · How things live")


@api.get("")
@public
@api.response(200, GuideVersionSchema(many=True))
def guides() -> Sequence[GuideVersion]:
    """Return the newest version of every life."""
    with reading() as work:
        return queries.current(work.session)


@api.get("/<string:life>/versions")
@public
@api.response(200, GuideVersionSchema(many=True))
def versions(life: str) -> Sequence[GuideVersion]:
    """Return all versions of one life, newest first."""
    with reading() as work:
        return queries.versions_of(work.session, life)
