"""Rows from before questions, qualifications, people, prices and settlements had lives: each finds its place."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from alembic import command
from sqlalchemy import inspect, select, text

from admin.window import queries as window_queries
from admin.window import standing_in
from admin.window.lifecycle import Matter
from admin.window.models import Consent
from agencies.fees.commands import PostPrice
from agencies.fees.models import PostedPrice
from agencies.fees.posting import post_price
from agencies.registration import service as registration
from agencies.registration.models import Practitioner, Qualification, QualificationItem
from agencies.rulebook import calendar
from agencies.rulebook.commands import NoticedDay, ProposeNotice
from agencies.rulebook.models import CalendarNotice
from core.access import OrgKind
from core.clock import FixedClock
from core.deadlines import Deadline
from core.money import Money
from core.work import Works
from marketplace.contracts.models import Settlement
from marketplace.contracts.rules import PaidLine
from marketplace.needs import service as needs
from marketplace.needs.models import Question
from tests.admin.window.conftest import Window
from tests.admin.window.test_several import consented
from tests.admin.window.test_standing_in import came
from tests.agencies.registration.world import QUALIFICATION, person
from tests.marketplace.contracts.deal import accepted, settle
from tests.marketplace.selection.world import ITEM, Market
from tests.web.test_migrations import engine, lay_out_market, settings

__all__ = ["engine"]

BEFORE_LIVES = "0017_projects_and_lots"
LATER = date(2031, 3, 2)
TABLES = ("question", "qualification", "practitioner", "posted_price", "settlement")
KINDS = ("question.answer", "qualification.end", "qualification.review", "practitioner.end", "price.begin")


def fill(market: Market) -> None:
    """Lay out rows at every point of their way that the former tables could hold."""
    contract = accepted(market)
    settle(market, contract, PaidLine("服务费", Money.from_yuan(100)))
    agency, agency_id = market.agents[0]
    open_id, over_id = market.publish(), market.publish()
    with market.works.writing(agency) as work:
        answered = needs.ask(work, open_id, "成果要几份纸质版？").id
        needs.ask(work, open_id, "现场可以先看吗？")
        needs.ask(work, over_id, "工期从哪天起算？")
        registration.add_practitioner(work, agency_id, person(7, valid_to=LATER))
        gone = registration.add_practitioner(work, agency_id, person(8)).id
        registration.add_qualification(work, agency_id, replace(QUALIFICATION, number="甲232023022222"))
        for yuan, day in ((90, None), (80, None), (70, LATER)):
            post_price(work, agency_id, PostPrice(ITEM, "fixed", day, Money.from_yuan(yuan)))
    with market.works.writing(market.owner) as work:
        needs.answer(work, answered, "三份，盖骑缝章")
        needs.withdraw(work, over_id, "项目暂缓实施，择期再购")
    with market.works.writing(agency) as work:
        registration.release_practitioner(work, agency_id, gone)
    notice(market)


def notice(market: Market) -> int:
    """Propose a day that a document makes free."""
    author = market.world.actor(OrgKind.ADMINISTRATION, "市政务服务管理局", None)
    free = (NoticedDay(date(2026, 6, 3), working=False, name="防台风停工"),)
    with market.works.writing(author) as work:
        return calendar.propose(
            work, ProposeNotice("东府办〔2026〕9号", "东莞市人民政府网站", free, "台风预警，全市停工")
        ).id


def states(works: Works, model: Any) -> list[str]:
    with works.reading() as work:
        return [str(one.state) for one in work.session.scalars(select(model).order_by(model.id))]


def test_rows_from_before_their_lives_begin_where_they_stand(works: Works, clock: FixedClock) -> None:
    market = lay_out_market(works, clock)
    fill(market)
    before = {model.__tablename__: states(works, model) for model in (Question, Practitioner, PostedPrice)}
    assert works.engine is not None
    command.downgrade(settings(works.engine), BEFORE_LIVES)
    found = inspect(works.engine)
    assert not any(one["name"] == "state" for table in TABLES for one in found.get_columns(table))
    assert not {"calendar_notice", "qualification_item"} & set(found.get_table_names())
    with works.engine.connect() as connection:
        counted = [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES]  # noqa: S608 - our own names
        clocks = connection.execute(text("SELECT kind FROM deadline WHERE done_at IS NULL")).scalars().all()
    assert counted == [3, 3, 2, 3, 1]
    assert not set(clocks) & set(KINDS)
    command.upgrade(settings(works.engine), "head")
    assert {model.__tablename__: states(works, model) for model in (Question, Practitioner, PostedPrice)} == before
    assert before == {
        "question": ["answered", "asked", "lapsed"], "practitioner": ["registered", "left"],
        "posted_price": ["superseded", "in_force", "posted"],
    }  # fmt: skip
    assert sorted(states(works, Qualification)) == ["submitted", "valid", "valid"]
    assert states(works, Settlement) == ["confirmed"]
    assert states(works, CalendarNotice) == []
    what_waits_goes_on(market)


def test_what_a_window_filed_outlives_the_table_made_anew(works: Works, clock: FixedClock) -> None:
    market = lay_out_market(works, clock)
    window = Window(market, market.world.town, market.owner)
    visit_id, need_id = window.filed()
    asker = market.agency()[0]
    asking = came(window, asker, need_id)
    consent_id = consented(window, asking, Matter.QUESTION, Matter.COMPLAINT)
    window.act(window.clerk, standing_in.ask_or_answer, asking, "成果要几份纸质版？")
    assert works.engine is not None
    command.downgrade(settings(works.engine), "0018_lives")
    with works.engine.connect() as connection:
        kept = connection.execute(text("SELECT matter, need_id FROM window_filing")).all()
        over = connection.execute(text("SELECT state FROM window_consent ORDER BY id")).scalars().all()
    assert ([tuple(one) for one in kept], over) == ([("need", need_id)], ["used_up", "expired"])
    command.upgrade(settings(works.engine), "head")
    with works.reading() as work:
        assert [one.matter for one in window_queries.filings_of(work.session, visit_id)] == [Matter.NEED]
        assert work.session.get_one(Consent, consent_id).covers == ["need"]
    again = came(window, asker, need_id)
    consented(window, again, Matter.QUESTION)
    assert window.act(window.clerk, standing_in.ask_or_answer, again, "工期从哪天起算？").id > 0


def what_waits_goes_on(market: Market) -> None:
    """See that each row has its sides and its clock, and can be moved on by those whose turn it is."""
    with market.works.reading() as work:
        kinds = set(work.session.scalars(select(Deadline.kind).where(Deadline.done_at.is_(None))))
        waiting = work.session.scalars(select(Qualification).where(Qualification.state == "submitted")).one()
        items = work.session.scalars(select(QualificationItem.verdict)).all()
        asked = work.session.scalars(select(Question).where(Question.state == "asked")).one()
        settled = work.session.scalars(select(Settlement)).one()
        sides = {*work.session.scalars(select(PostedPrice.org_id)), *work.session.scalars(select(Practitioner.org_id))}
    assert kinds >= set(KINDS)
    assert {str(one) for one in items} == {"pending"}
    assert waiting.review_by is not None
    assert waiting.submitted_at is not None
    assert waiting.review_by - waiting.submitted_at == timedelta(days=7)
    agency = market.agents[0][0].org_id
    assert sides == {agency}
    assert (settled.enterprise_org_id, settled.agency_org_id) == (market.owner.org_id, agency)
    with market.works.writing(market.owner) as work:
        assert str(needs.answer(work, asked.id, "可以，提前一天约").state) == "answered"
    assert notice(market) > 0
