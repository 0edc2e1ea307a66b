"""Who hears of questions to the offices: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import Duty, Reader, Telling

TELLINGS: Final = (
    Telling("consultation-asked", "consultation.asked", Reader.OPERATOR, Duty.TODO),
    Telling("consultation-answered", "consultation.answered", Reader.ASKER),
    Telling("consultation-to-approve", "consultation.answered", Reader.OFFICE, Duty.TODO),
    Telling("consultation-closed", "consultation.closed", Reader.ASKER),
    Telling("consultation-overdue", "consultation.answer", Reader.OFFICE, Duty.TODO),
    Telling("consultation-review", "consultation.review", Reader.OFFICE, Duty.TODO),
)
