"""The benchmark of a need's own numbers: what its schedule says on a day, where a price stands to it, and the working.

Need, quote, contract and settlement pages show it alike. A freed schedule is a reference and never a floor; only a cap
that bound on the day is called one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from agencies.fees import guidance, register
from agencies.fees import service as fees
from agencies.fees.calculator import CARRIED, Answers, open_calculator
from agencies.fees.engine.calculation import Calculation
from agencies.fees.engine.inputs import FUNDING
from agencies.fees.engine.schedule import InputField, Kind, Schedule
from agencies.fees.presentation import CalculationView, calculation_view
from agencies.fees.wording import said
from core.errors import DomainError
from core.i18n import gettext as _
from core.money import Money
from marketplace.needs.models import Need

CHOSEN: Final = (Kind.CHOICE, Kind.CHOICES)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a page shows of a need's benchmark: the working, where it stands, and how a price stands to it in words."""

    title: str
    schedule_url: str
    view: CalculationView
    sentences: Sequence[str]


def benchmark(need: Need, on: date, price: Money | None = None, *, is_open: bool = False) -> Benchmark | None:
    """Return the benchmark of a need on a day; None where no schedule fits or nothing can be worked out.

    price: the amount the page is about, shown against it; never one that is still sealed. is_open: whether the working
    is unfolded.
    """
    if need.schedule_id is None:
        return None
    found = fees.benchmark(need.item_code, [need.schedule_id], on, {**need.fee_inputs, FUNDING.name: funding_of(need)})
    if found is None:
        return None
    try:
        view = calculation_view(found, title="", bar=_bar(found, need, price), is_open=is_open)
        schedule = register.SCHEDULES[found.schedule_id]
    except (DomainError, KeyError):
        return None
    return Benchmark(
        said(schedule.title),
        f"/fees/{schedule.id}",
        replace(view, share_url=working_url(need, found)),
        [] if price is None else against(found, price),
    )


def funding_of(need: Need) -> str:
    """Return who pays for a need, as the schedules call it."""
    return "government" if need.fund == "fiscal" else "social"


def working_url(need: Need, found: Calculation) -> str:
    """Return the address of the calculator with what a need's calculation was given, on its day."""
    schedule = register.SCHEDULES[found.schedule_id]
    answers = _understood(schedule, found, kept_answers(need.fee_inputs))
    answers[CARRIED + FUNDING.name] = [funding_of(need)]
    return guidance.address(open_calculator(schedule, found.on, Answers(answers), strict=False))


def _understood(schedule: Schedule, found: Calculation, kept: dict[str, Any]) -> dict[str, Any]:
    """Return a form's answers as they were understood: a program may have used other names, or a choice's words.

    What is filled in is Chinese, as the form reads amounts in any language.
    """
    version = schedule.version_on(found.on) or schedule.versions[0]
    fields = {one.name: one for one in register.fields(schedule, version, found.service)}
    for echo in found.inputs_echo:
        name, field = CARRIED + echo.name, fields.get(echo.name)
        if field is None or not echo.given:
            continue
        chosen = [_key(field, part) for part in echo.taken.zh.split("；")] if field.kind in CHOSEN else []
        if chosen and all(chosen):
            kept[name] = chosen
        else:
            kept.setdefault(name, [echo.taken.zh])
    return kept


def _key(field: InputField, taken: str) -> str:
    """Return the key of a choice from its words, its own number perhaps behind; nothing for an agreed coefficient."""
    alike = (one for one in field.choices if one.value is not None or one.low is None)
    return next((one.key for one in alike if taken == one.label.zh or taken.startswith(f"{one.label.zh} ")), "")


def kept_answers(fee_inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a need's answers under the names of a form; a coefficient kept behind its choice has its own box."""
    answers: dict[str, Any] = {}
    for name, kept in fee_inputs.items():
        given = [_with_coefficient(str(one)) for one in (kept if isinstance(kept, list) else [kept])]
        answers[CARRIED + name] = [choice for choice, _number in given]
        answers |= {f"{CARRIED}{name}.{choice}": number for choice, number in given if number}
    return answers


def against(found: Calculation, price: Money) -> list[str]:
    """Say how a price stands to a schedule's result: to a cap that bound on the day, and to its base or its range."""
    cap, sentences = found.binding_cap(), []
    if cap is not None and cap.fen and price > cap:
        sentences.append(difference(price, cap, _("当日法定上限")))
    if found.base is not None and found.base.fen:
        sentences.append(difference(price, found.base, _("收费基准")))
    elif found.high is not None and price > found.high:
        sentences.append(difference(price, found.high, _("参考区间上端")))
    elif found.low is not None and price < found.low:
        sentences.append(difference(price, found.low, _("参考区间下端")))
    elif found.low is not None or found.high is not None:
        sentences.append(_("在参考区间内"))
    return sentences


def difference(price: Money, other: Money, name: str) -> str:
    """Say how a price stands to another amount, in words and percent instead of a minus sign."""
    if price == other:
        return str(_("等于%(name)s", name=name))
    share = abs(Decimal(price.fen - other.fen)) * 100 / Decimal(other.fen)
    if price < other:
        return str(_("低于%(name)s %(share)s%%", name=name, share=f"{share:.1f}"))
    return str(_("高于%(name)s %(share)s%%", name=name, share=f"{share:.1f}"))


def _bar(found: Calculation, need: Need, price: Money | None) -> dict[str, Any] | None:
    """Return what draws where a price stands; None where the schedule gives neither amount nor range."""
    if found.base is None and found.high is None:
        return None
    band = "binding" if found.status.caps else "history"
    cap = found.binding_cap() or need.ceiling
    return {"price": price, "low": found.low, "mid": found.base, "high": found.high, "cap": cap, "band": band}


def _with_coefficient(kept: str) -> tuple[str, str]:
    choice, _space, number = kept.rpartition(" ")
    return (choice, number) if choice and number.replace(".", "").isdecimal() else (kept, "")
