"""Who may look at the record and at how operators work."""

from __future__ import annotations

from typing import Final

from core.access import Policy, is_administration, is_city_operator, is_manager

POLICY: Final[Policy] = {
    "audit:see": [[is_administration], [is_city_operator]],
    "audit:verify": [[is_administration], [is_city_operator, is_manager]],
    "oversight:organisations": [[is_administration], [is_city_operator]],
    "oversight:towns": [[is_administration], [is_city_operator]],
}
