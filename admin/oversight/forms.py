"""Labels and hints of oversight's fields."""

from __future__ import annotations

from typing import Final

from core.forms import Item
from core.i18n import lazy_gettext as _l

REASON: Final = (
    Item(
        "reason", _l("理由"), "textarea", hint=_l("至少 5 个字，留存在记录里，单位会收到通知。不写个人信息。"), rows=3
    ),
)
