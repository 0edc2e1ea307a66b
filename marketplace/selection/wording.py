"""Codes of selection in the reader's words: why a quote does not count, what is remarkable, what decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agencies.registration.refusals import MISSING, missing_sentence
from agencies.registration.rules import Missing
from core.i18n import gettext as _
from marketplace.needs.method_wording import NAMES, rule_of
from marketplace.needs.models import Need
from marketplace.needs.wording import moment
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.refusals import DECIDED_BY, FAILED, FAULTS, FLAGS, NOTES, OUT, WHY_NOT


def fault_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Say why a quote does not count."""
    if code in FAULTS:
        return str(FAULTS[code]) % dict(facts)
    return missing_sentence(Missing(code, facts)) if code in MISSING else code


def flag_sentence(code: str) -> str:
    """Say what is remarkable about a price."""
    return str(FLAGS[code]) % {} if code in FLAGS else code


def why_not_sentence(code: str | None) -> str:
    """Say why a quote was not chosen."""
    return "" if code is None else str(WHY_NOT.get(code, code))


def award_tag(state: AwardState) -> tuple[str, str]:
    """Return the words and the kind of tag for where an award stands."""
    return {
        AwardState.PROVISIONAL: (_("公示中"), "info"),
        AwardState.SUSPENDED: (_("因投诉暂停签约"), "warn"),
        AwardState.CONFIRMED: (_("公示期满，可以签约"), "ok"),
        AwardState.DECLINED: (_("放弃"), "warn"),
        AwardState.ANNULLED: (_("已撤销"), "bad"),
    }[state]


def decided_sentence(code: str | None) -> str:
    """Say what put a line behind the one before it."""
    return "" if code is None else str(DECIDED_BY.get(code, code))


def failed_sentence(code: str) -> str:
    """Say why a need ended without an award, and the next step."""
    return str(FAILED.get(code, code))


def method_name(method: str) -> str:
    """Name a method of selection."""
    return str(NAMES.get(method, method))


def method_rule(need: Need) -> str:
    """Say in a sentence how the need's method ranks and what separates equals."""
    return rule_of(need)


def plain(value: Any) -> Any:
    """Write a time as people read it; leave the rest."""
    return moment(value) if isinstance(value, datetime) else value


def out_sentence(code: str | None) -> str:
    """Say why a quote that counts cannot win."""
    return "" if not code else str(OUT.get(code, code))


def note_sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Say one step of the working, of a line or of the whole ranking."""
    return str(NOTES[code]) % dict(facts) if code in NOTES else code
