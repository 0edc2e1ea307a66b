"""Reads of the catalogue: items by code, and the parameter in force on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agencies.catalogue.models import ANY, Rule, ServiceItem
from agencies.catalogue.reference_types import ParameterUnit, ParameterValue
from core.errors import NotFound

METHOD: Final = "method:"


def item_by_code(session: Session, code: str) -> ServiceItem:
    """Return one service item. Raises NotFound("item-not-found")."""
    row = session.scalars(select(ServiceItem).where(ServiceItem.code == code)).one_or_none()
    if row is None:
        raise NotFound("item-not-found", item=code)
    return row


def all_items(session: Session) -> Sequence[ServiceItem]:
    """Return every service item, by number."""
    return session.scalars(select(ServiceItem).order_by(ServiceItem.number)).all()


def items_by_code(session: Session, codes: Sequence[str]) -> dict[str, ServiceItem]:
    """Return these service items by their codes; unknown codes are left out."""
    if not codes:
        return {}
    return {row.code: row for row in session.scalars(select(ServiceItem).where(ServiceItem.code.in_(codes)))}


def rule_row(
    session: Session, key: str, *, fund: str, on: date, item_code: str | None = None, town_code: str | None = None
) -> Rule:
    """Return the parameter's row in force on a day: the most particular first, then the newest.

    An item's own row goes before a town's, and both before the general one. Raises NotFound("rule-not-found").
    """
    rows = session.scalars(
        select(Rule).where(
            Rule.key == key,
            Rule.fund.in_((str(fund), ANY)),
            Rule.item_code.in_((item_code or ANY, ANY)),
            Rule.town_code.in_((town_code or ANY, ANY)),
            Rule.valid_from <= on,
            or_(Rule.valid_to.is_(None), Rule.valid_to > on),
        )
    ).all()
    if not rows:
        raise NotFound("rule-not-found", key=key, fund=str(fund), on=on.isoformat())
    return max(rows, key=lambda row: (row.item_code != ANY, row.town_code != ANY, row.fund != ANY, row.valid_from))


def rule(
    session: Session, key: str, *, fund: str, on: date, item_code: str | None = None, town_code: str | None = None
) -> ParameterValue:
    """Return the value of a parameter on a day: a whole number, a Decimal fraction or a truth value by its unit."""
    value: ParameterValue = value_of(rule_row(session, key, fund=fund, on=on, item_code=item_code, town_code=town_code))
    return value


def value_of(row: Rule) -> Any:
    """Return a parameter's value in the type its unit asks for."""
    if row.unit == ParameterUnit.RATIO:
        return Decimal(str(row.value))
    return row.value


def method_is_enabled(
    session: Session, code: str, *, fund: str, on: date, item_code: str | None = None, town_code: str | None = None
) -> bool:
    """Say whether a selection method is switched on for this kind of fund on a day; unknown methods are off."""
    try:
        return bool(rule(session, METHOD + code, fund=fund, on=on, item_code=item_code, town_code=town_code))
    except NotFound:
        return False
