"""An organisation's own system hears of its messages: signed POSTs to an address its manager set, to no place inside.

The signature is ``X-Market-Signature: t=<seconds>,v1=<hex>``: HMAC-SHA256 of ``<seconds>.<body>`` under the key shown
when the address was set. ``X-Market-Delivery`` never changes between tries, so that a repeat can be told.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import secrets as random_source
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import queries
from accounts.channels import CarryError, Parcel
from accounts.models import Webhook
from accounts.permissions import POLICY
from core.errors import Invalid, NotFound
from core.work import Work

TIMEOUT_SECONDS: Final = 5
MOST_SECONDS: Final = 10
KEY_BYTES: Final = 32
MOST_PORT: Final = 65535
GONE: Final = 410
HTTPS_PORT: Final = 443
HTTP_PORT: Final = 80
LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be called: which name and port, and the very network address that was judged."""

    secure: bool
    host: str
    port: int
    path: str
    network: str


def fault(url: str, *, loopback: bool) -> str:
    """Say what is wrong with an address as written, or nothing: https, no name or password in it, a public host.

    loopback: whether this machine itself may be called, by http too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "webhook-address"
    host = parts.hostname or ""
    if not host or parts.username or parts.password or parts.fragment or port == 0:
        return "webhook-address"
    if host in LOOPBACK_NAMES:
        return "" if loopback and parts.scheme in {"http", "https"} else "webhook-inside"
    if parts.scheme != "https":
        return "webhook-not-secure"
    try:
        return "" if is_outside(host) else "webhook-inside"
    except ValueError:
        return "" if "." in host else "webhook-inside"


def is_outside(address: str) -> bool:
    """Say whether a network address lies in the public internet. Raises ValueError for what is no address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if inner is not None:
        found = inner
    return found.is_global and not found.is_multicast and not found.is_reserved


def resolve(url: str, *, loopback: bool) -> Target:
    """Look an address's name up and judge every answer; the connection then goes to the answer that was judged.

    Raises CarryError: for good when the address leads inside, to be tried again when the name is not known now.
    """
    wrong = fault(url, loopback=loopback)
    if wrong:
        raise CarryError(wrong, gone=True)
    parts = urlsplit(url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (HTTPS_PORT if secure else HTTP_PORT)
    try:
        answers = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise CarryError("name-unknown") from error
    inside = [one for one in answers if not is_outside(one)]
    at_home = loopback and host in LOOPBACK_NAMES and all(ipaddress.ip_address(one).is_loopback for one in inside)
    if inside and not at_home:
        raise CarryError("webhook-inside", gone=True)
    return Target(secure, host, port, _path(parts), answers[0])


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def signature(secret: str, seconds: int, body: bytes) -> str:
    """Sign a body at a time, ``t=…,v1=…``: what the receiver works out again.

    seconds: since 1970, in UTC. The HMAC-SHA-256, in hex, is of the seconds, a dot and the body as it is sent.
    """
    made = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={made}"


@dataclass(frozen=True, slots=True)
class WebhookCarrier:
    """POSTs to organisations' systems; follows no redirect, waits ten seconds at most."""

    loopback: bool = False

    def carry(self, parcel: Parcel) -> None:
        """Send one message as signed JSON; any answer of 2xx will do."""
        target = resolve(parcel.to, loopback=self.loopback)
        body = json.dumps(dict(parcel.data), ensure_ascii=False, sort_keys=True).encode()
        status = _post(
            target,
            body,
            {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "market-webhook/1",
                "X-Market-Delivery": parcel.name,
                "X-Market-Signature": signature(parcel.secret, int(parcel.at.timestamp()), body),
            },
        )
        if not http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES:
            raise CarryError(f"http-{status}", gone=status == GONE)


def _post(target: Target, body: bytes, headers: Mapping[str, str]) -> int:
    try:
        plain = socket.create_connection((target.network, target.port), TIMEOUT_SECONDS)
    except OSError as error:
        raise CarryError("timeout" if isinstance(error, TimeoutError) else "no-connection") from error
    # A receiver that drips its answer byte by byte never runs into the timeout of one read.
    watch = threading.Timer(MOST_SECONDS, _shut, [plain])
    watch.start()
    try:
        return _asked(target, plain, body, headers)
    except TimeoutError as error:
        raise CarryError("timeout") from error
    except ssl.SSLError as error:
        raise CarryError("tls") from error
    except (OSError, http.client.HTTPException) as error:
        raise CarryError("no-answer") from error
    finally:
        watch.cancel()
        plain.close()


def _asked(target: Target, plain: socket.socket, body: bytes, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(target.host, target.port, timeout=TIMEOUT_SECONDS)
    sock = plain
    if target.secure:
        sock = ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
    connection.sock = sock
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()
        sock.close()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def of_organisation(session: Session, org_id: int) -> Webhook | None:
    """Return where an organisation's system is called, if anywhere."""
    return session.scalars(select(Webhook).where(Webhook.org_id == org_id)).one_or_none()


def set_address(work: Work, org_id: int, url: str, *, loopback: bool = False) -> str:
    """Set where an organisation's system is called; return the new key, which is shown this once.

    Raises NotFound, Forbidden, Invalid for an address that must not be called.
    """
    work.require(POLICY, "organisation:manage", queries.organisation(work.session, org_id))
    wrong = fault(url, loopback=loopback)
    if wrong:
        raise Invalid(wrong, field="url")
    secret = random_source.token_urlsafe(KEY_BYTES)
    row = of_organisation(work.session, org_id)
    if row is None:
        work.add(Webhook(org_id=org_id, url=url, secret=secret, set_at=work.clock.now()), "webhook.set")
    else:
        row.url, row.secret, row.set_at = url, secret, work.clock.now()
        work.record(row, "webhook.set")
    return secret


def drop(work: Work, org_id: int) -> None:
    """Call an organisation's system no more. Raises NotFound, Forbidden."""
    work.require(POLICY, "organisation:manage", queries.organisation(work.session, org_id))
    row = of_organisation(work.session, org_id)
    if row is None:
        raise NotFound("webhook-not-set")
    work.record(row, "webhook.dropped")
    work.session.delete(row)
