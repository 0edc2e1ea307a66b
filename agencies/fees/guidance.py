"""What a reader can do when no single amount came out: take another reading, another day, or ask for quotes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

from agencies.fees import fitting
from agencies.fees.calculator import Calculator
from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.wording import fields_by_name, said
from core.i18n import gettext as _


def next_steps(made: Calculator) -> list[tuple[str, str]]:
    """Return words and addresses for a calculation without an amount; empty when there is one."""
    calculation = made.calculation
    if calculation is None or calculation.reason is None:
        return []
    return [*_by_reason(made), *_quotes(made)]


def address(made: Calculator, **changes: str) -> str:
    """Return the address that makes a calculation again, some of its answers changed."""
    kept = [(name, value) for name, value in made.carry if name not in changes]
    return f"/fees/{made.schedule.id}/calculate?{urlencode([*kept, *changes.items()])}"


def _by_reason(made: Calculator) -> Iterator[tuple[str, str]]:
    """Yield what this reason allows."""
    reason = made.calculation.reason if made.calculation is not None else None
    if reason is None:
        return
    since, name = reason.facts.get("since"), str(reason.facts.get("field", ""))
    if isinstance(since, date):
        yield _("按 %(day)s 施行时的规定算", day=since.isoformat()), address(made, on=since.isoformat())
    field = fields_by_name(made.schedule).get(name)
    if reason.code == "choice-required" and field is not None:
        for choice in (one for one in field.choices if _gives_amount(made, name, one.key)):
            yield _("按“%(choice)s”算", choice=said(choice.label)), address(made, **{name: choice.key})
    elif field is not None and any(one["name"] == name for one in made.fields):
        yield _("改选“%(field)s”", field=said(field.label)), f"#fee-{name}"


def _gives_amount(made: Calculator, name: str, key: str) -> bool:
    """Tell whether another answer would give an amount or a range."""
    try:
        found = calculate(made.schedule, made.on, {**made.inputs, name: key})
    except InputRefused:
        return False
    return any(end is not None for end in (found.low, found.base, found.high))


def _quotes(made: Calculator) -> Iterator[tuple[str, str]]:
    """Yield the way to ask agencies for quotes, and to those that offer the work."""
    fits = [one for one in fitting.items_of(made.schedule.id) if one.service in {"", made.service}]
    if not fits:
        yield _("在服务目录里找机构询价"), "/services"
        return
    code = fits[0].item.code
    yield _("发布需求，请机构报价"), f"/needs/new?item={code}"
    yield _("看能承接的机构和公示价"), f"/services/{code}"
