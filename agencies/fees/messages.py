"""Who hears of fee cases: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Duty, Reader, Telling

TELLINGS: Final = (
    Telling("fee-case-opened", "fee_case.opened", Reader.AGENCY, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("fee-case-to-check", "fee_case.opened", Reader.REGULATOR),
    Telling("fee-case-replied", "fee_case.replied", Reader.REGULATOR),
    Telling("fee-case-unanswered", "fee_case.reply", Reader.REGULATOR),
    Telling("fee-case-upheld", "fee_case.upheld", Reader.AGENCY, channels=BY_PHONE_TOO),
    Telling("fee-case-dismissed", "fee_case.dismissed", Reader.AGENCY),
    Telling("fee-case-appealed", "fee_case.appealed", Reader.REGULATOR),
    Telling("fee-case-review-late", "fee_case.review", Reader.REGULATOR),
    Telling("fee-case-confirmed", "fee_case.confirmed", Reader.AGENCY),
    Telling("fee-case-overturned", "fee_case.overturned", Reader.AGENCY),
    Telling("price-begun", "price.begun", Reader.AGENCY),
)
