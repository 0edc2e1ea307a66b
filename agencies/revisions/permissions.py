"""Who may see, write, propose and judge revisions. Nobody approves what they wrote themselves."""

from __future__ import annotations

from typing import Final

from core.access import OrgKind, Policy, is_author, is_city_operator, is_second_person, is_system, may_act, of_kind

is_fee_office = of_kind(OrgKind.ADMINISTRATION, OrgKind.PRICE_REGULATOR)


_LOOKERS: Final = [[is_fee_office], [is_city_operator]]
_AUTHOR: Final = [[is_fee_office, may_act, is_author]]
_JUDGE: Final = [[is_fee_office, may_act, is_second_person]]

POLICY: Final[Policy] = {
    "fee_revision:list": _LOOKERS,
    "fee_revision:read": _LOOKERS,
    "fee_revision:draft": [[is_fee_office, may_act]],
    "fee_revision:edit": _AUTHOR,
    "fee_revision:propose": _AUTHOR,
    "fee_revision:withdraw": _AUTHOR,
    "fee_revision:approve": _JUDGE,
    "fee_revision:reject": _JUDGE,
    "fee_revision:enter_force": [[is_system]],
}
