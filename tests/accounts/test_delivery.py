"""Messages leave the house once each, by the ways chosen, after the commit, and never to a place inside."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from accounts import channels, delivery, mail, messages, preferences, stops, webhooks
from accounts.channels import CarryError, FolderCarrier, MailCarrier, Parcel
from accounts.messages import Aim
from accounts.models import Delivery, DeliveryState, Message, Organisation, User
from accounts.preferences import Wishes
from accounts.telling import Channel
from accounts.webhooks import WebhookCarrier
from core import outbox
from core.access import Actor, MemberRole
from core.clock import FixedClock
from core.errors import Invalid, NotFound
from core.work import Works
from tests.accounts.outside import called_system, mail_server
from tests.accounts.people import People

WIRING = {messages.TOLD: [delivery.plan]}
LOOPBACK = WebhookCarrier(loopback=True)


@pytest.fixture(autouse=True)
def _ways(tmp_path: Path) -> Iterator[None]:
    kept = dict(mail._settings), dict(channels._carriers)
    mail.configure(mail.FolderPost(tmp_path / "mail"))
    carriers: dict[Channel, channels.Carrier] = {Channel.MAIL: MailCarrier(), Channel.WEBHOOK: LOOPBACK}
    channels.configure({**carriers, Channel.SMS: FolderCarrier(tmp_path / "sms")}, "https://market.example")
    yield
    mail._settings.update(kept[0])
    channels._carriers.update(kept[1])


def actor_of(org: Organisation, user: User) -> Actor:
    return Actor(user.id, org.id, org.kind, MemberRole.MANAGER, org.town_code)


def tell(works: Works, org: Organisation, code: str = "contract-to-sign", **more: object) -> None:
    with works.system() as work:
        messages.tell(work, org.id, code, "/contracts/1", need="桥", **more)  # type: ignore[arg-type]  # its own words


def leave(works: Works) -> int:
    """Relay, then send what is due."""
    outbox.relay(works, WIRING)
    return delivery.flush(works)


def ledger(works: Works) -> list[tuple[str, str, str | None]]:
    with works.reading() as work:
        rows = work.session.scalars(select(Delivery).order_by(Delivery.id))
        return [(str(row.channel), str(row.state), row.last_error) for row in rows]


def mails(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted((folder / "mail").glob("*.eml"))]


def test_what_is_to_do_goes_by_mail_and_sms_at_once(works: Works, people: People, tmp_path: Path) -> None:
    org = people.organisation()
    user = people.person(org)
    tell(works, org)
    assert leave(works) == 2
    assert ledger(works) == [("mail", "sent", None), ("sms", "sent", None)]
    found = message_from_string(mails(tmp_path)[0], policy=policy.default)
    assert (found["To"], found["List-Unsubscribe-Post"]) == (user.email, "List-Unsubscribe=One-Click")
    assert found["List-Unsubscribe"].strip() == f"<https://market.example{stops.mail_path(user.id)}>"
    assert "https://market.example/contracts/1" in found.get_content()
    sms = json.loads(next((tmp_path / "sms").glob("*.json")).read_text())
    assert sms["to"] == user.mobile
    assert len(sms["text"]) <= channels.SMS_LENGTH


def test_a_message_leaves_once_however_often_it_is_tried(works: Works, people: People, tmp_path: Path) -> None:
    org = people.organisation()
    people.person(org)
    tell(works, org, unique_key="sign-1")
    tell(works, org, unique_key="sign-1")
    with works.reading() as work:
        ids = list(work.session.scalars(select(Message.id)))
    for _ in range(2):
        with works.system() as work:
            delivery.plan(work, {"ids": ids})
    assert (leave(works), leave(works)) == (2, 0)
    assert len(mails(tmp_path)) == 1


def test_nothing_leaves_before_the_commit_or_when_it_fails(works: Works, people: People, tmp_path: Path) -> None:
    org = people.organisation()
    people.person(org)
    with works.system() as work:
        messages.tell(work, org.id, "contract-to-sign", "/contracts/1", need="桥")
        work.session.flush()
        assert work.session.scalar(select(Delivery.id)) is None
        work.session.rollback()
        work.events.clear()
    assert leave(works) == 0
    assert mails(tmp_path) == []


def test_what_is_to_know_comes_in_one_mail_in_the_morning(
    works: Works, people: People, clock: FixedClock, tmp_path: Path
) -> None:  # fmt: skip
    org = people.organisation()
    people.person(org)
    for code in ("contract-settled", "contract-revised"):
        tell(works, org, code)
    assert leave(works) == 0
    clock.advance(timedelta(hours=22, minutes=29))
    assert delivery.flush(works) == 0
    clock.advance(timedelta(minutes=1))
    assert delivery.flush(works) == 2
    (summary,) = mails(tmp_path)
    found = message_from_string(summary, policy=policy.default)
    assert found["Subject"] == "莞中介：2 条消息"
    assert "结算金额已登记" in found.get_content()
    assert "合同金额有改动" in found.get_content()


def test_quiet_hours_hold_sms_back_and_urgent_ones_pass(works: Works, people: People, clock: FixedClock) -> None:
    org = people.organisation()
    user = people.person(org)
    with works.writing(actor_of(org, user)) as work:
        preferences.choose(work, Wishes(("sms",), ("sms",)))
    clock.advance(timedelta(hours=13))
    tell(works, org)
    tell(works, org, "registration-suspended")
    assert leave(works) == 1
    assert ledger(works) == [("sms", "waiting", None), ("sms", "sent", None)]
    clock.advance(timedelta(hours=9))
    assert delivery.flush(works) == 1


def test_what_was_done_or_is_no_longer_wanted_is_not_sent(works: Works, people: People, clock: FixedClock) -> None:
    org = people.organisation()
    user = people.person(org)
    tell(works, org)
    outbox.relay(works, WIRING)
    with works.writing(actor_of(org, user)) as work:
        messages.settle(work, org.id, "/contracts/1")
    assert delivery.flush(works) == 0
    tell(works, org)
    outbox.relay(works, WIRING)
    with works.system() as work:
        preferences.stop_mail(work, user.id)
    assert delivery.flush(works) == 1
    tell(works, org, "result-delivered", no=1)
    outbox.relay(works, WIRING)
    clock.advance(timedelta(days=8))
    assert delivery.flush(works) == 0
    assert [error for _channel, _state, error in ledger(works)] == ["done", "done", "not-chosen", None]


def test_a_message_for_one_person_reaches_that_person_alone(works: Works, people: People, tmp_path: Path) -> None:
    org = people.organisation()
    mine, _other = people.person(org), people.person(org)
    aim = Aim(mine.id, "instant", "/searches/stop/1-x")
    with works.system() as work:
        messages.tell(work, org.id, "search-matched", "/needs/1", aim=aim, search="环评", need="桥", until="03-20")
    assert leave(works) == 1
    found = message_from_string(mails(tmp_path)[0], policy=policy.default)
    assert (found["To"], found["List-Unsubscribe"]) == (mine.email, "<https://market.example/searches/stop/1-x>")


def test_a_mail_goes_out_by_smtp_and_is_tried_again_when_refused(
    works: Works, people: People, clock: FixedClock
) -> None:  # fmt: skip
    org = people.organisation()
    user = people.person(org)
    with works.writing(actor_of(org, user)) as work:
        preferences.choose(work, Wishes(("mail",), ()))
    with mail_server() as outside:
        mail.configure(mail.SmtpPost(f"smtp://127.0.0.1:{outside.port}"))
        outside.answers.append(451)
        tell(works, org)
        assert leave(works) == 0
        assert ledger(works) == [("mail", "waiting", "SMTPRecipientsRefused")]
        assert delivery.flush(works) == 0
        clock.advance(timedelta(minutes=2))
        assert delivery.flush(works) == 1
        assert len(outside.mails) == 1
        assert str(user.email) in outside.mails[0]
    assert ledger(works) == [("mail", "sent", None)]


def hooked(works: Works, people: People, port: int) -> tuple[Organisation, str]:
    """Set an organisation's system up, with a member whom nothing else reaches."""
    org = people.organisation()
    user = people.person(org)
    with works.writing(actor_of(org, user)) as work:
        preferences.choose(work, Wishes((), ()))
        return org, webhooks.set_address(work, org.id, f"http://127.0.0.1:{port}/market?a=1", loopback=True)


def test_a_system_is_called_with_a_signature_it_can_work_out(works: Works, people: People, clock: FixedClock) -> None:
    with called_system() as outside:
        org, secret = hooked(works, people, outside.port)
        outside.answers += [500, 302]
        tell(works, org)
        assert leave(works) == 0
        for _ in range(2):
            clock.advance(timedelta(minutes=5))
            delivery.flush(works)
        assert ledger(works) == [("webhook", "sent", None)]
        assert len(outside.calls) == 3
    headers, body = outside.calls[-1]
    seconds, _comma, mark = headers["X-Market-Signature"].removeprefix("t=").partition(",v1=")
    assert mark == hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert int(seconds) == int(clock.now().timestamp())
    assert len({one["X-Market-Delivery"] for one, _body in outside.calls}) == 1
    told = json.loads(body)
    assert (told["code"], told["is_todo"], told["url"]) == (
        "contract-to-sign",
        True,
        "https://market.example/contracts/1",
    )
    assert "桥" in told["text"]


@pytest.mark.parametrize(("answer", "state"), [(410, "failed"), (404, "waiting")])
def test_a_system_that_is_gone_is_called_no_more(works: Works, people: People, answer: int, state: str) -> None:
    with called_system() as outside:
        org, _secret = hooked(works, people, outside.port)
        outside.answers.append(answer)
        tell(works, org)
        assert leave(works) == 0
    assert ledger(works) == [("webhook", state, f"http-{answer}")]


def test_a_delivery_that_never_succeeds_is_given_up(works: Works, people: People, clock: FixedClock) -> None:
    with called_system() as outside:
        org, _secret = hooked(works, people, outside.port)
    tell(works, org)
    leave(works)
    for _ in range(delivery.MOST_TRIES):
        clock.advance(timedelta(hours=7))
        delivery.flush(works)
    assert ledger(works) == [("webhook", "failed", "no-connection")]


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("https://hooks.example.cn/market", ""), ("http://hooks.example.cn/", "webhook-not-secure"),
        ("ftp://hooks.example.cn/", "webhook-not-secure"), ("https://10.1.2.3/", "webhook-inside"),
        ("https://192.168.1.1:8443/", "webhook-inside"), ("https://169.254.169.254/latest", "webhook-inside"),
        ("https://[::ffff:10.0.0.1]/", "webhook-inside"), ("https://[fd00::1]/", "webhook-inside"),
        ("https://[2002:7f00:1::]/", "webhook-inside"), ("https://100.64.0.1/", "webhook-inside"),
        ("https://0.0.0.0/", "webhook-inside"), ("https://224.0.0.1/", "webhook-inside"),
        ("https://intranet/", "webhook-inside"), ("https://localhost/", "webhook-inside"),
        ("http://127.0.0.1:6379/", "webhook-inside"), ("https://a:b@hooks.example.cn/", "webhook-address"),
        ("https:///nowhere", "webhook-address"), ("https://hooks.example.cn:99999/", "webhook-address"),
    ],
)  # fmt: skip
def test_no_address_inside_is_called(url: str, wrong: str) -> None:
    assert webhooks.fault(url, loopback=False) == wrong


@pytest.mark.parametrize("answer", ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "fe80::1"])
def test_a_public_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """The name server is the outside world: one of its answers points into our network."""
    found = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (answer, 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_words, **_more: found)
    with pytest.raises(CarryError, match="webhook-inside") as refusal:
        webhooks.resolve("https://hooks.example.cn/", loopback=True)
    assert refusal.value.gone
    monkeypatch.setattr("socket.getaddrinfo", lambda *_words, **_more: found[:1])
    assert webhooks.resolve("https://hooks.example.cn/x?y=1", loopback=False).network == "93.184.216.34"


def test_a_loopback_system_is_not_called_where_that_is_off(clock: FixedClock) -> None:
    with pytest.raises(CarryError, match="webhook-inside"):
        WebhookCarrier(loopback=False).carry(Parcel("d1", "http://127.0.0.1:9/", clock.now(), "", ""))


def test_only_a_manager_sets_a_proper_address(works: Works, people: People) -> None:
    org = people.organisation()
    user = people.person(org)
    with works.writing(actor_of(org, user)) as work, pytest.raises(Invalid, match="webhook-inside"):
        webhooks.set_address(work, org.id, "https://10.0.0.1/")
    with works.writing(actor_of(org, user)) as work, pytest.raises(NotFound, match="webhook-not-set"):
        webhooks.drop(work, org.id)


@pytest.mark.parametrize("given", ["", "7", "7-", "x-y", "7-" + "0" * 40, "8-{mark}"])
def test_a_stop_link_nobody_signed_is_unknown(works: Works, given: str) -> None:
    assert works
    mark = stops.token(stops.MAIL, 7).partition("-")[2]
    assert stops.subject_of(stops.MAIL, stops.token(stops.MAIL, 7)) == 7
    with pytest.raises(NotFound, match="stop-unknown"):
        stops.subject_of(stops.MAIL, given.format(mark=mark))
    with pytest.raises(NotFound):
        stops.subject_of("stop-search", stops.token(stops.MAIL, 7))


def test_the_summary_of_fifty_says_how_many_are_left(
    works: Works, people: People, clock: FixedClock, tmp_path: Path
) -> None:
    org = people.organisation()
    people.person(org)
    with works.system() as work:
        for number in range(53):
            messages.tell(work, org.id, "contract-settled", f"/contracts/{number}", need=f"桥{number}")
    outbox.relay(works, WIRING)
    clock.advance(timedelta(days=1))
    assert delivery.flush(works) == 53
    assert "还有 3 条" in message_from_string(mails(tmp_path)[0], policy=policy.default).get_content()
    with works.reading() as work:
        assert set(work.session.scalars(select(Delivery.state))) == {DeliveryState.SENT}
