"""The catalogue in words: names in the reader's language, and what each code and each mark of confidence means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from accounts.reference import departments
from agencies.catalogue import reference
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.reference_types import Payer, PriceRegime, TimeLimitKind, TimeUnit
from core.i18n import current_lang
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

REGIMES: Final = {
    PriceRegime.MARKET: _l("市场调节价：由双方商定，机构须明码标价"),
    PriceRegime.GOVERNMENT: _l("政府定价或指导价：不得超过规定标准"),
    PriceRegime.ZERO: _l("不向项目业主收费"),
    PriceRegime.REFERENCE: _l("没有强制标准，只有历史参考"),
}
REGIME_TAGS: Final = {
    PriceRegime.MARKET: (_l("市场调节价"), "info"),
    PriceRegime.GOVERNMENT: (_l("政府定价"), "warn"),
    PriceRegime.ZERO: (_l("不收费"), "ok"),
    PriceRegime.REFERENCE: (_l("历史参考"), "plain"),
}
PAYERS: Final = {
    Payer.ENTERPRISE: _l("项目业主付费"),
    Payer.GOVERNMENT: _l("财政承担，不向项目业主收费"),
    Payer.UNKNOWN: _l("尚未查明，签约前向主管部门确认"),
}
LIMIT_KINDS: Final = {
    TimeLimitKind.STATUTORY_REVIEW: _l("法定审批时限"),
    TimeLimitKind.TECHNICAL_REVIEW: _l("技术评审时限"),
    TimeLimitKind.PROMISE_ELSEWHERE: _l("外市承诺，仅供参考"),
    TimeLimitKind.NORM: _l("规范时限"),
    TimeLimitKind.CYCLE: _l("办理周期"),
}
UNITS: Final = {
    TimeUnit.WORKING_DAYS: _l("%(value)s 个工作日"),
    TimeUnit.CALENDAR_DAYS: _l("%(value)s 天"),
    TimeUnit.YEARS: _l("%(value)s 年"),
}
MARKS: Final = {
    "F": (_l("已查公开来源"), "ok"),
    "M-high": (_l("普遍做法，未逐条核对"), "info"),
    "M-med": (_l("待核实，不作拒绝依据"), "warn"),
    "M-low": (_l("存疑，以主管部门答复为准"), "bad"),
    "R": (_l("本平台默认值"), "info"),
}


def in_english() -> bool:
    """Say whether the reader chose English."""
    return current_lang() == "en"


def named(row: Any, field: str = "name") -> str:
    """Return a name of reference data in the reader's language; the English one stands in ``<field>_en``."""
    english = getattr(row, f"{field}_en", "") if in_english() else ""
    return str(english or getattr(row, field))


def item_name(code: str) -> str:
    """Return a service item's name; an unknown code stands for itself."""
    try:
        return named(reference.item(code))
    except KeyError:
        return code


def item_names() -> dict[str, str]:
    """Return the name of every service item by its code."""
    return {one.code: named(one) for one in reference.items()}


def mark(confidence: str) -> tuple[str, str]:
    """Return what a mark of confidence means and the kind of its tag; the cited source follows in ``source_of``."""
    text, kind = MARKS["F" if confidence.startswith("F ") else confidence]
    return str(text), kind


def source_of(confidence: str) -> str:
    """Return the title of the public source behind a mark such as ``F 34``, or nothing."""
    source = reference.sources().get(confidence)
    return source.title if source is not None else ""


@cache
def _departments() -> Mapping[str, Any]:
    return {one.code: one for one in departments()}


@cache
def _qualifications() -> Mapping[str, Any]:
    return {one.code: one for one in reference.qualifications()}


@cache
def _certificates() -> Mapping[str, Any]:
    return {one.code: one for one in reference.certificates()}


def department_name(code: str) -> str:
    """Return a department's name."""
    return named(_departments()[code]) if code in _departments() else code


def qualification_name(code: str, grade: str = "") -> str:
    """Return a qualification's name, with its grade when it has one."""
    name = named(_qualifications()[code]) if code in _qualifications() else code
    return _("%(name)s %(grade)s", name=name, grade=grade) if grade else name


def certificate_name(code: str) -> str:
    """Return the name of a kind of practitioner certificate."""
    return named(_certificates()[code]) if code in _certificates() else code


def department_names(codes: Iterable[str]) -> str:
    """Return several departments in one line."""
    return _("、").join(department_name(code) for code in codes)


def is_needed(item: ServiceItem) -> list[str]:
    """Say when the item is needed: the thresholds known, else that nobody may take it for granted."""
    if not item.thresholds:
        return [_("没有收录门槛。先问%(department)s是否需要，再委托", department=department_names(item.departments))]
    return [_("%(text)s：%(outcome)s", text=one["text"], outcome=one["outcome_name"]) for one in item.thresholds]


def may_do_it_yourself(item: ServiceItem) -> str:
    """Say whether the applicant may prepare it without an agency."""
    if item.self_prepare is None:
        return _("尚未查明，向主管部门确认")
    if item.self_prepare:
        return _("可以。业主有能力的，可自行编制，不必委托")
    return _("不可以。须由具备条件的第三方承担")


def asks_for(item: ServiceItem) -> list[str]:
    """Say what the agency must hold."""
    if item.commitment_only:
        return [_("没有资质要求，机构作出承诺即可")]
    if not item.qualifications:
        return [_("尚未查明")]
    names = [qualification_name(one["category"], one["grade"]) for one in item.qualifications]
    if len(names) == 1:
        return names
    head = _("同时具备：") if item.qualification_match == "all" else _("具备其中一项：")
    return [head, *names]


def limits(item: ServiceItem) -> list[str]:
    """Say the time limits known, each with what it binds."""
    return [
        _(
            "%(kind)s：%(text)s，%(length)s",
            kind=LIMIT_KINDS[TimeLimitKind(one["what"])],
            text=one["text"],
            length=str(UNITS[TimeUnit(one["unit"])]) % {"value": one["value"]},
        )
        for one in item.limits
    ]


def stage_choices() -> Sequence[tuple[str, str]]:
    """Return the stages as (code, name), in order."""
    return [(one.code, named(one)) for one in reference.stages()]


def regime_is_settled(item: ServiceItem) -> bool:
    """Say whether one pricing regime is known to hold; else nothing is said on charging."""
    return item.price_regime_alternative is None and item.who_pays is not Payer.UNKNOWN


def regime(item: ServiceItem) -> str:
    """Say how the price is made, or that this is not known."""
    if not regime_is_settled(item):
        return _("尚未查明：可能是市场调节价，也可能由财政承担")
    return str(REGIMES[item.price_regime])


def regime_tag(item: ServiceItem) -> tuple[str, str]:
    """Return the pricing regime as a short tag."""
    if not regime_is_settled(item):
        return _("收费待核实"), "warn"
    text, kind = REGIME_TAGS[item.price_regime]
    return str(text), kind
