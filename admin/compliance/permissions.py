"""Who may prepare and issue a bulletin; an issued one is for everybody."""

from __future__ import annotations

from typing import Final

from core.access import Policy, is_administration, is_city_operator, is_price_regulator, may_act

POLICY: Final[Policy] = {
    "bulletin:draft": [[is_price_regulator], [is_city_operator], [is_administration]],
    "bulletin:issue": [[is_price_regulator, may_act]],
}
