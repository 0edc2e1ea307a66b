"""The table of who is told what is whole: every message has its row and its sentence, every row is told somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from flask.testing import FlaskClient

from accounts import telling, wording
from accounts.telling import Channel, Duty, Reader, Telling, UntoldError
from core.lifecycle import Lifecycle
from tests.architecture.product import sources
from tests.conftest import load_models
from web import rooms, wiring

TABLES = ("messages.py", "refusals.py")


@pytest.fixture(scope="module", autouse=True)
def _table() -> None:
    load_models()


@dataclass(frozen=True)
class Parsed:
    """One file with the nodes of its code that matter here, walked once."""

    place: str
    calls: list[ast.Call]
    words: set[object]
    written: list[ast.JoinedStr]


@cache
def product() -> list[Parsed]:
    """Read the product once, without the rooms' sentences."""
    found = []
    for source in sources():
        if source.place.endswith("refusals.py"):
            continue
        nodes = list(ast.walk(source.code))
        words: set[object] = {node.value for node in nodes if isinstance(node, ast.Constant)}
        found.append(
            Parsed(source.place, list(tells(nodes)), words, [n for n in nodes if isinstance(n, ast.JoinedStr)])
        )
    return found


def tells(nodes: list[ast.AST]) -> Iterator[ast.Call]:
    """Find the calls that tell an organisation something."""
    for node in nodes:
        if isinstance(node, ast.Call) and len(node.args) >= 4:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "tell":
                yield node


def pattern(code: ast.expr) -> str | None:
    """Return what codes a call may tell, as a pattern; None when the call says it by a name."""
    if isinstance(code, ast.Constant):
        return re.escape(str(code.value))
    if isinstance(code, ast.JoinedStr):
        parts = (re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in code.values)
        return "".join(parts)
    return None


def test_every_call_that_tells_has_a_row() -> None:
    codes = {row.code for row in telling.rows()}
    calls = [(source.place, call) for source in product() for call in source.calls]
    lost = [
        f"{place}:{call.lineno}"
        for place, call in calls
        if (known := pattern(call.args[2])) is not None and not any(re.fullmatch(known, code) for code in codes)
    ]
    assert lost == []
    assert len(calls) > 30


def test_every_row_is_told_somewhere() -> None:
    patterns, words = set(), set()
    for source in product():
        patterns |= {known for call in source.calls if (known := pattern(call.args[2])) is not None}
        if not source.place.endswith(TABLES):
            words |= source.words
            # A code built from an outcome and handed on is told by its beginning.
            patterns |= {known for one in source.written if (known := pattern(one)) and not known.startswith(".+")}
    made = {row.code for row in telling.rows() if any(re.fullmatch(one, row.code) for one in patterns)}
    # A code built from a verdict is told by name: the prefix then stands in the same room's service.
    assert [row.code for row in telling.rows() if row.code not in made and row.code not in words] == []


def test_every_message_has_a_row_and_every_row_its_sentence() -> None:
    assert sorted(rooms.messages()) == sorted(row.code for row in telling.rows())


def test_what_is_told_with_a_time_or_as_to_do_is_so_in_the_table() -> None:
    wrong = []
    for source in product():
        for call in source.calls:
            if isinstance(call.args[2], ast.Constant):
                named = {word.arg: word.value for word in call.keywords}
                asks = "due_at" in named or "is_todo" in named
                if asks and telling.row_of(str(call.args[2].value)).duty is Duty.KNOW:
                    wrong.append(f"{source.place}:{call.lineno}")
    assert wrong == []


def test_every_event_of_the_table_happens() -> None:
    lives = [
        thing for module in rooms.parts("lifecycle") for thing in vars(module).values() if isinstance(thing, Lifecycle)
    ]
    known = {f"{life.name}.{move.event}" for life in lives for move in life.moves}
    known |= set(wiring.EVENTS) | set(wiring.DEADLINES)
    patterns: set[str] = set()
    for source in product():
        if not source.place.endswith(TABLES):
            known |= {str(word) for word in source.words}
            patterns |= {made for node in source.written if (made := pattern(node)) and not made.startswith(".+")}

    def happens(event: str) -> bool:
        return event in known or any(re.fullmatch(one, event) for one in patterns)

    assert [f"{row.code}: {row.event}" for row in telling.rows() if not happens(row.event)] == []


def test_a_message_without_a_row_is_refused() -> None:
    with pytest.raises(UntoldError, match="no-such"):
        telling.row_of("no-such")
    row = Telling("twice", "need.published", Reader.AGENCY)
    with pytest.raises(ValueError, match="two rows"):
        telling.configure([row, row], {})


def test_every_word_of_the_table_has_its_name() -> None:
    assert set(wording.READERS) == set(Reader)
    assert set(wording.DUTIES) == set(Duty)
    assert set(wording.CHANNELS) == set(Channel)


def test_everybody_may_read_the_table(client: FlaskClient) -> None:
    page = client.get("/guide/messages").get_data(as_text=True)
    for words in ("合同已拟好，按时签署。", "业主和机构双方", "加急，不等静默时段", "短信", "contract.signed-by-one"):
        assert words in page
    assert "/guide/messages" in client.get("/guide").get_data(as_text=True)
