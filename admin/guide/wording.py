"""How a life reads: its table in the reader's words, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from admin.guide.life_words import LIVES, STATES
from admin.guide.move_words import CLOCKS, NEEDS, WHO
from admin.guide.rules import Change, Kind, Table
from admin.guide.verb_words import VERBS
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l

KINDS: Final[dict[Kind, Any]] = {Kind.ADDED: _l("新增"), Kind.REMOVED: _l("取消"), Kind.CHANGED: _l("改动")}
PARTS: Final[dict[str, Any]] = {
    "sources": _l("从哪一步"),
    "target": _l("到哪一步"),
    "who": _l("谁来办"),
    "needs": _l("要什么"),
    "sets": _l("开始计时"),
    "drops": _l("停止计时"),
    "tells": _l("告知谁"),
}


def life_name(life: str) -> str:
    """Name a life; one no longer known stands for itself."""
    return str(LIVES.get(life, life))


def state_name(life: str, state: str) -> str:
    """Name a state of a life."""
    return str(STATES.get(life, {}).get(state, state))


def verb_name(life: str, verb: str) -> str:
    """Name a move of a life."""
    return str(VERBS.get(life, {}).get(verb, verb))


def who_line(clause: Sequence[str]) -> str:
    """Say in words whom a clause of the policy lets act: the kind first, what else must hold in brackets."""
    head, *rest = (str(WHO.get(name, name)) for name in sorted(clause, key=lambda name: not name.startswith("is_")))
    return _("%(who)s（%(limits)s）", who=head, limits=_("，").join(rest)) if rest else head


def who(clauses: Sequence[Sequence[str]]) -> list[str]:
    """Say in words who may, one line a clause; nobody where there is no clause."""
    return [who_line(clause) for clause in clauses] or [_("没有人")]


def named(codes: Sequence[str], words: Mapping[str, Any]) -> str:
    """Write codes in words, or a dash."""
    return _("、").join(str(words.get(code, code)) for code in codes) or "—"


def clock_line(move: Table) -> str:
    """Say what a move does to the clock."""
    parts = [_("开始：%(what)s", what=named(move["sets"], CLOCKS))] if move["sets"] else []
    parts += [_("停止：%(what)s", what=named(move["drops"], CLOCKS))] if move["drops"] else []
    return _("；").join(parts) or "—"


def rows(table: Table) -> list[list[Any]]:
    """Return the lines of a life's table: what happens, who may, from where to where, needs, clock, who is told."""
    life = table["name"]
    return [
        [
            verb_name(life, move["verb"]),
            _("；").join(who(move["who"])),
            _("、").join(state_name(life, state) for state in move["sources"]),
            state_name(life, move["target"]),
            named(move["needs"], NEEDS),
            clock_line(move),
            told(move),
        ]
        for move in table["moves"]
    ]


def told(move: Table) -> str:
    """Name who is told of a move, each once."""
    return named(list(dict.fromkeys(recipient for recipient, _code in move["tells"])), WHO)


def change_row(life: str, change: Change) -> list[str]:
    """Return one line of the comparison of two versions: what, where, before, after."""
    if change.part == "state":
        name = _("状态“%(name)s”", name=state_name(life, change.subject))
    elif change.part == "move":
        name = _("动作“%(name)s”", name=verb_name(life, change.subject))
    else:
        name = _("动作“%(name)s”的“%(part)s”", name=verb_name(life, change.subject), part=PARTS[change.part])
    return [str(KINDS[change.kind]), name, _side(life, change, change.before), _side(life, change, change.after)]


def _side(life: str, change: Change, value: Any) -> str:
    if value is None:
        return "—"
    if change.part == "state":
        return state_name(life, value)
    if change.part == "move":
        return _(
            "%(from)s → %(to)s", **{"from": _states(life, value["sources"]), "to": state_name(life, value["target"])}
        )
    return _part(life, change.part, value)


def _part(life: str, part: str, value: Any) -> str:
    if part == "target":
        return state_name(life, value)
    if part == "sources":
        return _states(life, value)
    if part == "who":
        return _("；").join(who(value))
    if part == "tells":
        return named(list(dict.fromkeys(recipient for recipient, _code in value)), WHO)
    return named(value, NEEDS if part == "needs" else CLOCKS)


def _states(life: str, states: Sequence[str]) -> str:
    return _("、").join(state_name(life, state) for state in states)
