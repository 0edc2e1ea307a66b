"""Who may take the dossier of a purchase: its two parties, and the offices that watch it."""

from __future__ import annotations

from typing import Final

from core.access import Policy, in_town, is_agency, is_city_staff, is_enterprise, is_town_operator
from marketplace.contracts.permissions import is_buyer, is_seller

POLICY: Final[Policy] = {
    "dossier:make": [[is_enterprise, is_buyer], [is_agency, is_seller], [is_city_staff], [is_town_operator, in_town]],
}
