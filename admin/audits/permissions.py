"""Who may audit charged fees in batches: the price regulator and the administration, each its own audits."""

from __future__ import annotations

from typing import Any, Final

from core.access import Actor, OrgKind, Policy, is_system, may_act, of_kind

is_auditor = of_kind(OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION)


def is_own_audit(actor: Actor, subject: Any) -> bool:
    """Hold when the audit is of the actor's own office."""
    return actor.is_of(getattr(subject, "org_id", None))


POLICY: Final[Policy] = {
    "fee_audit:see": [[is_auditor]],
    "fee_audit:open": [[is_auditor, may_act]],
    "fee_audit:read": [[is_auditor, is_own_audit], [is_system]],
    "fee_audit:start": [[is_auditor, may_act, is_own_audit]],
    "fee_audit:cancel": [[is_auditor, may_act, is_own_audit]],
    "fee_audit:finish": [[is_system]],
}
