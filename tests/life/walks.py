"""Ways through the models on which a planted fault must show, step by step, each step judged as in a random life.

A random life comes across every one of these sooner or later; walking there makes it sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.money import Money
from marketplace.complaints.lifecycle import Aspect, Remedy
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind
from marketplace.frameworks.lifecycle import Entry, Way
from tests.life.framework import Agreement
from tests.life.lots import Lots
from tests.life.machine import Life

Step = Callable[[Any], None]


def opened(method: str) -> Step:
    """Go to the opening of three quotes, and of the list where it is ranked at once."""

    def go(life: Life) -> None:
        life.begin(method)
        life.crowd(1, 3)
        life.wait(240)

    return go


def chosen(life: Life) -> None:
    """Choose whoever stands first."""
    if not life.is_scored:
        life.score(0, some=False)
    life.choose(0)


def complained(life: Life) -> None:
    """Let the last of the quotes complain of the result, and the complaint be taken up."""
    opened("lowest")(life)
    chosen(life)
    life.complain(2, Aspect.RESULT, 0)
    life.judge(0, "city", back=False)


def upheld(life: Life) -> None:
    """Let the complaint be upheld: the next shall follow."""
    complained(life)
    life.reply(0, 1)
    life.decide(0, "city", "uphold", Remedy.NEXT)


def signed(life: Life) -> None:
    """Go to the start of the service."""
    opened("lowest")(life)
    chosen(life)
    life.wait(240)
    life.sign("enterprise")
    life.sign("agency")


def ran_out(life: Life) -> None:
    """Hand a result in when the certificate ran out during the service, then with a new one."""
    life.begin("lowest", 25)
    life.crowd(1, 3)
    life.wait(240)
    chosen(life)
    life.wait(240)
    life.sign("enterprise")
    life.sign("agency")
    life.wait(240)
    assert life.holder in life.lapsed
    life.deliver("agency")
    life.renew(0)
    life.deliver("agency")


def paid(life: Life) -> None:
    """Go to the settlement."""
    signed(life)
    life.deliver("agency")
    life.accept()
    life.pay(0)


def admitted(way: Way, total: Money | None = None, entry: Entry = Entry.PRICE) -> Step:
    """Go to a panel of three in public."""

    def go(life: Agreement) -> None:
        life.begin(way, total, entry)
        life.quote_all(1, 6 if entry is Entry.CREDIT else 5)
        life.wait(240)
        life.admit()

    return go


def in_force(way: Way, total: Money | None = None) -> Step:
    """Go to a panel of three in force."""

    def go(life: Agreement) -> None:
        admitted(way, total)(life)
        life.wait(240)

    return go


def panel_suspended(life: Agreement) -> None:
    """Let a member and another complain of a panel, and the first complaint be taken up."""
    admitted(Way.ROTATION)(life)
    life.complain(2, Aspect.RESULT, 0)
    life.complain(1, Aspect.RESULT, 0)
    life.judge(0, "city", back=False)


def answered(life: Agreement) -> None:
    """Call off by points, and let the whole panel hand in proposals that are all scored."""
    in_force(Way.MERIT)(life)
    life.call(0, 0)
    for place in life.members:
        life.answer(place, 4 - place)
    life.wait(240)
    life.score(0, some=False)


def lots(most: int) -> Step:
    """Go to the opening of three lots of which an agency may win so many."""

    def go(life: Lots) -> None:
        life.begin(most)
        life.quote_all(1)
        life.wait(240)

    return go


def bids_by(cut: int) -> Step:
    """Go to the first round, lower a price near its end by so many thousandths, and bid again late in the second."""

    def go(life: Life) -> None:
        opened("rounds")(life)
        life.tick(1)
        life.tick(130)
        life.bid(0, cut)
        life.tick(232)
        life.bid(1, 50)

    return go


def then(first: Step, *steps: Step) -> Step:
    """Go on from one point step by step, and see after each that everything holds."""

    def go(life: Any) -> None:
        first(life)
        life.see()
        for step in steps:
            step(life)
            life.see()

    return go


WAITS: Step = lambda life: life.wait(240)  # noqa: E731 - a step like the others
MERIT = then(opened("merit"), chosen)
SUSPENDED = then(complained, *[WAITS] * 4)
UNJUDGED = then(opened("lowest"), chosen, lambda life: life.complain(2, Aspect.RESULT, 0), WAITS)
APPEALED = then(
    upheld, lambda life: life.appeal(0, "complainant"), lambda life: life.appeal(0, "enterprise"),
    lambda life: life.review(0, "city", "overturn", Remedy.NONE),
    lambda life: life.review(0, "above", "overturn", Remedy.NONE),
)  # fmt: skip
CARRIED_OUT = then(upheld, WAITS, WAITS)
TOO_LATE = then(opened("lowest"), chosen, WAITS, lambda life: life.complain(2, Aspect.RESULT, 0))
SIGNED_ALONE = then(
    signed,
    lambda life: life.propose("agency", AmendmentKind.PRICE, 1),
    lambda life: life.answer_change("agency", "sign"),
)
LEFT_OPEN = then(
    signed, lambda life: life.deliver("agency"), lambda life: life.accept(),
    lambda life: life.propose("agency", AmendmentKind.PRICE, 1), lambda life: life.pay(0),
)  # fmt: skip
UNANSWERED = then(paid, WAITS)
RATED = then(paid, lambda life: life.rate("agency"))
ASKED = then(lambda life: life.begin("lowest"), lambda life: life.ask(0, 0), lambda life: life.call_off(0))
CONFIRMED = then(
    lambda life: life.begin("lowest"), lambda life: life.quote(0, 1), lambda life: life.amend(0, 20),
    lambda life: life.confirm(0), WAITS,
)  # fmt: skip
TAKEN_BACK = then(
    lambda life: life.begin("lowest"), lambda life: life.quote(0, 1), lambda life: life.withdraw(0), WAITS
)
PAUSED = then(
    signed, lambda life: life.ask_pause("agency", Cause.ENTERPRISE),
    lambda life: life.answer_pause("enterprise", agrees=True),
)  # fmt: skip
TOO_EARLY = then(opened("lowest"), chosen, lambda life: life.sign("enterprise"))
NOT_FIT = then(opened("lowest"), lambda life: life.suspend_agency(0, 0), lambda life: life.choose(0))
UNSIGNED = then(
    opened("lowest"), chosen, WAITS, lambda life: life.suspend_agency(life.holder, 0),
    lambda life: life.sign("enterprise"), lambda life: life.let_in(life.holder), lambda life: life.sign("agency"),
)  # fmt: skip
DECLINED = then(opened("lowest"), chosen, lambda life: life.decline(0))
LIMITED = then(lots(1), *[lambda life: life.go_on(0)] * 3)
OUT_OF_TURN = then(lots(1), lambda life: life.choose(1, 0))
TURNS = then(
    in_force(Way.ROTATION), *[lambda life: life.call(0, 0)] * 3, lambda life: life.decline(0, 0)
)  # fmt: skip
LEAVERS = then(
    in_force(Way.ROTATION), lambda life: life.call(0, 0), lambda life: life.leave(1, by_owner=False, chance=0),
    lambda life: life.decline(0, 0),
)  # fmt: skip
SMALL = then(
    lambda life: life.begin(Way.PRICE, None), lambda life: life.quote_all(1, 3), WAITS, lambda life: life.admit()
)
NEWCOMERS = then(admitted(Way.ROTATION, entry=Entry.CREDIT))
NO_CAP = then(panel_suspended, *[WAITS] * 4)
FALLEN_AWAY = then(
    panel_suspended, lambda life: life.reply(0, 1), lambda life: life.decide(0, "city", "uphold", Remedy.RERUN),
    lambda life: life.appeal(0, "enterprise"), lambda life: life.review(0, "above", "overturn", Remedy.NONE),
)  # fmt: skip
FALLS = then(
    panel_suspended, lambda life: life.reply(0, 1), lambda life: life.decide(0, "city", "uphold", Remedy.RERUN),
    WAITS, WAITS,
)  # fmt: skip
NOTICE_FIRST = then(
    lambda life: life.begin(Way.ROTATION, None), lambda life: life.quote_all(1, 5), WAITS,
    lambda life: life.complain(1, Aspect.NOTICE, 0), lambda life: life.judge(0, "city", back=False),
    lambda life: life.admit(),
)  # fmt: skip
PROPOSALS = then(answered, lambda life: life.choose(0), lambda life: life.decline(0, 0))
TOTAL = then(in_force(Way.ROTATION, Money.from_yuan(1200)), *[lambda life: life.call(0, 0)] * 3)
