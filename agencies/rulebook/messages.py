"""Who hears of changes of rules: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import Duty, Reader, Telling

TELLINGS: Final = (
    Telling("rule-change-proposed", "rule_change.proposed", Reader.OFFICE, Duty.TODO),
    Telling("rule-change-approved", "rule_change.approved", Reader.AUTHOR),
    Telling("rule-change-rejected", "rule_change.rejected", Reader.AUTHOR),
    Telling("calendar-notice-proposed", "calendar_notice.proposed", Reader.OFFICE, Duty.TODO),
    Telling("calendar-notice-approved", "calendar_notice.approved", Reader.AUTHOR),
    Telling("calendar-notice-rejected", "calendar_notice.rejected", Reader.AUTHOR),
)
