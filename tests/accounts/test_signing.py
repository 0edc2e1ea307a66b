"""Sign-ins, throttles, codes, resets and tokens on a real database."""

import statistics
import time
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import func, select

from accounts import factors, mail, passwords, queries, reset, signing, tokens
from accounts.commands import MakeToken
from accounts.models import ApiToken, Mail, SignIn, User
from accounts.service import add_membership
from accounts.viewer import Viewer, by_bearer, by_cookie
from core import outbox
from core.access import Actor, MemberRole, OrgKind
from core.clock import FixedClock
from core.errors import DomainError, Forbidden, Invalid, NotFound, TooMany
from core.work import Works
from tests.accounts.people import PASSWORD, People

HERE = "203.0.113.7"
WIRING: outbox.Wiring = {
    "password-reset.asked": [reset.mail_link],
    "membership.began": [reset.mail_invitation],
    "mail.queued": [mail.send_mail],
}


def attempt(works: Works, identifier: str, password: str = PASSWORD, network: str = HERE) -> str | None:
    """Try to sign in as the pages do. Raises TooMany."""
    with works.system() as work:
        begun = signing.begin(work, identifier, network)
    signing.refuse_waiting(begun)
    if not signing.matches(begun, password):
        return None
    with works.system() as work:
        return signing.succeed(work, begun, password)


def seen(works: Works, token: str) -> Viewer | None:
    with works.reading() as work:
        return by_cookie(work, token)


def test_number_and_address_both_sign_in(works: Works, people: People) -> None:
    user = people.person(people.organisation())
    for name in (user.mobile, user.email, f" {(user.email or '').upper()} "):
        token = attempt(works, name or "")
        viewer = seen(works, token or "")
        assert viewer
        assert viewer.actor.user_id == user.id
        assert viewer.org_name


def test_the_sixth_try_waits_also_for_a_name_nobody_has(works: Works, people: People, clock: FixedClock) -> None:
    known = people.person(None).mobile or ""
    for name in (known, "13700000000"):
        for number in range(5):
            assert attempt(works, name, "wrong password", f"198.51.{number}.{len(name)}") is None
        with pytest.raises(TooMany) as refused:
            attempt(works, name, PASSWORD, "198.51.200.1")
        assert refused.value.code == "sign-in-waits"
        assert refused.value.facts["retry_after"] == 15
    clock.advance(timedelta(seconds=15))
    assert attempt(works, known) is not None
    assert attempt(works, known, "wrong password") is None, "a success begins the count anew"


def test_tries_at_once_count_as_many(works: Works, people: People) -> None:
    user = people.person(None)
    with works.system() as work:
        begun = [signing.begin(work, user.mobile or "", HERE) for _ in range(8)]
    assert [one.wait_seconds for one in begun] == [0, 0, 0, 0, 0, 15, 15, 15]


def test_a_hundred_failures_stop_the_account_until_a_reset(works: Works, people: People, clock: FixedClock) -> None:
    user = people.person(None)
    for number in range(100):
        clock.advance(timedelta(minutes=16))
        assert attempt(works, user.mobile or "", "wrong password", f"198.51.{number}.1") is None
    clock.advance(timedelta(days=1))
    with pytest.raises(TooMany) as refused:
        attempt(works, user.mobile or "")
    assert refused.value.code == "sign-in-stopped"
    with works.system() as work:
        token = reset.make_token(work, work.session.get_one(User, user.id), reset.LIFE)
    with works.system() as work:
        reset.set_password(work, token, "一个全新的很长的密码")
    assert attempt(works, user.mobile or "", "一个全新的很长的密码") is not None


def test_a_network_that_guesses_many_names_waits(works: Works, people: People) -> None:
    user = people.person(None)
    for number in range(20):
        assert attempt(works, f"1370000{number:04d}", "wrong password") is None
    with pytest.raises(TooMany):
        attempt(works, user.mobile or "", network="203.0.113.200")
    assert attempt(works, user.mobile or "", network="203.0.114.1") is not None


def test_unknown_and_known_names_take_the_same_time(works: Works, people: People) -> None:
    user = people.person(None)
    passwords.nobodys_hash()

    def seconds(name: str) -> float:
        with works.reading() as work:
            found = queries.find_person(work.session, name)
        begun = signing.Attempt(found.id if found else None, found.password_hash if found else None, "", "")
        start = time.process_time()
        assert not signing.matches(begun, "wrong password")
        return time.process_time() - start

    pairs = [(seconds(user.mobile or ""), seconds("13700000000")) for _ in range(9)]
    known, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert unknown > 0.5 * known, "a stranger's name skips the hash"
    assert abs(known - unknown) < max(0.005, 0.5 * known)


def test_a_sign_in_idles_out_after_half_an_hour_and_ends_after_twelve(
    works: Works, people: People, clock: FixedClock
) -> None:
    token = people.token(people.person(people.organisation()))
    clock.advance(timedelta(minutes=29))
    viewer = seen(works, token)
    assert viewer
    assert viewer.seen_long_ago
    assert viewer.sign_in_id
    with works.system() as work:
        signing.touch(work, viewer.sign_in_id)
    clock.advance(timedelta(minutes=29))
    assert seen(works, token)
    clock.advance(timedelta(minutes=1))
    assert seen(works, token) is None
    other = people.token(people.person(None))
    for _ in range(36):
        clock.advance(timedelta(minutes=20))
        with works.system() as work:
            row = work.session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
            signing.touch(work, row.id)
    assert seen(works, other) is None


def test_signing_out_everywhere_ends_all_but_this_one(works: Works, people: People) -> None:
    user = people.person(None)
    here, there = people.token(user), people.token(user)
    viewer = seen(works, here)
    with works.writing(viewer.actor) as work:
        signing.sign_out_everywhere(work, user.id, but=viewer.sign_in_id)
    assert seen(works, here)
    assert seen(works, there) is None


def test_nobody_ends_anothers_sign_in(works: Works, people: People) -> None:
    mine, theirs = people.person(None), people.person(None)
    other = seen(works, people.token(theirs))
    with pytest.raises(NotFound), works.writing(Actor(user_id=mine.id)) as work:
        signing.end_sign_in(work, other.sign_in_id or 0)
    with pytest.raises(Forbidden), works.writing(Actor(user_id=mine.id)) as work:
        signing.sign_out_everywhere(work, theirs.id)


def test_switching_needs_a_membership_and_changes_the_cookie(works: Works, people: People) -> None:
    first, second, foreign = people.organisation(), people.organisation(OrgKind.AGENCY), people.organisation()
    user = people.person(first)
    with works.system() as work:
        add_membership(work, second.id, user.id, role=MemberRole.DELEGATE)
    token = people.token(user)
    viewer = seen(works, token)
    assert viewer.org_id == first.id
    with works.writing(viewer.actor) as work:
        new = signing.switch_organisation(work, viewer.sign_in_id or 0, user.id, second.id)
    assert seen(works, token) is None
    assert seen(works, new).actor.org_kind is OrgKind.AGENCY
    with pytest.raises(Forbidden), works.writing(viewer.actor) as work:
        signing.switch_organisation(work, viewer.sign_in_id or 0, user.id, foreign.id)


def test_a_code_is_refused_a_second_time_with_spaces_too(works: Works, people: People, clock: FixedClock) -> None:
    user = people.person(None)
    people.second_factor(user)
    code = people.code()
    results = []
    for typed in (code, code, f"{code[:3]} {code[3:]}"):
        with works.system() as work:
            results.append(factors.check(work, user.id, typed).ok)
    assert results == [True, False, False]
    clock.advance(timedelta(seconds=30))
    with works.system() as work:
        assert factors.check(work, user.id, people.code()).ok


def test_wrong_codes_run_out(works: Works, people: People) -> None:
    user = people.person(None)
    people.second_factor(user)
    for _ in range(5):
        with works.system() as work:
            assert factors.check(work, user.id, "000000" if people.code() != "000000" else "000001").wait_seconds == 0
    with works.system() as work:
        checked = factors.check(work, user.id, people.code())
    assert not checked.ok
    with pytest.raises(TooMany):
        factors.refuse_unchecked(checked)


def test_staff_without_a_second_factor_act_for_nobody(works: Works, people: People) -> None:
    for kind in (
        OrgKind.TOWN_OPERATOR,
        OrgKind.CITY_OPERATOR,
        OrgKind.PRICE_REGULATOR,
        OrgKind.ADMINISTRATION,
        OrgKind.DEPARTMENT,
    ):
        user = people.person(people.organisation(kind))
        viewer = seen(works, people.token(user))
        assert viewer.needs_second_factor
        assert viewer.actor.org_id is None
        assert viewer.actor.org_kind is None
        viewer = seen(works, people.token(user, second_factor=True))
        assert not viewer.needs_second_factor
        assert viewer.actor.org_kind is kind


def test_a_colleague_clears_a_lost_second_factor(works: Works, people: People) -> None:
    office = people.organisation(OrgKind.TOWN_OPERATOR)
    manager, other = people.person(office), people.person(office)
    people.second_factor(other)
    signed_in = people.token(other, second_factor=True)
    with works.reading() as work:
        seats = {seat.user.id: seat.membership.id for seat in queries.seats_of_organisation(work.session, office.id)}
    with works.reading() as work:
        actor = by_cookie(work, people.token(manager, second_factor=True)).actor
    with pytest.raises(Forbidden), works.writing(actor) as work:
        factors.clear(work, seats[manager.id])
    with works.writing(actor) as work:
        factors.clear(work, seats[other.id])
    assert seen(works, signed_in) is None
    with works.reading() as work:
        assert work.session.get_one(User, other.id).totp_secret is None


def ask_reset(works: Works, name: str) -> None:
    with works.system() as work:
        reset.ask(work, name, HERE, site="https://market.example", locale="zh_Hans_CN")


def test_a_reset_goes_by_mail_and_works_once(works: Works, people: People, clock: FixedClock, tmp_path: Path) -> None:
    user = people.person(None)
    signed_in = people.token(user)
    mail.configure(mail.FolderPost(tmp_path / "mail"))
    ask_reset(works, user.mobile or "")
    while outbox.relay(works, WIRING):
        pass
    (letter,) = (tmp_path / "mail").glob("*.eml")
    message = message_from_bytes(letter.read_bytes(), policy=policy.default)
    assert message["To"] == user.email
    assert message["Subject"] == "莞中介：设置新密码"
    token = message.get_content().split("https://market.example/password-reset/")[1].split()[0]
    with pytest.raises(Invalid), works.system() as work:
        reset.set_password(work, token, "short")
    with works.system() as work:
        reset.set_password(work, token, "早上八点的莲花山很静")
    with pytest.raises(NotFound), works.system() as work:
        reset.set_password(work, token, "早上九点的莲花山很静")
    assert seen(works, signed_in) is None
    assert attempt(works, user.mobile or "") is None
    assert attempt(works, user.mobile or "", "早上八点的莲花山很静") is not None


def test_a_reset_ends_after_half_an_hour_and_by_the_next_one(works: Works, people: People, clock: FixedClock) -> None:
    user = people.person(None)
    with works.system() as work:
        row = work.session.get_one(User, user.id)
        earlier, later = reset.make_token(work, row, reset.LIFE), reset.make_token(work, row, reset.LIFE)
    with pytest.raises(NotFound), works.reading() as work:
        reset.live_token(work, earlier)
    clock.advance(timedelta(minutes=29))
    with works.reading() as work:
        assert reset.live_token(work, later).user_id == user.id
    clock.advance(timedelta(minutes=1))
    with pytest.raises(NotFound), works.reading() as work:
        reset.live_token(work, later)


def test_a_reset_for_nobody_sends_nothing_and_asking_often_waits(works: Works) -> None:
    for _ in range(5):
        ask_reset(works, "13700000000")
    with pytest.raises(TooMany):
        ask_reset(works, "13700000000")
    while outbox.relay(works, WIRING):
        pass
    with works.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_a_mail_that_cannot_go_is_kept_and_tried_again(
    works: Works, people: People, clock: FixedClock, tmp_path: Path
) -> None:
    blocked = tmp_path / "mail"
    blocked.write_text("a file where the folder should be")
    mail.configure(mail.FolderPost(blocked))
    with works.system() as work:
        mail.queue(work, "a@example.com", "题", "文")
    outbox.relay(works, WIRING)
    blocked.unlink()
    outbox.relay(works, WIRING)
    assert not blocked.exists()
    clock.advance(timedelta(minutes=5))
    outbox.relay(works, WIRING)
    assert [one.name for one in blocked.glob("*.eml")] == ["00000001.eml"]


def make_token(works: Works, user: User, org_id: int | None, **changes: object) -> str:
    terms = {"label": "系统", "scopes": ("read",), "days": 30, "password": "", **changes}
    with works.writing(Actor(user_id=user.id)) as work:
        return tokens.make(work, user.id, MakeToken(**terms), org_id=org_id, second_factor=False)[1]  # type: ignore[arg-type]


def test_a_token_acts_within_its_scopes_until_it_ends(works: Works, people: People, clock: FixedClock) -> None:
    org = people.organisation()
    user = people.person(org)
    token = make_token(works, user, org.id)
    with works.reading() as work:
        viewer = by_bearer(work, token)
    assert viewer.by_api
    assert viewer.actor.scopes == {"read"}
    assert viewer.actor.org_id == org.id
    clock.advance(timedelta(days=30))
    with works.reading() as work:
        assert by_bearer(work, token) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"days": 366}, "days-range"), ({"days": 0}, "days-range"), ({"scopes": ()}, "scopes-missing")],
)
def test_a_token_out_of_range_is_not_made(works: Works, people: People, changes: dict[str, object], code: str) -> None:
    org = people.organisation()
    with pytest.raises(DomainError) as refused:
        make_token(works, people.person(org), org.id, **changes)
    assert refused.value.code == code


def test_a_token_needs_membership_and_staff_need_the_second_factor(works: Works, people: People) -> None:
    office, foreign = people.organisation(OrgKind.CITY_OPERATOR), people.organisation()
    user = people.person(office)
    for org, code in ((office, "second-factor-required"), (foreign, "not-a-member")):
        with pytest.raises(Forbidden) as refused:
            make_token(works, user, org.id)
        assert refused.value.code == code


def test_only_its_owner_revokes_a_token_and_a_reset_revokes_all(works: Works, people: People) -> None:
    org = people.organisation()
    user, other = people.person(org), people.person(org)
    first, second = make_token(works, user, org.id), make_token(works, user, org.id)
    with works.reading() as work:
        first_id = work.session.scalars(select(ApiToken.id).order_by(ApiToken.id)).all()[0]
    with pytest.raises(NotFound), works.writing(Actor(user_id=other.id)) as work:
        tokens.revoke(work, first_id)
    with works.writing(Actor(user_id=user.id)) as work:
        tokens.revoke(work, first_id)
    with works.reading() as work:
        assert by_bearer(work, first) is None
        assert by_bearer(work, second) is not None
    with works.system() as work:
        reset.set_password(
            work, reset.make_token(work, work.session.get_one(User, user.id), reset.LIFE), "一个全新的很长的密码"
        )
    with works.reading() as work:
        assert by_bearer(work, second) is None
