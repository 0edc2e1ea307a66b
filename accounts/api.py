"""Accounts in JSON: who asks, tokens, signing up, the organisation's people, messages."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts import factors, messages, preferences, queries, schemas, service, signing, tokens, webhooks
from accounts.commands import BeginMembership, EditOrganisation, MakeToken, SignUp
from accounts.gate import may, public, reading, signed_in, viewer, works, writing
from accounts.listing import next_page
from accounts.models import Organisation
from accounts.outward import loopback
from accounts.pages import charge_sign_up, membership, message, network, own_organisation, own_user_id, site, told
from accounts.preferences import Wishes
from accounts.queries import Seat
from core.access import SYSTEM, Actor
from core.errors import Invalid, NotFound
from core.work import Work

api = Blueprint("accounts-api", __name__, url_prefix="/api/v1", description="账号与单位 · Accounts and organisations")


def organisation_of(work: Work, org_id: int) -> Organisation:
    """Load an organisation for the gate. Raises NotFound."""
    return queries.organisation(work.session, org_id)


@api.get("/me")
@signed_in
@api.response(200, schemas.MeSchema)
def me() -> dict[str, Any]:
    """Say who asks, for which organisation, and where else this person may act."""
    actor = viewer().actor
    with reading() as work:
        return {
            "person": queries.person(work.session, actor.user_id),
            "organisation": work.session.get(Organisation, actor.org_id) if actor.org_id is not None else None,
            "role": actor.role,
            "second_factor": actor.second_factor,
            "scopes": sorted(actor.scopes) if actor.scopes is not None else None,
            "organisations": queries.seats_of_person(work, actor.user_id or 0),
        }


@api.post("/organisations")
@public
@api.arguments(schemas.SignUpSchema)
@api.response(201, schemas.SignedUpSchema)
def sign_up(cmd: SignUp) -> dict[str, Any]:
    """Enter an enterprise or an agency with its first manager."""
    charge_sign_up()
    with writing() as work:
        org, user = service.sign_up(work, cmd)
    return {"organisation": org, "person": user}


@api.get("/organisations/<int:org_id>")
@may("organisation:read", subject=organisation_of)
@api.response(200, schemas.OrganisationSchema)
def organisation(org_id: int) -> Organisation:
    """Read an organisation: one's own, or any for the administration."""
    with reading() as work:
        return queries.organisation(work.session, org_id)


@api.patch("/organisation")
@may("organisation:manage", subject=own_organisation)
@api.arguments(schemas.OrganisationEditSchema)
@api.response(200, schemas.OrganisationSchema)
def edit(cmd: EditOrganisation) -> Organisation:
    """Change the details of the organisation acted for."""
    with writing() as work:
        return service.edit_organisation(work, own_organisation(work).id, cmd)


@api.get("/organisation/members")
@may("organisation:read", subject=own_organisation)
@api.response(200, schemas.MembershipSchema(many=True))
def members() -> list[Seat]:
    """List who may act for the organisation; numbers and addresses are masked."""
    with reading() as work:
        return list(queries.seats_of_organisation(work.session, own_organisation(work).id))


@api.post("/organisation/members")
@may("organisation:manage", subject=own_organisation)
@api.arguments(schemas.MemberSchema)
@api.response(201, schemas.MembershipSchema)
def begin_membership(cmd: BeginMembership) -> Seat:
    """Let a person act for the organisation."""
    with writing() as work:
        row = service.begin_membership(work, own_organisation(work).id, cmd, site=site())
        return Seat(row, queries.person(work.session, row.user_id), own_organisation(work))


@api.delete("/organisation/members/<int:membership_id>")
@may("membership:end", subject=membership)
@api.response(204)
def end_membership(membership_id: int) -> None:
    """End a delegation at once."""
    with writing() as work:
        service.end_membership(work, membership_id)


@api.get("/tokens")
@signed_in
@api.response(200, schemas.TokenOutSchema(many=True))
def token_list() -> list[Any]:
    """List one's own tokens, without themselves."""
    with reading() as work:
        return [row for row, _name in queries.tokens_of(work.session, viewer().actor.user_id)]


@api.post("/tokens")
@public
@api.arguments(schemas.TokenCallSchema)
@api.response(201, schemas.NewTokenSchema)
def make_token(cmd: MakeToken) -> dict[str, Any]:
    """Make a token with password and, where one is set up, a code; it is shown this once.

    Without ``org_id`` it acts for the organisation last used.
    """
    with works().writing(SYSTEM) as work:
        attempt = signing.begin(work, cmd.identifier, network())
    signing.refuse_waiting(attempt)
    if not signing.matches(attempt, cmd.password) or attempt.user_id is None:
        raise Invalid("credentials-wrong", field="identifier")
    with works().writing(SYSTEM) as work:
        user = queries.person(work.session, attempt.user_id)
        needs_code = user.totp_confirmed_at is not None
        checked = factors.check(work, user.id, cmd.code) if needs_code else factors.Checked(ok=True)
    factors.refuse_unchecked(checked)
    with works().writing(Actor(user_id=attempt.user_id)) as work:
        signing.settle_attempt(work, attempt)
        org_id = cmd.org_id or signing.usual_org(work, queries.person(work.session, attempt.user_id))
        row, token = tokens.make(work, attempt.user_id, cmd, org_id=org_id, second_factor=needs_code)
    shown = {name: getattr(row, name) for name in schemas.TokenOutSchema().fields}
    return {**shown, "token": token}


@api.delete("/tokens/<int:token_id>")
@signed_in
@api.response(204)
def revoke_token(token_id: int) -> None:
    """Revoke one of one's own tokens."""
    with writing() as work:
        tokens.revoke(work, token_id)


@api.get("/messages")
@signed_in
@api.arguments(schemas.MessageQuerySchema, location="query")
@api.response(200, schemas.MessagesSchema)
def message_list(query: dict[str, Any]) -> dict[str, Any]:
    """List what the organisation was told, newest first; what is to be done stands before the first page."""
    with reading() as work:
        org_id, me = work.actor.org_id or 0, work.actor.user_id
        page = queries.notices_of(work.session, org_id, user_id=me, after=query["after"], limit=query["limit"])
        todo = list(queries.todo_of(work.session, org_id, user_id=me)) if query["after"] is None else []
    fields = [name for name in schemas.MessageSchema().fields if name != "text"]
    items = [{**{name: getattr(row, name) for name in fields}, "text": told(row)} for row in [*todo, *page.items]]
    return {"items": items, "next": next_page(page.after)}


@api.post("/messages/<int:message_id>/done")
@may("message:settle", subject=message)
@api.response(204)
def message_done(message_id: int) -> None:
    """Mark one message as done or read."""
    with writing() as work:
        messages.finish(work, queries.message(work.session, message_id))


@api.get("/me/notifications")
@signed_in
@api.response(200, schemas.WishesSchema)
def notifications() -> Any:
    """Read how one is told: channels, pace, quiet hours, language."""
    with reading() as work:
        return preferences.of_person(work.session, own_user_id())


@api.put("/me/notifications")
@signed_in
@api.arguments(schemas.WishesSchema)
@api.response(200, schemas.WishesSchema)
def choose_notifications(wishes: Wishes) -> Any:
    """Choose how one is told; what is left out is as usual, no channel named means none."""
    with writing() as work:
        return preferences.choose(work, wishes)


@api.get("/organisation/webhook")
@may("organisation:manage", subject=own_organisation)
@api.response(200, schemas.WebhookOutSchema)
def webhook() -> Any:
    """Read where the organisation's system is called. Raises NotFound."""
    with reading() as work:
        row = webhooks.of_organisation(work.session, own_organisation(work).id)
    if row is None:
        raise NotFound("webhook-not-set")
    return {"url": row.url, "set_at": row.set_at}


@api.put("/organisation/webhook")
@may("organisation:manage", subject=own_organisation)
@api.arguments(schemas.WebhookSchema)
@api.response(200, schemas.WebhookOutSchema)
def set_webhook(given: dict[str, Any]) -> Any:
    """Set where the organisation's system is called; the key in the answer is shown this once."""
    with writing() as work:
        org_id = own_organisation(work).id
        secret = webhooks.set_address(work, org_id, given["url"], loopback=loopback())
        return {"url": given["url"], "set_at": work.clock.now(), "secret": secret}


@api.delete("/organisation/webhook")
@may("organisation:manage", subject=own_organisation)
@api.response(204)
def drop_webhook() -> None:
    """Call the organisation's system no more."""
    with writing() as work:
        webhooks.drop(work, own_organisation(work).id)
