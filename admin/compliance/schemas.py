"""What the bulletin gives a program."""

from __future__ import annotations

from marshmallow import Schema, fields


class FeeBulletinSchema(Schema):
    """A month's figures; amounts in fen."""

    month = fields.String()
    contracts = fields.Integer()
    findings = fields.Integer()
    upheld = fields.Integer()
    stake_fen = fields.Integer()
    returned_fen = fields.Integer()
    kinds = fields.List(fields.Dict())
    groups = fields.Dict()


class FeeBulletinsSchema(Schema):
    """The months that were issued, newest first."""

    items = fields.List(fields.Dict())
