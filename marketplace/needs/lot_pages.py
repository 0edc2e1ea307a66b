"""Pages of dividing a draft into lots: the list, one lot's form, the limit, taking one back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.acting import acted, saying
from accounts.gate import may, reading, writing
from agencies.catalogue.queries import item_by_code
from core.clock import beijing_day
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work
from marketplace.needs import family, forms, lots, queries, reading_form, service, wording
from marketplace.needs.commands import WriteLot
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.loaders import need_of, need_of_lot
from marketplace.needs.lot_view import limit_sentence, lots_view
from marketplace.needs.models import Lot, Need
from marketplace.needs.pages import pages
from marketplace.needs.schemas import LotLimitSchema, WriteLotSchema


@pages.get("/needs/<int:need_id>/lots")
@may("need:divide", subject=need_of)
def lots_index(need_id: int) -> ResponseReturnValue:
    """Show a draft's lots; a published notice shows them itself."""
    with reading() as work:
        need = queries.need_by_id(work, need_id)
        head = family.leader(work.session, need)
        if head.state is not NeedState.DRAFT:
            return redirect(url_for("needs.show", need_id=need_id, _anchor="lots"), 302)
        if head.id != need_id:
            return redirect(url_for("needs.lots_index", need_id=head.id), 302)
        return _index_page(work, head, None)


@pages.post("/needs/<int:need_id>/lots/limit")
@may("need:divide", subject=need_of)
def lots_limit(need_id: int) -> ResponseReturnValue:
    """Say how many lots one agency may win."""
    form = read_form(LotLimitSchema(), forms.LOT_LIMIT, request.form)
    return acted(
        form, lambda work, asked: lots.limit(work, need_id, asked["most_wins"]),
        url_for("needs.lots_index", need_id=need_id),
        lambda work: _index_page(work, queries.need_by_id(work, need_id), form),
        mark=saying(wording.refusal), told=_("已保存每家最多中选的标段数。"),
    )  # fmt: skip


@pages.route("/needs/<int:need_id>/lots/new", methods=["GET", "POST"])
@may("need:divide", subject=need_of)
def lot_new(need_id: int) -> ResponseReturnValue:
    """Add a lot."""
    return _lot(need_id, 0)


@pages.route("/needs/<int:need_id>/lots/<int:no>/edit", methods=["GET", "POST"])
@may("need:divide", subject=need_of_lot)
def lot_edit(need_id: int, no: int) -> ResponseReturnValue:
    """Change one lot."""
    return _lot(need_id, no)


@pages.post("/needs/<int:need_id>/lots/<int:no>/remove")
@may("need:divide", subject=need_of_lot)
def lot_remove(need_id: int, no: int) -> ResponseReturnValue:
    """Take a lot back; the later ones move up."""
    with writing() as work:
        lots.remove(work, need_id, no)
    flash(_("标段已删除，后面的标段依次前移。"), "ok")
    return redirect(url_for("needs.lots_index", need_id=need_id), 303)


def _lot(need_id: int, number: int) -> ResponseReturnValue:
    with reading() as work:
        head = queries.need_by_id(work, need_id)
        lot, need = family.numbered(work.session, head.id, number) if number else (None, head)
        if request.method == "GET":
            values = _values(work, need, lot.name if lot is not None else "")
            kept = reading_form.kept_answers(service.command_of(work, need))
            return _lot_page(work, head, number, blank_form(forms.LOT, values), kept)
        form = _read(work, head)

    def keep(work: Work, command: WriteLot) -> Lot:
        return lots.change(work, need_id, number, command) if number else lots.add(work, need_id, command)

    def again(work: Work) -> str:
        shown = queries.need_by_id(work, need_id)
        return _lot_page(work, shown, number, form, reading_form.posted_answers(request.form))

    back = url_for("needs.lots_index", need_id=need_id)
    return acted(form, keep, back, again, mark=saying(wording.refusal), told=_("标段已保存。"))


def _values(work: Work, need: Need, name: str) -> dict[str, Any]:
    values = reading_form.values_of(work, service.command_of(work, need))
    return {**{one.name: values.get(one.name, "") for one in forms.LOT}, "name": name}


def _read(work: Work, head: Need) -> Form[Any]:
    """Read the posted form into a lot; the answers for the fee go along."""
    item = item_by_code(work.session, head.item_code)
    made = reading_form.calculator(item, beijing_day(work.clock.now()), reading_form.posted_answers(request.form))
    typed = {one.name: request.form.get(one.name, "") for one in forms.LOT}
    data = {**typed, "fee_inputs": reading_form.own_inputs(made) if made is not None else {}}
    form = read_form(WriteLotSchema(), forms.LOT, data)
    for name, value in typed.items():
        form.fields[name].value = value
    for field_id, sentence in made.errors if made is not None else ():
        form.command = None
        form.errors.append((field_id, sentence))
    return form


def _index_page(work: Work, head: Need, form: Form[Any] | None) -> str:
    view = lots_view(work, head)
    form = form or blank_form(forms.LOT_LIMIT, {"most_wins": view["most_wins"] or ""})
    return render_template(
        "needs/lots.html", need=head, view=view, form=form, limit=limit_sentence(view["most_wins"]), words=wording
    )


def _lot_page(work: Work, head: Need, number: int, form: Form[Any], answers: Any) -> str:
    item = item_by_code(work.session, head.item_code)
    made = reading_form.calculator(item, beijing_day(work.clock.now()), answers)
    return render_template(
        "needs/lot.html", need=head, number=number, form=form, fee_fields=reading_form.fee_fields(made),
        title=lots_view(work, head)["title"],
    )  # fmt: skip
