"""Fees in JSON: schedules and calculations for anybody, posted prices, fee cases for those who act on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, public, reading, works, writing
from accounts.listing import listed, next_page
from agencies.fees import appeals, programs, queries, service
from agencies.fees.cases import DECIDE, REVIEW, loaded
from agencies.fees.commands import AppealCase, DecideCase, PostPrice, RecordReturn, ReplyToCase, ReviewCase
from agencies.fees.models import FeeCase, PostedPrice
from agencies.fees.schemas import (
    FeeAppealSchema,
    FeeCalculateSchema,
    FeeCalculationSchema,
    FeeCasePageSchema,
    FeeCaseQuerySchema,
    FeeCaseSchema,
    FeeDecisionSchema,
    FeeReplySchema,
    FeeReturnSchema,
    FeeReviewSchema,
    FeeScheduleQuerySchema,
    FeeScheduleSchema,
    FeeSchedulesSchema,
    PostedPriceSchema,
    PostedPricesSchema,
    PostPriceSchema,
)
from agencies.registration.models import Agency
from agencies.registration.queries import agency_by_id, visible_agency
from core.clock import beijing_day
from core.paging import clamp
from core.work import Work

api = Blueprint("fees-api", __name__, url_prefix="/api/v1", description="收费标准、公示收费和收费核查 · Fees")


def agency_loader(work: Work, agency_id: int) -> Agency:
    """Return the agency an address names. Raises NotFound."""
    return agency_by_id(work.session, agency_id)


@api.get("/fee-schedules")
@public
@api.arguments(FeeScheduleQuerySchema, location="query")
@api.response(200, FeeSchedulesSchema)
def schedules(query: dict[str, Any]) -> dict[str, Any]:
    """List the fee schedules by id with their legal force on a day, today when none is named."""
    on = query["on"] or _today()
    found = [one for one in programs.listed(on, q=query["q"], status=query["status"]) if one.id > query["after"]]
    size = clamp(query["limit"])
    after = found[size - 1].id if len(found) > size else None
    return {"items": [programs.summary(one, on) for one in found[:size]], "next": next_page(after)}


@api.get("/fee-schedules/<string:schedule_id>")
@public
@api.response(200, FeeScheduleSchema)
def schedule(schedule_id: str) -> dict[str, Any]:
    """Return one schedule by id or any spelling of its number: versions, legal force, a JSON Schema of the inputs."""
    return programs.detail(programs.schedule_named(schedule_id), _today())


@api.post("/fee-calculations")
@public
@api.arguments(FeeCalculateSchema)
@api.response(200, FeeCalculationSchema)
def calculation(given: dict[str, Any]) -> dict[str, Any]:
    """Work a fee out on a day; what cannot be read is refused with a sentence for each field."""
    return programs.worked_out(given["schedule"], given["on"] or _today(), given["inputs"])


@api.get("/agencies/<int:agency_id>/posted-prices")
@public
@api.response(200, PostedPricesSchema)
def posted_prices(agency_id: int) -> dict[str, Any]:
    """List the prices an agency has posted, those in force now."""
    with reading() as work:
        visible_agency(work.session, work.actor, agency_id)
        found = queries.posted_prices(work.session, agency_id, work.clock.now())
    return {"items": list(found.values())}


@api.post("/agencies/<int:agency_id>/posted-prices")
@may("price:post", subject=agency_loader)
@api.arguments(PostPriceSchema)
@api.response(201, PostedPriceSchema)
def post_price(command: PostPrice, agency_id: int) -> PostedPrice:
    """Post a new version of a price."""
    with writing() as work:
        return service.post_price(work, agency_id, command)


@api.get("/fee-cases")
@may("fee_case:queue")
@api.arguments(FeeCaseQuerySchema, location="query")
@api.response(200, FeeCasePageSchema)
def cases(query: dict[str, Any]) -> dict[str, Any]:
    """List the fee cases this reader may see, newest first."""
    with reading() as work:
        page = queries.cases_page(work.session, work.actor, **query)
    return listed(page)


@api.get("/fee-cases/<int:case_id>")
@may("fee_case:read", subject=loaded)
@api.response(200, FeeCaseSchema)
def case(case_id: int) -> FeeCase:
    """Return one fee case with its evidence."""
    with reading() as work:
        return queries.case_by_id(work.session, case_id)


@api.post("/fee-cases/<int:case_id>/reply")
@may("fee_case:reply", subject=loaded)
@api.arguments(FeeReplySchema)
@api.response(200, FeeCaseSchema)
def reply(command: ReplyToCase, case_id: int) -> FeeCase:
    """Answer a fee case as the agency."""
    with writing() as work:
        return service.reply(work, case_id, command.text)


@api.post("/fee-cases/<int:case_id>/decision")
@may("fee_case:decide", subject=loaded)
@api.arguments(FeeDecisionSchema)
@api.response(200, FeeCaseSchema)
def decide(command: DecideCase, case_id: int) -> FeeCase:
    """Decide a fee case as the price regulator."""
    with writing() as work:
        return DECIDE[command.verdict](work, case_id, command.reason)


@api.post("/fee-cases/<int:case_id>/appeal")
@may("fee_case:appeal", subject=loaded)
@api.arguments(FeeAppealSchema)
@api.response(200, FeeCaseSchema)
def appeal(command: AppealCase, case_id: int) -> FeeCase:
    """Ask for a second look at a decision."""
    with writing() as work:
        return appeals.appeal(work, case_id, command.text)


@api.post("/fee-cases/<int:case_id>/review")
@may("fee_case:review", subject=loaded)
@api.arguments(FeeReviewSchema)
@api.response(200, FeeCaseSchema)
def review(command: ReviewCase, case_id: int) -> FeeCase:
    """Decide an appeal as a second person."""
    with writing() as work:
        return REVIEW[command.verdict](work, case_id, command.reason)


@api.post("/fee-cases/<int:case_id>/return")
@may("fee_case:return", subject=loaded)
@api.arguments(FeeReturnSchema)
@api.response(200, FeeCaseSchema)
def give_back(command: RecordReturn, case_id: int) -> FeeCase:
    """Record what the agency gave back."""
    with writing() as work:
        return appeals.record_return(work, case_id, command.amount)


def _today() -> date:
    return beijing_day(works().clock.now())
