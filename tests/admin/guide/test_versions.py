"""The guide's versions: kept when a life changes, told apart, shown to everybody."""

from __future__ import annotations

import copy
from typing import Any

from flask.testing import FlaskClient

from admin.guide import queries, service
from admin.guide.drawing import picture
from admin.guide.rules import Change, Kind, depths, differences, hash_of
from core.work import Works
from web.cli import life_tables


def table(name: str = "need") -> dict[str, Any]:
    return next(copy.deepcopy(one) for one in life_tables() if one["name"] == name)


def test_a_table_is_kept_once_until_it_changes(works: Works) -> None:
    changed = table()
    changed["moves"][0]["needs"] = ["reason"]
    with works.system() as work:
        assert service.keep(work, [table()]) == 1
    with works.system() as work:
        assert service.keep(work, [table()]) == 0
        assert service.keep(work, [changed]) == 1
    with works.reading() as work:
        assert [row.number for row in queries.versions_of(work.session, "need")] == [2, 1]
        assert [row.content_hash for row in queries.current(work.session)] == [hash_of(changed)]


def test_two_versions_are_told_apart_line_by_line() -> None:
    old, new = table(), table()
    new["states"].append("frozen")
    gone = new["moves"].pop()
    new["moves"][0]["who"] = [["is_system"]]
    new["moves"].append({**gone, "verb": "freeze", "target": "frozen"})
    found = differences(old, new)
    first = old["moves"][0]
    assert found == (
        Change(Kind.ADDED, "frozen", "state", None, "frozen"),
        Change(Kind.CHANGED, first["verb"], "who", first["who"], [["is_system"]]),
        Change(Kind.ADDED, "freeze", "move", None, new["moves"][-1]),
        Change(Kind.REMOVED, gone["verb"], "move", gone, None),
    )
    assert differences(old, old) == ()


def test_every_life_is_drawn_with_each_state_once() -> None:
    for one in life_tables():
        drawn = str(picture(one))
        assert set(depths(one)) == set(one["states"])
        assert drawn.count('class="mid"') == len(one["states"])


def test_a_reader_sees_the_life_its_versions_and_the_difference(client: FlaskClient, works: Works) -> None:
    changed = table()
    changed["moves"][0]["needs"] = ["reply"]
    with works.system() as work:
        service.keep(work, [table()])
        service.keep(work, [changed])
    shown = client.get("/guide/lives/need")
    assert shown.status_code == 200
    assert "第 2 版与第 1 版相比" in shown.text
    assert "第 1 版" in client.get("/guide/lives/need?version=1").text
    assert client.get("/guide/lives/none").status_code == 404
    answer = client.get("/api/v1/guides/need/versions").json
    assert [one["number"] for one in answer] == [2, 1]
    assert [one["life"] for one in client.get("/api/v1/guides").json] == ["need"]
