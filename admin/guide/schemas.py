"""Shapes of the guide in JSON."""

from __future__ import annotations

from marshmallow import Schema, fields


class GuideMoveSchema(Schema):
    """One move: its verb and event, from where to where, who may, what it needs, its clock, who is told."""

    verb = fields.String()
    event = fields.String()
    sources = fields.List(fields.String())
    target = fields.String()
    who = fields.List(fields.List(fields.String()))
    needs = fields.List(fields.String())
    sets = fields.List(fields.String())
    drops = fields.List(fields.String())
    tells = fields.List(fields.List(fields.String()))


class GuideTableSchema(Schema):
    """A life whole."""

    name = fields.String()
    initial = fields.String()
    states = fields.List(fields.String())
    ends = fields.List(fields.String())
    moves = fields.List(fields.Nested(GuideMoveSchema))


class GuideVersionSchema(Schema):
    """One kept version of a life."""

    life = fields.String()
    number = fields.Integer()
    content_hash = fields.String()
    from_at = fields.AwareDateTime()
    table = fields.Nested(GuideTableSchema)
