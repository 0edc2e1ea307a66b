"""Who hears of registrations: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Duty, Reader, Telling

TELLINGS: Final = (
    Telling("registration-to-review", "registration.submitted", Reader.OPERATOR, Duty.TODO),
    Telling("registration-returned", "registration.returned", Reader.AGENCY, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("registration-accepted", "registration.accepted", Reader.AGENCY),
    Telling("registration-accepted-with-gaps", "registration.accepted_with_gaps", Reader.AGENCY),
    Telling("registration-deemed-accepted", "registration.review", Reader.AGENCY),
    Telling("registration-suspended", "registration.suspended", Reader.AGENCY, urgent=True, channels=BY_PHONE_TOO),
    Telling("registration-resumed", "registration.resumed", Reader.AGENCY),
    Telling("registration-removed", "registration.removed", Reader.AGENCY, urgent=True, channels=BY_PHONE_TOO),
    Telling("qualification-expires", "paper.expiring", Reader.AGENCY, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("practitioner-expires", "paper.expiring", Reader.AGENCY, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("registration-promise-near", "registration.gaps", Reader.AGENCY, Duty.TODO),
    Telling("qualification-to-review", "qualification.submitted", Reader.OPERATOR, Duty.TODO),
    Telling("qualification-returned", "qualification.returned", Reader.AGENCY, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("qualification-verify", "qualification.verified", Reader.AGENCY),
    Telling("qualification-verify-with-gaps", "qualification.verified_with_gaps", Reader.AGENCY),
    Telling("qualification-deemed-accepted", "qualification.review", Reader.AGENCY),
    Telling("qualification-promise-near", "qualification.promise", Reader.AGENCY, Duty.TODO),
    Telling("qualification-promise-missed", "qualification.lapsed", Reader.AGENCY, urgent=True, channels=BY_PHONE_TOO),
    Telling("qualification-not-corrected", "qualification.lapsed", Reader.AGENCY, urgent=True, channels=BY_PHONE_TOO),
    Telling("qualification-expired-now", "qualification.expired", Reader.AGENCY, urgent=True, channels=BY_PHONE_TOO),
    Telling("practitioner-expired-now", "practitioner.expired", Reader.AGENCY, channels=BY_PHONE_TOO),
)
