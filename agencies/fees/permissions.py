"""Who posts prices and who sees and decides fee cases."""

from __future__ import annotations

from typing import Any, Final

from core.access import (
    Actor, Policy, in_town, is_administration, is_agency, is_city_operator, is_price_regulator, is_system, is_town_operator,
    may_act,
)  # fmt: skip


def is_own_agency(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency: its own row, or a row that names its organisation."""
    return actor.org_id is not None and actor.org_id == getattr(subject, "org_id", None)


def case_is_own(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency a case is about; the service puts its organisation beside the case."""
    return actor.org_id is not None and actor.org_id == getattr(subject, "agency_org_id", None)


POLICY: Final[Policy] = {
    "price:post": [[is_agency, may_act, is_own_agency], [is_system]],
    "price:own": [[is_agency]],
    "fee_case:list": [[is_price_regulator], [is_city_operator], [is_administration], [is_town_operator], [is_agency]],
    "fee_case:read": [
        [is_price_regulator], [is_city_operator], [is_administration], [is_town_operator, in_town], [is_agency, case_is_own],
    ],
    "fee_case:reply": [[is_agency, may_act, case_is_own]],
    "fee_case:uphold": [[is_price_regulator, may_act]],
    "fee_case:dismiss": [[is_price_regulator, may_act]],
}  # fmt: skip
