"""Shape and range of a contract's turns: pauses, amendments, early ends, departments' findings, whose days."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from core.forms import MISSING, Amount, Choice, CommandSchema, Day, Fen, Many, Text, Whole
from marketplace.contracts.commands import Answer, AskPause, EnterOutcome, ProposeAmendment, Terminate, View
from marketplace.contracts.rules import SHORTEST_REASON
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause, Finding

MOST_REASON = 1000
MOST_DAYS = 3650
MOST_TABLE = 400_000
YES, NO = "yes", "no"


class AskPauseSchema(CommandSchema):
    """A pause asked for."""

    command = AskPause
    cause = Choice(Cause, required=True)
    reason = Text(max=MOST_REASON, min=SHORTEST_REASON)


def _word(data: dict[str, Any], name: str) -> Answer:
    agrees = data["answer"] == YES
    if not agrees and not data["reason"]:
        raise ValidationError({name: [MISSING]})
    return Answer(agrees, data["reason"])


class PauseAnswerSchema(CommandSchema):
    """The other side's word to a pause, as the two buttons of a page send it."""

    answer = Choice((YES, NO), required=True)
    pause_refusal = Text(max=MOST_REASON, min=SHORTEST_REASON, required=False, attribute="reason")

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> Answer:
        return _word(data, "pause_refusal")


class AmendmentAnswerSchema(CommandSchema):
    """The other side's word to an amendment, as the two buttons of a page send it."""

    answer = Choice((YES, NO), required=True)
    amendment_refusal = Text(max=MOST_REASON, min=SHORTEST_REASON, required=False, attribute="reason")

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> Answer:
        return _word(data, "amendment_refusal")


class AnswerJsonSchema(CommandSchema):
    """The other side's word; a refusal needs a reason."""

    command = Answer
    agrees = fields.Boolean(required=True)
    reason = Text(max=MOST_REASON, required=False)


class ProposeSchema(CommandSchema):
    """A change of a signed contract, as people type it; what is left empty stays as it is."""

    command = ProposeAmendment
    kind = Choice(AmendmentKind, required=True)
    reason = Text(max=MOST_REASON, min=SHORTEST_REASON)
    amount = Amount()
    days = Whole(low=1, high=MOST_DAYS)
    clause_no = Whole(low=1, high=99)
    clause_text = Text(max=4000, required=False)


class ProposeJsonSchema(CommandSchema):
    """A change of a signed contract, its amount in fen; what is missing stays as it is."""

    command = ProposeAmendment
    kind = Choice(AmendmentKind, required=True)
    reason = Text(max=MOST_REASON, min=SHORTEST_REASON)
    amount = Fen(data_key="amount_fen", load_default=None, strict=True)
    days = Whole(low=1, high=MOST_DAYS)
    clause_no = Whole(low=1, high=99)
    clause_text = Text(max=4000, required=False)


class TerminateSchema(CommandSchema):
    """An early end, as people type it."""

    command = Terminate
    cause = Choice(EndCause, required=True)
    reason = Text(max=MOST_REASON, min=SHORTEST_REASON)
    delivered = Text(max=MOST_REASON, required=False)
    payable = Amount(required=True, zero=True)


class TerminateJsonSchema(CommandSchema):
    """An early end, what is payable in fen."""

    command = Terminate
    cause = Choice(EndCause, required=True)
    reason = Text(max=MOST_REASON, min=SHORTEST_REASON)
    delivered = Text(max=MOST_REASON, required=False)
    payable = Fen(required=True, data_key="payable_fen", strict=True)


class ViewSchema(CommandSchema):
    """The other side's view of an early end, as a page sends it."""

    answer = Choice((YES, NO), required=True)
    text = Text(max=MOST_REASON, required=False)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> View:
        return View(data["answer"] == YES, data["text"])


class ViewJsonSchema(CommandSchema):
    """The other side's view of an early end."""

    command = View
    agrees = fields.Boolean(required=True)
    text = Text(max=MOST_REASON, required=False)


class EnterOutcomeSchema(CommandSchema):
    """What a department found of one version."""

    finding = Choice(Finding, required=True)
    decided_on = Day(required=True)
    codes = Many(Text(max=20))
    note = Text(max=MOST_REASON, required=False)
    version_no = Whole(low=1, high=10_000)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> EnterOutcome:
        return EnterOutcome(**{**data, "codes": tuple(dict.fromkeys(data["codes"]))})


class ImportSchema(CommandSchema):
    """A table of findings as text; on a page it may come as a file beside it."""

    rows = Text(max=MOST_TABLE, required=False)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> str:
        if not data["rows"]:
            raise ValidationError({"rows": [MISSING]})
        return str(data["rows"])


class PauseSchema(Schema):
    """One pause as JSON."""

    no = fields.Integer()
    state = fields.String()
    cause = fields.String()
    reason = fields.String()
    asked_by_org_id = fields.Integer()
    asked_at = fields.DateTime()
    answer_by = fields.DateTime()
    running_at = fields.DateTime(allow_none=True)
    was_deemed = fields.Boolean()
    answer = fields.String()
    ended_at = fields.DateTime(allow_none=True)
    put_off_days = fields.Integer()


class ContractAmendmentSchema(Schema):
    """One amendment as JSON: what stood before and what stands after; the wording for the parties only."""

    no = fields.Integer()
    number = fields.String()
    state = fields.String()
    kind = fields.String()
    reason = fields.String()
    amount_before_fen = Fen(attribute="amount_before")
    amount_after_fen = Fen(attribute="amount_after")
    days_before = fields.Integer()
    days_after = fields.Integer()
    clause_heading = fields.String()
    clause_before = fields.String(allow_none=True)
    clause_after = fields.String(allow_none=True)
    content_hash = fields.String()
    asked_by_org_id = fields.Integer()
    asked_at = fields.DateTime()
    answer_by = fields.DateTime()
    signed_at = fields.DateTime(allow_none=True)
    answer = fields.String()
    paper = fields.String(allow_none=True)


class TerminationSchema(Schema):
    """An early end as JSON."""

    state = fields.String()
    cause = fields.String()
    reason = fields.String()
    delivered = fields.String()
    versions = fields.Integer()
    payable_fen = Fen(attribute="payable")
    asked_by_org_id = fields.Integer()
    asked_at = fields.DateTime()
    answer_by = fields.DateTime()
    agrees = fields.Boolean(allow_none=True)
    answer = fields.String()
    answered_at = fields.DateTime(allow_none=True)


class OutcomeSchema(Schema):
    """What a department found, as JSON."""

    no = fields.Integer()
    finding = fields.String()
    codes = fields.List(fields.String())
    note = fields.String()
    department_code = fields.String()
    decided_on = fields.Date()
    source = fields.String()
    entered_at = fields.DateTime()


class TimeSchema(Schema):
    """Working days since the signature by whose they were; late_days are the agency's after the due date."""

    agency_days = fields.Integer(attribute="agency")
    enterprise_days = fields.Integer(attribute="enterprise")
    department_days = fields.Integer(attribute="department")
    force_majeure_days = fields.Integer(attribute="force_majeure")
    late_days = fields.Integer(attribute="late")
    total_days = fields.Integer(attribute="total")


class RefusedRowSchema(Schema):
    """A row that was not taken: its line, its cells and why."""

    line = fields.Integer()
    cells = fields.List(fields.String())
    code = fields.String()
    problem = fields.String()


class ImportedSchema(Schema):
    """What came of an import; ``correction`` is the table of the refused rows, to be sent again."""

    kept = fields.Integer()
    known = fields.Integer()
    refused = fields.List(fields.Nested(RefusedRowSchema))
    correction = fields.String()
