"""Which schedule fits which service item: the catalogue's pointers read both ways, and the search for a schedule."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agencies.catalogue import reference
from agencies.catalogue.reference_types import ItemData
from agencies.fees import register
from agencies.fees.calculator import SERVICE, Answers
from agencies.fees.engine.schedule import Schedule
from core.errors import NotFound

LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Fit:
    """A service item a schedule prices; ``service`` is the key of the service meant, empty for all of them."""

    item: ItemData
    schedule: Schedule
    service: str


def fits() -> tuple[Fit, ...]:
    """Return every pointer of the catalogue to a schedule kept here, in the order of the catalogue."""
    return tuple(one for item in reference.items() for one in _pointed(item))


def _pointed(item: ItemData) -> list[Fit]:
    """Return what an item points at, each schedule once; documents not kept here are passed over."""
    found: dict[str, Fit] = {}
    services = dict(item.fee_services)
    for document in item.schedules:
        try:
            schedule = register.find(document)
        except NotFound:
            continue
        found.setdefault(schedule.id, Fit(item, schedule, services.get(document, "")))
    return list(found.values())


def with_service(answers: Answers, item_code: str, schedule_id: str) -> Answers:
    """Return a reader's answers with the service an item means, unless the reader chose one."""
    meant = next((one.service for one in schedules_for(item_code) if one.schedule.id == schedule_id), "")
    if not meant or answers.get(SERVICE):
        return answers
    return Answers({**answers.args, SERVICE: meant})


def items_of(schedule_id: str) -> tuple[Fit, ...]:
    """Return the items a schedule prices."""
    return tuple(one for one in fits() if one.schedule.id == schedule_id)


def schedules_for(item_code: str) -> tuple[Fit, ...]:
    """Return the schedules that price an item, the most particular first; none for an unknown code."""
    return tuple(one for one in fits() if one.item.code == item_code)


def not_kept(documents: Sequence[str]) -> list[str]:
    """Return the documents no schedule here is made of."""
    return [one for one in documents if not _exact(one)]


def search(text: str) -> list[Schedule]:
    """Return the schedules a text means, the surest first: by number, by name or subject, by item, by service.

    Every word of the text must be found, each in its own way if need be; no word finds all of them.
    """
    words = [_fold(word) for word in text[:LONGEST].split()]
    if not words:
        return list(register.SCHEDULES.values())
    exact = _exact(text)
    items: dict[str, list[ItemData]] = {}
    for fit in fits():
        items.setdefault(fit.schedule.id, []).append(fit.item)
    ranked: list[tuple[int, str]] = []
    for one in register.SCHEDULES.values():
        shelves = _shelves(one, items)
        places = [next((place for place, shelf in enumerate(shelves) if word in shelf), None) for word in words]
        if one.id == exact:
            ranked.append((-1, one.id))
        elif None not in places:
            ranked.append((sum(place for place in places if place is not None), one.id))
    return [register.SCHEDULES[schedule_id] for _rank, schedule_id in sorted(ranked)]


def _exact(text: str) -> str:
    """Return the id of the schedule a text names outright, empty when it names none."""
    try:
        return register.find(text).id
    except NotFound:
        return ""


def _shelves(one: Schedule, items: Mapping[str, Sequence[ItemData]]) -> list[str]:
    """Return what a schedule may be found by, the surest first."""
    mine = items.get(one.id, ())
    return [
        _fold("\n".join([one.id, one.document, *one.aliases, *(repeal.document for repeal in one.repeals)])),
        _fold("\n".join(f"{words.zh}\n{words.en}" for words in (one.title, one.subject, one.issuer))),
        _fold("\n".join(name for item in mine for name in (item.code, item.name, item.name_en, *item.aliases))),
        _fold("\n".join(
            name for version in one.versions for service in version.services
            for name in (service.label.zh, service.label.en, *service.names)
        )),
    ]  # fmt: skip


def _fold(text: str) -> str:
    """Fold width, case and the kinds of bracket."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded.translate(str.maketrans("〔【（()）】〕", "[[[[]]]]"))
