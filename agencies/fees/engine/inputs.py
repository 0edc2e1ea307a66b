"""Read what people answered: any name of a field, any way to write an amount or a choice."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from agencies.fees.engine import amounts, exact, quantities
from agencies.fees.engine.amounts import AmountRefused
from agencies.fees.engine.choosing import choose, fold
from agencies.fees.engine.line_names import lines_of, list_field, means_else, one_line, only_fitting
from agencies.fees.engine.price_items import PricedLine
from agencies.fees.engine.price_lines import read_lines
from agencies.fees.engine.refusal import InputRefused, Problem, shown
from agencies.fees.engine.schedule import Choice, InputField, Kind, Service, Version
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Answer, Chosen

_SUFFIXES: Final = {"_yuan": "元", "_wan": "万元", "_yi": "亿元"}
_MOST_PARTS: Final = 200
_BRACKETED: Final = re.compile(r"(.+?)\((.+)\)$")

FUNDING: Final = InputField(
    name="funding",
    kind=Kind.CHOICE,
    label=Words("资金性质", "Funding"),
    help=Words(
        "政府投资项目和政府委托的服务选“政府投资”。",
        "Choose government for public investment and services bought by government.",
    ),
    choices=(
        Choice("government", Words("政府投资", "Government"),
               names=("政府", "财政", "财政资金", "政府投资项目", "国有")),
        Choice("social", Words("非政府投资", "Other investment"),
               names=("社会", "社会投资", "社会资本", "非政府", "企业自筹", "民间投资", "private")),
    ),
    aliases=("资金来源", "投资性质", "资金"),
)  # fmt: skip

STAGE: Final = InputField(
    name="stage",
    kind=Kind.CHOICE,
    label=Words("要算到哪一步", "Result wanted"),
    choices=(
        Choice("charge_base", Words("计费额", "Charge base")),
        Choice(
            "base_price",
            Words("收费基价", "Base price"),
            names=("基价", "before coefficients"),
        ),
        Choice("basic_fee", Words("基本收费", "Basic fee"), names=("基本设计收费",)),
        Choice("benchmark", Words("基准价", "Benchmark"), names=("收费基准价",)),
        Choice("fee", Words("收费额", "Fee"), names=("收费", "总收费", "final")),
    ),
    aliases=("result", "结果", "算到"),
)


@dataclass(frozen=True, slots=True)
class Echo:
    """How one input was understood: what was given, and what it was taken for."""

    name: str
    label: Words
    given: str
    taken: Words


@dataclass(frozen=True, slots=True)
class Answers:
    """The inputs of one calculation, understood."""

    service: Service
    values: dict[str, Answer]
    echoes: tuple[Echo, ...]
    funding: str
    stage: str


@dataclass(slots=True)
class _Reading:
    """Answers on their way in: what is understood, and what is wrong, so far."""

    values: dict[str, Answer] = field(default_factory=dict)
    echoes: list[Echo] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def resolve(version: Version, given: Mapping[str, object]) -> Answers:
    """Understand all inputs for a version.

    Raises InputRefused with every problem found, not the first only.
    """
    asked = service_field(version)
    rest = {name: value for name, value in given.items() if not _is_blank(value)}
    reading = _Reading()
    service = _service(version, asked, rest, reading)
    rest = one_line(list_field(service), _index(service), rest)
    fields = _fields(service)
    for found, (_, value, unit) in _sorted(version, service, rest, reading).items():
        _answer(fields[found], value, unit, reading)
    for one in service.fields:
        _complete(one, reading)
    if reading.problems:
        place = {name: index for index, name in enumerate(fields)}
        problems = sorted(reading.problems, key=lambda one: place.get(one.name, len(place)))
        raise InputRefused(tuple(problems))
    funding, stage = reading.values.pop("funding", None), reading.values.pop("stage", None)
    return Answers(
        service,
        reading.values,
        tuple(reading.echoes),
        funding.key if isinstance(funding, Chosen) else "",
        stage.key if isinstance(stage, Chosen) else "fee",
    )


@lru_cache(maxsize=1024)
def _fields(service: Service) -> Mapping[str, InputField]:
    """Return what may be answered for a service, by name, in the order of the form."""
    return {one.name: one for one in (*service.fields, FUNDING, STAGE)}


@lru_cache(maxsize=256)
def service_field(version: Version) -> InputField:
    """Return the field that chooses among the services of a version."""
    choices = tuple(Choice(s.key, s.label, names=s.names) for s in version.services)
    return InputField(
        name="service",
        kind=Kind.CHOICE,
        label=Words("服务内容", "Service"),
        required=len(choices) > 1,
        choices=choices,
        aliases=("服务", "服务项目", "咨询服务", "咨询评估项目", "项目类型", "item", "类别", "method"),
    )


@lru_cache(maxsize=256)
def _names_of(one: InputField) -> tuple[str, ...]:
    """Return the folded names a field goes by."""
    return tuple(fold(name) for name in (one.name, *one.aliases))


def _service(version: Version, asked: InputField, rest: dict[str, object], reading: _Reading) -> Service:
    """Take the service out of the inputs; a version of one service needs no answer."""
    names = _names_of(asked)
    for name in sorted((name for name in rest if fold(name) in names), key=lambda name: names.index(fold(name))):
        # Only a schedule of several services has the field; "item" may be another's alias.
        chosen = choose(asked, rest[name])
        if isinstance(chosen, Problem) and means_else(name, version.services):
            continue  # a field's own answer, or the item of a line
        if isinstance(chosen, Problem):
            raise InputRefused((chosen,))
        given = rest.pop(name)
        reading.echoes.append(Echo(asked.name, asked.label, _given(given), chosen.label))
        return next(one for one in version.services if one.key == chosen.key)
    if len(version.services) == 1:
        return version.services[0]
    fitting = only_fitting(version.services, _index, rest)
    if fitting is None:
        keys = tuple(one.key for one in version.services)
        raise InputRefused((Problem(asked.name, "missing", {"choices": keys}),))
    reading.echoes.append(Echo(asked.name, asked.label, "", fitting.label))
    return fitting


def _is_blank(value: object) -> bool:
    """Tell whether an input was left empty."""
    return value is None or value in ("", [], (), {}) or (isinstance(value, str) and not value.strip())


@lru_cache(maxsize=1024)
def _index(service: Service) -> Mapping[str, tuple[str, str]]:
    """Return every folded name of a service's inputs with its field and the unit it implies."""
    index: dict[str, tuple[str, str]] = {}
    for one in (*service.fields, FUNDING, STAGE):
        for name in (one.name, *one.aliases, one.label.zh, one.label.en):
            index.setdefault(fold(name), (one.name, one.unit))
            if one.kind in (Kind.AMOUNT, Kind.AMOUNTS):
                for suffix, unit in _SUFFIXES.items():
                    index.setdefault(fold(name) + suffix, (one.name, unit))
                    index.setdefault(f"{fold(name)}({unit})", (one.name, unit))
            if one.kind is Kind.QUANTITY:
                for unit in quantities.spellings(one.unit):
                    index.setdefault(f"{fold(name)}_{unit}", (one.name, unit))
                    index.setdefault(f"{fold(name)}({unit})", (one.name, unit))
    for one in service.fields:
        for item in one.items:
            for name in (item.key, item.label.zh, item.label.en, *item.names):
                index.setdefault(fold(name), (one.name, one.unit))
    return index


def _sorted(
    version: Version, service: Service, rest: Mapping[str, object], reading: _Reading
) -> dict[str, tuple[list[str], object, str]]:
    """Sort the inputs by field: the names used, the value, and the unit the name implies."""
    index = _index(service)
    kinds = {one.name: one.kind for one in service.fields}
    found: dict[str, tuple[list[str], object, str]] = {}
    for name, given in rest.items():
        value, folded = given, fold(name)
        inside = _BRACKETED.match(folded)
        if folded not in index and inside and inside[1] in index:
            folded, value = inside[1], _inside(inside[2], given)
        if folded not in index:
            reading.problems.append(_unknown(version, service, index, name))
            continue
        target, unit = index[folded]
        if kinds.get(target) is Kind.LINES:
            value = lines_of(service.field(target), folded, value)
        if target not in found:
            found[target] = ([name], value, unit)
        elif kinds.get(target) in {Kind.CHOICES, Kind.LINES}:
            names, before, _ = found[target]
            found[target] = (
                [*names, name],
                [*_several(before), *_several(value)],
                unit,
            )
        else:
            facts = {"other": found[target][0][0]}
            reading.problems.append(Problem(target, "given-twice", facts))
    return found


def _inside(choice: str, given: object) -> object:
    """Read `additional(rebuild)=1.2` as the choice `rebuild 1.2`, `=on` as the choice alone."""
    if given is True or (isinstance(given, str) and fold(given) in {"on", "yes", "true", "是"}):
        return [choice]
    return [f"{choice} {given}"]


def _unknown(version: Version, service: Service, index: Mapping[str, tuple[str, str]], name: str) -> Problem:
    """Say that a name is not an input here, and what was perhaps meant."""
    folded = fold(name)
    for other in version.services:
        if folded in _index(other):
            return Problem(shown(name), "not-applicable", {"service": other.key})
    chosen = [one for one in service.fields for choice in one.choices if folded in map(fold, choice.called)]
    near = difflib.get_close_matches(folded[:60], index, n=1)
    fields = (*service.fields, FUNDING, STAGE)
    meant = chosen or [one for key in near for one in fields if one.name == index[key][0]]
    known = tuple(sorted({target for target, _ in index.values()}))
    return Problem(shown(name), "unknown-input", {"known": known, "close": tuple(one.label for one in meant[:1])})


def _answer(one: InputField, value: object, unit: str, reading: _Reading) -> None:
    """Understand one input and keep it, or keep the problem."""
    try:
        answer = _READERS[one.kind](one, value, unit)
    except InputRefused as refused:
        reading.problems += refused.problems
        return
    except AmountRefused as refused:
        facts = {"given": shown(value), "unit": one.unit}
        code = "not-a-number" if (one.kind, refused.code) == (Kind.QUANTITY, "not-an-amount") else refused.code
        reading.problems.append(Problem(one.name, code, facts))
        return
    if isinstance(answer, Problem):
        reading.problems.append(answer)
        return
    reading.values[one.name] = answer
    reading.echoes.append(Echo(one.name, one.label, _given(value), _taken(one, answer)))


def _complete(one: InputField, reading: _Reading) -> None:
    """Fill in a default, or note that a required answer is missing."""
    if one.name in reading.values or (reading.problems and any(p.name == one.name for p in reading.problems)):
        return
    if one.default is not None:
        choice = next(choice for choice in one.choices if choice.key == one.default)
        answer = Chosen(choice.key, choice.label, choice.value)
        reading.values[one.name] = answer
        reading.echoes.append(Echo(one.name, one.label, "", choice.label))
    elif one.required:
        facts = {"choices": tuple(choice.key for choice in one.choices), "unit": one.unit}
        reading.problems.append(Problem(one.name, "missing", facts))


def _amount(one: InputField, value: object, unit: str) -> Answer | Problem:
    """Read one amount into the field's unit."""
    if one.signed:
        value = _unsigned(value)
    yuan = amounts.fraction(value, unit)
    if yuan == 0 and not one.may_be_zero:
        return Problem(one.name, "not-positive", {"given": shown(value)})
    return yuan / exact.YUAN[one.unit]


def _unsigned(value: object) -> object:
    """Drop a minus sign: 核减 is written either way, and its size is what counts."""
    if isinstance(value, str):
        return unicodedata.normalize("NFKC", value).strip().lstrip("-−")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return abs(value)
    return value


def _list(one: InputField, value: object, unit: str) -> Answer | Problem:
    """Read several amounts; in a text they stand apart by 、 ; or a new line."""
    read: list[Fraction] = []
    parts = _several(value, r"[;；、\n\r]+")
    if len(parts) > _MOST_PARTS:
        return Problem(one.name, "too-many", {"high": _MOST_PARTS})
    for part in parts:
        answer = _amount(one, part, unit)
        if isinstance(answer, Problem):
            return answer
        if isinstance(answer, Fraction):
            read.append(answer)
    return tuple(read)


def _choice(one: InputField, value: object, unit: str) -> Answer | Problem:
    """Read one choice."""
    del unit
    return choose(one, value)


def _choices(one: InputField, value: object, unit: str) -> Answer | Problem:
    """Read several choices; naming one twice is refused."""
    del unit
    read: list[Chosen] = []
    for part in _several(value):
        chosen = choose(one, part)
        if isinstance(chosen, Problem):
            return chosen
        if chosen.key and chosen.key in [other.key for other in read]:
            return Problem(one.name, "given-twice", {"other": chosen.key})
        read.append(chosen)
    return tuple(read)


def _lines(one: InputField, value: object, unit: str) -> Answer | Problem:
    """Read the lines of a price list. Raises InputRefused, naming every line that can't be read."""
    del unit
    return read_lines(one, value)


def _several(value: object, apart: str = r"[,;；，、\n\r]+") -> list[object]:
    """Return the members of a list, a table, or a text with its parts set apart."""
    if isinstance(value, Mapping):
        return [part for name, inner in value.items() for part in _several(_inside(name, inner))]
    if isinstance(value, list | tuple):
        return [part for part in value if not _is_blank(part)]
    if isinstance(value, str):
        return [part for part in re.split(apart, value) if part.strip()]
    return [value]


_READERS: Final = {
    Kind.AMOUNT: _amount,
    Kind.AMOUNTS: _list,
    Kind.QUANTITY: quantities.read,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.LINES: _lines,
}


def _given(value: object) -> str:
    """Write an input as it came in; the members of a list set apart by ；, the parts of a line by blanks."""
    if isinstance(value, str):
        return shown(value)
    parts = value if isinstance(value, list | tuple) else [value]
    lines = [list(part.values())[:8] if isinstance(part, Mapping) else [part] for part in parts[:20]]
    return "；".join(" ".join(map(shown, line)) for line in lines)


def _taken(one: InputField, answer: Answer) -> Words:
    """Write how an answer was understood."""
    if not isinstance(answer, tuple):
        return _taken_one(one, answer)
    read = [_taken_one(one, part) for part in answer]
    return Words("；".join(part.zh for part in read), "; ".join(part.en for part in read))


def _taken_one(one: InputField, part: Fraction | Chosen | PricedLine) -> Words:
    """Write how one amount, quantity, choice or line was understood."""
    if isinstance(part, PricedLine):
        return part.words
    if isinstance(part, Fraction):
        if one.kind is Kind.QUANTITY:
            written = exact.text(part)
            return Words(f"{written} {one.unit}".strip(), written)
        return amounts.echo(part * exact.YUAN[one.unit])
    if part.value is None or not part.key:
        return part.label
    number = exact.text(part.value)
    return part.label.then(f" {number}", f" {number}")
