"""Needs of every method and rounds that are on outlive going back to older tables and forward again."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.marketplace.selection.test_ends import TERMS, asked_of
from tests.marketplace.selection.world import Market
from tests.web.test_migrations import engine, settings

__all__ = ["engine"]

BEFORE_METHODS = "0005_compliance"


def test_needs_and_selections_outlive_their_checks_being_changed(market: Market, engine: Engine) -> None:
    lowest, _ids = market.opened(100, 200)
    rounds, _ids = market.opened(100, 200, method="rounds", method_basis="", terms=TERMS["rounds"])
    command.downgrade(settings(engine), BEFORE_METHODS)
    with engine.connect() as connection:
        methods = {row[0]: row[1] for row in connection.execute(text("SELECT id, method FROM need"))}
        states = {row[0]: row[1] for row in connection.execute(text("SELECT need_id, state FROM selection"))}
    assert methods == {lowest: "lowest", rounds: "direct"}
    assert states == {lowest: "weighing", rounds: "weighing"}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE need SET method = 'mean'"))
    command.upgrade(settings(engine), "head")
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE selection SET state = 'bidding'"))  # without a round on the clock
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE need SET method = 'dice'"))
    assert market.opened(100, 200, **asked_of("mean"))[0] > rounds
    found = {one["referred_table"] for one in inspect(engine).get_foreign_keys("quote")}
    assert "need" in found
