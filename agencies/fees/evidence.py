"""A fee case as one page shows it: the two amounts, what was known, the schedule's working, what happened and when.

Keys of ``FeeCase.evidence`` this page knows; the room that opens a case gives those it has: ``need`` (number),
``title``, ``contract`` (number), ``reason`` (the enterprise's words), ``agency``, ``enterprise`` (names),
``quote_fen``, ``contract_fen``, ``paid_fen``, ``posted_price_id``, and ``schedule``, ``on``, ``inputs`` to work the
schedule again; ``version`` and ``text_sha256`` name the text of the schedule it was found by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from flask import current_app

from agencies.catalogue.wording import item_name
from agencies.fees import queries, register, service, texts
from agencies.fees.compliance import percentile
from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.lifecycle import UNDECIDED, CaseState
from agencies.fees.models import FeeCase, PostedPrice
from agencies.fees.presentation import CalculationView, calculation_view
from agencies.fees.pricebook import basis_sentence, percent
from agencies.fees.wording import DOES, KINDS, PAIRS, STATES
from agencies.registration.cards import town_name
from agencies.registration.models import Agency
from core.audit import AuditLeaf
from core.clock import beijing_day
from core.errors import NotFound
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.money import Money
from core.work import Work
from core.workdays import workdays_between

SIMILAR: Final = "similar_contracts"
LEAST_SIMILAR: Final = 8
MOST_DRAWN: Final = 200
SimilarOf: TypeAlias = Callable[[Work, FeeCase], Sequence[int]]
TOLD: Final = {
    "need.created": _l("需求起草"),
    "need.edited": _l("需求修改"),
    "need.publish": _l("需求公告发布"),
    "need.amend": _l("发布更正公告"),
    "need.extend": _l("有效报价不足，按规则延长"),
    "need.reselect": _l("中选被撤销，重新选定"),
    "need.deadline-moved": _l("报价截止延后"),
    "need.open_quotes": _l("报价开启"),
    "need.award": _l("选定机构"),
    "need.contract": _l("合同签订"),
    "need.complete": _l("项目完成"),
    "need.fail": _l("需求未成交"),
    "need.withdraw": _l("需求撤回"),
    "quote.submitted": _l("机构提交密封报价"),
    "quote.replace": _l("机构换了报价"),
    "quote.withdraw": _l("机构撤回报价"),
    "quote.open": _l("报价拆封"),
    "quote.win": _l("报价选定"),
    "quote.lose": _l("报价未选定"),
    "quote.reconsider": _l("恢复参选"),
    "quote.reject": _l("报价无效"),
    "quote.decline": _l("机构放弃中选"),
    "contract.drafted": _l("合同拟定"),
    "contract.revised": _l("合同金额改动"),
    "contract.signed-by-one": _l("一方已签署合同"),
    "contract.contract-not-signed": _l("过了签订时间没有签署"),
    "contract.sign": _l("双方签署合同"),
    "contract.deliver": _l("提交成果"),
    "contract.result-late": _l("过了期限没有提交成果"),
    "contract.send_back": _l("成果退回补正"),
    "contract.accept": _l("验收通过"),
    "contract.settle": _l("结算登记"),
    "contract.terminate": _l("合同终止"),
    "fee_case.opened": _l("系统发现后立项"),
    "fee_case.renewed": _l("核查的金额更新"),
    "fee_case.reply": _l("机构说明情况"),
    "fee_case.reply_overdue": _l("机构过了期限没有说明"),
    "fee_case.uphold": _l("认定成立"),
    "fee_case.dismiss": _l("不成立，撤销"),
    "fee_case.appeal": _l("申请复核"),
    "fee_case.confirm": _l("复核维持"),
    "fee_case.overturn": _l("复核改变"),
    "fee_case.returned": _l("登记退还金额"),
    "fee_case.final": _l("复核期限已过，认定生效"),
    "fee_case.review_overdue": _l("复核过了期限"),
}
LOW_TESTS: Final = {
    "mean": _l("全部有效报价平均数的 %(percent)s%%"),
    "next": _l("高它一位的报价的 %(percent)s%%"),
    "ceiling": _l("最高限价的 %(percent)s%%"),
}
AMOUNTS: Final = (("quote_fen", _l("报价")), ("contract_fen", _l("合同金额")), ("paid_fen", _l("结算金额")))


def case_row(work: Work, case: FeeCase, names: dict[int, str]) -> dict[str, Any]:
    """Return one line of the queue: what, who, how far above, how long still."""
    label, kind = STATES[case.state]
    return {
        "id": case.id,
        "url": service.url_of(case.id),
        "kind": str(KINDS[case.kind]),
        "agency": names.get(case.agency_id, ""),
        "town": town_name(case.town_code),
        "deviation": case.deviation,
        "percent": percent_above(case),
        "tag": (str(label), kind),
        "due": due_sentence(case, work.clock.now()),
        "opened_at": case.opened_at,
    }


def case_rows(work: Work, cases: Sequence[FeeCase]) -> list[dict[str, Any]]:
    """Return the lines of a queue; the agencies' names are read at once."""
    names = queries.agency_names(work.session, [one.agency_id for one in cases])
    return [case_row(work, one, names) for one in cases]


def percent_above(case: FeeCase) -> str:
    """Say how far above its limit a price is, in whole percent."""
    if case.compared.fen <= 0:
        return _("上限为零")
    tenths = case.deviation.fen * 1000 // case.compared.fen
    if case.found < case.compared:
        return _("低 %(percent)s%%", percent=f"{tenths // 10}.{tenths % 10}")
    return _("高出 %(percent)s%%", percent=f"{tenths // 10}.{tenths % 10}")


def due_sentence(case: FeeCase, now: datetime) -> str:
    """Say how long the agency may still take, or that the decision is due."""
    if case.state is CaseState.APPEALED and case.review_by is not None:
        day = beijing_day(case.review_by).isoformat()
        return _("复核过了期限（%(day)s）", day=day) if now >= case.review_by else _("%(day)s 前复核", day=day)
    if case.state not in UNDECIDED:
        return ""
    if case.state is CaseState.REPLIED:
        return _("待认定")
    if now >= case.due_at:
        return _("说明期限已过，可以认定")
    left = workdays_between(beijing_day(now), beijing_day(case.due_at))
    return _("说明期限还剩 %(days)s 个工作日", days=left) if left else _("说明期限今天到")


def case_facts(work: Work, case: FeeCase) -> list[tuple[str, Any]]:
    """Return what is known of a case, in the order it is judged."""
    known, agency = case.evidence, work.session.get_one(Agency, case.agency_id)
    found: list[tuple[str, Any]] = [
        (_("机构"), str(known.get("agency") or agency.name)),
        (_("项目业主"), str(known.get("enterprise") or queries.organisation_name(work.session, case.enterprise_id))),
        (_("服务事项"), item_name(case.item_code)),
        (_("镇街"), town_name(case.town_code)),
    ]
    if known.get("title") or known.get("need"):
        found.append((_("需求"), " ".join(str(known[key]) for key in ("need", "title") if known.get(key))))
    if known.get("contract"):
        found.append((_("合同"), str(known["contract"])))
    found += [
        (str(label), _("%(yuan)s 元", yuan=str(Money(int(known[key]))))) for key, label in AMOUNTS if known.get(key)
    ]
    if known.get("reason"):
        found.append((_("业主写明的理由"), str(known["reason"])))
    return [*found, *_particular(known), *_posted_facts(work, known)]


def _particular(known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what only one kind of case knows: lines nobody wrote down, contracts told together, why a price is low."""
    found = [
        (_("没公示的项目"), _("%(name)s %(yuan)s 元", name=line["name"], yuan=str(Money(int(line["amount_fen"])))))
        for line in known.get("lines") or ()
    ]
    if known.get("contracts"):
        found.append((_("合在一起的合同"), _("、").join(str(one) for one in known["contracts"])))
    share = (known.get("rule") or {}).get("numbers", {}).get(f"{known.get('test')}_share")
    if share is not None and known["test"] in LOW_TESTS:
        found.append((_("说明线怎么来"), str(LOW_TESTS[known["test"]]) % {"percent": percent(Decimal(share))}))
    if known.get("quotes"):
        found.append((_("有效报价"), _("%(count)s 份", count=known["quotes"])))
    return found


def _posted_facts(work: Work, known: Mapping[str, Any]) -> list[tuple[str, str]]:
    posted = work.session.get(PostedPrice, int(known["posted_price_id"])) if known.get("posted_price_id") else None
    if posted is None:
        return []
    written = [(_("价格包含"), posted.included), (_("另行收费"), posted.extra)]
    return [
        (_("当时公示的收费"), basis_sentence(posted)),
        (_("公示生效"), beijing_day(posted.valid_from).isoformat()),
        *((label, text) for label, text in written if text),
    ]


def pair(case: FeeCase) -> tuple[str, str]:
    """Name the price found and the one it is held against."""
    found, compared = PAIRS[case.kind]
    return str(found), str(compared)


def similar_of(case: FeeCase, work: Work) -> dict[str, Any] | None:
    """Return the finished contracts like this one as five figures in ten thousand yuan with this price among them.

    None below eight; the contracts carry no names. Percentiles are inclusive nearest-rank.
    """
    look: SimilarOf | None = current_app.extensions.get(SIMILAR)
    amounts = sorted(look(work, case)) if look is not None else []
    if len(amounts) < LEAST_SIMILAR:
        return None
    five = [percentile(amounts, part) / 1_000_000 for part in (5, 25, 50, 75, 95)]
    price = case.found.fen / 1_000_000
    return {
        "five": tuple(five),
        "value": price,
        "amounts": [one / 1_000_000 for one in amounts[:: -(-len(amounts) // MOST_DRAWN)]],
        "count": len(amounts),
        "rows": [[label, f"{one:.2f}"] for label, one in zip(("P5", "P25", "P50", "P75", "P95"), five, strict=True)],
        "outside": not five[0] <= price <= five[-1],
    }


def rule_facts(case: FeeCase) -> list[tuple[str, str]]:
    """Return the rule a case rests on: what it does, since when, by which text."""
    rule = case.evidence.get("rule") or {}
    if not rule:
        return []
    found = [
        (_("规则"), str(DOES.get(rule.get("does", ""), ""))),
        (_("规则生效"), str(rule.get("since", ""))),
        (_("依据"), str(rule.get("citation", ""))),
    ]
    if case.evidence.get("version"):
        found.append((_("收费标准版本"), str(case.evidence["version"])))
    return found


def sources(case: FeeCase) -> list[tuple[str, str]]:
    """Return where the papers of a case are, as label and address."""
    found = [(_("公告"), f"/needs/{case.need_id}")] if case.need_id is not None else []
    if case.object_kind == "contract":
        found.append((_("合同"), f"/contracts/{case.object_id}"))
    return [*found, (_("机构页面"), f"/agencies/{case.agency_id}")]


def schedule_working(case: FeeCase) -> CalculationView | None:
    """Work the schedule again from the evidence, by its text as it stood when the case was opened.

    Returns None when the case does not rest on a schedule.
    """
    known = case.evidence
    if not known.get("schedule") or not known.get("on"):
        return None
    on, inputs = date.fromisoformat(str(known["on"])), dict(known.get("inputs") or {})
    try:
        schedule = texts.as_known(register.find(str(known["schedule"])).id, case.opened_at)
        calculation = calculate(schedule, on, inputs) if schedule is not None else None
    except (NotFound, InputRefused):
        return None
    return None if calculation is None else calculation_view(calculation, title="", is_open=False)


def told(leaves: Sequence[AuditLeaf]) -> list[tuple[datetime, str, str]]:
    """Return what happened around a case for a timeline, newest first; a change without words shows its own name."""
    return [(leaf.at, str(TOLD.get(leaf.verb, leaf.verb)), _("存证号 %(seq)s", seq=leaf.seq)) for leaf in leaves]
