"""Shapes of the catalogue in JSON."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.forms import page_of


class ServiceLineSchema(Schema):
    """A service item in a list."""

    code = fields.String()
    number = fields.Integer()
    name = fields.String()
    name_en = fields.String()
    stage = fields.String()
    approval = fields.String()
    departments = fields.List(fields.String())
    price_regime = fields.String()
    who_pays = fields.String()
    self_prepare = fields.Boolean(allow_none=True)
    confidence = fields.String()


class ServiceSchema(ServiceLineSchema):
    """A service item with all that is known of it, marks of confidence included."""

    aliases = fields.List(fields.String())
    chapter = fields.String()
    approval_en = fields.String()
    qualifications = fields.List(fields.Dict())
    qualification_match = fields.String()
    qualification_confidence = fields.String()
    commitment_only = fields.Boolean()
    practitioners = fields.List(fields.String())
    price_regime_alternative = fields.String(allow_none=True)
    price_confidence = fields.String()
    limits = fields.List(fields.Dict())
    thresholds = fields.List(fields.Dict())
    conflicts = fields.List(fields.String())
    schedules = fields.List(fields.String())
    other_documents = fields.List(fields.String())
    deliverable = fields.String()
    legal_basis = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    remarks = fields.String()


class NeededArgs(Schema):
    """What the reader says: whether it is asked for, whether they can do it themselves.

    The project's numbers go beside these by the names of the item's thresholds.
    """

    asked = fields.String(load_default="", validate=validate.OneOf(("", "yes", "no")))
    own = fields.String(load_default="", validate=validate.OneOf(("", "yes", "no")))


class NeededSchema(Schema):
    """Whether a service is needed, on which clauses, and what to do next."""

    needed = fields.String()
    step = fields.String()
    outcome = fields.String()
    clauses = fields.List(fields.Dict())


class ServiceQuerySchema(Schema):
    """What a list of services may be narrowed by."""

    stage = fields.String(load_default=None)
    department = fields.String(load_default=None)
    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=20)


ServicePageSchema = page_of(ServiceLineSchema, "ServicePageSchema")
