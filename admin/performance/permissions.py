"""Who sees performance: the city's offices all of it, a town's operator its own town."""

from __future__ import annotations

from typing import Any, Final

from core.access import Actor, OrgKind, Policy, is_town_operator, of_kind

CITY: Final = (OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION)
is_city_office = of_kind(*CITY)


def has_town(actor: Actor, _subject: Any) -> bool:
    """Hold for people whose organisation belongs to a town."""
    return actor.town_code is not None


POLICY: Final[Policy] = {
    "performance:see": [[is_city_office], [is_town_operator, has_town]],
}


def own_town(actor: Actor) -> str | None:
    """Return the town whose rows this reader is kept to, or None for the whole city."""
    if actor.is_system or is_city_office(actor, None):
        return None
    return actor.town_code or "-"
