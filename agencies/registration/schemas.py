"""Shapes of what comes in and goes out of registration; one schema serves the page and the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, post_load, pre_load, validate

from agencies.catalogue import reference
from agencies.registration.commands import (
    AddPractitioner,
    AddQualification,
    AnswerList,
    ItemJudged,
    MaterialVerdict,
    SaveDetails,
)
from agencies.registration.lifecycle import Verdict
from core.corrections import ItemVerdict
from core.forms import Choice, CommandSchema, Day, Identity, Many, Mobile, Text, page_of


class DetailsSchema(CommandSchema):
    """What an agency says of itself."""

    command = SaveDetails
    contact_name = Text(max=60)
    contact_mobile = Mobile(max=20)
    intro = Text(max=1000, required=False)
    founded_on = Day()


class QualificationSchema(CommandSchema):
    """A qualification; a page sends category and grade in one choice, parted by a colon."""

    command = AddQualification
    category = Choice([one.code for one in reference.qualifications()], required=True)
    grade = Text(max=40, required=False)
    number = Text(max=80)
    issued_by = Text(max=120)
    valid_from = Day()
    valid_to = Day()

    @pre_load
    def _part(self, data: Any, **_options: Any) -> Any:
        """Part ``engineering-design:甲级`` into category and grade."""
        if not isinstance(data, Mapping) or ":" not in str(data.get("category", "")):
            return data
        category, _colon, grade = str(data["category"]).partition(":")
        return {**data, "category": category, "grade": grade}


class PractitionerSchema(CommandSchema):
    """A person with a certificate."""

    command = AddPractitioner
    name = Text(max=60)
    identity = Identity(max=18)
    kind = Choice([one.code for one in reference.certificates()], required=True)
    certificate = Text(max=80)
    valid_to = Day()


class ItemsSchema(CommandSchema):
    """The items an agency offers."""

    items = Many(Text(max=20))


class StatementSchema(CommandSchema):
    """An answer to a correction in words."""

    statement = Text(max=500, required=False)


class GivenSchema(StatementSchema):
    """A paper handed in through the API: a stored file, words, or both."""

    file_id = fields.Integer(load_default=None)


class VerdictSchema(CommandSchema):
    """A verdict on one material."""

    command = MaterialVerdict
    key = Text(max=60)
    verdict = Choice(Verdict, required=True)
    reasons = Many(Text(max=60))
    note = Text(max=500, required=False)
    promised_on = Day()

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> MaterialVerdict:
        return MaterialVerdict(**{**data, "reasons": tuple(data.get("reasons", ()))})


class VerdictsSchema(Schema):
    """Verdicts on several materials."""

    verdicts = fields.List(fields.Nested(VerdictSchema), required=True)


class ItemJudgedSchema(CommandSchema):
    """A verdict on one item of a changed qualification."""

    command = ItemJudged
    key = Text(max=20)
    verdict = Choice(ItemVerdict, required=True)
    note = Text(max=500, required=False)
    promised_on = Day(load_default=None)


class ItemsJudgedSchema(Schema):
    """Verdicts on several items."""

    verdicts = fields.List(fields.Nested(ItemJudgedSchema), required=True)


class PutRightSchema(CommandSchema):
    """Fields of a qualification put right in an answer."""

    grade = Text(max=40)
    number = Text(max=80)
    issued_by = Text(max=120)
    valid_from = Day()
    valid_to = Day()


class AnswerListSchema(CommandSchema):
    """An answer to a correction list: words and stored files by item, and the fields put right."""

    command = AnswerList
    words = fields.Dict(keys=fields.String(), values=Text(max=1000, required=False), load_default=dict)
    files = fields.Dict(keys=fields.String(), values=fields.Integer(), load_default=dict)
    put_right = fields.Nested(PutRightSchema(partial=True), data_key="fields", attribute="fields", load_default=dict)


class PromisedSchema(CommandSchema):
    """A promised paper, by its item and the id of a stored file."""

    key = Text(max=20)
    file_id = fields.Integer(required=True)


class TermSchema(CommandSchema):
    """The new last day of a certificate."""

    valid_to = Day(required=True)


class SendBackSchema(CommandSchema):
    """The words a second correction list needs."""

    supervisor_reason = Text(max=500, required=False)


class AcceptanceSchema(Schema):
    """How a registration is accepted."""

    with_gaps = fields.Boolean(load_default=False)


class ReasonSchema(CommandSchema):
    """Why an agency leaves the shelf or comes back."""

    reason = Text(max=500)


class AgencyLineSchema(Schema):
    """An agency in a list; ratings in thousandths of a star, null without a grade."""

    id = fields.Integer()
    name = fields.String()
    credit_code = fields.String()
    town_code = fields.String(allow_none=True)
    state = fields.String()
    grade = fields.String(allow_none=True)
    standing_milli = fields.Integer(allow_none=True)
    standing_low_milli = fields.Integer(allow_none=True)
    standing_high_milli = fields.Integer(allow_none=True)
    ratings_n = fields.Integer()
    contracts_n = fields.Integer()
    delivered_n = fields.Integer()
    on_time_n = fields.Integer()
    listed_at = fields.DateTime(format="iso", allow_none=True)


class QualificationOutSchema(Schema):
    """A qualification on the public record."""

    id = fields.Integer()
    category = fields.String()
    grade = fields.String()
    number = fields.String()
    issued_by = fields.String()
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    state = fields.String()
    verified_at = fields.DateTime(format="iso", allow_none=True)


class ChangeItemSchema(Schema):
    """One item judged of a qualification."""

    key = fields.String()
    verdict = fields.String()
    note = fields.String()
    answer = fields.String()
    promised_on = fields.Date(allow_none=True)
    has_file = fields.Function(lambda row: row.file_id is not None)


class ChangeNoticeSchema(Schema):
    """A correction list of a qualification."""

    number = fields.Integer()
    sent_at = fields.DateTime(format="iso")
    items = fields.List(fields.Dict())
    answered_at = fields.DateTime(format="iso", allow_none=True)


class ChangeSchema(QualificationOutSchema):
    """A qualification as its agency and its operator see it on its way."""

    OWN = (
        "id", "category", "grade", "number", "issued_by", "valid_from", "valid_to", "verified_at", "state",
        "agency_id", "submitted_at", "review_by", "correct_by", "corrections_n", "deemed",
    )  # fmt: skip
    agency_id = fields.Integer()
    submitted_at = fields.DateTime(format="iso", allow_none=True)
    review_by = fields.DateTime(format="iso", allow_none=True)
    correct_by = fields.DateTime(format="iso", allow_none=True)
    corrections_n = fields.Integer()
    deemed = fields.Boolean()
    items = fields.List(fields.Nested(ChangeItemSchema))
    notices = fields.List(fields.Nested(ChangeNoticeSchema))


class PractitionerOutSchema(Schema):
    """A practitioner on the public record: never the number, and of the name the family name only."""

    id = fields.Integer()
    name = fields.Function(lambda row: masked(row.name))
    kind = fields.String()
    certificate = fields.String()
    valid_to = fields.Date(allow_none=True)
    state = fields.String()


class AgencySchema(AgencyLineSchema):
    """An agency with its record."""

    intro = fields.String()
    founded_on = fields.Date(allow_none=True)
    star_counts = fields.List(fields.Integer())
    aspects = fields.List(fields.Integer())
    items = fields.List(fields.String())
    qualifications = fields.List(fields.Nested(QualificationOutSchema))
    practitioners = fields.List(fields.Nested(PractitionerOutSchema))


class AgencyQuerySchema(Schema):
    """What a list of agencies may be narrowed and ordered by."""

    item = fields.String(load_default=None)
    town = fields.List(fields.String(), load_default=list)
    grade = fields.List(fields.String(), load_default=list)
    on_time_percent = fields.Integer(load_default=None)
    sort = fields.String(load_default="rank", validate=validate.OneOf(("rank", "on_time", "rating")))
    after = fields.String(load_default=None)
    limit = fields.Integer(load_default=20)


AgencyPageSchema = page_of(AgencyLineSchema, "AgencyPageSchema")


class MaterialOutSchema(Schema):
    """A material and what was said of it."""

    key = fields.String()
    verdict = fields.String()
    reasons = fields.List(fields.String())
    note = fields.String()
    statement = fields.String()
    promised_on = fields.Date(allow_none=True)
    has_file = fields.Function(lambda row: getattr(row, "file_id", None) is not None)


class RegistrationSchema(Schema):
    """A registration as its agency and its operator see it."""

    id = fields.Integer()
    name = fields.String()
    state = fields.String()
    town_code = fields.String(allow_none=True)
    submitted_at = fields.DateTime(format="iso", allow_none=True)
    due_at = fields.DateTime(format="iso", allow_none=True)
    listed_at = fields.DateTime(format="iso", allow_none=True)
    deemed = fields.Boolean()
    corrections_n = fields.Integer()
    missing = fields.List(fields.String())
    items = fields.List(fields.String())
    materials = fields.List(fields.Nested(MaterialOutSchema))


class NoticeSchema(Schema):
    """A correction list."""

    number = fields.Integer()
    sent_at = fields.DateTime(format="iso")
    items = fields.List(fields.Dict())
    answered_at = fields.DateTime(format="iso", allow_none=True)


def masked(name: str) -> str:
    """Show a person's family name only: 李**."""
    return name[:1] + "*" * max(1, len(name) - 1)
