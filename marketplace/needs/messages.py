"""Who hears of notices: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Duty, Reader, Telling

TELLINGS: Final = (
    Telling("need-published", "need.published", Reader.OFFERING),
    Telling("question-asked", "need.question-asked", Reader.ENTERPRISE, Duty.TODO),
    Telling("question-answered", "need.question-answered", Reader.ASKER),
    Telling("question-lapsed", "question.lapsed", Reader.ASKER),
    Telling("quotes-opened", "need.opened", Reader.ENTERPRISE, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("need-failed", "need.failed", Reader.ENTERPRISE, Duty.TODO),
    Telling("need-extended", "need.extended", Reader.ENTERPRISE),
    Telling("need-more-time", "need.extended", Reader.OFFERING),
    Telling("need-invited", "need.invited", Reader.INVITED),
)
