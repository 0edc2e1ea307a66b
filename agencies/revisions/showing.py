"""One revision as its page shows it: who, when, why, what changes, and what the reader may do with it."""

from __future__ import annotations

from typing import Any

from flask import render_template

from accounts.queries import who
from agencies.fees import texts
from agencies.fees.wording import said
from agencies.revisions import diffing, queries, service
from agencies.revisions.lifecycle import FEE_REVISION, UNDECIDED, RevisionState
from agencies.revisions.models import FeeRevision
from agencies.revisions.permissions import POLICY
from agencies.revisions.wording import STATES, TOLD
from core.forms import Form
from core.i18n import gettext as _
from core.work import Work


def loaded(work: Work, revision_id: int, **_view_args: Any) -> FeeRevision:
    """Load a revision for the gate."""
    return queries.revision_by_id(work.session, revision_id)


def drawn(work: Work, revision_id: int, judging: Form[Any], wrong: Form[Any] | None = None) -> str:
    """Draw a revision's page; ``wrong`` is the judgement's form when it was refused."""
    row = queries.revision_by_id(work.session, revision_id)
    stale = row.state in UNDECIDED and service.is_stale(work, row)
    newest = queries.newest_text(work.session, row.schedule_id) if stale else ""
    parts = diffing.changes(service.read_base(row.base_text), texts.parsed(row.text))
    label, kind = STATES[row.state]
    proposed = row.state is RevisionState.PROPOSED
    return render_template(
        "revisions/revision.html",
        revision=row,
        title=title_of(row),
        tag_of=(str(label), kind),
        lede=_("自 %(day)s 起按新文本算", day=row.effective_on.isoformat()),
        facts=_facts(work, row),
        stale=stale,
        newer=diffing.line_changes(row.base_text, newest) if stale else [],
        may=_may(work, row),
        waits=proposed and work.actor.user_id == row.author_id,
        judging=judging,
        form=wrong,
        parts=parts,
        count=diffing.counted(parts),
        lines=diffing.line_changes(row.base_text, row.text),
        log=_log(work, row),
    )


def title_of(row: FeeRevision) -> str:
    """Name a revision by its schedule and number."""
    return _("标准修订 %(id)s：%(title)s", id=row.id, title=said(texts.parsed(row.text).title))


def _may(work: Work, row: FeeRevision) -> dict[str, bool]:
    """Say which acts the reader may do now."""
    verbs = FEE_REVISION.open_to(row.state)
    found = {verb: work.allows(POLICY, f"fee_revision:{verb}", row) for verb in verbs}
    is_draft = row.state is RevisionState.DRAFT
    found["edit"] = is_draft and work.allows(POLICY, "fee_revision:edit", row)
    found["judge"] = found.get("approve", False)
    over = row.state in {RevisionState.REJECTED, RevisionState.WITHDRAWN}
    found["again"] = over and work.allows(POLICY, "fee_revision:draft")
    return found


def _facts(work: Work, row: FeeRevision) -> list[tuple[str, Any]]:
    short = texts.SHORT * 2
    found = [
        (_("标准"), row.schedule_id),
        (_("生效日"), row.effective_on.isoformat()),
        (_("为什么改"), row.reason),
        (_("依据"), row.citation),
        (_("起草"), who(work.session, row.author_id, row.author_org_id)),
    ]
    if row.approver_id is not None:
        found.append((_("审核"), who(work.session, row.approver_id, row.approver_org_id)))
    found.append((_("新文本摘要"), row.text_sha256[:short]))
    found.append((_("原文本摘要"), row.base_sha256[:short] or _("新标准，没有原文本")))
    return found


def _log(work: Work, row: FeeRevision) -> list[tuple[Any, str, str]]:
    return [
        (leaf.at, str(TOLD.get(leaf.verb, leaf.verb)), _("存证号 %(seq)s", seq=leaf.seq))
        for leaf in queries.leaves(work.session, row.id)
    ]
