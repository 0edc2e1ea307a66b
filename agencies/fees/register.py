"""The register of fee schedules: the files, and the approved revisions over them, found by any spelling of a number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from agencies.fees import texts
from agencies.fees.engine.inputs import FUNDING, service_field
from agencies.fees.engine.schedule import InputField, Schedule, Version
from core.errors import NotFound

FOLDER: Final = texts.FOLDER
_NUMBER: Final = re.compile(r"([\u4e00-\u9fff]{2,})(\[\d{4}\]\d+)")
_HAS_NUMBER: Final = re.compile(r"\[\d{4}\]\d")
_SHORT: Final = re.compile(r"([\u4e00-\u9fff]*)(?:(\d{4})年)?(\d+)号")
_MOST_WORDS: Final = 6
_BRACKETS: Final = str.maketrans("〔【（〈", "[[[[") | str.maketrans("〕】）〉", "]]]]")


def schedules() -> Mapping[str, Schedule]:
    """Return every schedule by its id, in the order of the file names; those that came by revision after them.

    Raises DataFileError when a file breaks its rules or two files share an id.
    """
    return texts.current().schedules


class _Register(Mapping[str, Schedule]):
    """The schedules by id, as they stand now."""

    def __getitem__(self, key: str) -> Schedule:
        return schedules()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(schedules())

    def __len__(self) -> int:
        return len(schedules())


SCHEDULES: Final[Mapping[str, Schedule]] = _Register()


def find(document: str) -> Schedule:
    """Return the schedule a document number, title or id means, in any spelling.

    A text with several document numbers ("125号 + 534") means the first that is known. Where one document holds several
    schedules (534号), a subject named beside the number tells which.

    Raises NotFound with the code fee-schedule-not-found.
    """
    names, folded = _names(), _fold(document)
    if folded in names:
        return SCHEDULES[names[folded]]
    for number in _numbers(folded):
        beside = next((known for word, known in _sharing().get(number, ()) if word in folded), names.get(number))
        if beside is not None:
            return SCHEDULES[beside]
    if not _HAS_NUMBER.search(folded):
        short = _short(document, names) or _leading(document, names)
        if short:
            return SCHEDULES[short]
    raise NotFound("fee-schedule-not-found", document=document[:80])


def _short(document: str, names: Mapping[str, str]) -> str:
    """Return the schedule a number without its year means (1980号, 粤价函742号), nothing when several have it."""
    text = re.sub(r"\s+", "", _spaced(document)).casefold()
    match = _SHORT.search(text)
    if match is None:
        return ""
    issuer, year, serial = match[1], match[2], int(match[3][:9])
    found = {
        name
        for name in names
        if (known := _NUMBER.fullmatch(name)) is not None and int(known[2].partition("]")[2]) == serial
        if year is None or known[2].startswith(f"[{year}]")
        if not issuer or issuer.endswith(known[1]) or known[1].endswith(issuer) or known[1].startswith(issuer)
    }
    beside = {known for name in found for word, known in _sharing().get(name, ()) if word in text}
    ids = beside if len(beside) == 1 else {names[name] for name in found}
    return next(iter(ids)) if len(ids) == 1 else ""


def _leading(document: str, names: Mapping[str, str]) -> str:
    """Return the schedule a text without a document number begins with the name of: 城市规划 修规."""
    words = [word for word in re.split(r"[\s\[\]+,、，:：]+", _spaced(document)) if word]
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        for joint in ("", "["):
            name = joint.join(words[:count]) + ("]" if joint and count > 1 else "")
            if len(name) > 1 and (known := names.get(_fold(name))) is not None:
                return known
    return ""


def fields(schedule: Schedule, version: Version, service: str | None = None) -> tuple[InputField, ...]:
    """Return the input fields to draw a calculator form from, in order.

    service: the key of the chosen service; None for the fields of all of them. The choice
    of service comes first where there is one, the funding last where force depends on it.

    Raises NotFound with the code fee-service-not-found.
    """
    chosen = [one for one in version.services if service is None or one.key == service]
    if not chosen:
        raise NotFound("fee-service-not-found", schedule=schedule.id, service=service)
    drawn: dict[str, InputField] = {}
    if len(version.services) > 1:
        drawn["service"] = service_field(version)
    for one in chosen:
        drawn |= {field.name: field for field in one.fields if field.name not in drawn}
    if schedule.funding_matters:
        drawn[FUNDING.name] = FUNDING
    return tuple(drawn.values())


def grounds(document: str, on: date) -> dict[str, str]:
    """Return what names the text a day is judged by, to be kept with a finding: its version's key and its hash.

    Raises NotFound with the code fee-schedule-not-found.
    """
    found = find(document)
    version = found.version_on(on)
    return {"version": version.key if version is not None else "", "text_sha256": texts.digest_on(found.id, on)}


def _names() -> Mapping[str, str]:
    return _names_of(texts.current())


@lru_cache(maxsize=2)
def _names_of(standing: texts.Standing) -> Mapping[str, str]:
    """Return every folded name with the id it means: whole names first, then the numbers within them."""
    spelt = [(_fold(name), one.id) for one in standing.schedules.values() for name in _called(one)]
    names: dict[str, str] = {}
    for name, known in spelt:
        names.setdefault(name, known)
    for name, known in spelt:
        for number in _numbers(name)[:1]:
            names.setdefault(number, known)
    return MappingProxyType(names)


def _called(one: Schedule) -> tuple[str, ...]:
    return (one.id, one.document, *one.aliases, one.title.zh)


def _sharing() -> Mapping[str, Sequence[tuple[str, str]]]:
    return _sharing_of(texts.current())


@lru_cache(maxsize=2)
def _sharing_of(standing: texts.Standing) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return, for each document number several schedules share, the words that tell them apart, longest first."""
    holders: dict[str, set[str]] = {}
    for one in standing.schedules.values():
        for name in _called(one):
            for number in _numbers(_fold(name))[:1]:
                holders.setdefault(number, set()).add(one.id)
    found = {}
    for number, ids in holders.items():
        if len(ids) > 1:
            words = {(word, known) for known in ids for word in _words(standing.schedules[known])}
            found[number] = sorted(words, key=lambda pair: (-len(pair[0]), pair))
    return MappingProxyType(found)


def _words(one: Schedule) -> set[str]:
    """Return the names of a schedule that hold no document number."""
    return {_fold(name) for name in (one.subject.zh, *one.aliases) if not _numbers(_fold(name)) and len(name) > 1}


def service_beside(version: Version, document: str) -> str:
    """Return the key of the service named behind a document (保监[2005]22号 验收技术评估), nothing when none is."""
    folded = _fold(document)
    named = [
        (len(name), one.key)
        for one in version.services
        for name in map(_fold, (one.label.zh, *one.names))
        if len(name) > 1 and name in folded
    ]
    longest = {key for length, key in named if length == max(named)[0]}
    return next(iter(longest)) if len(longest) == 1 else ""


def item_beside(version: Version, document: str) -> str:
    """Return the name of the item of a price list named behind a document (粤价函[2012]1490号 竖向静载)."""
    folded = _NUMBER.sub("", _fold(document)).replace("号", "")
    named = [
        (len(name), item.key, name)
        for service in version.services
        for field in service.fields
        for item in field.items
        for name in map(_fold, (item.label.zh, *item.names))
        if len(name) > 1 and not name.isascii() and name in folded
    ]
    longest = {key: name for length, key, name in named if length == max(named)[0]}
    return next(iter(longest.values())) if len(longest) == 1 else ""


def _fold(name: str) -> str:
    """Fold brackets, width and blanks, so that all spellings of a number meet."""
    return re.sub(r"\s+", "", _spaced(name)).casefold().removesuffix("号")


def _spaced(name: str) -> str:
    """Fold brackets and width alone."""
    return unicodedata.normalize("NFKC", name[:200].translate(_BRACKETS)).translate(str.maketrans("()", "[]"))


def _numbers(folded: str) -> list[str]:
    """Return the document numbers in a folded text, in order, without 号.

    What stands before a number without a blank (招标代理计价格…) is tried off, letter by letter.
    """
    return [match[1][start:] + match[2] for match in _NUMBER.finditer(folded) for start in range(len(match[1]) - 1)]
