"""Making the demo world: operators, enterprises, agencies, and fourteen months of needs."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

import click
from sqlalchemy import Engine, select, text

from accounts.models import Organisation
from admin.compliance import service as bulletins
from admin.compliance.rules import month_of
from agencies.catalogue import reference
from agencies.fees import service as fees
from agencies.fees.lifecycle import CaseKind, CaseState
from agencies.fees.models import FeeCase
from agencies.registration import expiry
from core.access import SYSTEM, Actor, OrgKind
from core.work import Work, Works
from search import saved
from search.commands import FollowSearch
from web.demo import agencies as joining
from web.demo import cast, complaints, frameworks, offices, projects, renewals, revisions, stories, turns, window
from web.demo.agencies import Firm
from web.demo.people import Player, Registry
from web.demo.stage import DAY, Stage, Story
from web.demo.stories import Plot

MONTHS: Final = timedelta(days=425)
JOINING: Final = timedelta(days=40)
ENTERPRISES: Final = 40
DECIDED: Final = 0.6
RECENT: Final = 0.08
LATELY: Final = timedelta(days=9)
CHANGAN: Final = "441900119"


def load(works: Works, *, agencies: int, needs: int, seed: int) -> None:
    """Make a world of this size from this seed, with a progress bar."""
    rng = Random(seed)
    now = works.clock.now()
    stage = Stage(works, now - MONTHS - JOINING, now, seed)
    registry = Registry(rng)
    _quick(works.engine, on=True)
    try:
        staff = _staff(stage, registry)
        buyers = _buyers(stage, registry, rng)
        with click.progressbar(length=agencies + needs, label="demo") as bar:
            firms: list[Firm] = []
            for index in range(agencies):
                stage.enter(_joining(stage, registry, rng, index, firms, staff))
            for number in range(needs):
                stage.enter(_need(stage, rng, buyers, firms, number, needs))
            stage.enter(_cases(stage, staff, firms, rng))
            stage.enter(complaints.story(stage, staff, firms))
            stage.enter(_bulletin(stage, staff["price"].actor))
            stage.enter(turns.findings(stage, staff["department"]))
            stage.enter(revisions.story(stage, staff["admin"], staff["price"]))
            stage.enter(offices.questions(stage, buyers[0], staff[buyers[0].actor.town_code or ""], staff["city"]))
            stage.enter(offices.rules(stage, staff["admin"]))
            stage.enter(offices.days(stage, staff["admin"]))
            stage.enter(_follow(stage, firms))
            stage.enter(frameworks.story(stage, buyers[0], firms))
            stage.enter(projects.project(stage, buyers[0], firms))
            stage.enter(projects.two_lots(stage, buyers[0]))
            stage.enter(window.visits(stage, buyers, staff))
            stage.enter(window.shipments(stage, buyers, firms))
            stage.enter(renewals.story(stage, staff, firms, CHANGAN))
            stage.play(lambda: bar.update(1))
            stage.act(SYSTEM, expiry.remind)
        stage.close()
    finally:
        _quick(works.engine, on=False)


def _quick(engine: Engine, *, on: bool) -> None:
    """Leave the syncing of each commit to the end while the world is made; a half-made world is wiped anyway."""
    if engine.dialect.name != "sqlite":
        return
    engine.dispose()
    from sqlalchemy import event  # noqa: PLC0415 - used here alone

    def relax(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]  # a sqlite3 connection

    if on:
        event.listen(engine, "connect", relax)
        engine.relaxed = relax  # type: ignore[attr-defined]  # kept to be taken off again
    else:
        event.remove(engine, "connect", engine.relaxed)  # type: ignore[attr-defined]  # set above
        engine.dispose()
        with engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _staff(stage: Stage, registry: Registry) -> dict[str, Player]:
    """Found the offices: one window a town, the city's operator, regulators, association, evaluator."""
    mobiles = dict(
        zip(
            ("enterprise", "agency", "town", "city", "price", "admin", "department", "association", "evaluator"),
            (m for _, m in cast.ACCOUNTS),
            strict=True,
        )
    )

    def deed(work: Work) -> dict[str, Player]:
        found: dict[str, Player] = {}
        for town in registry.towns:
            mobile = mobiles["town"] if town.name.startswith("长安") else ""
            found[town.code] = registry.found(
                work, OrgKind.TOWN_OPERATOR, f"{town.name}中介服务窗口（演示）", town.code, mobile
            )
        offices = (
            ("city", OrgKind.CITY_OPERATOR, "东莞市中介服务超市运营中心（演示）"),
            ("price", OrgKind.PRICE_REGULATOR, "东莞市价格监管办公室（演示）"),
            ("admin", OrgKind.ADMINISTRATION, "东莞市中介服务管理办公室（演示）"),
            ("association", OrgKind.ASSOCIATION, "东莞市工程咨询行业协会（演示）"),
            ("evaluator", OrgKind.EVALUATOR, "东莞第三方评估中心（演示）"),
        )
        for key, kind, name in offices:
            found[key] = registry.found(work, kind, name, "", mobiles[key])
        department = work.session.scalars(select(Organisation).where(Organisation.department_code == "housing")).one()
        found["department"] = registry.player(
            department, registry.person(work, department.id, mobiles["department"], staff=True)
        )
        return found

    return stage.act(SYSTEM, deed)


def _buyers(stage: Stage, registry: Registry, rng: Random) -> list[Player]:
    """Found the enterprises; one in five is a public body that spends fiscal money."""

    def deed(work: Work) -> list[Player]:
        found = []
        for index in range(ENTERPRISES):
            town = registry.towns[(index * 11) % len(registry.towns)].code if index else "441900119"
            mobile = cast.ACCOUNTS[0][1] if not index else ""
            public = index % 5 == 4
            if public:
                name = cast.PUBLIC[index % len(cast.PUBLIC)].format(town=registry.town_name(town))
            else:
                name = registry.firm_name(town, rng.choice(cast.MAKERS), rng)
            found.append(registry.found(work, OrgKind.ENTERPRISE, name, town, mobile, public_body=public))
        return found

    return stage.act(SYSTEM, deed)


def _joining(
    stage: Stage, registry: Registry, rng: Random, index: int, firms: list[Firm], staff: dict[str, Player]
) -> Story:
    """Let one agency join: most before the first need, every tenth on the way, the last few still waiting."""
    late = index % 10 == 9
    yield stage.start + (JOINING * rng.random() * 0.5 if not late else JOINING + MONTHS * rng.uniform(0.1, 0.99))
    if late:  # from here on others draw too, in an order that the hour of loading changes
        rng = stage.source(f"agency {index}")
    group = "ABCD"[index % 4]
    town = registry.towns[(index * 8) % len(registry.towns)].code  # 35 towns: any step but 5 and 7 meets all
    items = joining.choose_items(rng, group, index // 4)
    name = registry.firm_name(town, rng.choice(cast.TRADES[group]), rng)
    mobile = cast.ACCOUNTS[1][1] if index == 1 else ""
    player = stage.act(SYSTEM, lambda work: registry.found(work, OrgKind.AGENCY, name, town, mobile))
    agency_id = stage.act(player.actor, lambda work: joining.join(work, registry, player, items, rng))
    yield stage.clock.now() + DAY * rng.uniform(0.5, 4)
    stage.act(staff[town].actor, lambda work: joining.judge(work, agency_id))
    firm = Firm(player, agency_id, tuple(item.code for item in items), rng.uniform(0.1, 1.0), rng.uniform(0.8, 1.25))
    stage.act(player.actor, lambda work: joining.post_prices(work, firm, rng))
    firm.shown = bool(mobile)
    firms.append(firm)


def _need(stage: Stage, rng: Random, buyers: list[Player], firms: list[Firm], number: int, total: int) -> Story:
    """Let one need begin at its time and live; the later it begins, the less far it gets."""
    share = (number + rng.random()) / total
    begins = stage.start + JOINING + MONTHS * share
    if share > 1 - RECENT:
        begins = stage.end - LATELY * rng.random()
    yield begins
    rng = stage.source(f"need {number}")  # what others drew meanwhile depends on the hour of loading
    offered = sorted({code for firm in firms for code in firm.items})
    favourites = [code for code in offered if code in POPULAR] or offered
    code = rng.choice(favourites if rng.random() < 0.6 else offered)
    able = [firm for firm in firms if code in firm.items]
    buyer = buyers[0] if number % 12 == 5 else rng.choice(buyers)
    plot = Plot(buyer, reference.item(code), able, begins, Random(rng.random()), number + 1)
    yield from stories.need_story(stage, plot)


POPULAR: Final = frozenset(
    {"DG-B-25", "DG-C-53", "DG-C-55", "DG-C-54", "DG-B-31", "DG-C-49", "DG-A-02", "DG-D-61", "DG-C-48", "DG-D-66"}
)


def _cases(stage: Stage, staff: dict[str, Player], firms: list[Firm], rng: Random) -> Story:
    """Let agencies reply to fee cases and the regulator decide some of them, once a fortnight."""
    at = stage.start + JOINING
    while at < stage.end:
        at += DAY * 14
        yield at
        with stage.works.reading() as work:
            query = select(FeeCase.id, FeeCase.agency_id, FeeCase.kind).where(FeeCase.state == CaseState.OPEN)
            waiting = [(row[0], row[1], row[2]) for row in work.session.execute(query)]
        for case_id, agency_id, kind in waiting:
            actor = next(firm.player.actor for firm in firms if firm.agency_id == agency_id)
            _settle_case(stage, (case_id, kind), actor, staff["price"].actor, rng)


def _bulletin(stage: Stage, regulator: Actor) -> Story:
    """Let the regulator issue the bulletin of the last month that is over, on the first morning after it."""
    month = month_of(stage.end).before()
    yield month.until + DAY * 0.4
    stage.act(regulator, lambda work: bulletins.issue(work, month))


def _follow(stage: Stage, firms: list[Firm]) -> Story:
    """Let the agency that readers sign in as follow its own items, and the notices of 长安镇 once a day."""
    yield stage.start + JOINING + MONTHS * 0.7
    for firm in firms:
        if firm.shown:
            stage.act(firm.player.actor, partial(saved.follow, cmd=_search("本机构的服务事项", item=firm.items)))
            stage.act(firm.player.actor, partial(saved.follow, cmd=_search("长安镇的公告", town=(CHANGAN,))))


def _search(name: str, *, item: tuple[str, ...] = (), town: tuple[str, ...] = ()) -> FollowSearch:
    return FollowSearch(name, "instant" if item else "daily", item=",".join(item), town=",".join(town))


def _settle_case(
    stage: Stage, found: tuple[int, CaseKind], agency: Actor, regulator: Actor, rng: Random
) -> None:  # fmt: skip
    """Let the agency reply, and the regulator decide three in five; what is only unusual is never upheld."""
    case_id, kind = found
    stage.act(agency, lambda work: fees.reply(work, case_id, "含加印与二次踏勘，已向业主说明。"))
    if rng.random() > DECIDED:
        return
    if rng.random() < DECIDED and kind is not CaseKind.UNUSUAL_PRICE:
        stage.act(regulator, lambda work: fees.uphold(work, case_id, "超出公示价部分没有依据，责令退还差额。"))
    else:
        stage.act(regulator, lambda work: fees.dismiss(work, case_id, "超出部分对应合同外工作，理由成立。"))
