"""Shapes of what comes in and goes out of accounts; one schema serves the page and the API."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from accounts.commands import (
    BeginMembership,
    ChangePassword,
    Credentials,
    EditOrganisation,
    EditPerson,
    FoundOffice,
    MakeToken,
    SignUp,
)
from accounts.permissions import OPEN_KINDS
from accounts.preferences import PERSONAL, Wishes
from accounts.rules import mask_email
from accounts.timing import DAILY, DAY_MINUTES, INSTANT, PACES, QUIET_FROM, QUIET_TO
from accounts.tokens import MOST_DAYS, SCOPES
from core.access import MemberRole, OrgKind
from core.forms import MISSING, Choice, CommandSchema, CreditCode, Day, Email, Flag, Many, Mobile, Text, Whole, page_of
from core.i18n import LOCALES
from core.identifiers import mask_mobile


class SecretText(Text):
    """A password as typed: neither trimmed nor folded, never given out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max=1000, load_only=True, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        text = str(value)
        if self.required and not text:
            raise ValidationError(MISSING)
        return text


class SignUpSchema(CommandSchema):
    """An organisation and its first manager."""

    command = SignUp
    kind = Choice(sorted(OPEN_KINDS), required=True)
    name = Text(max=120, min=2)
    credit_code = CreditCode(max=40)
    town_code = Text(max=20)
    address = Text(max=200, required=False)
    is_public_body = Flag()
    display_name = Text(max=60)
    mobile = Mobile(max=20)
    email = Email(required=True)
    password = SecretText()
    terms = Flag()

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> SignUp:
        return SignUp(**{**data, "kind": OrgKind(data["kind"])})


class CredentialsSchema(CommandSchema):
    """What a person signs in with."""

    command = Credentials
    identifier = Text(max=200)
    password = SecretText()


class CodeSchema(CommandSchema):
    """A six-digit code."""

    code = Text(max=40)


class IdentifierSchema(CommandSchema):
    """A mobile number or e-mail."""

    identifier = Text(max=200)


class NewPasswordSchema(CommandSchema):
    """A new password."""

    password = SecretText()


class ChangePasswordSchema(CommandSchema):
    """The password that holds and the one that shall."""

    command = ChangePassword
    password = SecretText()
    new_password = SecretText()


class ProfileSchema(CommandSchema):
    """What a person may change of themselves."""

    command = EditPerson
    display_name = Text(max=60)
    mobile = Mobile(max=20, required=False)
    email = Email(required=False)
    password = SecretText(required=False)


class OrganisationEditSchema(CommandSchema):
    """What a manager may change of the organisation."""

    command = EditOrganisation
    address = Text(max=200, required=False)
    contact_phone = Text(max=40, required=False)
    town_code = Text(max=20, required=False)


class MemberSchema(CommandSchema):
    """Who may act, in which role, from when to when."""

    command = BeginMembership
    display_name = Text(max=60)
    mobile = Mobile(max=20)
    email = Email(required=True)
    role = Choice(MemberRole, required=True)
    valid_from = Day(load_default=None)
    valid_to = Day(load_default=None)


class ManagerSchema(CommandSchema):
    """Who shall manage an office, from when to when."""

    display_name = Text(max=60)
    mobile = Mobile(max=20)
    email = Email(required=True)
    valid_from = Day(load_default=None)
    valid_to = Day(load_default=None)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> BeginMembership:
        return BeginMembership(**data, role=MemberRole.MANAGER)


class OfficeSchema(CommandSchema):
    """An office and its first manager."""

    command = FoundOffice
    kind = Choice(sorted(set(OrgKind) - OPEN_KINDS), required=True)
    name = Text(max=120, min=2)
    credit_code = CreditCode(max=40, required=False)
    town_code = Text(max=20, required=False)
    contact_phone = Text(max=40, required=False)
    display_name = Text(max=60)
    mobile = Mobile(max=20)
    email = Email(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> FoundOffice:
        return FoundOffice(**{**data, "kind": OrgKind(data["kind"])})


class TokenSchema(CommandSchema):
    """A token's label, scopes and days, with password and code as proof."""

    command = MakeToken
    label = Text(max=60)
    scopes = Many(Choice(SCOPES))
    days = Whole(low=1, high=MOST_DAYS, load_default=90)
    password = SecretText()
    code = Text(max=40, required=False)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> MakeToken:
        return MakeToken(**{**data, "scopes": tuple(data["scopes"])})


class TokenCallSchema(TokenSchema):
    """The same by API, where no sign-in says who asks."""

    identifier = Text(max=200)
    org_id = fields.Integer(load_default=None, allow_none=True)


class Masked(fields.String):
    """A number or address as others may see it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        if not value:
            return None
        return mask_email(value) if "@" in value else mask_mobile(value)


class OrganisationSchema(Schema):
    """An organisation, to its own people."""

    id = fields.Integer()
    kind = fields.String()
    name = fields.String()
    credit_code = fields.String(allow_none=True)
    town_code = fields.String(allow_none=True)
    address = fields.String()
    is_public_body = fields.Boolean()
    is_demo = fields.Boolean()
    founded_at = fields.AwareDateTime()


class PersonSchema(Schema):
    """A person, masked."""

    id = fields.Integer()
    display_name = fields.String()
    mobile = Masked()
    email = Masked()


class MembershipSchema(Schema):
    """Who may act for an organisation."""

    id = fields.Integer(attribute="membership.id")
    person = fields.Nested(PersonSchema, attribute="user")
    role = fields.String(attribute="membership.role")
    valid_from = fields.Date(attribute="membership.valid_from")
    valid_to = fields.Date(attribute="membership.valid_to", allow_none=True)
    ended_at = fields.AwareDateTime(attribute="membership.ended_at", allow_none=True)


class SeatSchema(Schema):
    """Where the reader may act."""

    org_id = fields.Integer(attribute="org.id")
    name = fields.String(attribute="org.name")
    kind = fields.String(attribute="org.kind")
    role = fields.String(attribute="membership.role")


class MeSchema(Schema):
    """Who asks."""

    person = fields.Nested(PersonSchema)
    organisation = fields.Nested(OrganisationSchema, allow_none=True)
    role = fields.String(allow_none=True)
    second_factor = fields.Boolean()
    scopes = fields.List(fields.String(), allow_none=True)
    organisations = fields.List(fields.Nested(SeatSchema))


class TokenOutSchema(Schema):
    """A token as it is kept: without itself."""

    id = fields.Integer()
    label = fields.String()
    scopes = fields.List(fields.String())
    org_id = fields.Integer(allow_none=True)
    second_factor = fields.Boolean()
    created_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    revoked_at = fields.AwareDateTime(allow_none=True)


class NewTokenSchema(TokenOutSchema):
    """A token just made, shown this once."""

    token = fields.String()


class MessageSchema(Schema):
    """Something an organisation was told."""

    id = fields.Integer()
    code = fields.String()
    text = fields.String()
    url = fields.String()
    is_todo = fields.Boolean()
    at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True)
    done_at = fields.AwareDateTime(allow_none=True)


class MessageQuerySchema(Schema):
    """Where a page begins and how long it is."""

    after = fields.Integer(load_default=None)
    limit = fields.Integer(load_default=None)


MessagesSchema = page_of(MessageSchema, "MessagesSchema")


class SignedUpSchema(Schema):
    """What a sign-up made."""

    organisation = fields.Nested(OrganisationSchema)
    person = fields.Nested(PersonSchema)


class WishesSchema(CommandSchema):
    """How a person wants to be told; quiet hours in minutes of the day, 北京时间."""

    command = Wishes
    todo_channels = Many(Choice([one.value for one in PERSONAL]))
    know_channels = Many(Choice([one.value for one in PERSONAL]))
    todo_pace = Choice(PACES, load_default=INSTANT)
    know_pace = Choice(PACES, load_default=DAILY)
    quiet_from = Whole(low=0, high=DAY_MINUTES - 1, load_default=QUIET_FROM)
    quiet_to = Whole(low=0, high=DAY_MINUTES - 1, load_default=QUIET_TO)
    lang = Choice(tuple(LOCALES), load_default="zh_Hans_CN")

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> Wishes:
        return Wishes(**{**data, **{name: tuple(data[name]) for name in ("todo_channels", "know_channels")}})


class WebhookSchema(CommandSchema):
    """Where an organisation's system is called."""

    url = Text(max=300)


class WebhookOutSchema(Schema):
    """The address that is called; the key only when it was just made."""

    url = fields.String()
    set_at = fields.AwareDateTime()
    secret = fields.String()
