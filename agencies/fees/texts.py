"""Which text of a schedule answers: the file's, or an approved revision's from its effective day.

Every process keeps the texts it knows as one ``Standing``, swapped whole. A request or a task says once how to look for
newer ones (``newer``); the look is made when a schedule is first asked for, so that pages without fees ask nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from agencies.fees.engine.reader import read_schedule, read_text
from agencies.fees.engine.schedule import Schedule
from agencies.fees.engine.splicing import splice, start
from core.clock import beijing_day
from core.newer import Newer

FOLDER: Final = Path(__file__).parent / "schedules"
SHORT: Final = 8


@dataclass(frozen=True, slots=True)
class RevisedText:
    """An approved text of one schedule: what it says, its hash, from which day it holds, when it was approved."""

    schedule_id: str
    text: str
    digest: str
    effective_on: date
    approved_at: datetime


@dataclass(frozen=True, eq=False)
class Standing:
    """What a process knows: the schedules by id, and the approved texts in the order of their approval.

    stamp: what the database's register said when they were read; empty where there is none.
    """

    stamp: str
    revised: tuple[RevisedText, ...]
    schedules: Mapping[str, Schedule]


_standing: list[Standing] = []
newer: Final = Newer("texts")


def digest(text: str) -> str:
    """Return the hash a text is known by."""
    return hashlib.sha256(text.encode()).hexdigest()


def tidy(text: str) -> str:
    """Return a text with plain ends of lines and one at its end, as it is hashed and kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"


def current() -> Standing:
    """Return what answers now; looks once a request for newer texts, where somebody said how."""
    newer.take_up()
    if not _standing:
        _standing.append(Standing("", (), schedules_of_files()))
    return _standing[0]


def stamp() -> str:
    """Return the stamp of what this process knows, without looking for newer."""
    return _standing[0].stamp if _standing else ""


def install(given: str, revised: Sequence[RevisedText], today: date) -> None:
    """Let these texts answer from now on; a thread that is calculating keeps the schedule it has.

    revised: in the order of approval. Raises DataFileError when a text cannot be read: nothing changes then.
    """
    found = dict(schedules_of_files())
    for schedule_id in dict.fromkeys(one.schedule_id for one in revised):
        spliced = compose(schedule_id, revised, today)
        if spliced is not None:
            found[schedule_id] = spliced
    _standing[:] = [Standing(given, tuple(revised), MappingProxyType(found))]


def forget() -> None:
    """Let the files alone answer, as in a process that has just begun."""
    _standing.clear()


def compose(schedule_id: str, revised: Sequence[RevisedText], today: date) -> Schedule | None:
    """Return one schedule under these texts: its file, and each approved text from its day; None when it has none.

    today: the titles and names of a text not yet in force wait for its day.
    """
    found = schedules_of_files().get(schedule_id)
    for one in revised:
        if one.schedule_id != schedule_id:
            continue
        text = parsed(one.text)
        if found is None:
            found = start(text, one.effective_on)
        else:
            heading = one.effective_on <= today
            found = splice(found, text, one.effective_on, one.digest[:SHORT], heading=heading)
    return found


def as_known(schedule_id: str, at: datetime) -> Schedule | None:
    """Return a schedule as it answered at an instant, before whatever was approved since."""
    revised = [one for one in current().revised if one.approved_at <= at]
    return compose(schedule_id, revised, beijing_day(at))


def digest_on(schedule_id: str, on: date) -> str:
    """Return the hash of the text that answers for a day; empty when there is none."""
    revised = [one for one in current().revised if one.schedule_id == schedule_id and one.effective_on <= on]
    if revised:
        return revised[-1].digest
    text = file_text(schedule_id)
    return digest(text) if text else ""


def file_text(schedule_id: str) -> str:
    """Return the text of a schedule's file as it is hashed; empty when it has none."""
    found = _files().get(schedule_id)
    return tidy(found[1].read_text(encoding="utf-8")) if found is not None else ""


@cache
def schedules_of_files() -> Mapping[str, Schedule]:
    """Return every schedule that has a file by its id, in the order of the file names; read once.

    Raises DataFileError when a file breaks its rules, ValueError when two files share an id.
    """
    return MappingProxyType({key: schedule for key, (schedule, _path) in _files().items()})


@lru_cache(maxsize=256)
def parsed(text: str) -> Schedule:
    """Return the schedule of a text. Raises DataFileError."""
    return read_text(text, "toml")


@cache
def _files() -> Mapping[str, tuple[Schedule, Path]]:
    found: dict[str, tuple[Schedule, Path]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        schedule = read_schedule(path)
        if schedule.id in found:
            raise ValueError(f"{path.name}: id {schedule.id!r} stands in another file too")
        found[schedule.id] = (schedule, path)
    return found
