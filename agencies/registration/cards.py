"""An agency as pages show it: its card on the shelf, its columns in a comparison, its facts in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from accounts.wording import town_name as known_town
from agencies.registration.hooks import ShownPrice
from agencies.registration.lifecycle import RegistrationState
from agencies.registration.models import Agency, Qualification
from agencies.registration.queries import NO_GRADE, OUTSIDE
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

S = RegistrationState
STATES: Final = {
    S.DRAFT: (_l("填写中"), "plain"),
    S.SUBMITTED: (_l("待核对"), "info"),
    S.RETURNED: (_l("要补正"), "warn"),
    S.LISTED: (_l("已入驻"), "ok"),
    S.LISTED_WITH_GAPS: (_l("已入驻，材料后补"), "warn"),
    S.SUSPENDED: (_l("已暂停"), "bad"),
    S.REMOVED: (_l("已清退"), "bad"),
}
GRADE_KINDS: Final = {"A": "ok", "B": "info", "C": "warn", "D": "bad"}
ASPECTS: Final = (_l("质量"), _l("时效"), _l("态度"), _l("收费"), _l("规范"))
PLACES: Final = ("东莞市", "东莞", "广东省", "广东", "广州市", "广州", "深圳市", "深圳")
SOON_DAYS: Final = 30


def town_name(code: str | None) -> str:
    """Return a town's name; an agency of no town is from outside the city."""
    if code is None or code == OUTSIDE:
        return _("外地机构")
    return known_town(code)


def grade_name(grade: str | None) -> str:
    """Return a grade in words."""
    return _("暂无等级") if grade in {None, NO_GRADE} else _("信用 %(grade)s 级", grade=grade)


def state_tag(agency: Agency) -> tuple[str, str]:
    """Return where a registration stands, as a tag."""
    text, kind = STATES[agency.state]
    return str(text), kind


def stars(milli: int | None) -> Decimal | None:
    """Return thousandths of a star as stars."""
    return None if milli is None else Decimal(milli) / 1000


def rating(agency: Agency) -> dict[str, Any]:
    """Return what ``parts/ratings.html`` draws."""
    return {
        "mean": stars(agency.standing_milli),
        "n": agency.ratings_n,
        "low": stars(agency.standing_low_milli),
        "high": stars(agency.standing_high_milli),
        "counts": agency.star_counts if len(agency.star_counts) == len(ASPECTS) else None,
    }


def on_time(agency: Agency) -> dict[str, str]:
    """Say how often an agency delivered in time; under three deliveries no share is made of it."""
    if not agency.delivered_n:
        return {"value": "—", "note": _("还没有交付")}
    note = _("%(all)s 件中 %(good)s 件准时", all=agency.delivered_n, good=agency.on_time_n)
    if agency.on_time_milli is None:
        return {"value": "—", "note": _("%(note)s，数量不足不计比率", note=note)}
    return {"value": f"{agency.on_time_milli // 10}%", "note": note}


def years(agency: Agency, today: date) -> str:
    """Say for how long an agency has worked, or nothing."""
    if agency.founded_on is None:
        return ""
    return _("从业 %(years)s 年", years=max(0, today.year - agency.founded_on.year))


def tags(agency: Agency) -> list[tuple[str, str]]:
    """Return the tags of an agency: its grade or that it is new, and what a reader must know of its state."""
    found = []
    if agency.grade is not None:
        found.append((grade_name(agency.grade), GRADE_KINDS.get(agency.grade, "plain")))
    elif agency.contracts_n == 0:
        found.append((_("新入驻"), "info"))
    if agency.state is not S.LISTED:
        found.append(state_tag(agency))
    return found


def mark(name: str) -> str:
    """Return the one character that stands for an agency: the first after the place its name begins with."""
    for place in PLACES:
        if name.startswith(place) and len(name) > len(place):
            return name[len(place)]
    return name[:1]


def card(
    agency: Agency, *, today: date, people: int, price: ShownPrice | None, with_price: bool, checked: bool
) -> dict[str, Any]:
    """Return what ``agency_card`` draws.

    people: how many practitioners; with_price: the reader looks at one item, and ``price`` is what it costs here, None
    when nothing is posted; checked: whether it is ticked for comparing.
    """
    about = [
        town_name(agency.town_code),
        years(agency, today),
        _("执业人员 %(count)s 人", count=people) if people else "",
    ]
    shown: dict[str, Any] = {
        "name": agency.name,
        "mark": mark(agency.name),
        "url": f"/agencies/{agency.id}",
        "about": [part for part in about if part],
        "tags": tags(agency),
        "rating": rating(agency),
        "on_time": on_time(agency),
        "compare": {"value": agency.id, "checked": checked},
    }
    if with_price:
        shown["price"] = price.amount if price is not None else None
        shown["price_label"] = _("按您的数据计") if price is not None and price.amount is not None else _("公示收费")
        shown["price_note"] = price.label if price is not None else _("没有公示收费，报价后才知道")
    return shown


def term(row: Qualification, today: date) -> dict[str, str] | str:
    """Say until when a certificate is valid, marked when it has run out or soon will."""
    if row.valid_to is None:
        return _("长期")
    day = row.valid_to.isoformat()
    if row.valid_to < today:
        return {"text": _("%(day)s 已到期", day=day), "kind": "bad"}
    if (row.valid_to - today).days <= SOON_DAYS:
        return {"text": _("%(day)s 将到期", day=day), "kind": "warn"}
    return day


def best(values: Sequence[Any], word: str, choose: Callable[[Sequence[Any]], Any]) -> list[str]:
    """Return the word for the cells that hold the best value, and nothing for the others; none when all are alike."""
    known = [value for value in values if value is not None]
    if len(set(known)) < 2:  # noqa: PLR2004 - with one value there is nothing to compare
        return ["" for _value in values]
    top = choose(known)
    return [word if value == top else "" for value in values]
