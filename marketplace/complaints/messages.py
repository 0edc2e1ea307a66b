"""Who hears of complaints: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Duty, Reader, Telling

TELLINGS: Final = (
    Telling("complaint-to-judge", "complaint.filed", Reader.OFFICE, Duty.TODO),
    Telling("complaint-to-correct", "complaint.returned", Reader.COMPLAINANT, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("complaint-refused", "complaint.refused", Reader.COMPLAINANT),
    Telling("complaint-accepted", "complaint.accepted", Reader.COMPLAINANT),
    Telling("complaint-to-reply", "complaint.accepted", Reader.RESPONDENT, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("complaint-promise-near", "complaint.promise", Reader.COMPLAINANT, Duty.TODO),
    Telling("complaint-promise-missed", "complaint.promise", Reader.COMPLAINANT),
    Telling("complaint-to-decide", "complaint.heard", Reader.OFFICE, Duty.TODO),
    Telling("complaint-decision-late", "complaint.decide", Reader.OFFICE),
    Telling("complaint-upheld", "complaint.upheld", Reader.PARTIES),
    Telling("complaint-partly", "complaint.partly_upheld", Reader.PARTIES),
    Telling("complaint-dismissed", "complaint.dismissed", Reader.PARTIES),
    Telling("complaint-to-review", "complaint.appealed", Reader.OFFICE, Duty.TODO),
    Telling("complaint-confirmed", "complaint.confirmed", Reader.PARTIES),
    Telling("complaint-overturned", "complaint.overturned", Reader.PARTIES),
    Telling("complaint-withdrawn", "complaint.withdrawn", Reader.PARTIES),
    Telling("complaint-lapsed", "complaint.lapsed", Reader.PARTIES),
)
