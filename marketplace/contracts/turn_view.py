"""What a deal's page and the API say of its turns: pauses, amendments, findings, the early end, whose days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from agencies.catalogue.wording import department_name, named
from core import papers
from core.clock import beijing_day
from core.i18n import gettext as _
from core.money import Money
from core.work import Work
from core.workdays import workdays_between
from marketplace.contracts import differences, documents, queries, return_codes, wording
from marketplace.contracts.differences import Drafted, Noticed, Quoted, Term, Verdict
from marketplace.contracts.lifecycle import AmendmentState, PauseState, SettlementState
from marketplace.contracts.models import Amendment, Contract, Deliverable, Pause, Settlement, Termination
from marketplace.contracts.permissions import POLICY
from marketplace.contracts.timing import STOPPING, Shares, share_days
from marketplace.needs.models import Need
from marketplace.quotes.models import Quote
from marketplace.selection.models import Award


def shares(work: Work, contract: Contract) -> Shares | None:
    """Return whose the working days since the signature were, up to acceptance, an early end or now."""
    if contract.starts_at is None or contract.due_at is None:
        return None
    now = work.clock.now()
    until = contract.accepted_at or contract.terminated_at or now
    versions = queries.deliverables_of(work.session, contract.id)
    stretches = [
        *queries.stretches_of(queries.pauses_of(work.session, contract.id), until),
        *queries.looking(versions, until),
    ]
    return share_days(contract.starts_at, until, stretches, contract.due_at)


def time_shown(work: Work, contract: Contract) -> dict[str, Any] | None:
    """Return the days by holder as bars and as rows."""
    found = shares(work, contract)
    if found is None:
        return None
    parts = (
        (_("中介机构"), found.agency), (_("项目业主"), found.enterprise), (_("审批部门"), found.department),
        (_("不可抗力"), found.force_majeure), (_("其中机构逾期"), found.late),
    )  # fmt: skip
    said = [(name, days, _("%(days)s 天", days=days)) for name, days in parts]
    return {
        "bars": said, "rows": [[name, str(days)] for name, days, _words in said],
        "label": _("签署以来 %(days)s 个工作日各归谁", days=found.total), "late": found.late,
        "late_at": [len(said) - 1] if found.late else [],
    }  # fmt: skip


def pauses_shown(work: Work, contract: Contract, rows: Sequence[Pause]) -> list[dict[str, Any]]:
    """Return a contract's pauses with what this reader may do to each, newest first."""
    return [
        {
            "row": row, "tag": wording.pause_tag(row.state), "cause": wording.cause_name(row.cause),
            "by": _side(contract, row.asked_by_org_id), "stops": row.cause in STOPPING,
            "may_answer": row.state is PauseState.ASKED and work.allows(POLICY, "pause:agree", row),
            "may_withdraw": row.state is PauseState.ASKED and work.allows(POLICY, "pause:withdraw", row),
            "may_resume": row.state is PauseState.RUNNING and work.allows(POLICY, "pause:resume", row),
        }
        for row in reversed(rows)
    ]  # fmt: skip


def amendments_shown(work: Work, contract: Contract, rows: Sequence[Amendment]) -> list[dict[str, Any]]:
    """Return a contract's amendments with before and after, newest first; the wording for the parties only."""
    may_read = work.allows(POLICY, "contract:text", contract)
    return [
        {
            "row": row, "tag": wording.amendment_tag(row.state), "kind": wording.amendment_kind_name(row.kind),
            "by": _side(contract, row.asked_by_org_id), "changes": changes(contract, row),
            "edits": differences.edits(row.clause_before, row.clause_after) if may_read and row.clause_heading else [],
            "paper": papers.latest(work.session, documents.AMENDMENT_PAPER, row.id) if may_read else None,
            "may_answer": row.state is AmendmentState.PROPOSED and work.allows(POLICY, "amendment:sign", row),
            "may_withdraw": row.state is AmendmentState.PROPOSED and work.allows(POLICY, "amendment:withdraw", row),
        }
        for row in reversed(rows)
    ]  # fmt: skip


def settlement_shown(work: Work, row: Settlement | None) -> dict[str, Any]:
    """Return where a settlement stands and what this reader may say of it; nothing without one."""
    if row is None:
        return {}
    state = row.state
    return {
        "tag": wording.settlement_tag(state),
        "may_answer": state is SettlementState.RECORDED and work.allows(POLICY, "settlement:confirm", row),
        "may_correct": state is SettlementState.DISPUTED and work.allows(POLICY, "settlement:correct", row),
    }


def changes(contract: Contract, row: Amendment) -> list[list[str]]:
    """Return what an amendment changes of amount and time limit: name, before, after."""
    kind = wording.day_kind_name(contract.day_kind)
    days = [_("%(days)s 个%(kind)s", days=one, kind=kind) for one in (row.days_before, row.days_after)]
    found = []
    if row.amount_before != row.amount_after:
        found.append([_("合同金额（元）"), str(row.amount_before), str(row.amount_after)])
    if row.days_before != row.days_after:
        found.append([_("服务期限"), *days])
    return found


def versions_shown(rows: Sequence[Deliverable], now: datetime) -> list[dict[str, Any]]:
    """Return the versions of a result with how long each waited for the enterprise, newest first."""
    return [
        {
            "row": row, "tag": wording.version_tag(row.state),
            "waited": workdays_between(beijing_day(row.submitted_at), beijing_day(row.decided_at or now)),
        }
        for row in rows
    ]  # fmt: skip


def rounds_shown(contract: Contract, rows: Sequence[Deliverable], now: datetime) -> list[list[str]]:
    """Return the rounds of work, oldest first: version, the agency's days, the enterprise's, why it was returned."""
    begins, found = contract.starts_at, []
    for row in sorted(rows, key=lambda one: one.no):
        ends = row.decided_at or now
        worked = workdays_between(beijing_day(begins or row.submitted_at), beijing_day(row.submitted_at))
        looked = workdays_between(beijing_day(row.submitted_at), beijing_day(ends))
        tag = wording.version_tag(row.state)[0]
        found.append([_("第 %(no)s 版", no=row.no), str(worked), str(looked), row.reasons or tag])
        begins = ends
    return found


def outcomes_shown(work: Work, contract: Contract) -> list[dict[str, Any]]:
    """Return what departments found, oldest first, with the codes in words."""
    numbers = {row.id: row.no for row in queries.deliverables_of(work.session, contract.id)}
    names = {one.code: named(one) for one in return_codes.all_codes()}
    return [
        {
            "row": row, "tag": wording.finding_tag(row.finding), "version": numbers.get(row.deliverable_id, 0),
            "department": department_name(row.department_code),
            "codes": [f"{code} {names.get(code, '')}".strip() for code in row.codes],
        }
        for row in queries.outcomes_of(work.session, contract.id)
    ]  # fmt: skip


def termination_shown(work: Work, contract: Contract) -> dict[str, Any] | None:
    """Return the early end with both views, for whoever may read the contract."""
    row: Termination | None = queries.termination_of(work.session, contract.id)
    if row is None:
        return None
    may_read = work.allows(POLICY, "contract:text", contract)
    return {
        "row": row, "tag": wording.termination_tag(row.state), "cause": wording.end_cause_name(row.cause),
        "by": _side(contract, row.asked_by_org_id),
        "paper": papers.latest(work.session, documents.TERMINATION_PAPER, row.id) if may_read else None,
        "may_answer": row.answered_at is None and work.clock.now() < row.answer_by
        and work.allows(POLICY, "termination:answer", row),
        "may_repeat": work.actor.org_id == contract.enterprise_org_id,
    }  # fmt: skip


def draft_compared(work: Work, contract: Contract) -> list[list[str]]:
    """Return the contract as first drafted or signed against notice and quote: term, notice, quote, draft, verdict."""
    need = work.session.get_one(Need, contract.need_id)
    quote = work.session.get_one(Quote, work.session.get_one(Award, contract.award_id).quote_id)
    changed = [one for one in queries.amendments_of(work.session, contract.id) if one.signed_at is not None]
    days = next((one.days_before for one in changed), contract.days)
    lines = differences.compare(
        Noticed(need.ceiling, need.time_limit_days, " ".join(need.scale.split())),
        Quoted(contract.quote_amount, quote.days),
        Drafted(contract.signed_amount or contract.amount, days, contract.text),
    )
    terms = {Term.AMOUNT: _("金额（元）"), Term.DAYS: _("期限（天）"), Term.SCALE: _("规模")}
    verdicts = {
        Verdict.SAME: _("一致"), Verdict.BETTER: _("对业主有利"), Verdict.WORSE: _("对业主不利"),
        Verdict.MISSING: _("合同没有写"),
    }  # fmt: skip
    return [[terms[one.term], *map(_said, (one.notice, one.quote, one.draft)), verdicts[one.verdict]] for one in lines]


def _said(value: Money | int | str | None) -> str:
    return "—" if value is None else str(value)


def _side(contract: Contract, org_id: int) -> str:
    return str(_("项目业主") if org_id == contract.enterprise_org_id else _("中介机构"))
