"""What fees tells other rooms."""

from __future__ import annotations

from typing import Final

PRICE_POSTED: Final = "price.posted"
CASE_OPENED: Final = "fee_case.opened"
CASE_REPLIED: Final = "fee_case.replied"
CASE_UPHELD: Final = "fee_case.upheld"
CASE_DISMISSED: Final = "fee_case.dismissed"
