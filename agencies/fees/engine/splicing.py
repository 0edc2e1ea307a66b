"""Join the texts of one schedule, each in force from its day, into one schedule that answers for every day.

A revision's text holds from its effective day on; for earlier days the text before it still answers. Both are cut at
that day and laid end to end, so that ``Schedule.version_on`` and ``status_on`` find the right one by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, Final

from agencies.fees.engine.operations import Operation
from agencies.fees.engine.schedule import Schedule, Service, StatusPeriod, Version

MARK: Final = "@"
_NAMES: Final = frozenset({"label", "clause"})


def splice(before: Schedule, after: Schedule, on: date, mark: str, *, heading: bool = True) -> Schedule:
    """Return one schedule: ``before`` until the day before ``on``, ``after`` from then.

    mark: told from others by it, a version of ``after`` that charges otherwise than the one of the same key before has
    the key ``key@mark``. heading: whether title, notes and names are those of ``after`` already.
    """
    versions = _versions(before, after, on, mark)
    statuses = _statuses(before.statuses, after.statuses, on)
    return replace(after if heading else before, versions=tuple(versions), statuses=tuple(statuses))


def start(text: Schedule, on: date) -> Schedule:
    """Return a schedule that has no text before ``on``."""
    following = [_from(one, on) for one in text.versions if one.until is None or one.until >= on]
    versions = tuple(following) or (_from(text.versions[-1], on),)
    return replace(text, versions=versions, statuses=tuple(_after(text.statuses, on)))


def charges(version: Version) -> tuple[Any, ...]:
    """Return what a version charges, without the words it says it in; equal for versions that cost the same."""
    return tuple((one.key, one.unit, _operations(one), _coefficients(one)) for one in version.services)


def changed_before(before: Schedule, after: Schedule, on: date) -> tuple[str, ...]:
    """Return the keys of versions begun before ``on`` that charge otherwise or are gone, and "" for the legal force."""
    known = {one.key: one for one in after.versions}
    found = [
        one.key
        for one in before.versions
        if one.since < on and (one.key not in known or charges(known[one.key]) != charges(one)
                               or known[one.key].since != one.since)
    ]  # fmt: skip
    added = [
        one.key for one in after.versions if one.since < on and one.key not in {old.key for old in before.versions}
    ]
    force = _forces(before.statuses, on) != _forces(after.statuses, on)
    return (*found, *added, *([""] if force else []))


def _operations(service: Service) -> tuple[Any, ...]:
    return tuple(_essence(one) for one in service.operations)


def _essence(operation: Operation) -> tuple[Any, ...]:
    """Return an operation's kind and figures."""
    return (
        type(operation),
        *(getattr(operation, one.name) for one in fields(operation) if one.compare and one.name not in _NAMES),
    )


def _coefficients(service: Service) -> tuple[Any, ...]:
    return tuple(
        (field.name, field.kind, field.unit, field.required, field.default,
         tuple((one.key, one.value, one.low, one.high, one.negotiated) for one in field.choices))
        for field in service.fields
    )  # fmt: skip


def _versions(before: Schedule, after: Schedule, on: date, mark: str) -> list[Version]:
    kept = [_until(one, on) for one in before.versions if one.since < on]
    for one in after.versions:
        if one.until is not None and one.until < on and one is not after.versions[-1]:
            continue
        namesakes = [old for old in before.versions if old.key.partition(MARK)[0] == one.key]
        same = [old.key for old in namesakes if charges(old) == charges(one)]
        if same and kept and kept[-1].key == same[-1]:
            kept[-1] = replace(one, key=same[-1], since=kept[-1].since)  # the same price in newer words: one version
            continue
        key = same[-1] if same else f"{one.key}{MARK}{mark}" if namesakes else one.key
        kept.append(replace(_from(one, on), key=key))
    return kept


def _statuses(before: Iterable[StatusPeriod], after: Iterable[StatusPeriod], on: date) -> list[StatusPeriod]:
    kept = [replace(one, until=_earlier(one.until, on)) for one in before if one.since < on]
    for one in _after(after, on):
        joined = next((place for place, old in enumerate(kept) if _meets(old, one, on)), None)
        if joined is None:
            kept.append(one)
        else:
            kept[joined] = replace(kept[joined], until=one.until)
    return kept


def _meets(old: StatusPeriod, new: StatusPeriod, on: date) -> bool:
    """Tell whether a new period goes on where the old one of the same words was cut."""
    return (
        new.since == on
        and old.until == on - timedelta(days=1)
        and replace(old, since=on, until=None) == replace(new, until=None)
    )


def _after(statuses: Iterable[StatusPeriod], on: date) -> list[StatusPeriod]:
    return [replace(one, since=max(one.since, on)) for one in statuses if one.until is None or one.until >= on]


def _forces(statuses: Iterable[StatusPeriod], on: date) -> list[tuple[Any, ...]]:
    """Return the legal force of the days before ``on``, without its words."""
    cut = [replace(one, until=_earlier(one.until, on)) for one in statuses if one.since < on]
    return [
        (one.since, one.until, one.status, one.funding, one.at_least, one.below, one.unit, one.services) for one in cut
    ]


def _until(version: Version, on: date) -> Version:
    return replace(version, until=_earlier(version.until, on))


def _earlier(until: date | None, on: date) -> date:
    last = on - timedelta(days=1)
    return last if until is None or until > last else until


def _from(version: Version, on: date) -> Version:
    return replace(version, since=max(version.since, on))
