"""Between a need's page and its schema: lines of text become criteria and avoidances, fee fields become answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from agencies.catalogue.models import ServiceItem
from agencies.fees import fitting, register
from agencies.fees import queries as fee_queries
from agencies.fees.calculator import CARRIED, SERVICE, Answers, Calculator, open_calculator, service_choices
from agencies.fees.engine.inputs import FUNDING
from core.clock import beijing_day
from core.forms import Form, read_form
from core.i18n import gettext as _
from core.money import WAN, Money
from core.work import Work
from marketplace.needs import benchmark as benchmarks
from marketplace.needs import forms, queries, rules
from marketplace.needs.commands import WriteNeed
from marketplace.needs.methods import ASKED, usual_terms
from marketplace.needs.schemas import WriteNeedSchema

FEE: Final = CARRIED
TERM: Final = "term_"
PRICES: Final = ("价格", "價格", "price")
PLAIN: Final = ("title", "scale", "fund", "project_code", "requirements", "time_limit_days", "no_ceiling_reason")


def carried(args: Any) -> Answers:
    """Return the fee's answers of an address, as a service's page carries them over, the amount among them."""
    return Answers(args.to_dict(flat=False))


def posted_answers(form: Any) -> Answers:
    """Return the fee's answers of a posted form; the need's own fields are not among them."""
    return Answers({name: values for name, values in form.to_dict(flat=False).items() if name.startswith(FEE)})


def kept_answers(command: WriteNeed) -> Answers:
    """Return the fee's answers a need was written with; a coefficient kept behind its choice has its own box."""
    return Answers(benchmarks.kept_answers(command.fee_inputs))


def calculator(item: ServiceItem | None, on: date, answers: Answers) -> Calculator | None:
    """Open the calculator of the first schedule that fits an item; None where none is kept."""
    ids = fee_queries.schedules_of(item) if item is not None else ()
    if item is None or not ids:
        return None
    meant = fitting.with_service(answers, item.code, ids[0])
    return open_calculator(register.SCHEDULES[ids[0]], on, meant, strict=False)


def fee_fields(made: Calculator | None) -> list[dict[str, Any]]:
    """Draw the calculator's fields under this page's prefix, none of them demanded; the funding is the need's own."""
    if made is None:
        return []
    drawn: list[dict[str, Any]] = []
    choices = service_choices(made.version)
    if choices:
        asked = {"name": SERVICE, "id": "fee-service", "label": _("服务内容"), "type": "select", "value": made.service}
        drawn.append({**asked, "choices": choices})
    for one in made.fields:
        if one["name"] != FUNDING.name:
            drawn += [one, *one.get("extras", ())]
    return [{**one, "name": FEE + one["name"], "required": False, "error": one.get("error", "")} for one in drawn]


def first_values(args: Mapping[str, str]) -> dict[str, Any]:
    """Return what a new need's form begins with; only three answers are left to give."""
    return {
        "item_code": args.get("item", ""), "title": args.get("title", ""), "scale": args.get("scale", ""),
        "fund": args.get("fund", ""), "method": "merit", "quoting": "amount", "time_limit_days": 20,
        **{TERM + name: value for name, value in usual_terms().items()},
        "no_ceiling_reason": _("按市场报价比选，不设限价"), "criteria": _lines(rules.usual_criteria()),
    }  # fmt: skip


def values_of(work: Work, command: WriteNeed) -> dict[str, Any]:
    """Return the form's values for a need that was written already."""
    names = queries.agency_names(work.session, [agency_id for agency_id, _reason in command.avoid])
    values = {name: getattr(command, name) for name in (*PLAIN, "quoting", "method", "closes_at", "contact_name")}
    values["item_code"], values["contact_phone"] = command.item_code, command.contact_phone
    known = command.method_basis in rules.DIRECT_CAUSES
    values["method_basis"], values["basis_text"] = (command.method_basis, "") if known else ("", command.method_basis)
    values["ceiling"] = _wan(command.ceiling)
    values["criteria"] = _lines(command.criteria or rules.usual_criteria())
    values |= {TERM + name: value for name, value in {**usual_terms(), **command.terms}.items()}
    values["avoid"] = "\n".join(f"{names.get(agency_id, agency_id)} {reason}" for agency_id, reason in command.avoid)
    return values


def _wan(money: Money | None) -> str:
    return format((money.yuan / WAN).normalize(), "f") if money is not None else ""


def _lines(criteria: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{entry['name']} {entry['weight']}" for entry in criteria)


def read(work: Work, posted: Any, item: ServiceItem | None) -> Form[Any]:
    """Read a posted form into WriteNeed, or mark what is wrong; what was typed stays."""
    typed = {key: posted.get(key) for key in posted if not key.startswith(FEE)}
    data: dict[str, Any] = {**typed, "item_code": item.code if item is not None else ""}
    lines = data.get("criteria") or "" if data.get("method") == "merit" else ""
    data["criteria"], bad_line = criteria_of_lines(lines)
    data["avoid"], unknown = _avoid(work, data.get("avoid") or "")
    data["method_basis"] = _basis(data)
    data["terms"], bad_terms = _terms(data)
    made = calculator(item, beijing_day(work.clock.now()), posted_answers(posted))
    data["fee_inputs"] = own_inputs(made) if made is not None else {}
    form = read_form(WriteNeedSchema(), forms.ALL, data)
    for name, value in typed.items():
        if name in form.fields:
            form.fields[name].value = value
    if bad_line:
        form.refuse("criteria", _("评分项每行写“名称 权重”，如“服务方案 40”。改这一行：%(line)s", line=bad_line))
    if unknown:
        form.refuse("avoid", _("没有名为“%(name)s”的机构。按机构页上的全称填写", name=unknown))
    for name in bad_terms:
        form.refuse(name, _("填整数，如 3"))
    for field_id, sentence in made.errors if made is not None else ():
        form.command = None
        form.errors.append((field_id, sentence))
    return form


def own_inputs(made: Calculator) -> dict[str, Any]:
    """Return the answers a need keeps of its schedule; the funding is the need's own."""
    return {name: value for name, value in made.inputs.items() if name != FUNDING.name}


def _basis(data: Mapping[str, Any]) -> str:
    """Return the cause of a direct choice, or the document that allows a method which is off."""
    cause, written = data.get("method_basis") or "", (data.get("basis_text") or "").strip()
    return written or (cause if data.get("method") == "direct" else "")


def _terms(data: Mapping[str, Any]) -> tuple[dict[str, int], list[str]]:
    """Return the numbers the chosen method asks for, and the fields that hold something else."""
    asked = ASKED.get(data.get("method") or "")
    typed = {term.name: str(data.get(TERM + term.name) or "").strip() for term in (asked.terms if asked else ())}
    good = {name: int(text) for name, text in typed.items() if text.isdecimal()}
    return good, [TERM + name for name, text in typed.items() if text and name not in good]


def criteria_of_lines(text: str) -> tuple[list[dict[str, Any]], str]:
    """Return the criteria written one a line, and the first line that is none."""
    found = []
    for line in filter(None, (line.strip().replace("\u3000", " ") for line in text.splitlines())):
        name, _space, weight = line.rpartition(" ")
        if not name.strip() or not weight.isdecimal():
            return [], line
        kind = "price" if name.strip().lower() in PRICES else "merit"
        found.append({"name": name.strip(), "weight": int(weight), "kind": kind})
    return found, ""


def _avoid(work: Work, text: str) -> tuple[list[dict[str, Any]], str]:
    """Return the agencies declared out with reasons, and the first name that is none."""
    found = []
    for line in filter(None, (line.strip().replace("\u3000", " ") for line in text.splitlines())):
        name, _space, reason = line.partition(" ")
        agency_id = queries.agency_named(work.session, name)
        if agency_id is None:
            return [], name
        found.append({"agency_id": agency_id, "reason": reason.strip()})
    return found, ""
