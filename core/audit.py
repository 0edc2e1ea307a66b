"""The append-only record of every change of state: one leaf a change, hashed, chained, written with the change itself.

Leaves hold ids and states, never personal data and never a price that is still sealed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import DDL, JSON, BigInteger, Index, Text, event, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import db
from core.access import Actor

GENESIS: Final = "0" * 64
SEQUENCER: Final = 7_011_701


class AuditLeaf(db.Base):
    """One change of state. Triggers refuse to change or delete a row."""

    __tablename__ = "audit_leaf"
    __audited__ = False

    seq: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    verb: Mapped[str] = db.text(80)
    kind: Mapped[str] = db.text(40)
    object_id: Mapped[int] = mapped_column(BigInteger)
    state_from: Mapped[str | None] = db.text(40)
    state_to: Mapped[str | None] = db.text(40)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    org_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    role: Mapped[str] = db.text(40)
    request_id: Mapped[str] = db.text(64)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    leaf_hash: Mapped[str] = db.text(64)
    chain_hash: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix__audit_leaf__kind__object_id", "kind", "object_id"),)


_REFUSE_SQLITE = (
    "CREATE TRIGGER audit_leaf_no_{0} BEFORE {0} ON audit_leaf BEGIN SELECT RAISE(ABORT, 'audit leaves stay'); END"
)
_REFUSE_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_leaf_stays() RETURNS trigger AS "
    "$$ BEGIN RAISE EXCEPTION 'audit leaves stay'; END $$ LANGUAGE plpgsql"
)
_REFUSE_POSTGRES = (
    "CREATE TRIGGER audit_leaf_stays BEFORE UPDATE OR DELETE ON audit_leaf "
    "FOR EACH ROW EXECUTE FUNCTION audit_leaf_stays()"
)


def guards(dialect: str) -> tuple[str, ...]:
    """Return the statements that make the table append-only on this kind of database."""
    if dialect == "sqlite":
        return tuple(_REFUSE_SQLITE.format(verb) for verb in ("UPDATE", "DELETE"))
    return (_REFUSE_FUNCTION, _REFUSE_POSTGRES)


for _dialect in ("sqlite", "postgresql"):
    for _statement in guards(_dialect):
        event.listen(
            AuditLeaf.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]  # not typed
        )


@dataclass(slots=True)
class Entry:
    """A change still to be written as a leaf when the unit of work ends."""

    verb: str
    kind: str
    row: Any
    state_from: str | None = None
    state_to: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def canonical(value: Any) -> bytes:
    """Write JSON in one canonical form: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def leaf_hash(body: dict[str, Any]) -> str:
    """Hash a leaf as RFC 6962 does: SHA-256 over a zero byte and the canonical body."""
    return hashlib.sha256(b"\x00" + canonical(body)).hexdigest()


def body_of(leaf: AuditLeaf) -> dict[str, Any]:
    """Return what the hash of a leaf covers."""
    return {
        "seq": leaf.seq, "at": leaf.at.astimezone(UTC).isoformat(), "verb": leaf.verb, "kind": leaf.kind,
        "object": leaf.object_id,
        "from": leaf.state_from, "to": leaf.state_to, "user": leaf.user_id, "org": leaf.org_id, "role": leaf.role,
        "request": leaf.request_id, "facts": leaf.facts,
    }  # fmt: skip


def append(session: Session, entries: Sequence[Entry], actor: Actor, at: datetime, request_id: str) -> None:
    """Write the leaves of one unit of work, numbered without gaps, each chained to the one before."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SEQUENCER})
    seq = session.scalar(select(func.max(AuditLeaf.seq))) or 0
    chain = session.scalar(select(AuditLeaf.chain_hash).where(AuditLeaf.seq == seq)) or GENESIS
    for entry in entries:
        seq += 1
        leaf = AuditLeaf(
            seq=seq, at=at, verb=entry.verb, kind=entry.kind, object_id=entry.row.id, state_from=entry.state_from,
            state_to=entry.state_to, user_id=actor.user_id, org_id=actor.org_id,
            role="system" if actor.is_system else str(actor.org_kind or "anonymous"), request_id=request_id,
            facts=entry.facts,
        )  # fmt: skip
        leaf.leaf_hash = leaf_hash(body_of(leaf))
        chain = hashlib.sha256((chain + leaf.leaf_hash).encode()).hexdigest()
        leaf.chain_hash = chain
        session.add(leaf)


def first_break(session: Session) -> int | None:
    """Re-hash the whole record; return the number of the first leaf that does not fit, or None."""
    chain, leaves = GENESIS, session.scalars(select(AuditLeaf).order_by(AuditLeaf.seq)).yield_per(1000)
    for expected, leaf in enumerate(leaves, start=1):
        fitting = leaf_hash(body_of(leaf))
        chain = hashlib.sha256((chain + fitting).encode()).hexdigest()
        if leaf.seq != expected or leaf.leaf_hash != fitting or leaf.chain_hash != chain:
            return leaf.seq
    return None
