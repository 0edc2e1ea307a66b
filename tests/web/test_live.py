"""A small demo world lives through half a day on a fast clock, and nothing is stuck or torn afterwards."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from web import cli
from web.app import create_app
from web.config import read_config
from web.demo import live

pytestmark = [
    pytest.mark.own_database,
    pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="The same programs call either: see SQLite's run."),
]


def test_half_a_day_on_a_fast_clock_leaves_nothing_stuck(tmp_path: Path) -> None:
    config = read_config({"MARKET_DATA": str(tmp_path), "MARKET_ENV": "development"})
    app = create_app(config)
    cli.upgrade_database(app)
    cli.load_reference(app)
    cli.load_demo(app, agencies=6, needs=10)
    day = live.run(config, speed=10_000, days=0.5, seed=7, say=lambda _line: None, calls=400)
    assert day.faults == []
    assert day.calls >= 400
    assert {"quote handed in", "need published"} <= set(day.done)
