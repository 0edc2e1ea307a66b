"""The pages on which a clerk asks, answers, accepts, hands a registration in or posts a price for a visitor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accounts.acting import acted, asked_form
from accounts.gate import may, reading
from accounts.models import Organisation
from admin.window import forms, queries, service, showing, standing_in
from admin.window.acting import refuse
from admin.window.pages import pages
from agencies.catalogue.queries import item_by_code
from agencies.catalogue.wording import item_name, named
from agencies.fees.forms import price_layout
from agencies.fees.schemas import PostPriceSchema
from agencies.registration.lifecycle import REGISTRATION, RegistrationState
from agencies.registration.queries import agency_of_org, offered_items
from core.access import OrgKind
from core.forms import Form, Item, blank_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs.models import Need
from marketplace.needs.schemas import TextSchema

METHODS = ["GET", "POST"]


@pages.route("/window/visits/<int:visit_id>/question", methods=METHODS)
@may("window:file", subject=showing.consent_of_visit)
def question(visit_id: int) -> ResponseReturnValue:
    """Ask about the visit's notice, or answer what waits there."""
    return _filed(
        visit_id, asked_form(TextSchema(), forms.ASKING), _("已代为提交，对所有人公开。把回执交给来访人。"),
        lambda work, command: standing_in.ask_or_answer(work, visit_id, command["text"]), _said_of_question,
    )  # fmt: skip


@pages.route("/window/visits/<int:visit_id>/receipt", methods=METHODS)
@may("window:file", subject=showing.consent_of_visit)
def receipt(visit_id: int) -> ResponseReturnValue:
    """Accept the result that waits."""
    told = _("已代为验收，双方收到通知。把回执交给来访人。")
    return _filed(visit_id, _bare(), told, lambda work, _none: standing_in.take_result(work, visit_id), _said_of_result)


@pages.route("/window/visits/<int:visit_id>/registration", methods=METHODS)
@may("window:file", subject=showing.consent_of_visit)
def registration(visit_id: int) -> ResponseReturnValue:
    """Hand the registration in."""
    told = _("已代为提交入驻材料。把回执交给来访人。")
    return _filed(visit_id, _bare(), told, lambda work, _none: standing_in.hand_in(work, visit_id), _said_of_entry)


@pages.route("/window/visits/<int:visit_id>/price", methods=METHODS)
@may("window:file", subject=showing.consent_of_visit)
def price(visit_id: int) -> ResponseReturnValue:
    """Ask which item, then for its price, and post it."""
    code = request.values.get("item_code", "")
    with reading() as work:
        agency = standing_in.agency_of(work, queries.visit_by_id(work.session, visit_id))
        offered = {item.code: named(item) for item in offered_items(work.session, agency.id)}
    chosen = [Item("item_code", str(forms.PRICED[0].label), "select", choices=tuple(offered.items()))]
    if code not in offered:
        with reading() as work:
            return _page(work, visit_id, blank_form(chosen), _said_of_item, method="get")
    with reading() as work:
        layout = [*chosen, *price_layout(item_by_code(work.session, code))]
    form = asked_form(PostPriceSchema(), layout, {"item_code": code, "basis": "fixed"})
    return _filed(
        visit_id, form, _("已代为公示价格，机构同时收到通知。把回执交给来访人。"),
        lambda work, command: standing_in.post_price(work, visit_id, command), _said_of_price,
    )  # fmt: skip


def _bare() -> Form[Any]:
    """Return a form without fields, which a press of its button answers."""
    form: Form[Any] = Form({})
    form.command = {} if request.method == "POST" else None
    return form


Saying = Callable[[Work, int], tuple[str, str, str]]


def _filed(
    visit_id: int, form: Form[Any], told: str, deed: Callable[[Work, Any], Any], said: Saying
) -> ResponseReturnValue:
    """File what was sent and go back to the visit, or show the form, again with what is wrong."""
    return acted(
        form, deed, service.url_of(visit_id), lambda work: _page(work, visit_id, form, said), mark=refuse, told=told
    )


def _page(work: Work, visit_id: int, form: Form[Any], said: Saying, method: str = "post") -> str:
    """Draw a form of one matter. said: its title, what it is about, and its button; none when nothing waits."""
    title, lede, button = said(work, visit_id)
    row = queries.consent_of(work.session, visit_id)
    name = work.session.get_one(Organisation, row.org_id).name
    return render_template(
        "window/matter.html", visit_id=visit_id, enterprise=name, drawn=form, form=form if form.errors else None,
        title=title, said=lede, button=button, method=method,
    )  # fmt: skip


def _said_of_question(work: Work, visit_id: int) -> tuple[str, str, str]:
    visit = queries.visit_by_id(work.session, visit_id)
    title = work.session.get_one(Need, visit.need_id).title if visit.need_id is not None else ""
    if work.session.get_one(Organisation, visit.org_id).kind is OrgKind.AGENCY:
        return _("代办提问"), _("关于“%(need)s”，提问不署名，对所有人公开。", need=title), _("代为提问")
    waiting = queries.open_question(work.session, visit.need_id or 0)
    if waiting is None:
        return _("代办答复提问"), _("这份公告没有等答复的提问。"), ""
    return _("代办答复提问"), _("“%(need)s”的提问：%(asked)s", need=title, asked=waiting.text), _("代为答复")


def _said_of_result(work: Work, visit_id: int) -> tuple[str, str, str]:
    contract = standing_in.waiting_result(work, queries.visit_by_id(work.session, visit_id))
    if contract is None:
        return _("代办验收成果"), _("这次来访关联的公告没有等验收的成果。"), ""
    said = _("“%(title)s”的成果已经提交。请来访人看过成果、确认合格再代为验收。", title=contract.title)
    return _("代办验收成果"), said, _("代为验收")


def _said_of_entry(work: Work, visit_id: int) -> tuple[str, str, str]:
    agency = agency_of_org(work.session, queries.visit_by_id(work.session, visit_id).org_id)
    if agency is None:
        return _("代办提交入驻材料"), _("机构还没有填写入驻材料：先由机构登录后填好，再来代为提交。"), ""
    if "submit" not in REGISTRATION.open_to(agency.state):
        handed = agency.state is RegistrationState.SUBMITTED
        said = _("入驻材料已经提交，正在审核。") if handed else _("机构已经办过入驻；新资质另作“登记资质”代办。")
        return _("代办提交入驻材料"), said, ""
    said = _("机构自己填好的入驻材料由窗口代为提交；缺什么会一次说清。")
    return _("代办提交入驻材料"), said, _("代为提交")


def _said_of_item(_work: Work, _visit_id: int) -> tuple[str, str, str]:
    return _("代办公示价格"), _("先选是哪项服务的价格。"), _("下一步")


def _said_of_price(_work: Work, _visit_id: int) -> tuple[str, str, str]:
    said = _("公示“%(item)s”的价格，照机构盖章的价目填。", item=item_name(request.values.get("item_code", "")))
    return _("代办公示价格"), said, _("代为公示")
