"""Who hears of contracts: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Duty, Reader, Telling

TELLINGS: Final = (
    Telling("contract-to-sign", "award.given", Reader.PARTIES, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("contract-revised", "contract.revised", Reader.AGENCY),
    Telling("contract-signed-by-other", "contract.signed-by-one", Reader.OTHER_PARTY),
    Telling("contract-in-service", "contract.signed", Reader.PARTIES, Duty.BY_TIME),
    Telling("contract-not-signed", "contract.sign", Reader.PARTIES, channels=BY_PHONE_TOO),
    Telling("result-delivered", "contract.delivered", Reader.ENTERPRISE, Duty.TODO),
    Telling("result-returned", "contract.returned", Reader.AGENCY, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("result-accepted", "contract.accepted", Reader.AGENCY),
    Telling("result-late", "contract.due", Reader.PARTIES, channels=BY_PHONE_TOO),
    Telling("contract-to-settle", "contract.accepted", Reader.ENTERPRISE, Duty.TODO),
    Telling("contract-settled", "contract.settled", Reader.AGENCY, Duty.BY_TIME),
    Telling("settlement-confirmed", "settlement.confirmed", Reader.ENTERPRISE),
    Telling("settlement-deemed", "settlement.deemed_confirmed", Reader.PARTIES),
    Telling("settlement-disputed", "settlement.disputed", Reader.ENTERPRISE, Duty.BY_TIME, channels=BY_PHONE_TOO),
    Telling("settlement-corrected", "settlement.corrected", Reader.AGENCY, Duty.BY_TIME),
    Telling("settlement-kept", "settlement.kept", Reader.AGENCY),
    Telling("settlement-unanswered", "settlement.stood", Reader.PARTIES),
    Telling("contract-terminated", "contract.terminated", Reader.OTHER_PARTY, Duty.BY_TIME, channels=BY_PHONE_TOO),
    Telling("contract-runs", "contract.signed", Reader.AGENCY, Duty.BY_TIME),
    Telling("contract-to-accept", "deliverable.submitted", Reader.ENTERPRISE, Duty.TODO),
    Telling("amendment-proposed", "amendment.proposed", Reader.OTHER_PARTY, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("amendment-in-force", "amendment.in_force", Reader.PARTIES),
    Telling("amendment-refused", "amendment.refused", Reader.OTHER_PARTY),
    Telling("amendment-withdrawn", "amendment.withdrawn", Reader.OTHER_PARTY),
    Telling("amendment-lapsed", "amendment.lapsed", Reader.PARTIES),
    Telling("pause-asked", "pause.asked", Reader.OTHER_PARTY, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("pause-agreed", "pause.agreed", Reader.OTHER_PARTY),
    Telling("pause-deemed-agreed", "pause.deemed_agreed", Reader.PARTIES),
    Telling("pause-refused", "pause.refused", Reader.OTHER_PARTY),
    Telling("pause-withdrawn", "pause.withdrawn", Reader.OTHER_PARTY),
    Telling("pause-ended", "pause.ended", Reader.PARTIES),
    Telling("termination-answered", "termination.answered", Reader.OTHER_PARTY),
    Telling("termination-unanswered", "termination.unanswered", Reader.PARTIES),
    Telling("need-to-repeat", "contract.terminated", Reader.ENTERPRISE),
    Telling("outcome-accepted", "outcome.entered", Reader.PARTIES),
    Telling("outcome-returned", "outcome.entered", Reader.PARTIES, Duty.TODO),
)
