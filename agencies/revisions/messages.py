"""Who hears of revisions of fee schedules: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import Duty, Reader, Telling

TELLINGS: Final = (
    Telling("fee-revision-proposed", "fee_revision.proposed", Reader.REVISERS, Duty.TODO),
    Telling("fee-revision-approved", "fee_revision.approved", Reader.AUTHOR),
    Telling("fee-revision-rejected", "fee_revision.rejected", Reader.AUTHOR),
    Telling("fee-revision-recomputed", "fee_revision.recomputed", Reader.REGULATOR, Duty.TODO),
)
