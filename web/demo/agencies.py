"""How demo agencies join: details, certificates, people, services, review, posted prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from agencies.catalogue import reference
from agencies.catalogue.reference_types import ItemData
from agencies.fees import service as fees
from agencies.fees.commands import PostPrice
from agencies.registration import queries, review
from agencies.registration import service as registration
from agencies.registration.commands import AddPractitioner, AddQualification, MaterialVerdict, SaveDetails
from agencies.registration.lifecycle import Verdict
from core.clock import beijing_day
from core.money import Money
from core.work import Work
from web.demo.people import Player, Registry
from web.demo.prices import usual_price


@dataclass(slots=True)
class Firm:
    """An agency of the demo world: what it offers, how good and how quick it is, from 0 to 1.

    shown: whether it is the one a visitor signs in as.
    """

    player: Player
    agency_id: int
    items: tuple[str, ...]
    skill: float
    price_level: float
    prices: dict[str, Money] = field(default_factory=dict)
    shown: bool = False


def choose_items(rng: Random, group: str, index: int) -> tuple[ItemData, ...]:
    """Choose what an agency offers: mostly of its own trade, spread so that every item is offered."""
    pool = [item for item in reference.items() if item.code.split("-")[1] == group]
    must = [item for place, item in enumerate(pool) if place % 6 == index % 6]
    return tuple({item.code: item for item in [*must, *rng.sample(pool, 3)]}.values())


def join(work: Work, registry: Registry, player: Player, items: tuple[ItemData, ...], rng: Random) -> int:
    """Fill in and hand in a registration; return the agency's id."""
    today = beijing_day(work.clock.now())
    agency = registration.open_registration(work, player.org_id)
    founded = today - timedelta(days=rng.randint(400, 7000))
    intro = f"演示机构，专做{items[0].name}等 {len(items)} 项服务。"
    registration.save_details(work, agency.id, SaveDetails(registry.person_name(), "13900000000", intro, founded))
    for category, grade in sorted(_needed(items)):
        number = f"YS{rng.randint(10**7, 10**8 - 1)}"
        term = AddQualification(category, number, "演示发证机关", grade, today - timedelta(days=300), _end(today, rng))
        registration.add_qualification(work, agency.id, term)
    kinds = [one.code for one in reference.certificates()]
    for _person in range(rng.randint(1, 3)):
        person = AddPractitioner(
            registry.person_name(),
            registry.identity(),
            rng.choice(kinds),
            f"ZC{rng.randint(10**6, 10**7)}",
            _end(today, rng),
        )
        registration.add_practitioner(work, agency.id, person)
    registration.choose_items(work, agency.id, [item.code for item in items])
    registration.commit(work, agency.id)
    registration.submit(work, agency.id)
    return int(agency.id)


def _end(today: date, rng: Random) -> date:
    return today + timedelta(days=rng.randint(700, 1500))


def _needed(items: tuple[ItemData, ...]) -> set[tuple[str, str]]:
    """Return one certificate a category the items ask for, of the highest grade there is."""
    grades = {one.code: one.grades for one in reference.qualifications()}
    return {
        (demand.category, next(iter(grades[demand.category]), "")) for item in items for demand in item.qualifications
    }


def judge(work: Work, agency_id: int) -> None:
    """Pass every paper and put the agency on the shelf."""
    agency = queries.agency_by_id(work.session, agency_id)
    asked = queries.asked_for(work.session, agency_id)
    review.judge(work, agency.id, [MaterialVerdict(one.code, Verdict.PASSED) for one in asked])
    review.accept(work, agency.id)


def post_prices(work: Work, firm: Firm, rng: Random) -> None:
    """Post a price for each item offered."""
    today = beijing_day(work.clock.now())
    for code in firm.items:
        level = firm.price_level * rng.uniform(0.9, 1.1)
        amount = Money(round(usual_price(code).fen * level / 10_000) * 10_000)
        firm.prices[code] = amount
        included = "现场踏勘、报告编制、修改两轮、电子版"
        fees.post_price(
            work, firm.agency_id, PostPrice(code, "fixed", today, amount, included=included, extra="加印每份 200 元")
        )
