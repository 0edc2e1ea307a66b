"""Revisions in words: states, moves, outcomes of findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agencies.revisions.lifecycle import RevisionState
from core.i18n import lazy_gettext as _l

STATES: Final[Mapping[RevisionState, tuple[Any, str]]] = {
    RevisionState.DRAFT: (_l("草稿"), "plain"),
    RevisionState.PROPOSED: (_l("等第二人审核"), "warn"),
    RevisionState.APPROVED: (_l("已通过，待生效"), "info"),
    RevisionState.IN_FORCE: (_l("已生效"), "ok"),
    RevisionState.REJECTED: (_l("没有通过"), "bad"),
    RevisionState.WITHDRAWN: (_l("已撤回"), "plain"),
}
TOLD: Final[Mapping[str, Any]] = {
    "fee_revision.drafted": _l("起草"),
    "fee_revision.edited": _l("改草稿"),
    "fee_revision.propose": _l("提交审核"),
    "fee_revision.approve": _l("第二人通过"),
    "fee_revision.enter_force": _l("生效"),
    "fee_revision.reject": _l("第二人没有通过"),
    "fee_revision.withdraw": _l("撤回"),
    "fee_revision.recomputed": _l("重算以往核查"),
}
