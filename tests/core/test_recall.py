"""What was typed and not sent: forms begin with it once somebody says how to find it."""

import pytest

from core import recall


@pytest.fixture(autouse=True)
def _nobody_keeps_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "_recall", [])


def test_nothing_was_typed_while_nobody_keeps_drafts() -> None:
    assert recall.typed_here() == {}


def test_what_was_typed_is_asked_for_anew_each_time() -> None:
    kept: dict[str, list[str]] = {}
    recall.configure(lambda: kept)
    assert recall.typed_here() == {}
    kept["title"] = ["测绘", "测量"]
    assert recall.typed_here() == {"title": ["测绘", "测量"]}


def test_the_last_who_offers_to_keep_drafts_is_the_one_asked() -> None:
    asked: list[str] = []

    def first() -> dict[str, list[str]]:
        asked.append("first")
        return {"title": ["one"]}

    recall.configure(first)
    recall.configure(lambda: {"title": ["two"]})
    assert recall.typed_here() == {"title": ["two"]}
    assert asked == []
