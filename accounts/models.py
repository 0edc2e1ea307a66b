"""Tables of people, organisations, where they may act, and how they sign in."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accounts.telling import Channel
from core import db
from core.access import MemberRole, OrgKind


class DeliveryState(StrEnum):
    """Where one delivery stands: waiting, gone, given up, or no longer wanted when its time came."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    STOPPED = "stopped"


class Division(db.Base):
    """A town, street or park of the city, with its place on the tile grid."""

    __tablename__ = "division"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    code: Mapped[str] = db.text(20, unique=True)
    name: Mapped[str] = db.text(40)
    name_en: Mapped[str] = db.text(80)
    kind: Mapped[str] = db.text(20)
    grid_row: Mapped[int] = mapped_column(Integer)
    grid_col: Mapped[int] = mapped_column(Integer)


class Organisation(db.Aggregate, db.Base):
    """An enterprise, agency, department, operator, regulator, association or evaluator."""

    __tablename__ = "organisation"

    kind: Mapped[OrgKind] = db.enum_column(OrgKind, index=True)
    name: Mapped[str] = db.text(120)
    credit_code: Mapped[str | None] = db.text(18, unique=True)
    department_code: Mapped[str | None] = db.text(40)
    town_code: Mapped[str | None] = db.text(20, index=True)
    address: Mapped[str] = db.text(200, default="")
    contact_phone: Mapped[str] = mapped_column(db.EncryptedText, default="")
    is_public_body: Mapped[bool] = mapped_column(Boolean, default=False)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    founded_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]


class User(db.Aggregate, db.Base):
    """A person. Numbers and addresses are encrypted; equal ones are found by keyed hash."""

    __tablename__ = "user_account"

    display_name: Mapped[str] = mapped_column(db.EncryptedText)
    email: Mapped[str | None] = mapped_column(db.EncryptedText)
    email_hash: Mapped[str | None] = db.text(64, unique=True)
    mobile: Mapped[str | None] = mapped_column(db.EncryptedText)
    mobile_hash: Mapped[str | None] = db.text(64, unique=True)
    identity_number: Mapped[str | None] = mapped_column(db.EncryptedText)
    password_hash: Mapped[str] = db.text(200)
    totp_secret: Mapped[str | None] = mapped_column(db.EncryptedText)
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (db.check("email_hash is not null or mobile_hash is not null", "reachable"),)


class Membership(db.Aggregate, db.Base):
    """A person may act for an organisation, in a role, between two days (the second day included)."""

    __tablename__ = "membership"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[MemberRole] = db.enum_column(MemberRole)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("user_id", "org_id"),)


class SignIn(db.Base):
    """One signed-in browser. The cookie holds the token, the table its hash."""

    __tablename__ = "sign_in"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    token_hash: Mapped[str] = db.text(64, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    org_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    second_factor: Mapped[bool] = mapped_column(Boolean, default=False)
    awaits_code: Mapped[bool] = mapped_column(Boolean, default=False)
    agent: Mapped[str] = db.text(60, default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ApiToken(db.Aggregate, db.Base):
    """A bearer token of one person for one organisation, with scopes and an end."""

    __tablename__ = "api_token"

    token_hash: Mapped[str] = db.text(64, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    org_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    label: Mapped[str] = db.text(60)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    second_factor: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ResetToken(db.Base):
    """A one-time way to set a new password, mailed to its owner."""

    __tablename__ = "reset_token"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    token_hash: Mapped[str] = db.text(64, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(db.Base):
    """How often something failed: sign-ins by account and by network."""

    __tablename__ = "throttle"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    key: Mapped[str] = db.text(80, unique=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    until: Mapped[datetime | None]
    seen_at: Mapped[datetime]


class Draft(db.Base):
    """What somebody had typed on a page and not yet sent.

    Without a person it waits for its writer to sign in; ``path`` then holds the hash of the token that finds it.
    """

    __tablename__ = "draft"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    path: Mapped[str] = db.text(200, index=True)
    data: Mapped[str] = mapped_column(db.EncryptedText)
    saved_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "path"),)


class Message(db.Base):
    """Something an organisation is told: to do, with a due time, or to know.

    ``user_id`` names the one person it is for, where it is not for all; ``pace`` and ``stop_url`` are the message's own
    way of being mailed, where it has one.
    """

    __tablename__ = "message"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = db.text(60)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    url: Mapped[str] = db.text(200)
    is_todo: Mapped[bool] = mapped_column(Boolean, default=False)
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    unique_key: Mapped[str | None] = db.text(160, unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    pace: Mapped[str | None] = db.text(10)
    stop_url: Mapped[str | None] = db.text(200)

    __table_args__ = (Index("ix__message__org_id__done_at", "org_id", "done_at", "id"),)


class Mail(db.Base):
    """One mail to be sent; the address and text are encrypted at rest."""

    __tablename__ = "mail"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    to: Mapped[str] = mapped_column(db.EncryptedText)
    subject: Mapped[str] = db.text(200)
    body: Mapped[str] = mapped_column(db.EncryptedText)
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Preference(db.Aggregate, db.Base):
    """How one person wants to be told: ways and pace of what is to do and of what is to know, quiet hours, language.

    quiet_from, quiet_to: minutes of the day in 北京时间; the night between them brings no SMS.
    """

    __tablename__ = "telling_preference"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    todo_channels: Mapped[list[str]] = mapped_column(JSON)
    know_channels: Mapped[list[str]] = mapped_column(JSON)
    todo_pace: Mapped[str] = db.text(10)
    know_pace: Mapped[str] = db.text(10)
    quiet_from: Mapped[int] = mapped_column(Integer)
    quiet_to: Mapped[int] = mapped_column(Integer)
    lang: Mapped[str] = db.text(12)

    __table_args__ = (
        db.check("todo_pace in ('instant', 'daily') and know_pace in ('instant', 'daily')", "pace"),
        db.check("quiet_from between 0 and 1439 and quiet_to between 0 and 1439", "quiet"),
    )


class Webhook(db.Aggregate, db.Base):
    """Where an organisation's own system hears of its messages, and the key that signs what is sent there."""

    __tablename__ = "webhook"

    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    url: Mapped[str] = db.text(300)
    secret: Mapped[str] = mapped_column(db.EncryptedText)
    set_at: Mapped[datetime]


class Delivery(db.Base):
    """The ledger: one message on its way to one recipient by one channel; sent once, however often it is tried.

    recipient: ``user:12`` or ``org:3``. last_error: a code without anything personal.
    """

    __tablename__ = "delivery"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    channel: Mapped[Channel] = db.enum_column(Channel)
    recipient: Mapped[str] = db.text(40, index=True)
    state: Mapped[DeliveryState] = db.enum_column(DeliveryState, default=DeliveryState.WAITING)
    is_digest: Mapped[bool] = mapped_column(Boolean, default=False)
    not_before: Mapped[datetime]
    tries: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = db.text(60)
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("message_id", "channel", "recipient"),
        Index("ix__delivery__state__not_before", "state", "not_before"),
    )


class CalendarAddress(db.Aggregate, db.Base):
    """A secret address at which one person's calendar reads an organisation's deadlines; the table holds its hash."""

    __tablename__ = "calendar_address"

    token_hash: Mapped[str] = db.text(64, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
